/** The types whose points are a value with a time: differences are data, in `point-types.ts`. */
import type { MetricId } from '@tributary/protocol'
import { z } from 'zod'
import { defineFeed, type Feed } from '../kit/feed.ts'
import { given } from '../kit/tell.ts'
import type { Words } from '../kit/words.ts'
import { byDate, byTime, pointsOf } from './pages.ts'
import { methodOf, sourceOf, unusedOfSource } from './source.ts'
import { amount, civilDate, countOf, dataSource, dateOf, interval, numberOf, offsetOf, sampleTime } from './wire.ts'

interface Value {
  /** Names on the way to it, below the message. */
  path: readonly [string] | readonly [string, string]
  metric: MetricId
  unit?: string
  /** Told as the difference to this field, where that is there. */
  minus?: string
}

export interface PointType {
  /** Google's id of the type, in kebab-case. */
  type: string
  shape: 'interval' | 'sample' | 'daily'
  /** `reconcile` for what would be counted twice when a phone and a band both tell it, `list` where the device matters more. */
  call: 'list' | 'reconcile'
  scope: string
  title: Words
  values: readonly Value[]
  unused?: Readonly<Record<string, string>>
}

const camel = (kebab: string): string => kebab.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase())
const snake = (kebab: string): string => kebab.replaceAll('-', '_')

/** The message of a type, as loosely as it is read: its time, and the numbers that are told. */
function messageOf({ shape, values }: PointType) {
  const times = shape === 'interval' ? { interval } : shape === 'sample' ? { sampleTime } : { date: civilDate }
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

export function pointFeed(point: PointType): Feed {
  const { type, shape, call, scope, title, values } = point
  const key = camel(type)
  const field = `${snake(type)}.${shape === 'interval' ? 'interval.start_time' : shape === 'sample' ? 'sample_time.physical_time' : 'date'}`
  const valueIn = (message: Values, [first, second]: Value['path']): z.infer<typeof amount> =>
    (second ? (message[first] as Values | null | undefined)?.[second] : message[first]) as z.infer<typeof amount>
  return defineFeed({
    title,
    scopes: [scope],
    brings: [...new Set(values.map(({ metric }) => metric))],
    windowDays: 14,
    lookBackDays: 7, // devices are synced late, and their data corrected for days
    fetch: (http, window) =>
      pointsOf(http, type, call, shape === 'daily' ? byDate(field, window) : byTime(field, window), 10_000),
    raw: z.object({ dataSource, [key]: messageOf(point) }) as unknown as z.ZodType<Values>,
    source: sourceOf,
    *read(record) {
      const message = record[key] as Message & Values
      const method = methodOf((record as { dataSource?: z.infer<typeof dataSource> }).dataSource)
      if (message.date) {
        const date = dateOf(message.date)
        for (const { path, metric, unit, minus } of values) {
          const value = numberOf(valueIn(message, path))
          const less = minus === undefined ? 0 : numberOf(valueIn(message, [minus]))
          if (value !== undefined && less !== undefined)
            yield { kind: 'day', metric, date, value: value - less, ...given({ unit }) }
        }
      } else if (message.interval) {
        const { startTime, endTime, startUtcOffset } = message.interval
        const t = Date.parse(startTime)
        const duration = Date.parse(endTime) - t
        const zone = given({ offset: offsetOf(startUtcOffset), method })
        for (const { path, metric, unit } of values)
          yield {
            kind: 'sample',
            metric,
            t,
            duration,
            value: countOf(valueIn(message, path)),
            ...given({ unit }),
            ...zone,
          }
      } else if (message.sampleTime) {
        const { physicalTime, utcOffset } = message.sampleTime
        const at = { t: Date.parse(physicalTime), ...given({ offset: offsetOf(utcOffset), method }) }
        for (const { path, metric, unit } of values) {
          const value = numberOf(valueIn(message, path))
          if (value !== undefined) yield { kind: 'sample', metric, ...at, value, ...given({ unit }) }
        }
      }
    },
    unused: {
      ...unusedOfSource,
      name: 'a value is known by its time',
      dataPointName: 'a value is known by its time',
      ...(shape === 'interval'
        ? {
            [`${key}.interval.endUtcOffset`]: 'the zone is the one in which it began',
            [`${key}.interval.civilStartTime`]: 'the start by the person’s own clock, once more',
            [`${key}.interval.civilEndTime`]: 'the end by the person’s own clock, once more',
          }
        : {}),
      ...(shape === 'sample'
        ? { [`${key}.sampleTime.civilTime`]: 'the time by the person’s own clock, once more' }
        : {}),
      ...(shape === 'daily' ? { 'dataSource.recordingMethod': 'a day’s figure is reckoned' } : {}),
      ...Object.fromEntries(Object.entries(point.unused ?? {}).map(([name, reason]) => [`${key}.${name}`, reason])),
    },
  })
}
