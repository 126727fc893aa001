/**
 * One archive, brought to a program that is killed once while it is uploaded and again and again while it is read, and to one that is
 * left alone: what they hold in the end, and what they tell of it, must be equal to the value.
 */
import { createHash } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { appleExport } from '@tributary/formats/testing'
import type pg from 'pg'
import { readAll, readerOn } from '../src/platform/samples/read.ts'
import { findWrongChunks } from '../src/platform/samples/verify.ts'
import { freePort } from '../test/free-port.ts'
import { endLeases, leasesUntilNow } from './end-leases.ts'
import { createProgram, type Program } from './program.ts'
import { randomFrom } from './random.ts'
import { signIn } from './sign-in.ts'

const patienceMs = 600_000

export interface ImportKills {
  kills: number
  megabytes: number
  seed: number
}

export interface ImportKillReport {
  /** What differs from the import that nobody disturbed. */
  faults: string[]
  /** Kills that met the import after it had got on since the last one, and before its end. */
  inTheMiddle: number
  /** Bytes of the upload that were there after it was cut off by a kill as well. */
  resumedAt: number
  samples: number
  /** Recounted at the end. */
  chunks: number
}

/** An import that ended before its last kill came is no proof: then all of it is done again. */
const mostTries = 3

export async function killImports({ kills, megabytes, seed }: ImportKills): Promise<ImportKillReport> {
  const chunks: Uint8Array[] = []
  for await (const chunk of appleExport({ bytes: megabytes * 1e6, seed })) chunks.push(chunk)
  const bytes = Buffer.concat(chunks)
  const calm = await withProgram((program) => importInPeace(program, bytes))
  const random = randomFrom(seed)
  const faults: string[] = []
  for (let tries = 1; ; tries++) {
    const { result, ...met } = await withProgram((program) =>
      importWithKills(program, bytes, kills, calm.steps, random),
    )
    faults.push(...differences(calm.result, result, kills))
    if (met.inTheMiddle === kills || faults.length > 0 || tries === mostTries)
      return { faults, ...met, samples: calm.samples }
  }
}

type Result = Record<string, unknown>

function differences(calm: Result, shaken: Result, kills: number): string[] {
  return Object.keys(calm).flatMap((part) => {
    const [wanted, found] = [calm[part], shaken[part]].map((value) => JSON.stringify(value))
    return wanted === found ? [] : [`${part}: ${wanted} without a kill, ${found} with ${kills}`]
  })
}

async function withProgram<T>(work: (program: Program) => Promise<T>): Promise<T> {
  const dataDir = await mkdtemp(join(tmpdir(), 'trb-import-kills-'))
  const program = createProgram(dataDir, await freePort(), { compacting: true })
  try {
    await program.start()
    return await work(program)
  } finally {
    await program.stop()
    await rm(dataDir, { recursive: true, force: true })
  }
}

async function importInPeace(program: Program, bytes: Buffer) {
  const upload = await beginUpload(program, bytes.length)
  await upload.send(0, bytes)
  await untilEnded(program)
  const result = await program.look(resultOf)
  return { result, steps: await program.look(countSteps), samples: Number(result['samples']) }
}

async function importWithKills(program: Program, bytes: Buffer, kills: number, steps: number, random: () => number) {
  const upload = await beginUpload(program, bytes.length)
  await killInUpload(program, upload, bytes)
  const resumedAt = await upload.offset()
  await upload.send(resumedAt, bytes.subarray(resumedAt))
  let inTheMiddle = 0
  for (const step of drawSteps(kills, steps, random)) {
    if (!(await killAfterStep(program, step))) break
    inTheMiddle++
    await program.start()
  }
  await untilEnded(program)
  const chunks = await program.look((client) => count(client, 'select count(*) as n from chunk'))
  return { result: await program.look(resultOf), inTheMiddle, resumedAt, chunks }
}

/** Ascending, one in each stretch of the import; the last few of its steps are left, so that it does not end before its kill. */
function drawSteps(kills: number, steps: number, random: () => number): number[] {
  const stretch = (steps - 2) / kills
  return Array.from({ length: kills }, (_, i) => 1 + Math.floor((i + random()) * stretch))
}

/** Kills the program as soon as so many steps are stored, and at least one more than were before. False when the import ended first. */
async function killAfterStep(program: Program, wanted: number): Promise<boolean> {
  return program.look(async (client) => {
    const before = await countSteps(client)
    for (const begun = Date.now(); Date.now() - begun < patienceMs; await pause(5)) {
      if ((await countSteps(client)) < Math.max(wanted, before + 1)) continue
      program.freeze() // so that it cannot end between the look and the kill
      if (await hasEnded(client)) {
        program.thaw()
        return false
      }
      await program.kill()
      await endLeases(client, leasesUntilNow())
      return true
    }
    throw new Error('the import did not get on')
  })
}

