/** A migrated database with the store on it, no server between, and what fills it. */
import { randomUUID } from 'node:crypto'
import pg from 'pg'
import { openDatabase } from '../src/platform/db/database.ts'
import { migrate } from '../src/platform/db/migrate.ts'
import { pointsOf } from '../src/platform/samples/points.ts'
import { createSampleStore, type SampleStore } from '../src/platform/samples/store.ts'
import { heartRate } from './bodies.ts'
import { type Cluster, withClient } from './under-test.ts'

export const roleSecret = 'bench-bench-bench-bench-bench-bench-bench'
export const from = Date.parse('2026-01-05T00:00:00Z')
export const pointsPerArrival = 60
export interface Bed {
  store: SampleStore
  config: pg.ClientConfig
  url: string
  /** A series of a person made for the purpose. */
  newSeries(metric: string, userId?: string): Promise<{ userId: string; seriesId: number }>
  close(): Promise<void>
}

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

export async function storeRate(
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

/** As if the days were over and quiet for long. */
export async function compactAll({ store }: Bed): Promise<void> {
  for (;;) {
    const { more } = await store.compact({ now: Date.now() + 86_400_000, quietMs: 0, segmentsLimit: 0, maxDays: 2_000 })
    if (!more) return
  }
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
