/** Daily values by local day: ten years of ten metrics at one value a minute, worked out in the background and read over HTTP. */
import type pg from 'pg'
import { pointsOf } from '../src/platform/samples/points.ts'
import { type Bed, compactAll, makeBed, roleSecret, sourceOf } from './bed.ts'
import { heartRate } from './bodies.ts'
import { atLeast, atMost, type Figure, median, round } from './figure.ts'
import { makeRows, timeRows } from './row-table.ts'
import { type Cluster, type ServerUnderTest, startServerUnderTest, withClient } from './under-test.ts'

/** What the page asks for, from where it says so. */
const { todayMetrics } = (await import(new URL('../../web/src/pages/today/figures.ts', import.meta.url).href)) as {
  todayMetrics: readonly string[]
}
/** Ten years of each are stored; all are among what the page asks for. */
const metrics = [
  'steps',
  'energy_active',
  'distance_walking_running',
  'distance',
  'floors_climbed',
  'hrv_rmssd',
  'hrv_sdnn',
  'respiratory_rate',
  'skin_temperature',
  'spo2',
]
const minute = 60_000
const dayMs = 1_440 * minute
const lastDay = Date.parse('2026-01-01T00:00:00Z')
/** BENCH_YEARS takes another, for a quick look. */
const years = Number(process.env['BENCH_YEARS'] ?? 10)
const days = Math.round(years * 365.25)
const firstDay = lastDay - days * dayMs

export async function benchDays(cluster: Cluster): Promise<Figure[]> {
  const bed = await makeBed(cluster, 'bench_days')
  const env = { DATABASE_URL: bed.url, DATABASE_ROLE_SECRET: roleSecret, ENCRYPTION_KEY: roleSecret }
  try {
    // The server stands still while the years are written, so that it finds all of them unresolved.
    const before = await startServerUnderTest(env)
    const device = await before.newDevice('ten years')
    await before.call('PATCH', '/api/v1/me', { time_zone: 'Europe/Paris' })
    await before.stop()
    const stored = await fill(bed, device)
    const server = await startServerUnderTest(env)
    try {
      const { perSecond, waits } = await watchResolving(server, bed.config, device)
      await withClient(bed.config, async (client) => void (await client.query('vacuum analyze')))
      const rows = await withClient(bed.config, timeDaysOfRows)
      const path = (from: string, to: string, asked: readonly string[]) =>
        `/api/v1/days?from=${from}&to=${to}${asked.map((metric) => `&metrics=${metric}`).join('')}`
      const today = [
        path('2025-11-06', '2026-01-02', todayMetrics),
        '/api/v1/sessions?type=workout&end_time=2026-01-02T12:00:00Z&limit=30',
        '/api/v1/series',
        '/api/v1/me',
      ]
      return [
        atMost(
          'daily values, 90 days × 10 metrics, over HTTP, warm p50',
          await timed(server, path('2025-06-01', '2025-08-30', metrics), 200, 900),
          8,
          'ms',
          `${round(stored / 1e6)} M points of ${years} years stored; one row a sample takes ${round(rows)} ms for the same in UTC days`,
        ),
        atMost(
          `Today: all that its page asks for, at once (57 days × ${todayMetrics.length} metrics, its workouts, its series, its reader), over HTTP, warm p50`,
          await together(server, today, 200),
          100,
          'ms',
          `${years} years stored of ${metrics.length} of its metrics`,
        ),
        atLeast(
          'figures worked out in the background, a second',
          perSecond,
          500,
          'days',
          `${days * metrics.length} days of 1,440 values in ${round((days * metrics.length) / perSecond)} s; a request meanwhile takes ${round(median(waits))} ms, p99 ${round(percentile(waits, 0.99))} ms`,
        ),
      ]
    } finally {
      await server.stop()
    }
  } finally {
    await bed.close()
  }
}

