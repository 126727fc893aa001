import type { SessionReading } from '@tributary/protocol'
import { namedRows } from '../archives/csv.ts'
import { DaySums } from '../archives/day-sums.ts'
import { Gatherer } from '../archives/gatherer.ts'
import { entryOf, openKept, partOfDay, partOfNight, replayed } from '../archives/kept-record.ts'
import { knownLeaves, leaveRest } from '../archives/leaves.ts'
import { baseName } from '../archives/paths.ts'
import { readNumber } from '../archives/read-times.ts'
import { isRecord } from '../json/records.ts'
import { FormatError } from '../parsed-file.ts'
import type { ArchiveEntry, ArchiveInput, ArchiveReader, Ending, Piece, PieceSource, ReadOptions } from '../piece.ts'
import { clockOf } from '../zones.ts'
import { takeDaily } from './daily.ts'
import { type Context, keys, type Row, unusedKeys } from './keys.ts'
import { sleepKeys, sleepOf } from './sleeps.ts'
import { workoutOf } from './workouts.ts'

const rawTable = /hlth_center_fitness_data\.csv$/i
const dailyTable = /hlth_center_aggregated_fitness_data\.csv$/i
const workoutTable = /hlth_center_sport_record\.csv$/i
const olderTable = /user_fitness_data_records\.csv$/i
const ours = /MiFitness_|hlth_center_|user_fitness/i

/** The export that Xiaomi sends on request: tables of JSON. */
export const miFitness: ArchiveReader = {
  format: 'mi_fitness',
  title: 'Mi Fitness export',
  async recognises(entries) {
    return entries.some(({ path }) => rawTable.test(path) || dailyTable.test(path) || workoutTable.test(path))
  },
  claims: (path) => ours.test(baseName(path)) || /\.(csv|pdf)$/i.test(path),
  read,
  replay,
}

async function* read(input: ArchiveInput): AsyncGenerator<Piece, Ending> {
  const gather = new Gatherer(input)
  const context = contextOf(gather, input)
  const entries = input.entries.filter(({ path }) => miFitness.claims(path)).sort((a, b) => (a.path < b.path ? -1 : 1))
  const hasRaw = entries.some(({ path }) => rawTable.test(path))
  const nights: Night[] = []
  yield* readEntries(entries, context, hasRaw, nights)
  takeNights(nights, gather)
  context.days.into(gather)
  yield* gather.rest()
  return gather.ending('mi_fitness')
}

interface Night {
  key: string
  source: PieceSource
  sleep: SessionReading
}

const contextOf = (gather: Gatherer, { timeZone }: ReadOptions): Context => ({
  gather,
  losses: gather.losses,
  clock: clockOf(timeZone),
  days: new DaySums(),
})

/** One row, as if an export held it alone. What only counts together with others is not made of one. */
async function replay(raw: string, options: ReadOptions): Promise<Piece> {
  const { where, text } = openKept(raw)
  const gather = new Gatherer(options)
  const context = contextOf(gather, options)
  const nights: Night[] = []
  const pieces = readEntries([entryOf(String(where['path']), text)], context, where['hasRaw'] === true, nights)
  for await (const _ of pieces) throw new FormatError('too_large', 'one record is more than a whole piece')
  if (!context.days.isEmpty) throw partOfDay()
  if (nights.some(({ key }) => key === lessExact)) throw partOfNight()
  takeNights(nights, gather)
  return replayed(gather)
}

