import { type SleepStage, stageFromWord } from '@tributary/protocol'
import { type CsvRow, namedRows } from '../archives/csv.ts'
import { type Stage, sleepSession, withoutOverlaps } from '../archives/night.ts'
import { baseName } from '../archives/paths.ts'
import { readIso, readNumber } from '../archives/read-times.ts'
import type { PieceSource } from '../piece.ts'
import { dateOfWall, WallSequence } from '../zones.ts'
import { type Context, type EntryReader, fitbit } from './context.ts'

/** One row at its time: `t` by its stated zone, else by the person's; `wall` as it reads. */
interface Row {
  row: CsvRow
  t: number
  wall: number
  offset: number | undefined
  source: PieceSource
}

type TakeRow = (row: Row, context: Context) => void

interface CsvKind {
  /** Of the base name. */
  file: RegExp
  /** Name of the kind; what stands in `insteadOf` of another. */
  name: string
  time?: string
  columns?: readonly string[]
  take?: TakeRow
  unused?: string
  /** Kinds of which the archive has files that say the same, and better. */
  unless?: readonly string[]
}

const sourceColumn = 'data source'

const sample =
  (metric: string, column: string, extras: { duration?: number; unit?: string; times?: number } = {}): TakeRow =>
  ({ row, t, source }, { gather }) => {
    const { times = 1, ...rest } = extras
    const text = row.get(column)
    if (text !== undefined) gather.sample(source, metric, t, readNumber(text) * times, rest)
  }

const day =
  (metric: string, column: string): TakeRow =>
  ({ row, wall, source }, { gather }) => {
    const text = row.get(column)
    if (text !== undefined) gather.day(source, { metric, date: dateOfWall(wall), value: readNumber(text) })
  }

/** 50 exactly is what Fitbit writes where it could not measure. */
const oxygen =
  (column: string): TakeRow =>
  (given, context) => {
    if (readNumber(given.row.get(column)) === 50) context.losses.leaveUnused('Fitbit blood oxygen of 50: not measured')
    else sample('spo2', column)(given, context)
  }

const zoneMinutes: TakeRow = ({ row, wall, source, t }, { days, gather }) => {
  const minutes = readNumber(row.get('total_minutes'))
  if (gather.isTime(source, 'active_zone_minutes', t) && minutes >= 0) {
    days.add(source, 'active_zone_minutes', dateOfWall(wall), minutes)
  }
}

/** A night's own date is that of its end. */
const nightTemperature: TakeRow = ({ row, source }, { gather }) => {
  const end = readIso(row.get('sleep_end') ?? '')?.wall
  const text = row.get('nightly_temperature')
  if (end === undefined || text === undefined) return
  gather.day(source, { metric: 'skin_temperature', date: dateOfWall(end), value: readNumber(text) })
}

/** The score comes after the night, on the morning of its day. */
const sleepScore: TakeRow = ({ row, t, source }, { gather, clock }) => {
  const text = row.get('overall_score')
  if (text !== undefined) gather.day(source, { metric: 'sleep_score', date: clock.dateOf(t), value: readNumber(text) })
}