/** Half of it is sent and the other half never comes: the program ends when it has stored some, in the middle of the request. */
async function killInUpload(program: Program, upload: Sender, bytes: Buffer): Promise<void> {
  const half = new ReadableStream<Uint8Array>({ start: (body) => body.enqueue(bytes.subarray(0, bytes.length / 2)) })
  const cut = upload.patch(0, half).then(
    ({ status }) => {
      throw new Error(`half an upload was answered ${status}`)
    },
    () => undefined, // the line was cut
  )
  await program.look(async (client) => {
    for (const begun = Date.now(); (await count(client, 'select received as n from uploads')) === 0; await pause(5))
      if (Date.now() - begun > patienceMs) throw new Error('nothing of the upload was stored')
  })
  await program.kill()
  await cut
  await program.start()
}

interface Sender {
  patch(from: number, body: Uint8Array<ArrayBuffer> | ReadableStream<Uint8Array>): Promise<Response>
  /** To the end of the file. */
  send(from: number, rest: Buffer): Promise<void>
  offset(): Promise<number>
}

async function beginUpload(program: Program, length: number): Promise<Sender> {
  const headers = { authorization: `Bearer ${await signIn(program)}`, 'tus-resumable': '1.0.0' }
  const name = Buffer.from('export.xml').toString('base64')
  const made = await fetch(`${program.url}/api/v1/uploads`, {
    method: 'POST',
    headers: { ...headers, 'upload-length': String(length), 'upload-metadata': `filename ${name}` },
  })
  const url = `${program.url}${made.headers.get('location')}`
  const patch: Sender['patch'] = (from, body) =>
    fetch(url, {
      method: 'PATCH',
      headers: { ...headers, 'content-type': 'application/offset+octet-stream', 'upload-offset': String(from) },
      body,
      duplex: 'half',
    } as RequestInit)
  return {
    patch,
    send: async (from, rest) => {
      const sent = await patch(from, Uint8Array.from(rest))
      if (sent.status !== 204) throw new Error(`the upload was answered ${sent.status}: ${await sent.text()}`)
    },
    offset: async () => Number((await fetch(url, { method: 'HEAD', headers })).headers.get('upload-offset')),
  }
}

async function untilEnded(program: Program): Promise<void> {
  await program.look(async (client) => {
    for (const begun = Date.now(); !(await hasEnded(client)); await pause(50))
      if (Date.now() - begun > patienceMs) throw new Error('the import did not end within ten minutes')
  })
}

const hasEnded = async (client: pg.Client) => (await count(client, 'select count(finished_at) as n from imports')) > 0

const countSteps = (client: pg.Client) => count(client, 'select count(*) as n from import_steps')

async function count(client: pg.Client, query: string): Promise<number> {
  const [row] = await ask(client, query)
  return Number(row?.['n'])
}

async function resultOf(client: pg.Client): Promise<Record<string, unknown>> {
  const [file] = await ask(
    client,
    `select status, format, records, samples, changed, duplicates, sessions, cardinality(session_ids) as session_ids, rejected, rejections,
       warnings, reason, deleted from import_files`,
  )
  const [sums] = await ask(
    client,
    'select status, bytes_done, records, samples, sessions, duplicates, rejected, files_total, files_ended from imports',
  )
  const [rows] = await ask(
    client,
    `select (select count(*)::int from sessions) as sessions, (select count(*)::int from session_parts) as parts,
       (select count(*)::int from source_days) as days, (select count(*)::int from events) as events,
       (select count(*)::int from sources) as sources, (select count(*)::int from quarantine) as quarantined`,
  )
  const wrong = await findWrongChunks(client)
  return { ...file, sums, rows, wrong, series: await seriesOf(client) }
}

/** Each series as the hash of its times and values. */
async function seriesOf(client: pg.Client): Promise<unknown[]> {
  const series = await ask(
    client,
    `select e.user_id, e.series_id, e.metric, s.external_key as key
     from series e join sources s using (user_id, source_id) order by e.metric, s.external_key`,
  )
  const told: unknown[] = []
  for (const { user_id, series_id, metric, key } of series) {
    const scope = { from: Number.NEGATIVE_INFINITY, to: Number.POSITIVE_INFINITY }
    const { n, t, v } = await readAll(readerOn(client), {
      userId: String(user_id),
      seriesIds: [Number(series_id)],
      ...scope,
    })
    const hash = createHash('sha256')
    for (const column of [t, v]) hash.update(Buffer.from(column.buffer, column.byteOffset, column.byteLength))
    told.push([metric, key, n, hash.digest('hex')])
  }
  return told
}

async function ask(client: pg.Client, query: string): Promise<Record<string, unknown>[]> {
  await client.query('set search_path to tributary')
  return (await client.query(query)).rows
}
