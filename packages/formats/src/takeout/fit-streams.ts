import { stageFromNumber, tableOf } from '@tributary/protocol'
import { jsonRecords } from '../archives/json.ts'
import { knownLeaves, leaveRest } from '../archives/leaves.ts'
import { baseName } from '../archives/paths.ts'
import { readNumber } from '../archives/read-times.ts'
import { recordOf, recordsOf, textOf } from '../json/records.ts'
import { FormatError } from '../parsed-file.ts'
import type { ArchiveEntry, PieceSource } from '../piece.ts'
import { type Context, googleFit } from './context.ts'

/** `All Data/*.json`: one stream of points each. Folder names are in the account's language, these file names never. */
export const streamFile = /(?:^|\/)(raw|derived)_com\.[^/]*\.json$/i

interface Point {
  start: number
  end: number
  numbers: number[]
}

type TakePoint = (point: Point, source: PieceSource, context: Context) => void

const sample =
  (metric: string): TakePoint =>
  ({ start, numbers }, source, { gather }) =>
    void gather.sample(source, metric, start, numbers[0] ?? Number.NaN)

const amount =
  (metric: string, times = 1): TakePoint =>
  ({ start, end, numbers }, source, { gather }) =>
    void gather.sample(source, metric, start, (numbers[0] ?? Number.NaN) * times, {
      duration: Math.max(0, end - start),
    })

/** What the catalogue knows by the day only. */
const perDay =
  (metric: string, unit?: string): TakePoint =>
  ({ start, numbers }, source, { gather, clock, days }) => {
    if (gather.isTime(source, metric, start)) days.add(source, metric, clock.dateOf(start), numbers[0] ?? 0, unit)
  }

const mostStages = 2_000_000

const stage: TakePoint = ({ start, end, numbers }, source, { gather, stages }) => {
  if (!gather.isTime(source, 'sleep', start)) return
  if (stages.length >= mostStages)
    throw new FormatError('too_many_records', `there are more than ${mostStages} sleep stages`)
  stages.push({ stage: stageFromNumber('google_fit', numbers[0] ?? Number.NaN), start, end })
}

/** Nights of before 2020 are among the activities, with numbers of their own. */
const oldStages: Readonly<Record<number, number>> = { 72: 2, 109: 4, 110: 5, 111: 6, 112: 1 }

const activity: TakePoint = (point, source, context) => {
  const number = oldStages[point.numbers[0] ?? Number.NaN]
  if (number === undefined)
    context.losses.leaveUnused('Google Fit activity segments: workouts are read from the sessions')
  else stage({ ...point, numbers: [number] }, source, context)
}

const bloodPressure: TakePoint = ({ start, numbers: [systolic, diastolic, position, location] }, source, context) => {
  if (position) context.losses.leaveUnused('Google Fit blood pressure position of the body')
  if (location) context.losses.leaveUnused('Google Fit blood pressure place of the cuff')
  context.gather.event(source, {
    metric: 'blood_pressure',
    start,
    value: { systolic: systolic ?? null, diastolic: diastolic ?? null },
    externalId: `google_fit:${start}`,
  })
}

const place: TakePoint = ({ start, numbers: [lat, lon, accuracy, ele] }, source, { gather, losses }) => {
  if (accuracy !== undefined) losses.leaveUnused('Google Fit location accuracy')
  if (lat === undefined || lon === undefined) gather.reject(source, 'number_unreadable', 'a position lacks its numbers')
  else gather.position(source, start, lat, lon, ele ?? Number.NaN)
}

const types: Readonly<Record<string, TakePoint>> = tableOf({
  'com.google.step_count.delta': amount('steps'),
  'com.google.distance.delta': amount('distance'),
  'com.google.calories.expended': amount('energy_total'), // with what the body needs at rest
  'com.google.calories.bmr': sample('basal_metabolic_rate'),
  'com.google.active_minutes': perDay('active_duration', 'min'),
  'com.google.heart_minutes': perDay('heart_points'),
  'com.google.heart_rate.bpm': sample('heart_rate'),
  'com.google.weight': sample('body_mass'),
  'com.google.height': sample('body_height'),
  'com.google.body.fat.percentage': sample('body_fat'),
  'com.google.body.temperature': sample('body_temperature'),
  'com.google.oxygen_saturation': sample('spo2'),
  'com.google.blood_glucose': sample('blood_glucose'),
  'com.google.hydration': amount('water_intake', 1000), // litres
  'com.google.speed': sample('speed'),
  'com.google.power.sample': sample('power'),
  'com.google.cycling.pedaling.cadence': sample('cadence'),
  'com.google.blood_pressure': bloodPressure,
  'com.google.sleep.segment': stage,
  'com.google.activity.segment': activity,
  'com.google.location.sample': place,
})

