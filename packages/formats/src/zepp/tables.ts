import { type ActivityType, type SessionReading, type SleepStage, stageFromWord, tableOf } from '@tributary/protocol'
import type { CsvRow } from '../archives/csv.ts'
import type { DaySums } from '../archives/day-sums.ts'
import type { Gatherer } from '../archives/gatherer.ts'
import { type Stage, sleepSession } from '../archives/night.ts'
import { readIso, readNumber } from '../archives/read-times.ts'
import type { Losses } from '../losses.ts'
import { nightsOf } from '../nights.ts'
import type { PieceSource } from '../piece.ts'
import type { LocalClock, WallSequence } from '../zones.ts'

/** The file names no device. */
export const zeppSource: PieceSource = { key: 'zepp', name: 'Zepp', app: 'Zepp' }

export interface Context {
  gather: Gatherer
  losses: Losses
  clock: LocalClock
  /** Of the file at hand: its local minutes in their order. */
  sequence: WallSequence
  days: DaySums
  /** Tables that the export has rows of. */
  tables: ReadonlySet<string>
  minutes: { stages: Stage[] }
  sleeps: Sleep[]
}

interface Sleep {
  start: number
  end: number
  date: string
  totals: Record<string, number>
  naps: string | undefined
}

interface Table {
  columns: string
  take?: (row: CsvRow, context: Context) => void
  /** Why it is passed over. */
  unused?: string
}

const minute = 60_000

/** `2026-10-13 05:13:00+0000` */
function stated(text: string | undefined): number {
  const read = readIso(text ?? '')
  return read?.offset === undefined ? Number.NaN : read.wall - read.offset * minute
}

/** A date and a time of the person's wall clock. */
function local(row: CsvRow, column: string, { sequence }: Context): number {
  const read = readIso(`${row.get('date') ?? ''} ${row.get(column) ?? ''}`)
  return read ? sequence.timeOf(read.wall) : Number.NaN
}

function heartRate(t: number, row: CsvRow, { gather, losses }: Context): void {
  const bpm = readNumber(row.get('heartrate'))
  if (bpm <= 0 || bpm >= 254) losses.leaveUnused('Zepp heart rate: not measured')
  else gather.sample(zeppSource, 'heart_rate', t, bpm)
}

/**
 * The same movement is told by the minute, by the walk and by the day. Each figure is read from the finest of the tables that the
 * export has: nothing is counted twice.
 */
const amountColumns = [
  { column: 'steps', metric: 'steps', tables: ['ACTIVITY_MINUTE', 'ACTIVITY_STAGE', 'ACTIVITY'] },
  { column: 'distance', metric: 'distance', tables: ['ACTIVITY_STAGE', 'ACTIVITY'] },
  { column: 'calories', metric: 'energy_active', tables: ['ACTIVITY_STAGE', 'ACTIVITY'] },
] as const

function amounts(table: string, row: CsvRow, t: number, duration: number, { gather, losses, tables }: Context): void {
  for (const { column, metric, tables: order } of amountColumns) {
    const text = row.get(column)
    if (text === undefined) continue
    const finest = order.find((name) => tables.has(name))
    if (finest === table) gather.sample(zeppSource, metric, t, readNumber(text), { duration })
    else losses.leaveUnused(`Zepp ${table} ${column}: the same is in ${finest}`)
  }
}

/** Sums of a local day, over its whole length of 23 to 25 hours. */
function activityDay(row: CsvRow, context: Context): void {
  const { clock, gather } = context
  const read = readIso(row.get('date') ?? '')
  if (!read) {
    gather.reject(zeppSource, 'time_unreadable', 'a date cannot be read')
    return
  }
  const start = clock.timeOf(read.wall)
  amounts('ACTIVITY', row, start, clock.timeOf(read.wall + 86_400_000) - start, context)
}

/** From `start` to `stop` on one date; `stop` may be midnight. */
function activityStage(row: CsvRow, context: Context): void {
  const start = local(row, 'start', context)
  const wall = readIso(`${row.get('date') ?? ''} ${row.get('stop') ?? ''}`)?.wall
  const stop = wall === undefined ? Number.NaN : context.clock.timeOf(wall)
  if (!Number.isFinite(start + stop)) {
    context.gather.reject(zeppSource, 'time_unreadable', 'the times of an activity cannot be read')
    return
  }
  amounts('ACTIVITY_STAGE', row, start, stop >= start ? stop - start : stop + 86_400_000 - start, context)
}

