/** Cost must stay flat as data grows: CPU a point, of the server and its database together, with 1 M and with 50 M points stored. */
import { pointsOf } from '../src/platform/samples/points.ts'
import { type Bed, compactAll, makeBed, roleSecret } from './bed.ts'
import { heartRate } from './bodies.ts'
import { atMost, type Figure, median, round } from './figure.ts'
import { runLoad } from './load.ts'
import { cpuSeconds } from './processes.ts'
import { type Cluster, type ServerUnderTest, startServerUnderTest } from './under-test.ts'

const from = Date.parse('2024-01-01T00:00:00Z')
const dayMs = 86_400_000

export async function benchGrowth(cluster: Cluster): Promise<Figure[]> {
  const bed = await makeBed(cluster, 'bench_growth')
  const server = await startServerUnderTest({ DATABASE_URL: bed.url, DATABASE_ROLE_SECRET: roleSecret })
  try {
    const devices = await Promise.all(Array.from({ length: 64 }, (_, i) => server.newDevice(`lane ${i}`)))
    const cost = (week: number) => cpuPerPoint(cluster, server, devices, from + (800 + week * 7) * dayMs)
    await cost(0)
    await fill(bed, 1_000_000, 0)
    const small = median([await cost(1), await cost(2), await cost(3)])
    await fill(bed, 49_000_000, 1)
    const large = median([await cost(4), await cost(5), await cost(6)])
    return [
      atMost(
        'CPU a point with 50 M stored, against 1 M',
        large / small,
        1.15,
        '×',
        `${round(small * 1e6)} → ${round(large * 1e6)} µs a point`,
      ),
    ]
  } finally {
    await server.stop()
    await bed.close()
  }
}

async function cpuPerPoint(
  cluster: Cluster,
  server: ServerUnderTest,
  devices: string[],
  start: number,
): Promise<number> {
  const lanes = devices.map((device) => ({ path: `/api/v1/devices/${device}/data`, token: server.token, from: start }))
  const roots = [server.pid, cluster.postgres.pid]
  let before = 0
  const { requests } = await runLoad(
    { port: server.port, connections: lanes.length, lanes, points: 60, requestsPerLane: 200, redeliver: true },
    () => {
      before = cpuSeconds(roots)
    },
  )
  return (cpuSeconds(roots) - before) / (requests * 60)
}

async function fill(bed: Bed, points: number, round: number): Promise<void> {
  const series = await Promise.all(Array.from({ length: 50 }, () => bed.newSeries('heart_rate')))
  const each = points / series.length
  for (const { userId, seriesId } of series) {
    for (let at = 0; at < each; at += 86_400) {
      const n = Math.min(86_400, each - at)
      const t = Float64Array.from({ length: n }, (_, i) => from + round * 100 * dayMs + (at + i) * 1_000)
      await bed.store.append({ userId, slices: [{ seriesId, points: pointsOf(t, t.map(heartRate)) }] })
    }
  }
  await compactAll(bed)
}
