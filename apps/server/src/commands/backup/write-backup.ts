import { createHash } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { open, rename, rm, stat } from 'node:fs/promises'
import { finished, pipeline } from 'node:stream/promises'
import { createZstdCompress } from 'node:zlib'
import type pg from 'pg'
import { CommandError } from '../../accounts/commands.ts'
import { version } from '../../version.ts'
import { inSnapshot, type Snapshot } from './copy-out.queries.ts'
import { mostRows, writeFrame, zstdParams } from './frames.ts'
import { type BackupHeader, type BackupTable, backupMagic, frameKinds } from './layout.ts'

export interface BackupOptions {
  admin: pg.ClientConfig
  path: string
  /** As `sealSecrets` gave them. */
  sealedSecrets?: string | undefined
  now: number
  onTable?(done: number, of: number): void
}

export interface BackupResult {
  tables: number
  rows: number
  bytes: number
}

/** Appears under its name whole or not at all. */
export async function writeBackup(options: BackupOptions): Promise<BackupResult> {
  const { path, admin } = options
  if (await isThere(path)) throw new CommandError(`there is a ${path} already: choose another name, or remove it`)
  const draft = `${path}.${process.pid}.partial`
  try {
    const result = await inSnapshot(admin, (snapshot) => writeFile(draft, snapshot, options))
    if (!result) throw new CommandError('this database has no data of Tributary: there is nothing to back up')
    const file = await open(draft, 'r')
    await file.sync()
    await file.close()
    await rename(draft, path)
    return { ...result, bytes: (await stat(path)).size }
  } finally {
    await rm(draft, { force: true })
  }
}

async function writeFile(
  draft: string,
  snapshot: Snapshot,
  { now, sealedSecrets, onTable }: BackupOptions,
): Promise<Omit<BackupResult, 'bytes'>> {
  const file = createWriteStream(draft, { mode: 0o600, flags: 'wx' })
  file.write(backupMagic)
  const out = createZstdCompress({ params: zstdParams })
  const written = pipeline(out, file)
  written.catch(() => undefined) // told below, by whoever waits for it
  const header: BackupHeader = {
    version: 1,
    created_at: new Date(now).toISOString(),
    program: version,
    migrations: snapshot.migrations,
    tables: snapshot.tables,
    with_secrets: sealedSecrets !== undefined,
  }
  await writeFrame(out, frameKinds.header, header)
  let rows = 0
  for (const [done, table] of snapshot.tables.entries()) {
    onTable?.(done, snapshot.tables.length)
    rows += await writeTable(out, snapshot, table)
  }
  if (sealedSecrets !== undefined) await writeFrame(out, frameKinds.secrets, Buffer.from(sealedSecrets))
  await writeFrame(out, frameKinds.closing, { tables: snapshot.tables.length, rows })
  out.end()
  await Promise.all([written, finished(file)])
  return { tables: snapshot.tables.length, rows }
}

async function writeTable(
  out: Parameters<typeof writeFrame>[0],
  snapshot: Snapshot,
  table: BackupTable,
): Promise<number> {
  await writeFrame(out, frameKinds.table, { name: table.name })
  const hash = createHash('sha256')
  let bytes = 0
  const copy = snapshot.copy(table)
  for (;;) {
    const next = await copy.next()
    if (next.done) {
      await writeFrame(out, frameKinds.end, { name: table.name, rows: next.value, bytes, hash: hash.digest('hex') })
      return next.value
    }
    bytes += next.value.length
    hash.update(next.value)
    for (let at = 0; at < next.value.length; at += mostRows)
      await writeFrame(out, frameKinds.rows, next.value.subarray(at, at + mostRows))
  }
}

async function isThere(path: string): Promise<boolean> {
  try {
    await stat(path)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false
    throw error
  }
}