function activityMinute(row: CsvRow, context: Context): void {
  amounts('ACTIVITY_MINUTE', row, local(row, 'time', context), minute, context)
}

const sleepColumns = {
  deepsleeptime: 'sleep_deep',
  shallowsleeptime: 'sleep_light',
  remtime: 'sleep_rem',
  waketime: 'sleep_awake',
} as const

function sleep(row: CsvRow, { gather, losses, sleeps }: Context): void {
  const start = stated(row.get('start'))
  const end = stated(row.get('stop'))
  const date = row.get('date') ?? ''
  if (!Number.isFinite(start + end)) {
    gather.reject(zeppSource, 'time_unreadable', 'the times of a sleep cannot be read')
    return
  }
  if (end <= start) {
    losses.leaveUnused('Zepp nights in which nothing was worn')
    return
  }
  const totals: Record<string, number> = {}
  for (const [column, total] of Object.entries(sleepColumns)) {
    const minutes = readNumber(row.get(column))
    if (minutes >= 0) totals[total] = minutes * 60
  }
  const { sleep_deep = 0, sleep_light = 0, sleep_rem = 0 } = totals
  totals['sleep_total'] = sleep_deep + sleep_light + sleep_rem // without the time awake
  sleeps.push({ start, end, date, totals, naps: row.get('naps') })
}

const mostStages = 2_000_000

function sleepMinute(row: CsvRow, context: Context): void {
  const { minutes, gather } = context
  const start = local(row, 'time', context)
  if (!gather.isTime(zeppSource, 'sleep', start)) return
  const stage: SleepStage = stageFromWord(row.get('stage') ?? '') ?? 'unknown'
  const last = minutes.stages.at(-1)
  if (last && last.stage === stage && last.end === start) last.end = start + minute
  else if (minutes.stages.length < mostStages) minutes.stages.push({ stage, start, end: start + minute })
  const rate = readNumber(row.get('respiratory_rate'))
  if (rate > 0) gather.sample(zeppSource, 'respiratory_rate', start, rate)
  if (row.get('hr') === undefined) return
  if (context.tables.has('HEARTRATE_AUTO')) {
    context.losses.leaveUnused('Zepp SLEEP_MINUTE hr: the same is in HEARTRATE_AUTO')
    return
  }
  const bpm = readNumber(row.get('hr'))
  if (bpm > 0 && bpm < 254) gather.sample(zeppSource, 'heart_rate', start, bpm)
}

const sports: Readonly<Record<number, ActivityType>> = {
  1: 'running',
  6: 'walking',
  8: 'running_treadmill',
  9: 'cycling',
  10: 'cycling_indoor',
  14: 'swimming_pool',
  15: 'swimming_open_water',
  16: 'other',
  22: 'hiking',
}

function sport(row: CsvRow, { gather }: Context): void {
  const start = stated(row.get('starttime'))
  const seconds = readNumber(row.get('sporttime(s)'))
  const type = readNumber(row.get('type'))
  if (!Number.isFinite(start) || !(seconds >= 0)) {
    gather.reject(zeppSource, 'record_unreadable', 'a workout without a start or a length')
    return
  }
  const totals: Record<string, number> = { duration: seconds }
  const distance = readNumber(row.get('distance(m)'))
  const energy = readNumber(row.get('calories(kcal)'))
  if (distance >= 0) totals['distance'] = distance
  if (energy >= 0) totals['energy_active'] = energy
  const pace = (column: string) => readNumber(row.get(column)) // seconds a metre
  if (pace('avgpace(/meter)') > 0) totals['speed_avg'] = 1 / pace('avgpace(/meter)')
  const fastest = Math.min(...['minpace(/meter)', 'maxpace(/meter)'].map(pace).filter((seconds) => seconds > 0))
  if (Number.isFinite(fastest)) totals['speed_max'] = 1 / fastest
  gather.session(zeppSource, {
    kind: 'session',
    type: 'workout',
    activity: sports[type] ?? 'other',
    start,
    end: start + seconds * 1000,
    externalId: `zepp:workout:${start}`,
    totals,
    parts: [],
    extra: { sport_type: type, pace_max: row.get('maxpace(/meter)'), pace_min: row.get('minpace(/meter)') },
  })
}