// biome-ignore format: a table, one line for each file.
const csvKinds: readonly CsvKind[] = [
  { name: 'sleep score', file: /^sleep_score\.csv$/i, time: 'timestamp', columns: ['overall_score'], take: sleepScore },
  { name: 'minute SpO2', file: /^Minute SpO2 - .*\.csv$/i, time: 'timestamp', columns: ['value'], take: oxygen('value') },
  { name: 'daily SpO2', file: /^Daily SpO2 - .*\.csv$/i, time: 'timestamp', columns: ['average_value'], take: sample('spo2', 'average_value'), unless: ['minute SpO2'] },
  { name: 'estimated oxygen variation', file: /^estimated_oxygen_variation-.*\.csv$/i, unused: 'a ratio of lights, no saturation' },
  { name: 'HRV details', file: /^Heart Rate Variability Details - .*\.csv$/i, time: 'timestamp', columns: ['rmssd'], take: sample('hrv_rmssd', 'rmssd', { duration: 300_000 }) },
  { name: 'HRV by day', file: /^Daily Heart Rate Variability Summary - .*\.csv$/i, time: 'timestamp', columns: ['rmssd'], take: day('hrv_rmssd', 'rmssd') },
  { name: 'HRV histogram', file: /^Heart Rate Variability Histogram - .*\.csv$/i, unused: 'no metric of ours' },
  { name: 'breathing by day', file: /^Daily Respiratory Rate Summary - .*\.csv$/i, time: 'timestamp', columns: ['daily_respiratory_rate'], take: sample('respiratory_rate', 'daily_respiratory_rate') },
  { name: 'breathing by stage', file: /^Respiratory Rate Summary - .*\.csv$/i, time: 'timestamp', columns: ['full_sleep_breathing_rate'], take: sample('respiratory_rate', 'full_sleep_breathing_rate'), unless: ['breathing by day'] },
  { name: 'night temperature', file: /^Computed Temperature - .*\.csv$/i, time: 'sleep_start', columns: ['sleep_end', 'nightly_temperature'], take: nightTemperature },
  { name: 'wrist temperature', file: /^(Wrist|Device) Temperature - .*\.csv$/i, unused: 'relative to a baseline that is not said' },
  { name: 'manual temperature', file: /^Manual Temperature - .*\.csv$/i, unused: 'its unit is not said' },
  { name: 'active zone minutes', file: /^Active Zone Minutes - .*\.csv$/i, time: 'date_time', columns: ['total_minutes'], take: zoneMinutes },
  { name: 'readiness', file: /^Daily Readiness Score - .*\.csv$/i, time: 'date', columns: ['readiness_score_value'], take: day('readiness_score', 'readiness_score_value') },
  { name: 'stress', file: /^Stress Score\.csv$/i, unused: 'it counts calm, the opposite of a stress score' },
  { name: 'snoring', file: /^Snore Details - .*\.csv$/i, unused: 'noises of single half minutes' },
  // Google's copy of the same, with zones and with the device of each row; its devices overlap, what Fitbit merged does not.
  { name: 'Google heart rate', file: /^heart_rate_\d{4}-.*\.csv$/i, time: 'timestamp', columns: ['beats per minute', sourceColumn], take: sample('heart_rate', 'beats per minute'), unless: ['heart_rate'] },
  { name: 'Google steps', file: /^steps_\d{4}-.*\.csv$/i, time: 'timestamp', columns: ['steps', sourceColumn], take: sample('steps', 'steps', { duration: 60_000 }), unless: ['steps'] },
  { name: 'Google distance', file: /^distance_\d{4}-.*\.csv$/i, time: 'timestamp', columns: ['distance', sourceColumn], take: sample('distance', 'distance', { duration: 60_000 }), unless: ['distance'] },
  { name: 'Google calories', file: /^calories_\d{4}-.*\.csv$/i, time: 'timestamp', columns: ['calories', sourceColumn], take: sample('energy_total', 'calories', { duration: 60_000 }), unless: ['calories'] },
  { name: 'Google active energy', file: /^active_energy_burned_\d{4}-.*\.csv$/i, time: 'timestamp', columns: ['kilocalories', sourceColumn], take: sample('energy_active', 'kilocalories', { duration: 60_000 }) },
  { name: 'Google resting heart rate', file: /^daily_resting_heart_rate(_\d{4}-.*)?\.csv$/i, time: 'timestamp', columns: ['beats per minute', sourceColumn], take: day('resting_heart_rate', 'beats per minute'), unless: ['resting_heart_rate'] },
  { name: 'Google blood oxygen', file: /^oxygen_saturation_\d{4}-.*\.csv$/i, time: 'timestamp', columns: ['oxygen saturation percentage', sourceColumn], take: oxygen('oxygen saturation percentage'), unless: ['minute SpO2'] },
  { name: 'Google heart rate variability', file: /^heart_rate_variability_\d{4}-.*\.csv$/i, time: 'timestamp', columns: ['root mean square of successive differences ms', sourceColumn], take: sample('hrv_rmssd', 'root mean square of successive differences ms'), unless: ['HRV details'] },
  { name: 'Google wrist temperature', file: /^body_temperature_\d{4}-.*\.csv$/i, time: 'timestamp', columns: ['temperature celsius', sourceColumn], take: sample('skin_temperature', 'temperature celsius') },
  { name: 'Google weight', file: /^weight(_\d{4}-.*)?\.csv$/i, time: 'timestamp', columns: ['weight grams', sourceColumn], take: sample('body_mass', 'weight grams', { unit: 'g' }), unless: ['weight'] },
  { name: 'Google body fat', file: /^body_fat(_\d{4}-.*)?\.csv$/i, time: 'timestamp', columns: ['body fat percentage', sourceColumn], take: sample('body_fat', 'body fat percentage'), unless: ['weight'] },
  { name: 'Google height', file: /^height(_\d{4}-.*)?\.csv$/i, time: 'timestamp', columns: ['height millimeters', sourceColumn], take: sample('body_height', 'height millimeters', { unit: 'mm' }), unless: ['height'] },
]

