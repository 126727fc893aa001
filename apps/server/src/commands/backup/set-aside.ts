import { existsSync } from 'node:fs'
import { readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/**
 * Gives a data folder another name, under which it can be started as before, and answers it. A database that could not live in it
 * (platform/postgres/home.ts) is renamed with it: its place is made from the folder's name, which the next one will have.
 */
export async function setAside(dataDir: string): Promise<string> {
  const record = join(dataDir, 'postgres.location')
  if (existsSync(record)) {
    const root = (await readFile(record, 'utf8')).trim()
    const there = freeName(`${root}.before-restore`)
    await rename(root, there)
    await writeFile(record, `${there}\n`)
  }
  const name = freeName(`${dataDir}.before-restore`)
  await rename(dataDir, name)
  return name
}

function freeName(path: string): string {
  for (let n = 1; ; n++) {
    const name = n === 1 ? path : `${path}-${n}`
    if (!existsSync(name)) return name
  }
}
