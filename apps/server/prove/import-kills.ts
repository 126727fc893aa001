/**
 * One archive, imported by a program that is killed again and again in the middle of it, and by one that is left alone: what they
 * hold in the end, and what they tell of it, must be equal to the value.
 */
import { createHash } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { appleExport } from '@tributary/formats/testing'
import type pg from 'pg'
import { readAll, readerOn } from '../src/platform/samples/read.ts'
import { findWrongChunks } from '../src/platform/samples/verify.ts'
import { freePort } from '../test/free-port.ts'
import { createProgram, owner, type Program } from './program.ts'
import { randomFrom } from './random.ts'

export interface ImportKills {
  kills: number
  megabytes: number
  seed: number
}

export interface ImportKillReport {
  /** What differs from the import that nobody disturbed. */
  faults: string[]
  /** Kills that met the import while it was being read. */
  inTheMiddle: number
  samples: number
}

export async function killImports({ kills, megabytes, seed }: ImportKills): Promise<ImportKillReport> {
  const chunks: Uint8Array[] = []
  for await (const chunk of appleExport({ bytes: megabytes * 1e6, seed })) chunks.push(chunk)
  const bytes = Buffer.concat(chunks)
  const calm = await withProgram((program) => importInPeace(program, bytes))
  const random = randomFrom(seed)
  // Together less than it takes in peace, so that they meet it at work although the machine may be faster by now.
  const nextMs = () => (random() * calm.ms) / (kills + 1)
  const shaken = await withProgram((program) => importWithKills(program, bytes, kills, nextMs))
  const faults = Object.keys(calm.result).flatMap((part) => {
    const [wanted, found] = [calm.result[part], shaken.result[part]].map((value) => JSON.stringify(value))
    return wanted === found ? [] : [`${part}: ${wanted} without a kill, ${found} with ${kills}`]
  })
  return { faults, inTheMiddle: shaken.inTheMiddle, samples: calm.samples }
}

async function withProgram<T>(work: (program: Program) => Promise<T>): Promise<T> {
  const dataDir = await mkdtemp(join(tmpdir(), 'trb-import-kills-'))
  const program = createProgram(dataDir, await freePort())
  try {
    await program.start()
    return await work(program)
  } finally {
    await program.stop()
    await rm(dataDir, { recursive: true, force: true })
  }
}

async function importInPeace(program: Program, bytes: Buffer) {
  await send(program, bytes)
  const begun = performance.now()
  await untilEnded(program)
  const ms = performance.now() - begun
  const result = await program.look(resultOf)
  return { ms, result, samples: Number(result['samples']) }
}

async function importWithKills(program: Program, bytes: Buffer, kills: number, nextMs: () => number) {
  await send(program, bytes)
  let inTheMiddle = 0
  for (let kill = 0; kill < kills; kill++) {
    await untilBegun(program)
    await pause(nextMs())
    const [row] = await program.look((client) => ask(client, 'select status from imports'))
    if (row?.['status'] === 'reading') inTheMiddle++
    await program.kill()
    // As if the lease of the dead had run out: that takes a quarter of a minute and proves nothing.
    await program.look((client) => ask(client, 'update imports set leased_until = now() where leased_by is not null'))
    await program.start()
  }
  await untilEnded(program)
  return { result: await program.look(resultOf), inTheMiddle }
}

async function send({ url }: Program, bytes: Buffer): Promise<void> {
  const signedIn = await fetch(`${url}/api/v1/auth/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(owner),
  })
  const { access_token } = (await signedIn.json()) as { access_token: string }
  const headers = { authorization: `Bearer ${access_token}`, 'tus-resumable': '1.0.0' }
  const name = Buffer.from('export.xml').toString('base64')
  const made = await fetch(`${url}/api/v1/uploads`, {
    method: 'POST',
    headers: { ...headers, 'upload-length': String(bytes.length), 'upload-metadata': `filename ${name}` },
  })
  const sent = await fetch(`${url}${made.headers.get('location')}`, {
    method: 'PATCH',
    headers: { ...headers, 'content-type': 'application/offset+octet-stream', 'upload-offset': '0' },
    body: Uint8Array.from(bytes),
  })
  if (sent.status !== 204) throw new Error(`the upload was answered ${sent.status}: ${await sent.text()}`)
}

/** Taken up, after a start as well; or over. */
async function untilBegun(program: Program): Promise<void> {
  for (const begun = Date.now(); Date.now() - begun < 60_000; await pause(20)) {
    const [row] = await program.look((client) => ask(client, 'select status from imports'))
    if (row && row['status'] !== 'queued') return
  }
  throw new Error('the import was not taken up within a minute')
}

async function untilEnded(program: Program): Promise<void> {
  for (const begun = Date.now(); Date.now() - begun < 600_000; await pause(50)) {
    const [row] = await program.look((client) => ask(client, 'select finished_at from imports'))
    if (row?.['finished_at']) return
  }
  throw new Error('the import did not end within ten minutes')
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

const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms))
