/** The sample store alone: against raw COPY and against one row a sample, what it writes to the log and what it keeps on disk. */
import { randomUUID } from 'node:crypto'
import pg from 'pg'
import { openDatabase } from '../src/platform/db/database.ts'
import { migrate } from '../src/platform/db/migrate.ts'
import { pointsOf } from '../src/platform/samples/points.ts'
import { createSampleStore, type SampleStore } from '../src/platform/samples/store.ts'
import { heartColumns, heartRate } from './bodies.ts'
import { copyRate } from './copy.ts'
import { atLeast, atMost, type Figure, median, round } from './figure.ts'
import { type Cluster, withClient } from './under-test.ts'

export const roleSecret = 'bench-bench-bench-bench-bench-bench-bench'
const from = Date.parse('2026-01-05T00:00:00Z')
const pointsPerArrival = 60
const rounds = 3

export async function benchStore(cluster: Cluster): Promise<Figure[]> {
  const bed = await makeBed(cluster, 'bench_store')
  try {
    const speed = await compareSpeed(cluster, bed)
    return [
      atLeast(
        'the store alone with exact duplicate counts, against raw COPY',
        speed.store / speed.copy,
        1.5,
        '×',
        `store ${round(speed.store)}, COPY ${round(speed.copy)}, rows ${round(speed.rows)} points/s`,
      ),
      atLeast('the store alone with exact duplicate counts, against row upsert', speed.store / speed.rows, 8, '×'),
      ...(await bytesPerPoint(cluster)),
    ]
  } finally {
    await bed.close()
  }
}

export interface Bed {
  store: SampleStore
  config: pg.ClientConfig
  url: string
  /** A series of a person made for the purpose. */
  newSeries(metric: string, userId?: string): Promise<{ userId: string; seriesId: number }>
  close(): Promise<void>
}

/** A migrated database with the store on it, no server between. */
export async function makeBed(cluster: Cluster, name: string): Promise<Bed> {
  const { config, url } = await cluster.database(name)
  await migrate({ admin: config, roleSecret })
  const { host, port } = new pg.Client(config)
  const db = openDatabase({ address: { host, port, database: name }, roleSecret, onError: () => undefined })
  const store = createSampleStore({
    writerPool: db.writerPool,
    log: { warn: console.warn },
    clock: { now: () => Date.now() },
    deflate: true,
  })
  return {
    store,
    config,
    url,
    newSeries: async (metric, userId = randomUUID()) => {
      const sourceId = randomUUID()
      await withClient(config, async (client) => {
        await client.query(
          `insert into tributary.users (user_id, email, role) values ($1::uuid, $1::uuid || '@example.org', 'member') on conflict do nothing`,
          [userId],
        )
        await client.query(
          `insert into tributary.sources (user_id, source_id, kind, name, device_id) values ($1, $2, 'device', 'bench', null)`,
          [userId, sourceId],
        )
      })
      return { userId, seriesId: await store.seriesFor(userId, sourceId, metric) }
    },
    close: () => db.close(),
  }
}

/** 64 series, 60 points an arrival, every tenth arrival goes back over half of the one before. */
async function compareSpeed(cluster: Cluster, bed: Bed): Promise<{ store: number; copy: number; rows: number }> {
  const series = await Promise.all(Array.from({ length: 64 }, () => bed.newSeries('heart_rate')))
  const store: number[] = []
  const copy: number[] = []
  const rows: number[] = []
  await storeRate(bed, series, from - 400 * 86_400_000, 200)
  for (let at = 0; at < rounds; at++) {
    store.push(await storeRate(bed, series, from + at * 30 * 86_400_000, 800))
    copy.push(await copyRate(cluster.config))
    rows.push(await rowRate(cluster))
  }
  return { store: median(store), copy: median(copy), rows: median(rows) }
}

async function storeRate(
  { store }: Bed,
  series: { userId: string; seriesId: number }[],
  start: number,
  arrivals: number,
): Promise<number> {
  const work = series.map(({ userId, seriesId }) => ({
    userId,
    arrivals: arrivalsOf(start, arrivals).map((points) => ({ userId, slices: [{ seriesId, points }] })),
  }))
  const begun = performance.now()
  await Promise.all(
    work.map(async ({ arrivals: own }) => {
      // Twelve requests of a series wait at once, as behind a busy server.
      for (let at = 0; at < own.length; at += 12)
        await Promise.all(own.slice(at, at + 12).map((arrival) => store.append(arrival)))
    }),
  )
  return (series.length * arrivals * pointsPerArrival) / ((performance.now() - begun) / 1_000)
}

