import { gzipSync } from 'node:zlib'
import { guessMapping } from '../csv/guess-mapping.ts'
import { readCsv } from '../csv/read-csv.ts'
import { sniffCsv } from '../csv/sniff-csv.ts'
import { parseActivity } from '../parse-activity.ts'
import { FormatError } from '../parsed-file.ts'
import type { ArchiveReader } from '../piece.ts'
import { archiveReaders, fileReaders } from '../readers.ts'
import { sniff, sniffLength } from '../sniff.ts'
import { openZip } from '../zip/open-zip.ts'
import { fromBytes } from '../zip/spool.ts'
import { archiveSeeds, gadgetbridgeSeed } from './archive-seeds.ts'
import { healthSeeds, tableSeeds } from './health-seeds.ts'
import { mutate } from './mutate.ts'
import { entryOf, inputOf, readAll, readEntries, readingNow } from './read.ts'
import { pseudoRandom } from './ride.ts'
import { seedFiles } from './seed-files.ts'
import { faultsOf, pieceFaultsOf } from './soundness.ts'
import { zipOf } from './zip.ts'

export interface MutationReport {
  parsed: number
  refused: number
  /** Refusals by code: a run that refuses everything proves nothing. */
  codes: Record<string, number>
  /** With the input's own number, from which `mutatedInput` makes it again. */
  failures: { input: number; fault: string }[]
  /** Longest processor time per 100 kB, in ms; what is smaller than 10 kB counts as that. */
  slowest: { input: number; msPer100kB: number }
  /** How far the memory of the process rose over one input, with what those before it left to be collected. */
  hungriest: { input: number; megabytes: number }
}

const enoughFailures = 20
const atLeastBytes = 10_000
const now = readingNow

/** Damaged files of every format, one after another: each must be read soundly or be refused with a FormatError. */
export async function runMutations({ inputs, seed }: { inputs: number; seed: number }): Promise<MutationReport> {
  const report: MutationReport = {
    parsed: 0,
    refused: 0,
    codes: {},
    failures: [],
    slowest: { input: -1, msPer100kB: 0 },
    hungriest: { input: -1, megabytes: 0 },
  }
  allSeeds()
  for (let input = 0; input < inputs && report.failures.length < enoughFailures; input++) {
    const damaged = mutatedInput(seed, input)
    const resident = process.memoryUsage.rss()
    const peak = peakBytes()
    const begun = process.cpuUsage()
    try {
      for (const fault of await faultsIn(damaged)) report.failures.push({ input, fault })
      report.parsed++
    } catch (error) {
      if (error instanceof FormatError) {
        report.refused++
        report.codes[error.code] = (report.codes[error.code] ?? 0) + 1
      } else
        report.failures.push({ input, fault: error instanceof Error ? (error.stack ?? error.message) : String(error) })
    }
    const first = msPer100kBSince(begun, damaged)
    const msPer100kB = first < suspectMs ? first : Math.min(first, await msPer100kBAgain(damaged))
    if (msPer100kB > report.slowest.msPer100kB) report.slowest = { input, msPer100kB }
    // A peak that was reached before says nothing of this one.
    const megabytes = peakBytes() > peak ? (peakBytes() - resident) / 2 ** 20 : 0
    if (megabytes > report.hungriest.megabytes) report.hungriest = { input, megabytes }
  }
  return report
}

/** The collector's work for all that came before can fall upon anyone: what seems slow is measured again. */
const suspectMs = 300
const repetitions = 3

async function msPer100kBAgain(damaged: Damaged): Promise<number> {
  const times: number[] = []
  for (let at = 0; at < repetitions; at++) {
    const begun = process.cpuUsage()
    await faultsIn(damaged).catch(() => undefined) // how it ends is known
    times.push(msPer100kBSince(begun, damaged))
  }
  return Math.min(...times)
}

function msPer100kBSince(begun: NodeJS.CpuUsage, damaged: Damaged): number {
  const { user, system } = process.cpuUsage(begun)
  return ((user + system) / 1_000 / Math.max(sizeOf(damaged), atLeastBytes)) * 100_000
}

