/** The types whose points are a value with a time: differences are data, in `point-types.ts`. */
import type { MetricId, Reading, SampleReading } from '@tributary/protocol'
import { z } from 'zod'
import { defineFeed, type Feed, type Pages, type Window } from '../kit/feed.ts'
import type { ProviderHttp } from '../kit/http.ts'
import { given } from '../kit/tell.ts'
import type { Words } from '../kit/words.ts'
import { byDate, byTime, pointsOf } from './pages.ts'
import { methodOf, sourceOf, unusedOfInterval, unusedOfSample, unusedOfSource } from './source.ts'
// biome-ignore format: what the wire has.
import { type Amount, amount, civilDate, countOf, dataSource, dateOf, idOf, interval, momentOf, numberOf, sampleTime, stretchOf, text } from './wire.ts'

interface Value {
  /** Names on the way to it, below the message. */
  path: readonly [string] | readonly [string, string]
  metric: MetricId
  unit?: string
  /** Told as the difference to this field, where that is there. */
  minus?: string
  /** What is below zero is not told: a way down is no gain. */
  onlyGains?: true
}

export interface PointType {
  /** Google's id of the type, in kebab-case. */
  type: string
  /** A session is an interval that is asked for by its local start, and has a name by which it can be edited. */
  shape: 'interval' | 'session' | 'sample' | 'daily'
  /** `reconcile` for what would be counted twice when a phone and a band both tell it, `list` where the device matters more. */
  call: 'list' | 'reconcile'
  scope: string
  title: Words
  values: readonly Value[]
  unused?: Readonly<Record<string, string>>
}

/** As the name of the message. */
const camel = (kebab: string): string => kebab.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase())
const snake = (kebab: string): string => kebab.replaceAll('-', '_')

/** What a list of the type is filtered by. */
const filters: Readonly<Record<PointType['shape'], (type: string, window: Window) => string>> = {
  interval: (type, window) => byTime(`${snake(type)}.interval.start_time`, window),
  session: (type, window) => byDate(`${snake(type)}.interval.civil_start_time`, window),
  sample: (type, window) => byTime(`${snake(type)}.sample_time.physical_time`, window),
  daily: (type, window) => byDate(`${snake(type)}.date`, window),
}

/** All points of a type that begin in the stretch. Devices are synced late, and their data corrected for days. */
export const listOf = ({ type, shape, call }: Pick<PointType, 'type' | 'shape' | 'call'>) => ({
  windowDays: 14,
  lookBackDays: 7,
  fetch: (http: ProviderHttp, window: Window): Pages =>
    pointsOf(http, type, call, filters[shape](type, window), 10_000),
})

const hasInterval = (shape: PointType['shape']): boolean => shape === 'interval' || shape === 'session'

/** The message of a type, as loosely as it is read: its time, and the numbers that are told. */
function messageOf({ shape, values }: PointType) {
  const times = hasInterval(shape) ? { interval } : shape === 'sample' ? { sampleTime } : { date: civilDate }
  const fields: Record<string, z.ZodType> = {}
  for (const { path, minus } of values) {
    if (minus) fields[minus] = amount
    fields[path[0]] = path[1] ? z.object({ [path[1]]: amount }).nullish() : amount
  }
  return z.object({ ...times, ...fields })
}

interface Message {
  interval?: z.infer<typeof interval>
  sampleTime?: z.infer<typeof sampleTime>
  date?: z.infer<typeof civilDate>
}
type Values = Readonly<Record<string, unknown>>

const valueIn = (message: Values, [first, second]: Value['path']): Amount =>
  (second ? (message[first] as Values | null | undefined)?.[second] : message[first]) as Amount

export function pointFeed(point: PointType): Feed {
  const { type, shape, scope, title, values } = point
  const key = camel(type)
  return defineFeed({
    title,
    scopes: [scope],
    brings: [...new Set(values.map(({ metric }) => metric))],
    ...listOf(point),
    raw: z.object({ name: text, dataSource, [key]: messageOf(point) }) as unknown as z.ZodType<Values>,
    source: sourceOf,
    read(record) {
      const message = record[key] as Message & Values
      const method = methodOf((record as { dataSource?: z.infer<typeof dataSource> }).dataSource)
      if (message.date) return datesIn(message, dateOf(message.date), values)
      const { sampleTime: at, interval: from } = message
      if (at) return momentsIn(message, { ...momentOf(at), ...given({ method }) }, values)
      if (!from) return []
      const name = shape === 'session' ? (record['name'] as string | null | undefined) : undefined
      return lengthsIn(message, { ...stretchOf(from), ...given({ method }) }, values, name && `${type}:${idOf(name)}`)
    },
    unused: {
      ...unusedOfSource,
      ...(shape === 'session' ? {} : { name: 'a value is known by its time' }),
      dataPointName: 'a value is known by its time',
      ...(hasInterval(shape) ? unusedOfInterval(key) : shape === 'sample' ? unusedOfSample(key) : {}),
      ...(shape === 'daily' ? { 'dataSource.recordingMethod': 'a day’s figure is reckoned' } : {}),
      ...Object.fromEntries(Object.entries(point.unused ?? {}).map(([name, reason]) => [`${key}.${name}`, reason])),
    },
  })
}

function* datesIn(message: Values, date: string, values: readonly Value[]): Generator<Reading> {
  for (const { path, metric, unit, minus } of values) {
    const value = numberOf(valueIn(message, path))
    const less = minus === undefined ? 0 : numberOf(valueIn(message, [minus]))
    if (value !== undefined && less !== undefined)
      yield { kind: 'day', metric, date, value: value - less, ...given({ unit }) }
  }
}

type When = Pick<SampleReading, 't' | 'duration' | 'offset' | 'method'>

function* momentsIn(message: Values, when: When, values: readonly Value[]): Generator<Reading> {
  for (const { path, metric, unit } of values) {
    const value = numberOf(valueIn(message, path))
    if (value !== undefined) yield { kind: 'sample', metric, ...when, value, ...given({ unit }) }
  }
}

/** `id`: of what the person can move, so that it is found where it was. */
function* lengthsIn(message: Values, when: When, values: readonly Value[], id?: string | null): Generator<Reading> {
  for (const { path, metric, unit, onlyGains } of values) {
    const value = countOf(valueIn(message, path))
    if (onlyGains && value < 0) continue
    yield { kind: 'sample', metric, ...when, value, ...given({ unit, recordId: id }) }
  }
}
