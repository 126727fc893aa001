/** Lists, merged lists and roll-ups of a data type. */

import { localTime } from '../../people/local-time.ts'
import type { Account } from '../kit/accounts.ts'
import { json } from '../kit/answers.ts'
import { mean, sum } from '../kit/measured.ts'
import { markOf, pageOf, readMark } from '../kit/paging.ts'
import { jsonOf, type PersonAsk } from '../kit/router.ts'
import { wallClock } from '../kit/times.ts'
import { fault } from './fault.ts'
import { civil, rfc } from './times.ts'
import { type Body, camel, type DataType, type Point, snake, types } from './types.ts'

const prefix = 'https://www.googleapis.com/auth/googlehealth.'
const dayMs = 86_400_000

/** The type, when it exists and may be read; `isOwn`: only what this app wrote, which is nothing. */
function typeOf(
  { grant, params }: PersonAsk,
  family: string | null,
): { type: string; how: DataType; isOwn: boolean } | Response {
  const type = params['type'] ?? ''
  const how = types[type]
  if (!how) return fault(400, `Unknown data type ${type}`)
  const has = (access: string) => grant.scopes.includes(`${prefix}${how.scope}.${access}`)
  const source = family?.split('/').at(-1)
  if (has('readonly')) return { type, how, isOwn: source === 'self-sources' }
  if (!has('writeonly') || (source && source !== 'self-sources'))
    return fault(403, `Missing scope ${how.scope}.readonly`)
  return { type, how, isOwn: true }
}

export function pointsOf(account: Account, type: string): Point[] {
  const stamp = (updateTime: string, { value, ...point }: Point): Point => {
    const key = camel(type)
    return { ...point, value: { ...value, [key]: { ...(value[key] as Body), updateTime } } }
  }
  return account.feed(type).flatMap(({ body, updatedAt }) => {
    const points = body['points'] as Point[]
    return types[type]?.kind === 'session' ? points.map((point) => stamp(rfc(updatedAt), point)) : points
  })
}

const deviceSource = {
  recordingMethod: 'PASSIVELY_MEASURED',
  platform: 'FITBIT',
  device: { displayName: 'Charge 6', manufacturer: 'Fitbit', formFactor: 'FITNESS_BAND' },
}
const phoneSource = {
  recordingMethod: 'PASSIVELY_MEASURED',
  platform: 'HEALTH_CONNECT',
  device: { displayName: 'Pixel 9', manufacturer: 'Google', formFactor: 'PHONE' },
}

export function list(ask: PersonAsk, isMerged: boolean): Response {
  const { account, query } = ask
  const known = typeOf(ask, query.get('dataSourceFamily'))
  if (known instanceof Response) return known
  const { type, how, isOwn } = known
  if (how.hides === 'all' || (how.hides === 'list' && !isMerged))
    return fault(400, `${type} is not offered by this method`)
  const test = filterOf(type, how, query.get('filter'), account)
  if (!test) return fault(400, 'Invalid filter')
  const most = how.kind === 'session' ? 25 : 10_000
  const size = Math.min(most, Number(query.get('pageSize') ?? (how.kind === 'session' ? 25 : 1_440)))
  const token = query.get('pageToken')
  const from = token === null ? 0 : readMark(token)
  if (!Number.isInteger(size) || size < 1 || from === null) return fault(400, 'Invalid pageSize or pageToken')
  // A page without points need not be the last one.
  if (token === null && account.traits.has('empty_page')) return json({ nextPageToken: markOf(0) })
  const points = isOwn
    ? []
    : pointsOf(account, type)
        .filter(test)
        .sort((a, b) => b.start - a.start)
  const sources = isMerged
    ? []
    : [deviceSource, ...(account.traits.has('phone_too') && how.kind === 'interval' ? [phoneSource] : [])]
  const told: Body[] = isMerged
    ? points.map(({ value: { name, ...value } }) => ({ ...(name ? { dataPointName: name } : {}), ...value }))
    : points.flatMap(({ value }) => sources.map((dataSource) => ({ dataSource, ...value })))
  const { page, next } = pageOf(told, from, size)
  return json({ dataPoints: page, ...(next === undefined ? {} : { nextPageToken: markOf(next) }) })
}

type Test = (point: Point) => boolean

