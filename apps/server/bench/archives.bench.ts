/** A life's archive: an Apple Health export through everything, thousands of activities, and the memory that takes. */
import { createWriteStream } from 'node:fs'
import { mkdtemp, open, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { appleExport, writeRide, zipOf } from '@tributary/formats/testing'
import { atLeast, atMost, type Figure, round } from './figure.ts'
import { peerImportRate } from './peer-importer.ts'
import { peakRssMb } from './processes.ts'
import { type Cluster, type ServerUnderTest, startServerUnderTest } from './under-test.ts'

/** Of the export; ARCHIVE_MB takes another, for a quick look. */
const exportMb = Number(process.env['ARCHIVE_MB'] ?? 2_000)
/** Its tree takes some five times the file: of 2 GB that is more than machines have. */
const peerMb = Math.min(exportMb, 100)
const rides = Number(process.env['ARCHIVE_RIDES'] ?? 3_000)
/** 4 million records in all. */
const rideSeconds = 1_334
const pieceBytes = 16_000_000

export async function benchArchives(cluster: Cluster): Promise<Figure[]> {
  const dir = await mkdtemp(join(tmpdir(), 'trb-bench-archives-'))
  try {
    return [...(await appleFigures(cluster, dir)), ...(await ridesFigures(cluster))]
  } finally {
    await rm(dir, { recursive: true, force: true })
  }
}

async function appleFigures(cluster: Cluster, dir: string): Promise<Figure[]> {
  const file = await writeExport(join(dir, 'export.xml'), exportMb)
  const small = exportMb === peerMb ? file : await writeExport(join(dir, 'small.xml'), peerMb)
  const peer = await peerImportRate((await cluster.database('bench_peer_import')).config, small.path, small.bytes)
  const { url } = await cluster.database('bench_apple')
  const server = await startServerUnderTest({ DATABASE_URL: url })
  try {
    const begun = performance.now()
    const importId = await send(server, 'export.xml', file.bytes, (from, to) => readBytes(file.path, from, to))
    const sent = (performance.now() - begun) / 1_000
    const { seconds, found } = await untilEnded(server, importId)
    if (found.status !== 'done') throw new Error(`the export ended ${found.status}: ${JSON.stringify(found.files[0])}`)
    const rate = file.bytes / 1e6 / seconds
    return [
      atLeast(
        'Apple Health XML through parse, normalise and store',
        rate,
        30,
        'MB/s',
        `${round(file.bytes / 1e6)} MB, ${found.records.toLocaleString('en')} records in ${round(seconds)} s after ${round(sent)} s of upload; peer (whole tree, row upserts; ${peerMb} MB) ${peer ? `${round(peer)} MB/s` : 'not measured: no python3'}`,
      ),
      atMost('resident memory of the program meanwhile, at most', peakRssMb(server.pid), 350, 'MB'),
    ]
  } finally {
    await server.stop()
  }
}

async function ridesFigures(cluster: Cluster): Promise<Figure[]> {
  const zip = zipOf(
    Object.fromEntries(
      Array.from({ length: rides }, (_, n) => [
        `rides/${n}.fit`,
        writeRide({ start: Date.parse('2016-01-01T06:00:00Z') + n * 86_400_000, seconds: rideSeconds, seed: n }),
      ]),
    ),
  )
  const { url } = await cluster.database('bench_rides')
  const server = await startServerUnderTest({ DATABASE_URL: url })
  try {
    const importId = await send(server, 'rides.zip', zip.length, async (from, to) => zip.subarray(from, to))
    const { seconds, found, slowestLookMs } = await untilEnded(server, importId)
    if (found.status !== 'done') throw new Error(`the rides ended ${found.status}: ${JSON.stringify(found.files[0])}`)
    return [
      atMost(
        `${rides.toLocaleString('en')} activity files read`,
        seconds,
        60,
        's',
        `${found.records.toLocaleString('en')} records, ${found.samples.toLocaleString('en')} values, ${round(zip.length / 1e6)} MB of ZIP; ${round(peakRssMb(server.pid))} MB resident`,
      ),
      atMost('the progress of their import, asked for meanwhile, at most', slowestLookMs, 250, 'ms'),
    ]
  } finally {
    await server.stop()
  }
}

async function writeExport(path: string, megabytes: number): Promise<{ path: string; bytes: number }> {
  await pipeline(Readable.from(appleExport({ bytes: megabytes * 1e6 })), createWriteStream(path))
  return { path, bytes: (await stat(path)).size }
}

async function readBytes(path: string, from: number, to: number): Promise<Uint8Array> {
  const file = await open(path)
  try {
    const bytes = Buffer.alloc(to - from)
    await file.read(bytes, 0, bytes.length, from)
    return bytes
  } finally {
    await file.close()
  }
}

/** As a client of tus sends it, in pieces. */
async function send(
  { url, token }: ServerUnderTest,
  name: string,
  bytes: number,
  read: (from: number, to: number) => Promise<Uint8Array>,
): Promise<string> {
  const headers = { authorization: `Bearer ${token}`, 'tus-resumable': '1.0.0' }
  const made = await fetch(`${url}/api/v1/uploads`, {
    method: 'POST',
    headers: {
      ...headers,
      'upload-length': String(bytes),
      'upload-metadata': `filename ${Buffer.from(name).toString('base64')}`,
    },
  })
  const location = `${url}${made.headers.get('location')}`
  for (let at = 0; at < bytes; ) {
    const to = Math.min(at + pieceBytes, bytes)
    const answer = await fetch(location, {
      method: 'PATCH',
      headers: { ...headers, 'content-type': 'application/offset+octet-stream', 'upload-offset': String(at) },
      body: Uint8Array.from(await read(at, to)),
    })
    if (answer.status !== 204) throw new Error(`a piece was answered ${answer.status}: ${await answer.text()}`)
    at = to
    const importId = answer.headers.get('tributary-import-id')
    if (importId) return importId
  }
  throw new Error('the upload named no import')
}

interface Found {
  status: string
  finished_at: string | null
  records: number
  samples: number
  files: unknown[]
}

async function untilEnded(server: ServerUnderTest, importId: string) {
  const begun = performance.now()
  let slowestLookMs = 0
  for (;;) {
    const asked = performance.now()
    const found = await server.call<Found>('GET', `/api/v1/imports/${importId}`)
    slowestLookMs = Math.max(slowestLookMs, performance.now() - asked)
    if (found.finished_at) return { seconds: (performance.now() - begun) / 1_000, found, slowestLookMs }
    await new Promise((resolve) => setTimeout(resolve, 250))
  }
}
