import { DaySums } from '../archives/day-sums.ts'
import { Gatherer } from '../archives/gatherer.ts'
import { entryOf, openKept, partOfDay, partOfNight, replayed } from '../archives/kept-record.ts'
import { baseName } from '../archives/paths.ts'
import { FormatError } from '../parsed-file.ts'
import type { ArchiveEntry, ArchiveInput, ArchiveReader, Ending, Piece, ReadOptions } from '../piece.ts'
import { clockOf } from '../zones.ts'
import { type Context, fitbit } from './context.ts'
import { dayFile, readFitDay } from './fit-days.ts'
import { readFitSession, sessionMark, takeFitNights } from './fit-sessions.ts'
import { chooseStreams, type FitStream, fitStream, readStream, streamFile } from './fit-streams.ts'
import {
  csvKindOf,
  type GoogleNights,
  googleSleeps,
  googleStages,
  readFitbitCsv,
  readGoogleNights,
  takeGoogleNights,
} from './fitbit-csv.ts'
import { jsonKindOf, readFitbitJson } from './fitbit-json.ts'

const activityFile = /\.(tcx|gpx|fit)(\.gz)?$/i
const fitFolder = /(?:^|\/)(?:Google )?Fit\//i
const fitbitFolder =
  /(?:^|\/)(?:Fitbit|Google Health|MyFitbitData|user-site-export|Global Export Data|Physical Activity(?:_GoogleData)?)\//i
const takeoutFolder = /^Takeout\//i

/** What one export of Google's (Fit, Fitbit, Google Health) or of Fitbit's own archive holds. */
export const takeout: ArchiveReader = {
  format: 'takeout',
  title: 'Google Takeout (Fit, Fitbit)',
  async recognises(entries) {
    return entries.some(({ path }) => isOurs(path))
  },
  claims(path) {
    return (
      !activityFile.test(path) &&
      (isOurs(path) || fitFolder.test(path) || fitbitFolder.test(path) || takeoutFolder.test(path))
    )
  },
  read,
  replay,
}

function isOurs(path: string): boolean {
  if (streamFile.test(path) || jsonKindOf(path) !== undefined || isGoogleNight(path)) return true
  const named = csvKindOf(path)
  return named !== undefined && (fitbitFolder.test(path) || takeoutFolder.test(path) || / - /.test(baseName(path)))
}

function isGoogleNight(path: string): boolean {
  return googleSleeps.test(baseName(path)) || googleStages.test(baseName(path))
}

async function* read(input: ArchiveInput): AsyncGenerator<Piece, Ending> {
  const gather = new Gatherer(input)
  const context = contextOf(gather, input)
  const entries = input.entries.filter(({ path }) => takeout.claims(path)).sort((a, b) => (a.path < b.path ? -1 : 1))
  const nights = newNights()
  yield* readEntries(entries, context, nights)
  takeFitNights(context)
  takeGoogleNights(context, nights)
  context.days.into(gather)
  yield* gather.rest()
  return gather.ending('takeout')
}

function contextOf(gather: Gatherer, { timeZone, now }: ReadOptions): Context {
  const { losses } = gather
  return { gather, losses, clock: clockOf(timeZone), now, days: new DaySums(), stages: [], sleeps: [] }
}

const newNights = (): GoogleNights => ({ nights: new Map(), stages: new Map() })

/** One record, as if an archive held it alone. What only counts together with others is not made of one. */
async function replay(raw: string, options: ReadOptions): Promise<Piece> {
  const { where, text } = openKept(raw)
  const path = String(where['path'])
  const gather = new Gatherer(options)
  const context = contextOf(gather, options)
  const nights = newNights()
  const pieces = readEntries([entryOf(path, documentOf(path, where['stream'], text))], context, nights)
  for await (const _ of pieces) throw new FormatError('too_large', 'one record is more than a whole piece')
  if (!context.days.isEmpty) throw partOfDay()
  if (context.stages.length + context.sleeps.length + nights.nights.size + nights.stages.size) throw partOfNight()
  return replayed(gather)
}

