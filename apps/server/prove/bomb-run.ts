/**
 * Throws every bomb at a program of its own, one after the other, while somebody else looks at their sessions all the time. Each must be
 * refused soon, with its reason and nothing kept, cost little memory, and not be noticed by the other.
 */
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { writeRide } from '@tributary/formats/testing'
import { freePort } from '../test/free-port.ts'
import { bombs, type Sent, type Upload } from './bombs.ts'
import { lookAround } from './bystander.ts'
import { createProgram, type Program } from './program.ts'
import { register, signIn } from './sign-in.ts'

export interface BombReport {
  bombs: number
  faults: string[]
  slowest: { name: string; ms: number }
  hungriest: { name: string; megabytes: number }
  /** Resident, from the first bomb to the worst moment. */
  grownMegabytes: number
  /** Of the other person's requests, in ms. */
  quietP99: number
  loudP99: number
  requests: number
}

const mostMs = 2_000
const mostMegabytes = 200
const givenUpMs = 30_000
/** Below this nobody notices, and machines that others share jitter by more than a half. */
const unnoticedMs = 50

export interface BombPlan {
  /** All of them unless it says which, by their names. */
  only?: (name: string) => boolean
  say?: (line: string) => void
  /** Where others load the machine too, waiting tells nothing of the program: its processor time counts, and that the other person is answered at all. */
  isLoaded?: boolean
}

export async function throwBombs(plan: BombPlan = {}): Promise<BombReport> {
  const dataDir = await mkdtemp(join(tmpdir(), 'trb-bombs-'))
  const program = createProgram(dataDir, await freePort(), { env: { SIGNUP: 'open' } })
  try {
    await program.start()
    return await throwAll(program, plan)
  } finally {
    await program.stop()
    await rm(dataDir, { recursive: true, force: true })
  }
}

async function throwAll(program: Program, { only, say, isLoaded = false }: BombPlan): Promise<BombReport> {
  const thrown = only ? bombs.filter(({ name }) => only(name)) : bombs
  const token = await signIn(program)
  const other = await register(program, {
    email: 'other@example.org',
    password: 'another sentence nobody guesses',
  })
  const ride = {
    file: 'ride.fit',
    bytes: Buffer.from(writeRide({ start: Date.UTC(2026, 1, 1), seconds: 600, seed: 1 })),
  }
  for (const who of [token, other]) await outcomeOf(program, who, ride) // everything is warm, and there is something to look at
  const bystander = lookAround({ url: program.url, token: other })
  const calm = Date.now()
  await pause(isLoaded ? 500 : 5_000)
  const quietP99 = p99(bystander.take(calm))
  const faults: string[] = []
  const loud: number[] = []
  let slowest = { name: '', ms: 0 }
  let hungriest = { name: '', megabytes: 0 }
  const first = await residentMegabytes(program)
  let most = first
  for (const { name, make } of thrown) {
    const bomb = make()
    const before = await residentMegabytes(program)
    const thrownAt = Date.now()
    const watch = watchMemory(program)
    const worked = await processorMs(program)
    const { ms: waited, fault } =
      'file' in bomb ? await outcomeOf(program, token, bomb) : await answerTo(program, token, bomb)
    const ms = isLoaded ? Math.min(waited, (await processorMs(program)) - worked) : waited
    const peak = await watch.stop()
    loud.push(...bystander.take(thrownAt))
    const megabytes = peak - before
    most = Math.max(most, peak)
    say?.(`  ${name}: ${Math.round(ms)} ms, ${Math.round(megabytes)} MB${fault ? `, ${fault}` : ''}`)
    if (ms > slowest.ms) slowest = { name, ms }
    if (megabytes > hungriest.megabytes) hungriest = { name, megabytes }
    if (fault) faults.push(`${name}: ${fault}`)
    if (ms > mostMs) faults.push(`${name}: refused after ${Math.round(ms)} ms`)
    if (megabytes > mostMegabytes) faults.push(`${name}: took ${Math.round(megabytes)} MB`)
  }
  await bystander.stop()
  for (const failed of bystander.failed) faults.push(`the other person was answered ${failed}`)
  const loudP99 = p99(loud)
  if (!isLoaded && loudP99 > Math.max(1.5 * quietP99, unnoticedMs))
    faults.push(`the other person waited ${loudP99.toFixed(1)} ms instead of ${quietP99.toFixed(1)} ms (p99)`)
  const requests = loud.length
  return { bombs: thrown.length, faults, slowest, hungriest, grownMegabytes: most - first, quietP99, loudP99, requests }
}

