import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { setAside } from './set-aside.ts'

test('a data folder and the database that lives elsewhere get other names, and still know each other', async () => {
  const home = await mkdtemp(join(tmpdir(), 'trb-aside-'))
  try {
    const [dataDir, cluster] = [join(home, 'data'), join(home, 'elsewhere')]
    for (let n = 1; n <= 2; n++) {
      await mkdir(dataDir)
      await mkdir(cluster)
      await writeFile(join(cluster, 'mark'), `${n}`)
      await writeFile(join(dataDir, 'postgres.location'), `${cluster}\n`)
      const name = await setAside(dataDir)
      expect(name).toBe(`${dataDir}.before-restore${n === 1 ? '' : '-2'}`)
      const root = (await readFile(join(name, 'postgres.location'), 'utf8')).trim()
      expect(await readFile(join(root, 'mark'), 'utf8')).toBe(`${n}`)
    }
  } finally {
    await rm(home, { recursive: true, force: true })
  }
})