/** One by day, worked out of the heart rate. */
const resting: TakePoint = ({ start, numbers }, source, { gather, clock }) => {
  if (!gather.isTime(source, 'resting_heart_rate', start)) return
  gather.day(source, { metric: 'resting_heart_rate', date: clock.dateOf(start), value: numbers[0] ?? Number.NaN })
}

export interface FitStream {
  entry: ArchiveEntry
  id: string
  type: string
  isRaw: boolean
  source: PieceSource
}

/**
 * The same steps are in several streams: raw ones of each app, ones derived from those, and one merged of all. Of each type exactly
 * one derived stream is read, Google's own merged one if there is one; without any, the raw ones, each as a source of its own.
 */
export function chooseStreams(streams: readonly FitStream[]): { read: FitStream[]; left: FitStream[] } {
  const chosen = new Map<string, string>()
  for (const { type, id, isRaw } of streams) {
    if (isRaw) continue
    const best = chosen.get(type)
    if (best === undefined || rank(id) < rank(best) || (rank(id) === rank(best) && id < best)) chosen.set(type, id)
  }
  const isRead = ({ type, id }: FitStream) => (chosen.get(type) ?? id) === id
  return { read: streams.filter(isRead), left: streams.filter((stream) => !isRead(stream)) }
}

function rank(id: string): number {
  const name = id.split(':').at(-1) ?? ''
  if (name === 'estimated_steps') return 0
  return name.startsWith('merge_') ? 1 : 2
}

export function fitStream(entry: ArchiveEntry, head: string): FitStream {
  const stated = /"(?:Data Source|dataSourceId)"\s*:\s*"([^"]{1,500})"/.exec(head)?.[1]
  const id =
    stated ??
    baseName(entry.path)
      .replace(/(\(\d+\))?\.json$/i, '')
      .replaceAll('_', ':')
  const [kind = '', dataType = '', app = '', ...rest] = id.split(':')
  const isResting = rest.at(-1)?.startsWith('resting_heart_rate') ?? false
  const isRaw = kind !== 'derived'
  const name = [app, ...rest].filter(Boolean).join(' ')
  return {
    entry,
    id,
    type: isResting ? 'resting_heart_rate' : dataType,
    isRaw,
    source: isRaw ? { key: `google_fit:${id}`, name: name || 'Google Fit', app: app || 'Google Fit' } : googleFit,
  }
}

// biome-ignore format: a list
const known = knownLeaves(`dataTypeName startTimeNanos endTimeNanos fitValue.*.value.intVal fitValue.*.value.fpVal value.*.intVal value.*.fpVal`)

export async function* readStream(stream: FitStream, context: Context): AsyncGenerator<void> {
  const { gather, losses } = context
  const { entry, id, type, source } = stream
  const take = type === 'resting_heart_rate' ? resting : types[type]
  const patterns = ['Data Points.*', 'point.*']
  for await (const record of jsonRecords(entry, patterns, source, gather, { stream: id })) {
    if (!take) {
      losses.leaveUnused(`Google Fit ${type}: no metric of ours`)
      continue
    }
    const point = pointOf(record)
    if (!point.numbers.length) losses.leaveUnused(`Google Fit ${type} without a value`)
    else if (!Number.isFinite(point.start)) gather.reject(source, 'time_unreadable', `${type}: the time cannot be read`)
    else take(point, source, context)
    leaveRest(`Google Fit ${type}`, record, known, losses)
    if (gather.hasReady) yield
  }
}

function pointOf(record: Record<string, unknown>): Point {
  const start = millisOf(record['startTimeNanos'])
  const end = millisOf(record['endTimeNanos'])
  const numbers: number[] = []
  for (const value of recordsOf(record['fitValue'] ?? record['value'])) {
    const { intVal, fpVal } = 'value' in value ? recordOf(value['value']) : value
    const number = readNumber(fpVal ?? intVal)
    if (Number.isFinite(number)) numbers.push(number)
  }
  return { start, end: Number.isFinite(end) ? end : start, numbers }
}

/** Nanoseconds as text: beyond what a number holds exactly. */
function millisOf(nanos: unknown): number {
  const text = textOf(nanos)
  return text !== undefined && /^\d{7,20}$/.test(text) ? Number(text.slice(0, -6)) : Number.NaN
}