export function csvKindOf(path: string): CsvKind | undefined {
  const name = baseName(path)
  return csvKinds.find(({ file }) => file.test(name))
}

export const readFitbitCsv: EntryReader = async function* (entry, context) {
  const { gather, losses, clock } = context
  const kind = csvKindOf(entry.path) as CsvKind
  const name = `Fitbit ${kind.name}`
  const { time, take, columns = [] } = kind
  if (kind.unused !== undefined || !take || !time) {
    losses.leaveUnused(`${name}: ${kind.unused}`)
    return
  }
  const sequence = new WallSequence(clock)
  for await (const row of namedRows(entry, gather, { name, columns: new Set([time, ...columns]) })) {
    const source = sourceOf(row.get(sourceColumn))
    const read = readIso(row.get(time) ?? '')
    if (!read) {
      gather.reject(source, 'time_unreadable', `${name}: a time cannot be read`)
      continue
    }
    const { wall, offset } = read
    const t = offset === undefined ? sequence.timeOf(wall) : wall - offset * 60_000
    take({ row, t, wall, offset, source }, context)
    if (gather.hasReady) yield
  }
}

function sourceOf(device: string | undefined): PieceSource {
  return device === undefined ? fitbit : { key: `fitbit:${device}`, name: device, app: 'Fitbit', model: device }
}

// ---- Google's nights: one table of sleeps, one of their stages

export const googleSleeps = /^UserSleeps_.*\.csv$/i
export const googleStages = /^UserSleepStages_.*\.csv$/i

export interface GoogleNights {
  nights: Map<string, { start: number; end: number; offset: number | undefined; type: string | undefined }>
  stages: Map<string, Stage[]>
}

export async function* readGoogleNights(
  entry: Parameters<EntryReader>[0],
  context: Context,
  all: GoogleNights,
): AsyncGenerator<void> {
  const { gather } = context
  const prefix = googleStages.test(baseName(entry.path)) ? 'sleep_stage' : 'sleep'
  const [startColumn, endColumn] = [`${prefix}_start`, `${prefix}_end`] as const
  const columns = new Set(['sleep_id', 'sleep_type', 'sleep_stage_type', 'start_utc_offset', startColumn, endColumn])
  for await (const row of namedRows(entry, gather, { name: `Fitbit ${prefix}s`, columns })) {
    const id = row.get('sleep_id')
    const start = timeOf(row.get(startColumn))
    const end = timeOf(row.get(endColumn))
    if (id === undefined || start === undefined || end === undefined) {
      gather.reject(fitbit, 'record_unreadable', 'a sleep without an id, a start or an end')
    } else if (prefix === 'sleep') {
      const offset = readIso(`2000-01-01T00:00${row.get('start_utc_offset') ?? ''}`)?.offset
      all.nights.set(id, { start, end, offset, type: row.get('sleep_type') })
    } else {
      const stage: SleepStage = stageFromWord(row.get('sleep_stage_type') ?? '') ?? 'unknown'
      const stages = all.stages.get(id)
      if (stages) stages.push({ stage, start, end })
      else all.stages.set(id, [{ stage, start, end }])
    }
    if (gather.hasReady) yield
  }
}

function timeOf(text: string | undefined): number | undefined {
  const read = readIso(text ?? '')
  return read?.offset === undefined ? undefined : read.wall - read.offset * 60_000
}

export function takeGoogleNights({ gather, losses }: Context, { nights, stages }: GoogleNights): void {
  for (const [id, { start, end, offset, type }] of nights) {
    const more = { start, end, ...(offset === undefined ? {} : { offset }), ...(type ? { extra: { type } } : {}) }
    gather.session(fitbit, sleepSession(`fitbit:sleep:${id}`, withoutOverlaps(stages.get(id) ?? []), more))
  }
  for (const id of stages.keys())
    if (!nights.has(id)) losses.leaveUnused('Fitbit sleep stages of nights that are not in the export')
}