async function* readEntries(
  entries: readonly ArchiveEntry[],
  context: Context,
  hasRaw: boolean,
  nights: Night[],
): AsyncGenerator<Piece> {
  const { gather, losses } = context
  const take = { raw: takeRaw, daily: takeDailyRow, workout: takeWorkout }
  for (const entry of entries) {
    const name = baseName(entry.path)
    const kind = dailyTable.test(name)
      ? 'daily'
      : rawTable.test(name)
        ? 'raw'
        : workoutTable.test(name)
          ? 'workout'
          : undefined
    if (!kind) {
      const reason = olderTable.test(name) ? 'an older copy of the same' : 'not read'
      losses.leaveUnused(`${name.replace(/^\d+_\d+_/, '').slice(0, 80)}: ${reason}`)
      continue
    }
    try {
      for await (const row of rowsOf(entry, context, hasRaw)) {
        take[kind](row.key, row)
        yield* gather.ready()
      }
    } catch (error) {
      if (!(error instanceof FormatError)) throw error
      gather.reject(unknownDevice, error.code, `${entry.path}: ${error.detail}`)
    }
  }
  function takeRaw(key: string, row: Row): void {
    if (sleepKeys.has(key)) {
      const sleep = sleepOf(key, row)
      if (!sleep) losses.leaveUnused(`Mi Fitness ${key} without times`)
      else nights.push({ key, source: row.source, sleep })
      return
    }
    const known = Object.hasOwn(keys, key) ? keys[key] : undefined
    if (!known) {
      losses.leaveUnused(`Mi Fitness ${key.slice(0, 60)}: ${unusedKeys[key] ?? 'not known'}`)
      return
    }
    known.take(row, context)
    leaveRest(`Mi Fitness ${key}`, row.value, leavesOf(key, known.known), losses)
  }

  function takeDailyRow(key: string, row: Row): void {
    const used = takeDaily(key, row, context, hasRaw)
    leaveRest(`Mi Fitness day ${key}`, row.value, new Set(used), losses)
  }

  function takeWorkout(key: string, row: Row): void {
    const workout = workoutOf(key, row)
    if (workout) gather.session(row.source, workout)
    else gather.reject(row.source, 'record_unreadable', 'a workout without times')
  }
}

/** Less exact than the keys of the watch; newer devices write nothing else. */
const lessExact = 'sleep'

function takeNights(nights: readonly Night[], gather: Gatherer): void {
  const exact = nights.filter(({ key }) => key !== lessExact)
  for (const { key, source, sleep } of nights) {
    const isTold =
      key === lessExact && exact.some((other) => other.sleep.start < sleep.end && other.sleep.end > sleep.start)
    if (isTold) gather.losses.leaveUnused('Mi Fitness sleep: the watch’s own record of the night is used')
    else gather.session(source, sleep)
  }
}

const unknownDevice: PieceSource = { key: 'mi_fitness', name: 'Mi Fitness', app: 'Mi Fitness' }
const columns = new Set(['sid', 'key', 'time', 'value'])
const leafSets = new Map<string, ReadonlySet<string>>()

function leavesOf(key: string, paths: string): ReadonlySet<string> {
  let leaves = leafSets.get(key)
  if (!leaves) {
    leaves = knownLeaves(paths)
    leafSets.set(key, leaves)
  }
  return leaves
}

async function* rowsOf(
  entry: ArchiveEntry,
  { gather }: Context,
  hasRaw: boolean,
): AsyncGenerator<Row & { key: string }> {
  const sources = new Map<string, PieceSource>()
  const options = { name: baseName(entry.path).replace(/^\d+_\d+_/, ''), columns, where: { hasRaw } }
  for await (const row of namedRows(entry, gather, options)) {
    const sid = row.get('sid') ?? 'default'
    let source = sources.get(sid)
    if (!source) {
      source = sourceOf(sid)
      sources.set(sid, source)
    }
    const value = parsed(row.get('value'))
    const t = readNumber(row.get('time')) * 1000
    if (value && Number.isFinite(t)) yield { key: row.get('key') ?? '', value, source, t }
    else gather.reject(source, 'record_unreadable', 'a row without a time or whose value is not JSON')
  }
}

/** Each device and the phone have ids of their own; the phone's steps and the band's are the same steps. */
function sourceOf(sid: string): PieceSource {
  const isPhone = sid === 'default' || sid === 'xiaomisports_app'
  return { key: `mi_fitness:${sid}`, name: isPhone ? 'Mi Fitness (phone)' : `Mi Fitness ${sid}`, app: 'Mi Fitness' }
}

function parsed(text: string | undefined): { [field: string]: unknown } | undefined {
  try {
    const value: unknown = JSON.parse(text ?? '')
    return isRecord(value) ? value : undefined
  } catch {
    return undefined // told by who asked
  }
}
