import { gzipSync } from 'node:zlib'
import { parseActivity } from '../parse-activity.ts'
import { FormatError } from '../parsed-file.ts'
import { fileReaders } from '../readers.ts'
import { sniffLength } from '../sniff.ts'
import { mutate } from './mutate.ts'
import { fileOf, readAll } from './read-pieces.ts'
import { pseudoRandom } from './ride.ts'
import { seedFiles } from './seed-files.ts'
import { faultsOf, pieceFaultsOf } from './soundness.ts'

export interface MutationRun {
  inputs: number
  seed: number
  /** Milliseconds since 1970 that count as now. */
  now?: number
  /** Called after every thousand. */
  progress?: (done: number) => void
}

export interface MutationReport {
  parsed: number
  refused: number
  /** Refusals by code: a run that refuses everything proves nothing. */
  codes: Record<string, number>
  /** With the input's own seed, from which `mutatedInput` makes it again. */
  failures: { input: number; fault: string }[]
  /** Longest processor time per 100 kB (of inputs above 10 kB), in ms. */
  slowest: { input: number; msPer100kB: number }
}

const enoughFailures = 20

/** Damaged files, one after another: each must parse soundly or be refused with a FormatError. */
export async function runMutations(run: MutationRun): Promise<MutationReport> {
  const { inputs, seed, now = Date.UTC(2027, 0, 1) } = run
  const report: MutationReport = {
    parsed: 0,
    refused: 0,
    codes: {},
    failures: [],
    slowest: { input: -1, msPer100kB: 0 },
  }
  for (let input = 0; input < inputs && report.failures.length < enoughFailures; input++) {
    const bytes = mutatedInput(seed, input)
    const begun = process.cpuUsage()
    try {
      const faults = await readOne(bytes, now)
      report.parsed++
      for (const fault of faults) report.failures.push({ input, fault })
    } catch (error) {
      if (error instanceof FormatError) {
        report.refused++
        report.codes[error.code] = (report.codes[error.code] ?? 0) + 1
      } else
        report.failures.push({ input, fault: error instanceof Error ? (error.stack ?? error.message) : String(error) })
    }
    noteTime(report, input, bytes.length, process.cpuUsage(begun))
    if (input % 1000 === 999) run.progress?.(input + 1)
  }
  return report
}

/** The faults of what was read. */
async function readOne(bytes: Uint8Array, now: number): Promise<string[]> {
  const most = 1000 + bytes.length * 100
  const reader = fileReaders.find((one) => one.recognises(bytes.subarray(0, sniffLength), ''))
  if (!reader) return faultsOf(await parseActivity(bytes, { now }), most, now)
  const { pieces, ending } = await readAll(reader.read(fileOf(bytes, now)))
  return pieceFaultsOf(pieces, ending, most, now)
}

/** Input number `input` of the run with `seed`: always the same bytes. Every twentieth is packed with gzip. */
export function mutatedInput(seed: number, input: number): Uint8Array {
  const random = pseudoRandom(Math.imul(seed, 0x9e3779b1) + input)
  const files = seedFiles()
  const pick = () => files[Math.floor(random() * files.length)] as Uint8Array
  const mutated = mutate(pick(), pick(), random)
  if (input % 20 !== 0) return mutated
  return mutate(gzipSync(mutated), new Uint8Array(0), random)
}

function noteTime(report: MutationReport, input: number, size: number, { user, system }: NodeJS.CpuUsage): void {
  if (size < 10_000) return
  const msPer100kB = ((user + system) / 1000 / size) * 100_000
  if (msPer100kB > report.slowest.msPer100kB) report.slowest = { input, msPer100kB }
}
