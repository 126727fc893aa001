/**
 * Does the time of a refusal tell whether an account exists? Guesses at a known and at unknown addresses in random order, one at a time,
 * compared by the Mann-Whitney U test: p > 0.05 means that nobody can tell from these.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from '../test/free-port.ts'
import { createProgram, owner, type Program } from './program.ts'
import { randomFrom } from './random.ts'

export interface TimingReport {
  guesses: number
  medianKnownMs: number
  medianUnknownMs: number
  p: number
}

export async function timeRefusals({ guesses, seed }: { guesses: number; seed: number }): Promise<TimingReport> {
  const dataDir = await mkdtemp(join(tmpdir(), 'trb-timing-'))
  const program = createProgram(dataDir, await freePort(), { env: { RATE_LIMIT_PER_SECOND: '100000' } })
  try {
    await program.start()
    return await measure(program, guesses, seed)
  } finally {
    await program.stop()
    await rm(dataDir, { recursive: true, force: true })
  }
}

async function measure(program: Program, guesses: number, seed: number): Promise<TimingReport> {
  const random = randomFrom(seed)
  const known: number[] = []
  const unknown: number[] = []
  for (let i = 0; i < guesses + 20; i++) {
    // The limits would end this after five: here only the time is looked at.
    if (i % 4 === 0) await program.look((client) => client.query('delete from tributary.sign_in_attempts'))
    const real = random() < 0.5
    const ms = await timeOne(program.url, real ? owner.email : `person${Math.floor(random() * 1e9)}@example.org`)
    if (i >= 20) (real ? known : unknown).push(ms) // the first ones warm everything up
  }
  return { guesses, medianKnownMs: medianOf(known), medianUnknownMs: medianOf(unknown), p: mannWhitney(known, unknown) }
}

async function timeOne(url: string, email: string): Promise<number> {
  const begun = performance.now()
  const answer = await fetch(`${url}/api/v1/auth/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ email, password: 'a guess of some length' }),
  })
  await answer.text()
  if (answer.status !== 401) throw new Error(`a guess was answered with ${answer.status}`)
  return performance.now() - begun
}

const medianOf = (times: number[]) => times.toSorted((a, b) => a - b)[times.length >> 1] ?? Number.NaN

/** Two-sided, by the normal approximation, which is exact enough for hundreds of values. */
export function mannWhitney(a: number[], b: number[]): number {
  const ranked = [...a.map((value) => ({ value, first: true })), ...b.map((value) => ({ value, first: false }))]
  ranked.sort((x, y) => x.value - y.value)
  const rankSum = ranked.reduce((sum, { first }, at) => (first ? sum + at + 1 : sum), 0)
  const u = rankSum - (a.length * (a.length + 1)) / 2
  const mean = (a.length * b.length) / 2
  const deviation = Math.sqrt((a.length * b.length * (a.length + b.length + 1)) / 12)
  return 2 * (1 - normal(Math.abs(u - mean) / deviation))
}

/** The normal distribution function, Abramowitz and Stegun 26.2.17: error below 7.5e-8. */
function normal(z: number): number {
  const t = 1 / (1 + 0.2316419 * z)
  const series = [0.31938153, -0.356563782, 1.781477937, -1.821255978, 1.330274429]
  const tail = series.reduce((sum, factor, i) => sum + factor * t ** (i + 1), 0)
  return 1 - (Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI)) * tail
}