interface Outcome {
  /** From when it was there to when it was refused. */
  ms: number
  fault?: string
}

interface Imported {
  status: string
  finished_at: string | null
  samples: number
  sessions: number
  rejected: number
}
interface ImportedFile {
  status: string
  reason: string | null
  warnings: unknown[]
  rejected: number
}

async function outcomeOf(program: Program, token: string, { file, bytes }: Upload): Promise<Outcome> {
  const { url } = program
  const headers = { authorization: `Bearer ${token}`, 'tus-resumable': '1.0.0' }
  const made = await fetch(`${url}/api/v1/uploads`, {
    method: 'POST',
    headers: {
      ...headers,
      'upload-length': String(bytes.length),
      'upload-metadata': `filename ${Buffer.from(file).toString('base64')}`,
    },
  })
  const sent = await fetch(`${url}${made.headers.get('location')}`, {
    method: 'PATCH',
    headers: { ...headers, 'content-type': 'application/offset+octet-stream', 'upload-offset': '0' },
    body: bytes as Uint8Array<ArrayBuffer>,
  })
  const begun = performance.now()
  if (sent.status >= 400 && sent.status < 500) return { ms: 0 }
  if (sent.status !== 204) return { ms: 0, fault: `its upload was answered ${sent.status}` }
  const ask = async <T>(path: string) =>
    (await (await fetch(`${url}/api/v1${path}`, { headers: { authorization: `Bearer ${token}` } })).json()) as T
  for (;;) {
    const { items } = await ask<{ items: (Imported & { import_id: string })[] }>('/imports?limit=1')
    const [latest] = items
    const ms = performance.now() - begun
    if (latest?.finished_at) {
      const files = await ask<{ items: ImportedFile[] }>(`/imports/${latest.import_id}/files`)
      return { ms, ...faultOf(file, latest, files.items) }
    }
    if (ms > givenUpMs) {
      // So that the next one does not wait behind it.
      if (latest)
        await fetch(`${url}/api/v1/imports/${latest.import_id}`, {
          method: 'DELETE',
          headers: { authorization: `Bearer ${token}` },
        })
      return { ms, fault: `it was still being read after ${givenUpMs / 1_000} s` }
    }
    await pause(25)
  }
}

/** A good file is read; of a bomb nothing is kept, and something is said. */
function faultOf(file: string, done: Imported, files: readonly ImportedFile[]): { fault?: string } {
  if (file === 'ride.fit') return done.samples ? {} : { fault: 'a good file was not read' }
  if (done.samples + done.sessions > 0)
    return { fault: `${done.samples} values and ${done.sessions} sessions were kept` }
  const isTold = files.some(({ reason, warnings, rejected }) => reason !== null || warnings.length + rejected > 0)
  return isTold ? {} : { fault: `it ended as ${done.status} without a word` }
}

async function answerTo({ url }: Program, token: string, { method, path, headers, body }: Sent): Promise<Outcome> {
  const begun = performance.now()
  try {
    const answer = await fetch(`${url}${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, ...headers },
      ...(body === undefined ? {} : { body: body as Uint8Array<ArrayBuffer> | string }),
    })
    await answer.arrayBuffer()
    const ms = performance.now() - begun
    return answer.status >= 400 && answer.status < 500 ? { ms } : { ms, fault: `it was answered ${answer.status}` }
  } catch {
    return { ms: performance.now() - begun } // cut off while it was still being sent, which is a refusal as well
  }
}

function p99(times: readonly number[]): number {
  return times.toSorted((a, b) => a - b)[Math.floor(times.length * 0.99)] ?? 0
}

function watchMemory(program: Program) {
  let peak = 0
  let goesOn = true
  const watching = (async () => {
    while (goesOn) {
      peak = Math.max(peak, await residentMegabytes(program))
      await pause(20)
    }
  })()
  return {
    stop: async () => {
      goesOn = false
      await watching
      return Math.max(peak, await residentMegabytes(program))
    },
  }
}

/** Of all its threads, in its ticks of 10 ms, as Linux counts it. */
async function processorMs({ pid }: Program): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8')
  const [user = Number.NaN, system = Number.NaN] = stat
    .slice(stat.lastIndexOf(')') + 2)
    .split(' ')
    .slice(11, 13)
    .map(Number)
  return (user + system) * 10
}

/** As Linux counts it. */
async function residentMegabytes({ pid }: Program): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8')
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1] ?? Number.NaN) / 1_024
}