function arrivalsOf(start: number, count: number) {
  return Array.from({ length: count }, (_, index) => {
    const back = Math.floor(index / 10) * (pointsPerArrival / 2)
    const t = Float64Array.from(
      { length: pointsPerArrival },
      (_, i) => start + (index * pointsPerArrival - back + i) * 1_000,
    )
    return pointsOf(t, t.map(heartRate), { q: new Uint32Array(pointsPerArrival).fill(1) })
  })
}

/** One row a sample: primary key (series, time), unnest, on conflict do nothing, a commit every 60,000 points. */
async function rowRate(cluster: Cluster): Promise<number> {
  return withClient(cluster.config, async (client) => {
    await client.query(
      'drop table if exists row_point; create table row_point (series int8, ts timestamptz, value float8, primary key (series, ts))',
    )
    const { t, v } = heartColumns(360_000)
    const begun = performance.now()
    for (let at = 0; at < t.length; at += 60_000) {
      const times = Array.from(t.subarray(at, at + 60_000), (ms) => ms / 1_000)
      await client.query(
        'insert into row_point select 1, to_timestamp(s), v from unnest($1::float8[], $2::float8[]) as u (s, v) on conflict do nothing',
        [times, Array.from(v.subarray(at, at + 60_000))],
      )
    }
    return t.length / ((performance.now() - begun) / 1_000)
  })
}

const tables = ['series', 'segment', 'chunk', 'latest', 'dirty']

async function bytesPerPoint(cluster: Cluster): Promise<Figure[]> {
  const bed = await makeBed(cluster, 'bench_bytes')
  try {
    const series = await Promise.all(Array.from({ length: 64 }, () => bed.newSeries('heart_rate')))
    const arrivals = 1_440
    const points =
      series.length * (arrivals * pointsPerArrival - Math.floor((arrivals - 1) / 10) * (pointsPerArrival / 2))
    const before = await walPosition(bed.config)
    await storeRate(bed, series, from, arrivals)
    const hot = await size(bed.config)
    await compactAll(bed)
    const wal = (await walPosition(bed.config)) - before
    await withClient(
      bed.config,
      async (client) =>
        void (await client.query(
          'vacuum full tributary.segment, tributary.chunk, tributary.latest, tributary.dirty, tributary.series',
        )),
    )
    const cold = await size(bed.config)
    return [
      atMost(
        'bytes of log a point, written and compacted',
        wal / points,
        16,
        'B',
        `${round(points / 1e6)} M points in requests of ${pointsPerArrival}`,
      ),
      atMost('bytes on disk a point before compaction', hot / points, 5, 'B'),
      atMost('bytes on disk a point after compaction', cold / points, 2, 'B'),
    ]
  } finally {
    await bed.close()
  }
}

/** As if the days were over and quiet for long. */
export async function compactAll({ store }: Bed): Promise<void> {
  for (;;) {
    const { more } = await store.compact({ now: Date.now() + 86_400_000, quietMs: 0, segmentsLimit: 0, maxDays: 2_000 })
    if (!more) return
  }
}

async function walPosition(config: pg.ClientConfig): Promise<number> {
  return withClient(config, async (client) => {
    const { rows } = await client.query<{ at: string }>(`select pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0') as at`)
    return Number(rows[0]?.at)
  })
}

async function size(config: pg.ClientConfig): Promise<number> {
  return withClient(config, async (client) => {
    const { rows } = await client.query<{ bytes: string }>(
      `select sum(pg_total_relation_size(('tributary.' || name)::regclass)) as bytes from unnest($1::text[]) as name`,
      [tables],
    )
    return Number(rows[0]?.bytes)
  })
}

const minute = 60_000
const year = 365 * 1_440
const newYear = Date.parse('2025-01-01T00:00:00Z')

/** The year 2025, one value a minute; answers how many points that is. `place` gives each metric values of its own. */
export async function fillYear({ store }: Bed, userId: string, seriesId: number, place: number): Promise<number> {
  const monthly = 30 * 1_440
  for (let at = 0; at < year; at += monthly) {
    const n = Math.min(monthly, year - at)
    const t = Float64Array.from({ length: n }, (_, i) => newYear + (at + i) * minute)
    await store.append({
      userId,
      slices: [
        {
          seriesId,
          points: pointsOf(
            t,
            t.map((ms) => heartRate(ms + place * 1e6)),
          ),
        },
      ],
    })
  }
  return year
}

export async function sourceOf({ config }: Bed, device: string): Promise<{ userId: string; sourceId: string }> {
  return withClient(config, async (client) => {
    const { rows } = await client.query<{ user_id: string; source_id: string }>(
      'select user_id, source_id from tributary.sources where device_id = $1',
      [device],
    )
    if (!rows[0]) throw new Error('the device has no source')
    return { userId: rows[0].user_id, sourceId: rows[0].source_id }
  })
}
