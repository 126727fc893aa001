/**
 * Backup and restore at size: ten million samples, a part of them packed into days, with a person's days, events and sessions beside them. They must come
 * back row for row, and each of the samples must be counted again.
 */
import { randomUUID } from 'node:crypto'
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { demoYear } from '@tributary/emulators/people'
import pg from 'pg'
import { readBackup } from '../src/commands/backup/read-backup.ts'
import { restoreBackup } from '../src/commands/backup/restore-backup.ts'
import { rowHashes } from '../src/commands/backup/test/row-hashes.queries.ts'
import { writeBackup } from '../src/commands/backup/write-backup.ts'
import { createIngest } from '../src/ingest/ingest.ts'
import { addressOf } from '../src/platform/db/address.ts'
import { type Database, openDatabase } from '../src/platform/db/database.ts'
import { migrate } from '../src/platform/db/migrate.ts'
import { startPostgres } from '../src/platform/postgres/start.ts'
import { pointsOf } from '../src/platform/samples/points.ts'
import { createSampleStore, type SampleStore } from '../src/platform/samples/store.ts'
import { keepSessions } from '../src/platform/sessions/keep-sessions.ts'
import { randomFrom } from './random.ts'

export interface BackupReport {
  faults: string[]
  samples: number
  rows: number
  megabytes: number
  seconds: { fill: number; backup: number; restore: number }
}

const roleSecret = 'only-for-proofs-only-for-proofs-only-for-proofs'
const encryptionKey = 'sealing-in-proofs-sealing-in-proofs-sealing'
const series = 10
const together = 100_000
const start = Date.parse('2026-01-01T00:00:00Z')
const now = Date.parse('2026-06-01T00:00:00Z')

export async function runBackup({ samples, seed }: { samples: number; seed: number }): Promise<BackupReport> {
  const folder = await mkdtemp(join(tmpdir(), 'trb-backup-'))
  await chmod(folder, 0o711) // under root the databases run as somebody else, who must get there
  const path = join(folder, 'all.trb')
  const seconds = { fill: 0, backup: 0, restore: 0 }
  const faults: string[] = []
  const timed = async <T>(what: keyof typeof seconds, work: () => Promise<T>): Promise<T> => {
    const begun = performance.now()
    const result = await work()
    seconds[what] = (performance.now() - begun) / 1_000
    return result
  }
  try {
    const before = await onCluster(join(folder, 'a'), async (admin) => {
      await timed('fill', () => withStore(admin, (db, store) => fill(admin, db, store, samples, seed)))
      const made = await timed('backup', () => writeBackup({ admin, path, now }))
      return { hashes: await rowHashes(admin), made, points: await withStore(admin, countAll) }
    })
    await readBackup(path)
    const after = await onCluster(join(folder, 'b'), async (admin) => {
      await timed('restore', () => restoreBackup({ path, admin, roleSecret, encryptionKey }))
      return {
        hashes: await rowHashes(admin),
        points: await withStore(admin, countAll),
        wrong: await withStore(admin, (_, store) => store.verify()),
      }
    })
    for (const [table, hash] of Object.entries(before.hashes))
      if (after.hashes[table] !== hash) faults.push(`${table}: ${hash} before, ${after.hashes[table]} after`)
    if (before.points < samples) faults.push(`${before.points} of ${samples} samples were stored`)
    if (before.points !== after.points) faults.push(`${before.points} samples before, ${after.points} after`)
    faults.push(...after.wrong.map(({ seriesId, day, reason }) => `series ${seriesId}, day ${day}: ${reason}`))
    const { rows, bytes } = before.made
    return { faults, samples: after.points, rows, megabytes: bytes / 1e6, seconds }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function onCluster<T>(dataDir: string, work: (admin: pg.ClientConfig) => Promise<T>): Promise<T> {
  const { host, port, user, password, stop } = await startPostgres({ dataDir, log: () => undefined })
  try {
    return await work({ host, port, user, password, database: 'postgres' })
  } finally {
    await stop()
  }
}

async function withStore<T>(
  admin: pg.ClientConfig,
  work: (db: Database, store: SampleStore) => Promise<T>,
): Promise<T> {
  await migrate({ admin, roleSecret })
  const db = openDatabase({ address: addressOf(admin), roleSecret, onError: () => undefined })
  const store = createSampleStore({
    writerPool: db.writerPool,
    log: { warn: () => undefined },
    clock: { now: () => now },
    deflate: true,
  })
  try {
    return await work(db, store)
  } finally {
    await store.drain()
    await db.close()
  }
}

async function fill(
  admin: pg.ClientConfig,
  db: Database,
  store: SampleStore,
  samples: number,
  seed: number,
): Promise<void> {
  const { userId, sourceId } = await newPerson(admin)
  const random = randomFrom(seed)
  const each = Math.ceil(samples / series)
  for (let s = 0; s < series; s++) {
    const seriesId = await store.seriesFor(userId, sourceId, `metric_${s}`)
    let value = 70
    for (let at = 0; at < each; at += together) {
      const n = Math.min(together, each - at)
      const t = Float64Array.from({ length: n }, (_, i) => start + (at + i) * 1_000)
      const v = Float64Array.from(t, () => (value = Math.min(200, Math.max(40, value + Math.round(random() * 4 - 2)))))
      await store.append({ userId, slices: [{ seriesId, points: pointsOf(t, v) }], extras: [] })
    }
    // Half of the series are packed into days, the others stay as they were flushed.
    if (s === series >> 1) while ((await store.compact({ now, quietMs: 0, maxDays: 500 })).days > 0);
  }
  const ingest = createIngest({ store, db, clock: { now: () => now }, suppressions: { of: () => [] } })
  const demo = await newPerson(admin)
  for (const { readings, sessions } of demoYear({ until: now, timeZone: 'Europe/Lisbon', seed })) {
    if (readings.length) await ingest({ ...demo, readings })
    await db.asWriter((tx) =>
      keepSessions(tx, { ...demo, fileId: null, importId: null, fileName: null, format: 'tributary' }, sessions),
    )
  }
}

async function newPerson(admin: pg.ClientConfig): Promise<{ userId: string; sourceId: string }> {
  const [userId, sourceId] = [randomUUID(), randomUUID()]
  const client = new pg.Client(admin)
  await client.connect()
  try {
    await client.query(`insert into tributary.users (user_id, email, role) values ($1, $2, 'member')`, [
      userId,
      `${userId}@example.org`,
    ])
    await client.query(
      `insert into tributary.sources (user_id, source_id, kind, name) values ($1, $2, 'manual', 'proof')`,
      [userId, sourceId],
    )
  } finally {
    await client.end()
  }
  return { userId, sourceId }
}

async function countAll(db: Database, store: SampleStore): Promise<number> {
  const client = await db.writerPool.connect()
  const { rows } = await client.query<{ user_id: string; series_id: number }>('select user_id, series_id from series')
  client.release()
  let count = 0
  for (const [userId, own] of Map.groupBy(rows, ({ user_id }) => user_id))
    count += await store.count({
      userId,
      seriesIds: own.map(({ series_id }) => series_id),
      from: Number.NEGATIVE_INFINITY,
      to: Number.POSITIVE_INFINITY,
    })
  return count
}