/** The most that the process has ever held. */
const peakBytes = (): number => process.resourceUsage().maxRSS * 1024

interface Archive {
  reader: ArchiveReader
  files: readonly (readonly [path: string, bytes: Uint8Array])[]
}

/** A file, an archive with a damaged file in it, or an archive that is damaged itself. */
type Damaged = { bytes: Uint8Array } | { archive: Archive } | { reader: ArchiveReader; zip: Uint8Array }

/** Input number `input` of the run with `seed`: always the same. Every twentieth file is packed with gzip. */
function mutatedInput(seed: number, input: number): Damaged {
  const random = pseudoRandom(Math.imul(seed, 0x9e3779b1) + input)
  const pick = <T>(list: readonly T[]) => list[Math.floor(random() * list.length)] as T
  const chosen = pick(allSeeds())
  const files = allSeeds().filter((one) => one instanceof Uint8Array)
  if (chosen instanceof Uint8Array) {
    const bytes = mutate(chosen, pick(files), random)
    return { bytes: input % 20 === 0 ? mutate(gzipSync(bytes), new Uint8Array(0), random) : bytes }
  }
  const { archive, zip } = chosen
  if (input % 5 === 0) return { reader: archive.reader, zip: mutate(zip, zip, random) }
  const hit = pick(archive.files)
  const damaged = mutate(hit[1], pick(archive.files)[1], random)
  const changed = archive.files.map((file) => (file === hit ? ([file[0], damaged] as const) : file))
  return { archive: { ...archive, files: changed } }
}

/** The faults of what was read. */
async function faultsIn(damaged: Damaged): Promise<string[]> {
  if ('bytes' in damaged) return faultsInFile(damaged.bytes)
  const { reader } = 'zip' in damaged ? damaged : damaged.archive
  const entries =
    'zip' in damaged
      ? await openZip(fromBytes(damaged.zip))
      : damaged.archive.files.map(([path, bytes]) => entryOf(path, bytes))
  return pieceFaultsOf(await readEntries(reader, entries), now)
}

/** As an import does: a reader that recognises it, or a table with the mapping that suggests itself, or else an activity. */
async function faultsInFile(bytes: Uint8Array): Promise<string[]> {
  const head = bytes.subarray(0, sniffLength)
  const input = inputOf(bytes, { now })
  const reader = fileReaders.find((one) => one.recognises(head, ''))
  if (reader) return pieceFaultsOf(await readAll(reader.read(input)), now, bytes.length)
  const table = sniff(head) ? undefined : sniffCsv(head)
  const mapping = table && guessMapping(table.columns, table.rows)
  if (!mapping) return faultsOf(await parseActivity(bytes, { now }), bytes.length, now)
  const map = { ...mapping, delimiter: table.delimiter, columns: table.columns }
  return pieceFaultsOf(await readAll(readCsv(input, map)), now, bytes.length)
}

function sizeOf(damaged: Damaged): number {
  if ('bytes' in damaged) return damaged.bytes.length
  if ('zip' in damaged) return damaged.zip.length
  return damaged.archive.files.reduce((sum, [, bytes]) => sum + bytes.length, 0)
}

type Seed = Uint8Array | { archive: Archive; zip: Uint8Array }

let seeds: readonly Seed[] | undefined

function allSeeds(): readonly Seed[] {
  seeds ??= [
    ...seedFiles(),
    ...healthSeeds(),
    ...tableSeeds(),
    gadgetbridgeSeed(),
    ...Object.entries(archiveSeeds).map(([format, texts]): Seed => {
      const reader = archiveReaders.find((one) => one.format === format)
      if (!reader) throw new Error(`no reader ${format}`)
      const files = Object.entries(texts).map(([path, text]) => [path, new TextEncoder().encode(text)] as const)
      return { archive: { reader, files }, zip: zipOf(texts) }
    }),
  ]
  return seeds
}
