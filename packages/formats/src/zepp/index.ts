import { namedRows } from '../archives/csv.ts'
import { DaySums } from '../archives/day-sums.ts'
import { Gatherer } from '../archives/gatherer.ts'
import { baseName } from '../archives/paths.ts'
import { FormatError } from '../parsed-file.ts'
import type { ArchiveEntry, ArchiveInput, ArchiveReader, Ending, Piece } from '../piece.ts'
import { clockOf, WallSequence } from '../zones.ts'
import { type Context, nightsOfTables, tables, zeppSource } from './tables.ts'

const tableFile = /^([A-Z_]+?)_\d{10,16}\.csv$/

/** The export of Zepp and Zepp Life: one table each, by minutes, nights and workouts. */
export const zepp: ArchiveReader = {
  format: 'zepp',
  title: 'Zepp export',
  async recognises(entries) {
    return entries.some(({ path }) => tableOf(path) !== undefined)
  },
  claims: (path) => tableFile.test(baseName(path)),
  read,
}

function tableOf(path: string): string | undefined {
  const name = tableFile.exec(baseName(path))?.[1]
  return name !== undefined && Object.hasOwn(tables, name) ? name : undefined
}

async function* read(input: ArchiveInput): AsyncGenerator<Piece, Ending> {
  const gather = new Gatherer(input)
  const { losses } = gather
  const clock = clockOf(input.timeZone)
  const entries = input.entries.filter(({ path }) => zepp.claims(path)).sort((a, b) => (a.path < b.path ? -1 : 1))
  const withRows = new Set<string>()
  for (const entry of entries) if (await hasRows(entry)) withRows.add(tableOf(entry.path) ?? '')
  const shared = { gather, losses, clock, days: new DaySums(), tables: withRows, minutes: { stages: [] }, sleeps: [] }
  for (const entry of entries) {
    const name = tableOf(entry.path)
    const table = name === undefined ? undefined : tables[name]
    const reason = table ? table.unused : 'not read'
    if (!table?.take || reason !== undefined) {
      losses.leaveUnused(`Zepp ${name ?? baseName(entry.path).replace(/_\d+\.csv$/, '')}: ${reason}`)
      continue
    }
    const context: Context = { ...shared, sequence: new WallSequence(clock) }
    try {
      const options = { name: `Zepp ${name}`, columns: new Set(table.columns.split(' ')), losses }
      for await (const row of namedRows(gather.counted(entry.chunks()), options)) {
        gather.records++
        table.take(row, context)
        yield* gather.ready()
      }
    } catch (error) {
      if (!(error instanceof FormatError)) throw error
      gather.reject(zeppSource, error.code, `${entry.path}: ${error.detail}`)
    }
  }
  for (const night of nightsOfTables({ ...shared, sequence: new WallSequence(clock) }))
    gather.session(zeppSource, night)
  yield* gather.rest()
  return gather.ending('zepp')
}

/** Something after the header; a table that cannot be unpacked has none, and says why when it is read. */
async function hasRows(entry: ArchiveEntry): Promise<boolean> {
  try {
    for await (const chunk of entry.chunks())
      return /\n[^\S\n]*\S/.test(Buffer.from(chunk.subarray(0, 2000)).toString())
  } catch (error) {
    if (!(error instanceof FormatError)) throw error
  }
  return false
}