async function fill(bed: Bed, device: string): Promise<number> {
  const { userId, sourceId } = await sourceOf(bed, device)
  const together = 30 * 1_440
  const n = days * 1_440
  for (const [place, metric] of metrics.entries()) {
    const seriesId = await bed.store.seriesFor(userId, sourceId, metric)
    for (let at = 0; at < n; at += together) {
      const t = Float64Array.from({ length: Math.min(together, n - at) }, (_, i) => firstDay + (at + i) * minute)
      const points = pointsOf(
        t,
        t.map((ms) => heartRate(ms + place * 1e6)),
      )
      await bed.store.append({ userId, slices: [{ seriesId, points }] })
    }
  }
  await compactAll(bed)
  await withClient(bed.config, async (client) => void (await client.query('vacuum analyze')))
  return n * metrics.length
}

/** Asks for the latest values all the while; the resolver begins by itself. */
async function watchResolving(
  server: ServerUnderTest,
  config: pg.ClientConfig,
  device: string,
): Promise<{ perSecond: number; waits: number[] }> {
  return withClient(config, async (client) => {
    const count = async (table: string) =>
      Number((await client.query<{ n: string }>(`select count(*) as n from tributary.${table}`)).rows[0]?.n)
    while ((await count('source_day_values')) === 0) await pause(20)
    const begun = performance.now()
    const had = await count('source_day_values')
    const waits: number[] = []
    for (let look = 0; ; look++) {
      const asked = performance.now()
      await server.call('GET', `/api/v1/devices/${device}/data/latest`)
      waits.push(performance.now() - asked)
      await pause(10)
      if (look % 20 === 0 && (await count('day_marks')) === 0) break
    }
    const found = await count('source_day_values')
    if (found < days * metrics.length) throw new Error(`${found} figures of ${days * metrics.length} days`)
    return { perSecond: (found - had) / ((performance.now() - begun) / 1_000), waits }
  })
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

const percentile = (values: readonly number[], share: number): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length * share)] ?? Number.NaN

async function timed({ url, token }: ServerUnderTest, path: string, times: number, expected: number): Promise<number> {
  const waits: number[] = []
  for (let at = 0; at < times + 20; at++) {
    const begun = performance.now()
    const answer = await fetch(`${url}${path}`, {
      headers: { authorization: `Bearer ${token}`, 'accept-encoding': 'identity' },
    })
    const bytes = await answer.arrayBuffer()
    if (at >= 20) waits.push(performance.now() - begun)
    else if (at === 0) {
      const { metrics: found } = JSON.parse(Buffer.from(bytes).toString()) as {
        metrics: { days: unknown[]; stale_dates: unknown[] }[]
      }
      const n = found.reduce((sum, { days: own, stale_dates }) => sum + own.length - stale_dates.length, 0)
      if (n !== expected) throw new Error(`${path} answered ${n} days instead of ${expected}`)
    }
  }
  return median(waits)
}

/** Asked as a page does, all of them in the same moment; until the last byte of the last. */
async function together({ url, token }: ServerUnderTest, paths: readonly string[], times: number): Promise<number> {
  const waits: number[] = []
  for (let at = 0; at < times + 20; at++) {
    const begun = performance.now()
    await Promise.all(
      paths.map(async (path) => {
        const answer = await fetch(`${url}${path}`, {
          headers: { authorization: `Bearer ${token}`, 'accept-encoding': 'identity' },
        })
        await answer.arrayBuffer()
        if (!answer.ok) throw new Error(`${path} answered ${answer.status}`)
      }),
    )
    if (at >= 20) waits.push(performance.now() - begun)
  }
  return median(waits)
}

/** The other side: 180 days of ten series are stored; ms for 90 days of each. */
async function timeDaysOfRows(client: pg.Client): Promise<number> {
  await makeRows(client, { series: 10, from: '2025-04-01Z', to: '2025-09-28Z' })
  return timeRows(
    client,
    `select series, date_trunc('day', ts, 'UTC'), count(*), min(value), max(value), avg(value), sum(value)
     from row_point
     where series between 1 and 10 and ts >= '2025-06-01Z' and ts < '2025-08-30Z'
     group by 1, 2`,
    5,
  )
}
