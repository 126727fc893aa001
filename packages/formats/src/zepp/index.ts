import { namedRows } from '../archives/csv.ts'
import { DaySums } from '../archives/day-sums.ts'
import { Gatherer } from '../archives/gatherer.ts'
import { entryOf, openKept, partOfNight, replayed } from '../archives/kept-record.ts'
import { baseName } from '../archives/paths.ts'
import { FormatError } from '../parsed-file.ts'
import type { ArchiveEntry, ArchiveInput, ArchiveReader, Ending, Piece, ReadOptions } from '../piece.ts'
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
  replay,
}

function tableOf(path: string): string | undefined {
  const name = tableFile.exec(baseName(path))?.[1]
  return name !== undefined && Object.hasOwn(tables, name) ? name : undefined
}

async function* read(input: ArchiveInput): AsyncGenerator<Piece, Ending> {
  const gather = new Gatherer(input)
  const entries = input.entries.filter(({ path }) => zepp.claims(path)).sort((a, b) => (a.path < b.path ? -1 : 1))
  const withRows = new Set<string>()
  for (const entry of entries) {
    const name = tableOf(entry.path)
    if (name !== undefined && (await hasRows(entry))) withRows.add(name)
  }
  const context = contextOf(gather, input, withRows)
  yield* readEntries(entries, context)
  for (const night of nightsOfTables(context)) gather.session(zeppSource, night)
  yield* gather.rest()
  return gather.ending('zepp')
}

function contextOf(gather: Gatherer, { timeZone }: ReadOptions, tables: ReadonlySet<string>): Context {
  const clock = clockOf(timeZone)
  const { losses } = gather
  const sequence = new WallSequence(clock)
  return { gather, losses, clock, sequence, days: new DaySums(), tables, minutes: { stages: [] }, sleeps: [] }
}

/** One row, as if a table held it alone, of an export that has the tables it had. Of a night that several tables tell it is a part. */
async function replay(raw: string, options: ReadOptions): Promise<Piece> {
  const { where, text } = openKept(raw)
  const gather = new Gatherer(options)
  const names = Array.isArray(where['tables']) ? where['tables'].map(String) : []
  const context = contextOf(gather, options, new Set(names))
  const pieces = readEntries([entryOf(String(where['path']), text)], context)
  for await (const _ of pieces) throw new FormatError('too_large', 'one record is more than a whole piece')
  const { minutes, sleeps, tables } = context
  if (minutes.stages.length || (sleeps.length && tables.has('SLEEP_MINUTE'))) throw partOfNight()
  for (const night of nightsOfTables(context)) gather.session(zeppSource, night)
  return replayed(gather)
}

async function* readEntries(entries: readonly ArchiveEntry[], shared: Context): AsyncGenerator<Piece> {
  const { gather, losses } = shared
  const where = { tables: [...shared.tables] }
  for (const entry of entries) {
    const name = tableOf(entry.path)
    const table = name === undefined ? undefined : tables[name]
    const reason = table ? table.unused : 'not read'
    if (!table?.take || reason !== undefined) {
      losses.leaveUnused(`Zepp ${name ?? baseName(entry.path).replace(/_\d+\.csv$/, '')}: ${reason}`)
      continue
    }
    const context: Context = { ...shared, sequence: new WallSequence(shared.clock) }
    try {
      const options = { name: `Zepp ${name}`, columns: new Set(table.columns.split(' ')), where }
      for await (const row of namedRows(entry, gather, options)) {
        table.take(row, context)
        yield* gather.ready()
      }
    } catch (error) {
      if (!(error instanceof FormatError)) throw error
      gather.reject(zeppSource, error.code, `${entry.path}: ${error.detail}`)
    }
  }
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
