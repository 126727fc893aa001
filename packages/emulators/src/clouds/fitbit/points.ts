/** Lists of a data type, and what several sources agree on. */
import type { Account } from '../kit/accounts.ts'
import { json } from '../kit/answers.ts'
import { markOf, pageOf, readMark } from '../kit/paging.ts'
import type { PersonAsk } from '../kit/router.ts'
import { wallClock } from '../kit/times.ts'
import { fault } from './fault.ts'
import { rfc } from './times.ts'
import { type Body, camel, type DataType, type Point, snake, types } from './types.ts'

const prefix = 'https://www.googleapis.com/auth/googlehealth.'

/** The type, when it exists and may be read; `isOwn`: only what this app wrote, which is nothing. */
export function typeOf(
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

/** Most people's things tell nothing of what the body needs at rest. */
const isEmpty = (account: Account, type: string) =>
  type === 'basal-energy-burned' && !account.traits.has('basal_energy')

/** Only of these it is told when they last changed. */
const stamped = new Set(['sleep', 'exercise'])

export function pointsOf(account: Account, type: string): Point[] {
  if (isEmpty(account, type)) return []
  const stamp = (updateTime: string, { value, ...point }: Point): Point => {
    const key = camel(type)
    return { ...point, value: { ...value, [key]: { ...(value[key] as Body), updateTime } } }
  }
  return account.feed(type).flatMap(({ body, updatedAt }) => {
    const points = body['points'] as Point[]
    return stamped.has(type) ? points.map((point) => stamp(rfc(updatedAt), point)) : points
  })
}

const deviceSource = {
  recordingMethod: 'PASSIVELY_MEASURED',
  platform: 'FITBIT',
  device: { displayName: 'Charge 6', manufacturer: 'Fitbit', formFactor: 'FITNESS_BAND' },
}
const typedSource = {
  recordingMethod: 'MANUAL',
  platform: 'FITBIT',
  application: { packageName: 'com.fitbit.FitbitMobile' },
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
  if (how.hides?.split(' and ').includes(isMerged ? 'reconcile' : 'list'))
    return fault(400, `${type} is not offered by this method`)
  // Nights can be listed from all sources only.
  if (type === 'sleep' && !isMerged) {
    if (query.has('dataSourceFamily')) return fault(400, 'sleep cannot be filtered by data source family')
    if (isOwn) return fault(403, 'sleep cannot be restricted to self-sources')
  }
  const test = filterOf(type, how, query.get('filter'), account)
  if (!test) return fault(400, 'Invalid filter')
  const [usual, most] = stamped.has(type) ? [25, 25] : [1_440, 10_000]
  const size = Math.min(most, Number(query.get('pageSize') ?? usual))
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
    : [
        how.byHand ? typedSource : deviceSource,
        ...(account.traits.has('phone_too') && how.kind === 'interval' ? [phoneSource] : []),
      ]
  const told: Body[] = isMerged
    ? points.map(({ value: { name, ...value } }) => ({ ...(name ? { dataPointName: name } : {}), ...value }))
    : points.flatMap(({ value }) => sources.map((dataSource) => ({ dataSource, ...value })))
  const { page, next } = pageOf(told, from, size)
  return json({ dataPoints: page, ...(next === undefined ? {} : { nextPageToken: markOf(next) }) })
}

type Test = (point: Point) => boolean

/** Only `>=` and `<`, joined by `AND`, on the field that the type has; of an ECG `>=` only. Null for anything else. */
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
  } else if (type === 'electrocardiogram') fields[`${name}.interval.start_time`] = ({ start }) => start
  else fields[`${name}.interval.civil_start_time`] = ({ start }) => wall(start)
  const tests: Test[] = []
  for (const part of text.split(/ AND /)) {
    const [, field = '', sign, given = ''] = /^\s*([\w.]+)\s*(>=|<)\s*"([^"]+)"\s*$/.exec(part) ?? []
    const read = fields[field]
    if (!read || !sign || (type === 'electrocardiogram' && sign !== '>=')) return null
    const isPhysical = /(start|end|physical)_time$/.test(field) && !field.includes('civil')
    const bound = isPhysical ? Date.parse(given) : given
    if (Number.isNaN(bound)) return null
    tests.push((point) => (sign === '>=' ? read(point) >= bound : read(point) < bound))
  }
  return (point) => tests.every((test) => test(point))
}
