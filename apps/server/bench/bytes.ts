/** What a point costs in the log and on disk: straight at the store, and beside it through the server, which also notes each request. */
import type pg from 'pg'
import { compactAll, from, makeBed, pointsPerArrival, roleSecret, storeRate } from './bed.ts'
import { distinctPoints } from './bodies.ts'
import { atMost, type Figure, round } from './figure.ts'
import { runLoad } from './load.ts'
import { type Cluster, startServerUnderTest, withClient } from './under-test.ts'

const lanes = 64
/** Requests a lane; STORE_ARRIVALS takes another number, for a quick look. */
const arrivals = Number(process.env['STORE_ARRIVALS'] ?? 1_440)
const points = lanes * distinctPoints({ points: pointsPerArrival, from, redeliver: true }, arrivals)

const ofStore = ['series', 'segment', 'chunk', 'latest', 'dirty']

export async function benchBytes(cluster: Cluster): Promise<Figure[]> {
  const { wal, hot, cold } = await atTheStore(cluster)
  const served = await throughTheServer(cluster)
  const request = `in requests of ${pointsPerArrival}`
  return [
    atMost(
      'bytes of log a point, written and compacted',
      wal,
      16,
      'B',
      `${round(points / 1e6)} M points ${request}; through the server, each with an Idempotency-Key, ${round(served.wal)} B`,
    ),
    atMost(
      'bytes on disk a point before compaction',
      hot,
      5,
      'B',
      `through the server ${round(served.hot)} B, and ${request} ${Object.entries(served.noted)
        .map(([table, bytes]) => `${round(bytes)} B of ${table}`)
        .join(', ')}`,
    ),
    atMost('bytes on disk a point after compaction', cold, 2, 'B'),
  ]
}

async function atTheStore(cluster: Cluster): Promise<{ wal: number; hot: number; cold: number }> {
  const bed = await makeBed(cluster, 'bench_bytes')
  try {
    const series = await Promise.all(Array.from({ length: lanes }, () => bed.newSeries('heart_rate')))
    const before = await walPosition(bed.config)
    await storeRate(bed, series, from, arrivals)
    const hot = await size(bed.config, ofStore)
    await compactAll(bed)
    const wal = (await walPosition(bed.config)) - before
    const packed = ofStore.map((table) => `tributary.${table}`).join(', ')
    await withClient(bed.config, async (client) => void (await client.query(`vacuum full ${packed}`)))
    const cold = await size(bed.config, ofStore)
    return { wal: wal / points, hot: hot / points, cold: cold / points }
  } finally {
    await bed.close()
  }
}

/** The same load over HTTP. Its log holds all that the program wrote meanwhile, the figures of days too. */
async function throughTheServer(cluster: Cluster) {
  const bed = await makeBed(cluster, 'bench_bytes_served')
  const server = await startServerUnderTest({ DATABASE_URL: bed.url, DATABASE_ROLE_SECRET: roleSecret })
  try {
    const devices = await Promise.all(Array.from({ length: lanes }, (_, i) => server.newDevice(`lane ${i}`)))
    const before = await walPosition(bed.config)
    await runLoad({
      port: server.port,
      connections: lanes,
      lanes: devices.map((device) => ({ path: `/api/v1/devices/${device}/data`, token: server.token, from })),
      points: pointsPerArrival,
      requestsPerLane: arrivals,
      redeliver: true,
      keyed: true,
    })
    const hot = await size(bed.config, ofStore)
    const noted = {
      batches: (await size(bed.config, ['batches'])) / points,
      'idempotency keys': (await size(bed.config, ['idempotency_keys'])) / points,
      'audit rows': (await size(bed.config, ['audit_log'])) / points,
    }
    await compactAll(bed)
    const wal = (await walPosition(bed.config)) - before
    return { wal: wal / points, hot: hot / points, noted }
  } finally {
    await server.stop()
    await bed.close()
  }
}

async function walPosition(config: pg.ClientConfig): Promise<number> {
  return withClient(config, async (client) => {
    const { rows } = await client.query<{ at: string }>(`select pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0') as at`)
    return Number(rows[0]?.at)
  })
}

async function size(config: pg.ClientConfig, tables: readonly string[]): Promise<number> {
  return withClient(config, async (client) => {
    const { rows } = await client.query<{ bytes: string }>(
      `select sum(pg_total_relation_size(('tributary.' || name)::regclass)) as bytes from unnest($1::text[]) as name`,
      [tables],
    )
    return Number(rows[0]?.bytes)
  })
}