/** A record below what its file has above it. */
function documentOf(path: string, stream: unknown, record: string): string {
  if (/\.csv$/i.test(path)) return record
  if (stream !== undefined) return `{"Data Source":${JSON.stringify(stream)},"Data Points":[${record}]}`
  return jsonKindOf(path) === undefined ? record : `[${record}]`
}

async function* readEntries(
  entries: readonly ArchiveEntry[],
  context: Context,
  nights: GoogleNights,
): AsyncGenerator<Piece> {
  const { gather } = context
  for (const { entry, work } of await planOf(entries, context, nights)) {
    try {
      for await (const _ of work) yield* gather.ready()
    } catch (error) {
      if (!(error instanceof FormatError)) throw error
      gather.reject(fitbit, error.code, `${entry.path}: ${error.detail}`)
    }
    yield* gather.ready()
  }
}

interface Step {
  entry: ArchiveEntry
  work: AsyncGenerator<void>
}

/** What is read of each entry, decided before the first is: the same figures stand in several files. */
async function planOf(entries: readonly ArchiveEntry[], context: Context, nights: GoogleNights): Promise<Step[]> {
  const { losses } = context
  const kinds = new Set(entries.map(({ path }) => jsonKindOf(path) ?? csvKindOf(path)?.name))
  const streams: FitStream[] = []
  const steps: Step[] = []
  const plain = entries.filter(({ path }) => !streamFile.test(path))
  for (const entry of entries) if (streamFile.test(entry.path)) streams.push(fitStream(entry, await headOf(entry)))
  const { read: chosen, left } = chooseStreams(streams)
  for (const { type } of left) losses.leaveUnused(`Google Fit ${type}: the same values are in the stream that was read`)
  for (const stream of chosen) steps.push({ entry: stream.entry, work: readStream(stream, context) })
  for (const entry of plain) {
    const work = await workOf(entry, context, { kinds, nights, hasStreams: streams.length > 0 })
    if (work) steps.push({ entry, work })
  }
  return steps
}

interface Known {
  kinds: ReadonlySet<string | undefined>
  nights: GoogleNights
  hasStreams: boolean
}

async function workOf(entry: ArchiveEntry, context: Context, known: Known): Promise<AsyncGenerator<void> | undefined> {
  const { losses } = context
  const { path } = entry
  if (jsonKindOf(path) !== undefined) return readFitbitJson(entry, context)
  if (isGoogleNight(path)) {
    if (!known.kinds.has('sleep')) return readGoogleNights(entry, context, known.nights)
    losses.leaveUnused('Fitbit nights of Google’s tables: the same nights are in sleep-….json')
    return undefined
  }
  const csv = csvKindOf(path)
  if (csv) {
    if (!csv.unless?.some((other) => known.kinds.has(other))) return readFitbitCsv(entry, context)
    losses.leaveUnused(`Fitbit ${csv.name}: the same is in ${csv.unless.join(', ')}`)
    return undefined
  }
  if (fitFolder.test(path)) {
    if (/\.json$/i.test(path) && sessionMark.test(await headOf(entry))) return readFitSession(entry, context)
    if (dayFile.test(path)) {
      if (!known.hasStreams) return readFitDay(entry, context)
      losses.leaveUnused('Google Fit tables of days: the same is in All Data')
      return undefined
    }
  }
  losses.leaveUnused(`${folderOf(path)}: not read`)
  return undefined
}

/** Its product and folder, not its name: an export has thousands of files that are not health. */
function folderOf(path: string): string {
  return path.split('/').slice(0, -1).slice(0, 3).join('/') || path
}

async function headOf(entry: ArchiveEntry): Promise<string> {
  try {
    for await (const chunk of entry.chunks()) return Buffer.from(chunk.subarray(0, 4096)).toString()
  } catch (error) {
    if (!(error instanceof FormatError)) throw error // a damaged entry is told about when it is read
  }
  return ''
}
