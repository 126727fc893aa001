import { guessMapping } from '../csv/guess-mapping.ts'
import { readCsv } from '../csv/read-csv.ts'
import { sniffCsv } from '../csv/sniff-csv.ts'
import { FormatError } from '../parsed-file.ts'
import type { Pieces } from '../piece.ts'
import { fileReaders } from '../readers.ts'
import { sniffLength } from '../sniff.ts'
import { healthSeeds, tableSeeds } from './health-seeds.ts'
import { mutate } from './mutate.ts'
import type { MutationReport, MutationRun } from './mutation-run.ts'
import { inputOf, pieceFaults, readWhole } from './pieces.ts'
import { pseudoRandom } from './ride.ts'

const enoughFailures = 20
const atLeastBytes = 10_000

/** Damaged health files and tables, one after another: each must be read soundly, refused with a FormatError or not recognised. */
export async function runPieceMutations({
  inputs,
  seed,
  now = Date.UTC(2027, 0, 1),
  progress,
}: MutationRun): Promise<MutationReport> {
  const report: MutationReport = {
    parsed: 0,
    refused: 0,
    codes: {},
    failures: [],
    slowest: { input: -1, msPer100kB: 0 },
  }
  const refuse = (code: string) => {
    report.refused++
    report.codes[code] = (report.codes[code] ?? 0) + 1
  }
  for (let input = 0; input < inputs && report.failures.length < enoughFailures; input++) {
    const bytes = mutatedHealth(seed, input)
    const begun = process.cpuUsage()
    try {
      const pieces = open(bytes, now)
      if (pieces) {
        for (const fault of pieceFaults(await readWhole(pieces), bytes.length, now))
          report.failures.push({ input, fault })
        report.parsed++
      } else refuse('not_recognised')
    } catch (error) {
      if (error instanceof FormatError) refuse(error.code)
      else
        report.failures.push({ input, fault: error instanceof Error ? (error.stack ?? error.message) : String(error) })
    }
    const { user, system } = process.cpuUsage(begun)
    const msPer100kB = ((user + system) / 1000 / Math.max(bytes.length, atLeastBytes)) * 100_000
    if (msPer100kB > report.slowest.msPer100kB) report.slowest = { input, msPer100kB }
    if (input % 1000 === 999) progress?.(input + 1)
  }
  return report
}

/** Input number `input` of the run with `seed`: always the same bytes. */
export function mutatedHealth(seed: number, input: number): Uint8Array {
  const random = pseudoRandom(Math.imul(seed, 0x9e3779b1) + input)
  const seeds = allSeeds()
  const pick = () => seeds[Math.floor(random() * seeds.length)] as Uint8Array
  return mutate(pick(), pick(), random)
}

/** As an import does: a reader that recognises it, or else a table with the mapping that suggests itself. */
function open(bytes: Uint8Array, now: number): Pieces | undefined {
  const head = bytes.subarray(0, sniffLength)
  const input = inputOf(bytes, { now })
  const reader = fileReaders.find((one) => one.recognises(head, ''))
  if (reader) return reader.read(input)
  const table = sniffCsv(head)
  const mapping = table && guessMapping(table.columns, table.rows)
  return table && mapping
    ? readCsv(input, { ...mapping, delimiter: table.delimiter, columns: table.columns })
    : undefined
}

let seeds: readonly Uint8Array[] | undefined

function allSeeds(): readonly Uint8Array[] {
  seeds ??= [...healthSeeds(), ...tableSeeds()]
  return seeds
}
