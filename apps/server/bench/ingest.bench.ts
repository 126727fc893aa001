/** Durable ingest over HTTP: ours against the peer's table behind the same kind of server, and against raw COPY, in one run. */
import { fork } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { open, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { distinctPoints } from './bodies.ts'
import { copyRate } from './copy.ts'
import { atLeast, atMost, type Figure, median, round } from './figure.ts'
import { runLoad } from './load.ts'
import type { LoadResult } from './load-client.ts'
import { peerTable } from './peer-server.ts'
import { type Cluster, type ServerUnderTest, startServerUnderTest, withClient } from './under-test.ts'

const connections = 64
const rounds = 3
const from = Date.parse('2026-01-05T00:00:00Z')

interface Shape {
  points: number
  requestsPerLane: number
  peerRequestsPerLane: number
}

export async function benchIngest(cluster: Cluster): Promise<Figure[]> {
  const { url, config } = await cluster.database('bench_ingest')
  const server = await startServerUnderTest({ DATABASE_URL: url })
  const peer = await startPeer(cluster)
  try {
    const devices = await Promise.all(Array.from({ length: connections }, (_, i) => server.newDevice(`lane ${i}`)))
    await warmUp(server, devices)
    const small: Shape = { points: 60, requestsPerLane: 450, peerRequestsPerLane: 20 }
    const large: Shape = { points: 1_000, requestsPerLane: 60, peerRequestsPerLane: 2 }
    const sixty = await compare(cluster, server, peer.port, devices, small, 1)
    const thousand = await compare(cluster, server, peer.port, devices, large, 3)
    await assertCounts(config, server, sixty.stored + thousand.stored)
    return [
      atLeast("60-point JSON requests, against the peer's SQL", sixty.values / sixty.peer, 15, '×', rates(sixty)),
      atLeast(
        '60-point JSON requests, against raw binary COPY',
        sixty.values / sixty.copy,
        0.45,
        '×',
        `in columns ${round(sixty.columns / sixty.copy)} ×`,
      ),
      atLeast(
        '1,000-point requests in columns, against raw binary COPY',
        thousand.columns / thousand.copy,
        1.2,
        '×',
        rates(thousand),
      ),
      atLeast(
        "1,000-point requests in columns, against the peer's SQL",
        thousand.columns / thousand.peer,
        30,
        '×',
        `a value at a time ${round(thousand.values / thousand.peer)} ×`,
      ),
      atMost(
        'p99 of a 60-point request at saturation, 64 connections',
        sixty.p99,
        25,
        'ms',
        `p50 ${round(sixty.p50)} ms; in columns p99 ${round(sixty.columnsP99)} ms; the disk alone takes ${await syncTimes(cluster.dataDir)} for 16 KiB`,
      ),
    ]
  } finally {
    await server.stop()
    await peer.stop()
  }
}

/** Points a second of each side. */
interface Compared {
  /** Ours, in document 2's form. */
  values: number
  /** Ours, in columns. */
  columns: number
  peer: number
  copy: number
  p50: number
  p99: number
  columnsP99: number
  /** Different points of ours that were acknowledged. */
  stored: number
}

const rates = ({ values, columns, peer, copy }: Compared) =>
  `ours ${round(values)}, in columns ${round(columns)}, peer ${round(peer)}, COPY ${round(copy)} points/s`

/** The sides in turn, several rounds; medians. Each round writes where nothing was written before. */
async function compare(
  cluster: Cluster,
  server: ServerUnderTest,
  peerPort: number,
  devices: string[],
  shape: Shape,
  year: number,
): Promise<Compared> {
  const runs: Compared[] = []
  const stored =
    distinctPoints({ points: shape.points, from, redeliver: true }, shape.requestsPerLane) * connections * 2
  for (let at = 0; at < rounds; at++) {
    const start = from - year * 366 * 86_400_000 + at * 30 * 86_400_000
    const order = {
      port: server.port,
      connections,
      points: shape.points,
      requestsPerLane: shape.requestsPerLane,
      redeliver: true,
    }
    const lanesFrom = (first: number) =>
      devices.map((device) => ({ path: `/api/v1/devices/${device}/data`, token: server.token, from: first }))
    const values = await runLoad({ ...order, lanes: lanesFrom(start) })
    const columns = await runLoad({ ...order, lanes: lanesFrom(start - 366 * 86_400_000), form: 'columns' })
    const peerLanes = devices.map(() => ({ path: `/${randomUUID()}`, token: 'none', from: start }))
    const peer = await runLoad({
      ...order,
      port: peerPort,
      lanes: peerLanes,
      requestsPerLane: shape.peerRequestsPerLane,
    })
    const rate = ({ requests, seconds }: LoadResult) => (requests * shape.points) / seconds
    runs.push({
      values: rate(values),
      columns: rate(columns),
      peer: rate(peer),
      copy: await copyRate(cluster.config),
      p50: values.p50,
      p99: values.p99,
      columnsP99: columns.p99,
      stored,
    })
  }
  const of = (key: keyof Compared) => median(runs.map((run) => run[key]))
  return {
    values: of('values'),
    columns: of('columns'),
    peer: of('peer'),
    copy: of('copy'),
    p50: of('p50'),
    p99: of('p99'),
    columnsP99: of('columnsP99'),
    stored: stored * rounds,
  }
}

/** Half a minute of code that was never run would be measured otherwise. */
async function warmUp(server: ServerUnderTest, devices: string[]): Promise<void> {
  const lanes = devices.map((device) => ({
    path: `/api/v1/devices/${device}/data`,
    token: server.token,
    from: from - 6 * 366 * 86_400_000,
  }))
  await runLoad({ port: server.port, connections, lanes, points: 60, requestsPerLane: 150, redeliver: false })
}

/** A fast answer that lost something would be worth nothing: what was acknowledged is read back. */
async function assertCounts(
  config: Parameters<typeof withClient>[0],
  server: ServerUnderTest,
  expected: number,
): Promise<void> {
  const warm = 150 * 60 * connections
  const { rows } = await withClient(config, (client) =>
    client.query<{ n: string }>('select coalesce(sum(accepted), 0)::bigint as n from tributary.batches'),
  )
  const accepted = Number(rows[0]?.n)
  if (accepted !== expected + warm)
    throw new Error(`${accepted} points were accepted, ${expected + warm} different ones were sent (${server.url})`)
}

/** What no commit can be faster than: writes that wait for the disk, with nothing else going on. */
async function syncTimes(dir: string): Promise<string> {
  const path = join(dir, 'sync-times')
  const file = await open(path, 'w')
  const bytes = Buffer.alloc(16 * 1_024, 1)
  const waits: number[] = []
  try {
    for (let at = 0; at < 500; at++) {
      const begun = performance.now()
      await file.write(bytes, 0, bytes.length, at * bytes.length)
      await file.datasync()
      waits.push(performance.now() - begun)
    }
  } finally {
    await file.close()
    await rm(path)
  }
  waits.sort((a, b) => a - b)
  return `${round(waits[250] ?? 0)} ms, p99 ${round(waits[495] ?? 0)} ms,`
}

async function startPeer(cluster: Cluster): Promise<{ port: number; stop: () => Promise<void> }> {
  const { config } = await cluster.database('bench_peer')
  await withClient(config, (client) => client.query(peerTable))
  const child = fork(new URL('./peer-server.ts', import.meta.url))
  child.send(config)
  const [{ port }] = (await once(child, 'message')) as [{ port: number }]
  return {
    port,
    stop: async () => {
      child.kill()
      await once(child, 'exit')
    },
  }
}