const bodyColumns = [
  ['weight', 'body_mass', 'kg'],
  ['height', 'body_height', 'cm'],
  ['bmi', 'bmi', undefined],
  ['fatrate', 'body_fat', undefined],
  ['bodywaterrate', 'body_water', undefined],
  ['bonemass', 'bone_mass', 'kg'],
  ['metabolism', 'basal_metabolic_rate', undefined],
  ['visceralfat', 'visceral_fat_rating', undefined],
] as const

function body(row: CsvRow, { gather }: Context): void {
  const t = stated(row.get('time'))
  if (!Number.isFinite(t)) {
    gather.reject(zeppSource, 'time_unreadable', 'the time of a weight cannot be read')
    return
  }
  for (const [column, metric, unit] of bodyColumns) {
    const value = readNumber(row.get(column))
    if (row.get(column) !== undefined && value !== 0) {
      gather.sample(zeppSource, metric, t, value, unit === undefined ? {} : { unit })
    }
  }
}

// biome-ignore format: a table, one line for each file.
export const tables: Readonly<Record<string, Table>> = tableOf({
  ACTIVITY: { columns: 'date steps distance calories', take: activityDay },
  ACTIVITY_STAGE: { columns: 'date start stop distance calories steps', take: activityStage },
  ACTIVITY_MINUTE: { columns: 'date time steps', take: activityMinute },
  HEARTRATE: { columns: 'time heartrate', take: (row, context) => heartRate(stated(row.get('time')), row, context) },
  HEARTRATE_AUTO: { columns: 'date time heartrate', take: (row, context) => heartRate(local(row, 'time', context), row, context) },
  SLEEP: { columns: 'date deepsleeptime shallowsleeptime waketime start stop remtime naps', take: sleep },
  SLEEP_MINUTE: { columns: 'date time stage hr respiratory_rate', take: sleepMinute },
  SPORT: { columns: 'type starttime sporttime(s) maxpace(/meter) minpace(/meter) distance(m) avgpace(/meter) calories(kcal)', take: sport },
  BODY: { columns: `time ${bodyColumns.map(([column]) => column).join(' ')}`, take: body },
  USER: { columns: '', unused: 'a profile, not measurements' },
})

/**
 * SLEEP says when and how long; SLEEP_MINUTE says how. The dates of the minutes have been seen a day ahead, so each night takes the
 * stages that lie in its span, and if there are none those of a day later.
 */
export function nightsOfTables({ sleeps, minutes, clock, losses }: Context): SessionReading[] {
  const stages = [...minutes.stages].sort((a, b) => a.start - b.start)
  const made: SessionReading[] = []
  const used = new Set<Stage>()
  for (const { start, end, date, totals, naps } of sleeps) {
    const own = stagesIn(stages, start, end) ?? shifted(stagesIn(stages, start + 86_400_000, end + 86_400_000))
    for (const { from } of own ?? []) used.add(from)
    const night = sleepSession(`zepp:sleep:${start}`, own?.map(({ stage }) => stage) ?? [], {
      start,
      end,
      totals,
      extra: { date, ...(naps === undefined ? {} : { naps }) },
    })
    made.push(night)
  }
  const rest = stages.filter((stage) => !used.has(stage))
  if (rest.length && sleeps.length) losses.leaveUnused('Zepp minutes of sleep outside of its nights', rest.length)
  if (sleeps.length) return made
  const localOffset = (t: number) => clock.offsetAt(t)
  return nightsOf(rest, { externalId: (start) => `zepp:sleep:${start}`, localOffset })
}

interface Owned {
  stage: Stage
  from: Stage
}

/** The stages of a span; undefined when it has none. */
function stagesIn(stages: readonly Stage[], start: number, end: number): Owned[] | undefined {
  let low = 0
  let high = stages.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((stages[middle] as Stage).start < start) low = middle + 1
    else high = middle
  }
  const found: Owned[] = []
  for (let i = low; i < stages.length && (stages[i] as Stage).start < end; i++) {
    const from = stages[i] as Stage
    found.push({ from, stage: { ...from, end: Math.min(from.end, end) } })
  }
  return found.length ? found : undefined
}

function shifted(owned: Owned[] | undefined): Owned[] | undefined {
  return owned?.map(({ from, stage }) => ({
    from,
    stage: { ...stage, start: stage.start - 86_400_000, end: stage.end - 86_400_000 },
  }))
}
