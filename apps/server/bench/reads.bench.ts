/** Reading over HTTP with years stored: 5 people × 10 metrics × 1 year at one a minute, compacted. */
import type pg from 'pg'
import { type Bed, compactAll, fillYear, makeBed, roleSecret, sourceOf } from './bed.ts'
import { atMost, type Figure, median, round } from './figure.ts'
import { makeRows, timeRows } from './row-table.ts'
import { type Cluster, type ServerUnderTest, startServerUnderTest, withClient } from './under-test.ts'

const metrics = [
  'heart_rate',
  'spo2',
  'respiratory_rate',
  'power',
  'cadence',
  'speed',
  'elevation',
  'ambient_temperature',
  'stress_score',
  'steps',
]

export async function benchReads(cluster: Cluster): Promise<Figure[]> {
  const bed = await makeBed(cluster, 'bench_reads')
  const server = await startServerUnderTest({ DATABASE_URL: bed.url, DATABASE_ROLE_SECRET: roleSecret })
  try {
    const device = await server.newDevice('a year')
    const stored = await fill(bed, device)
    const day = `start_time=2025-06-01T00:00:00Z&end_time=2025-06-02T00:00:00Z&limit=2000`
    const whole = 'start_time=2025-01-01T00:00:00Z&end_time=2026-01-01T00:00:00Z'
    const data = `/api/v1/devices/${device}/data`
    const rows = await withClient(bed.config, timeRowTable)
    const beside = (ms: number) => `one row a sample, in SQL alone: ${round(ms)} ms`
    return [
      atMost(
        'a raw day, 1,440 points, over HTTP, warm p50',
        await timed(server, `${data}?data_type=heart_rate&${day}`, 200),
        2,
        'ms',
        `${round(stored / 1e6)} M points stored; ${beside(rows.day)} with ${round(rows.stored / 1e6)} M rows`,
      ),
      atMost(
        'a year to 1,000 points (min/max), over HTTP, warm p50',
        await timed(server, `/api/v1/timeline?metric=heart_rate&${whole}&points=1000`, 40),
        50,
        'ms',
        beside(rows.year),
      ),
      atMost(
        'a year to 1,000 points (LTTB), over HTTP, warm p50',
        await timed(server, `/api/v1/timeline?metric=heart_rate&${whole}&points=1000&method=lttb`, 40),
        50,
        'ms',
      ),
      atMost(
        'the latest of 10 metrics, over HTTP, warm p50',
        await timed(server, `${data}/latest`, 300),
        1,
        'ms',
        beside(rows.latest),
      ),
    ]
  } finally {
    await server.stop()
    await bed.close()
  }
}

/** The other side: a year of ten series, which is one person's. */
async function timeRowTable(client: pg.Client) {
  const stored = await makeRows(client, { series: 10, from: '2025-01-01Z', to: '2025-12-31T23:59Z' })
  const year = `series = 1 and ts >= '2025-01-01Z' and ts < '2026-01-01Z'`
  return {
    stored,
    day: await timeRows(
      client,
      `select ts, value from row_point where series = 1 and ts >= '2025-06-01Z' and ts < '2025-06-02Z' order by ts`,
      50,
    ),
    year: await timeRows(
      client,
      `select floor(extract(epoch from ts - '2025-01-01Z') / (365 * 86400 / 500.0)) as bucket, min(value), max(value)
       from row_point where ${year} group by 1 order by 1`,
      10,
    ),
    latest: await timeRows(
      client,
      `select n.* from generate_series(1, 10) as s,
         lateral (select * from row_point where series = s order by ts desc limit 1) as n`,
      100,
    ),
  }
}

async function timed(server: ServerUnderTest, path: string, times: number): Promise<number> {
  const waits: number[] = []
  for (let at = 0; at < times + 20; at++) {
    const begun = performance.now()
    await receive(server, path)
    if (at >= 20) waits.push(performance.now() - begun)
  }
  return median(waits)
}

/** To the last byte; what the caller then makes of it is the caller's time. */
async function receive({ url, token }: ServerUnderTest, path: string): Promise<void> {
  const answer = await fetch(`${url}${path}`, {
    headers: { authorization: `Bearer ${token}`, 'accept-encoding': 'identity' },
  })
  const bytes = await answer.arrayBuffer()
  if (!answer.ok || bytes.byteLength < 100)
    throw new Error(`${path} answered ${answer.status} with ${bytes.byteLength} bytes`)
}

/** The owner's device and four more people get a year each; answers how many points that is. */
async function fill(bed: Bed, device: string): Promise<number> {
  const owner = await sourceOf(bed, device)
  let stored = 0
  for (const [place, metric] of metrics.entries()) {
    const series = [{ userId: owner.userId, seriesId: await bed.store.seriesFor(owner.userId, owner.sourceId, metric) }]
    for (let person = 1; person < 5; person++) series.push(await bed.newSeries(metric))
    for (const { userId, seriesId } of series) stored += await fillYear(bed, userId, seriesId, place)
  }
  await compactAll(bed)
  await withClient(bed.config, async (client) => void (await client.query('vacuum analyze')))
  return stored
}
