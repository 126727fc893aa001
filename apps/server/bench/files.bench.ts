/** Activity files: how fast they are decoded, and how soon a ride can be seen. */
import { parseActivity } from '@tributary/formats'
import { writeRide } from '@tributary/formats/testing'
import { atLeast, atMost, type Figure, median, round } from './figure.ts'
import { type Cluster, type ServerUnderTest, startServerUnderTest } from './under-test.ts'

const hours = 5
const records = hours * 3_600

export async function benchFiles(cluster: Cluster): Promise<Figure[]> {
  return [await decoding(), await seeing(cluster)]
}

async function decoding(): Promise<Figure> {
  const file = writeRide({ start: Date.parse('2026-05-01T06:00:00Z'), seconds: records * 10 })
  const rates: number[] = []
  for (let round = 0; round < 7; round++) {
    const begun = process.cpuUsage()
    await parseActivity(file, { filename: 'ride.fit' })
    const { user, system } = process.cpuUsage(begun)
    if (round > 1) rates.push((records * 10) / ((user + system) / 1e6))
  }
  return atLeast(
    'FIT records decoded a second and core',
    median(rates),
    150_000,
    'records/s',
    `${round(file.length / records / 10)} bytes a record, ten streams`,
  )
}

/** From the last byte of the upload to the first answer that shows the workout. */
async function seeing(cluster: Cluster): Promise<Figure> {
  const { url } = await cluster.database('bench_files')
  const server = await startServerUnderTest({ DATABASE_URL: url })
  try {
    const waits: number[] = []
    for (let ride = 0; ride < 6; ride++) {
      const wait = await rideSeenAfter(server, ride)
      if (ride > 0) waits.push(wait)
    }
    return atMost(
      `a ${hours}-hour ride is visible after its upload ended`,
      median(waits) / 1_000,
      1,
      's',
      waits.map((ms) => round(ms / 1_000)).join(', '),
    )
  } finally {
    await server.stop()
  }
}

async function rideSeenAfter(server: ServerUnderTest, ride: number): Promise<number> {
  const start = Date.parse('2026-05-02T06:00:00Z') + ride * 86_400_000
  const file = writeRide({ start, seconds: records })
  const answer = await fetch(`${server.url}/api/v1/imports?filename=ride-${ride}.fit`, {
    method: 'POST',
    headers: { authorization: `Bearer ${server.token}`, 'content-type': 'application/octet-stream' },
    body: file,
  })
  const begun = performance.now()
  if (answer.status !== 202) throw new Error(`the import answered ${answer.status}: ${await answer.text()}`)
  for (;;) {
    const { items } = await server.call<{ items: { start_time: string }[] }>('GET', '/api/v1/sessions?limit=1')
    if (items[0] && Date.parse(items[0].start_time) >= start) return performance.now() - begun
    if (performance.now() - begun > 60_000) throw new Error('the ride did not appear within a minute')
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}