/** Only `>=` and `<`, joined by `AND`, on the field that the type has. Null for anything else. */
function filterOf(type: string, { kind }: DataType, text: string | null, { measured }: Account): Test | null {
  if (!text) return () => true
  const wall = (t: number) => wallClock(t, measured.offsetAt(t))
  const name = snake(type)
  const fields: Record<string, (point: Point) => string | number> = {}
  if (kind === 'interval') {
    fields[`${name}.interval.start_time`] = ({ start }) => start
    fields[`${name}.interval.civil_start_time`] = ({ start }) => wall(start)
  } else if (kind === 'sample') {
    fields[`${name}.sample_time.physical_time`] = ({ start }) => start
    fields[`${name}.sample_time.civil_time`] = ({ start }) => wall(start)
  } else if (kind === 'daily') fields[`${name}.date`] = ({ start }) => rfc(start).slice(0, 10)
  else if (type === 'sleep') {
    fields['sleep.interval.end_time'] = ({ end }) => end
    fields['sleep.interval.civil_end_time'] = ({ end }) => wall(end)
  } else fields[`${name}.interval.civil_start_time`] = ({ start }) => wall(start)
  const tests: Test[] = []
  for (const part of text.split(/ AND /)) {
    const [, field = '', sign, given = ''] = /^\s*([\w.]+)\s*(>=|<)\s*"([^"]+)"\s*$/.exec(part) ?? []
    const read = fields[field]
    if (!read || !sign) return null
    const isPhysical = /(start|end|physical)_time$/.test(field) && !field.includes('civil')
    const bound = isPhysical ? Date.parse(given) : given
    if (Number.isNaN(bound)) return null
    tests.push((point) => (sign === '>=' ? read(point) >= bound : read(point) < bound))
  }
  return (point) => tests.every((test) => test(point))
}

const record = (value: unknown): Body => (typeof value === 'object' && value !== null ? { ...value } : {})

/** Windows of physical time. */
export function rollUp(ask: PersonAsk): Response {
  const body = jsonOf(ask) ?? {}
  const { startTime, endTime } = record(body['range'])
  const [from, to] = [Date.parse(String(startTime)), Date.parse(String(endTime))]
  const step = Number(/^(\d+)s$/.exec(String(body['windowSize']))?.[1]) * 1000
  if (!(from < to) || !(step > 0)) return fault(400, 'Invalid range or windowSize')
  const windows = Array.from({ length: Math.ceil((to - from) / step) }, (_, i) => from + i * step)
  return rolled(
    ask,
    body,
    from,
    to,
    windows.map((start) => ({ start, end: start + step, head: { startTime: rfc(start), endTime: rfc(start + step) } })),
  )
}

/** Windows of local days; the answer has no token for more. */
export function dailyRollUp(ask: PersonAsk): Response {
  const body = jsonOf(ask) ?? {}
  const range = record(body['range'])
  const dateIn = (name: string) => {
    const { year, month, day } = record(record(range[name])['date'])
    return Date.UTC(Number(year), Number(month) - 1, Number(day))
  }
  const [from, to] = [dateIn('start'), dateIn('end')]
  const days = Number(body['windowSizeDays'] ?? 1)
  if (!(from < to) || !(days > 0)) return fault(400, 'Invalid range or windowSizeDays')
  const { timeZone, measured } = ask.account
  const windows = Array.from({ length: Math.ceil((to - from) / dayMs / days) }, (_, i) => {
    const midnight = (t: number) => localTime(timeZone, rfc(t).slice(0, 10), 0)
    const [start, end] = [midnight(from + i * days * dayMs), midnight(from + (i + 1) * days * dayMs)]
    const told = (t: number) => civil(t, measured.offsetAt(t))
    return { start, end, head: { civilStartTime: told(start), civilEndTime: told(end) } }
  })
  return rolled(ask, body, from, to, windows)
}

interface Span {
  start: number
  end: number
  head: Body
}

function rolled(ask: PersonAsk, body: Body, from: number, to: number, windows: readonly Span[]): Response {
  const { measured } = ask.account
  const known = typeOf(ask, body['dataSourceFamily'] === undefined ? null : String(body['dataSourceFamily']))
  if (known instanceof Response) return known
  const { type, how, isOwn } = known
  const { rollUp: style } = how
  if (!style) return fault(400, `${type} cannot be rolled up`)
  const cap = how.cap ?? 90
  if (to - from > cap * dayMs) return fault(400, `The range is longer than ${cap} days`)
  const metrics = type === 'total-calories' ? ['energy_active', 'energy_basal'] : [how.metric ?? '']
  const rollupDataPoints = windows.flatMap(({ start, end, head }) => {
    const values = isOwn ? [] : metrics.flatMap((metric) => measured.between(metric, start, end).v)
    if (!values.length) return []
    const { name, tell } = style
    const told =
      style.by === 'sum'
        ? { [name]: tell(sum(values)) }
        : {
            [`${name}Avg`]: tell(mean(values)),
            [`${name}Min`]: tell(Math.min(...values)),
            [`${name}Max`]: tell(Math.max(...values)),
          }
    return [{ ...head, [camel(type)]: told }]
  })
  return json({ rollupDataPoints })
}
