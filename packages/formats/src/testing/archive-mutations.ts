import { FormatError } from '../parsed-file.ts'
import type { ArchiveReader, FileReader } from '../piece.ts'
import { archiveReaders, fileReaders } from '../readers.ts'
import { openZip } from '../zip/open-zip.ts'
import { fromBytes } from '../zip/spool.ts'
import { archiveNow, drain, faultsOfPieces, type Read, readFile } from './archive.ts'
import { type Files, gadgetbridgeSeed, miFitnessSeed, takeoutSeed, zeppSeed } from './archive-seeds.ts'
import { mutate } from './mutate.ts'
import type { MutationReport, MutationRun } from './mutation-run.ts'
import { pseudoRandom } from './ride.ts'
import { zipOf } from './zip.ts'

type Seed =
  | { archive: ArchiveReader; files: [path: string, bytes: Uint8Array][] }
  | { file: FileReader; bytes: Uint8Array }

const enoughFailures = 20
let seeds: readonly Seed[] | undefined

function allSeeds(): readonly Seed[] {
  seeds ??= [
    ...Object.entries({ takeout: takeoutSeed, mi_fitness: miFitnessSeed, zepp: zeppSeed }).map(
      ([format, files]): Seed => {
        const archive = archiveReaders.find((one) => one.format === format)
        if (!archive) throw new Error(`no reader ${format}`)
        return { archive, files: encoded(files) }
      },
    ),
    ...fileReaders
      .filter(({ format }) => format === 'gadgetbridge')
      .map((file): Seed => ({ file, bytes: gadgetbridgeSeed() })),
  ]
  return seeds
}

function encoded(files: Files): [string, Uint8Array][] {
  return Object.entries(files).map(([path, text]) => [path, new TextEncoder().encode(text)])
}

/** Damaged exports, one after another: a file inside, or the archive itself. Each must be read soundly or refused with a FormatError. */
export async function runArchiveMutations(run: MutationRun): Promise<MutationReport> {
  const report: MutationReport = {
    parsed: 0,
    refused: 0,
    codes: {},
    failures: [],
    slowest: { input: -1, msPer100kB: 0 },
  }
  for (let input = 0; input < run.inputs && report.failures.length < enoughFailures; input++) {
    const begun = performance.now()
    try {
      const done = await readMutated(run.seed, input)
      report.parsed++
      for (const fault of faultsOfPieces(done)) report.failures.push({ input, fault })
    } catch (error) {
      if (error instanceof FormatError) {
        report.refused++
        report.codes[error.code] = (report.codes[error.code] ?? 0) + 1
      } else
        report.failures.push({ input, fault: error instanceof Error ? (error.stack ?? error.message) : String(error) })
    }
    const ms = performance.now() - begun
    if (ms > report.slowest.msPer100kB) report.slowest = { input, msPer100kB: ms } // all of them are smaller than 100 kB
    if (input % 1000 === 999) run.progress?.(input + 1)
  }
  return report
}

/** Input number `input` of the run with `seed`, damaged and read: always the same. */
async function readMutated(seed: number, input: number): Promise<Read> {
  const random = pseudoRandom(Math.imul(seed, 0x9e3779b1) + input)
  const all = allSeeds()
  const pick = all[Math.floor(random() * all.length)] as Seed
  if ('bytes' in pick) return readFile(pick.file, mutate(pick.bytes, pick.bytes, random))
  const { archive, files } = pick
  const hit = Math.floor(random() * files.length)
  const other = files[Math.floor(random() * files.length)]?.[1] ?? new Uint8Array(0)
  const damaged = files.map(([path, bytes], i): [string, Uint8Array] => [
    path,
    i === hit ? mutate(bytes, other, random) : bytes,
  ])
  const zip = zipOf(Object.fromEntries(damaged))
  const entries = await openZip(fromBytes(input % 5 === 0 ? mutate(zip, zip, random) : zip))
  return drain(archive.read({ name: 'export.zip', entries, now: archiveNow, timeZone: 'Europe/Warsaw' }))
}
