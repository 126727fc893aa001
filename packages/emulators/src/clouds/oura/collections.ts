/** The collections of /v2/usercollection: their windows, pages and single documents. */

import type { Account, Kept } from '../kit/accounts.ts'
import { json } from '../kit/answers.ts'
import { markOf, pageOf, readMark } from '../kit/paging.ts'
import { type PersonAsk, person, type Route } from '../kit/router.ts'
import { readDate } from '../kit/times.ts'
import { problem } from './problem.ts'

/** Which scope opens a collection. The page names none for some; they go with the daily summaries. */
const documents: Readonly<Record<string, string>> = {
  sleep: 'daily',
  daily_sleep: 'daily',
  daily_readiness: 'daily',
  daily_activity: 'daily',
  daily_spo2: 'spo2Daily',
  daily_stress: 'daily',
  daily_resilience: 'daily',
  daily_cardiovascular_age: 'daily',
  vO2_max: 'daily',
  workout: 'workout',
  session: 'session',
  sleep_time: 'daily',
  rest_mode_period: 'daily',
  enhanced_tag: 'tag',
  tag: 'tag',
  ring_configuration: 'daily',
}

const own = '/v2/usercollection'
const sandbox = '/v2/sandbox/usercollection'
const dayMs = 86_400_000
const pageSize = 50
const sampleSize = 1_000

/** Each path twice: with the person's data, and in the sandbox with those of somebody invented, at the same cost. */
export const collectionRoutes = (now: () => number, invented: () => Account): Route[] => [
  ...routesUnder(own, now, (ask) => ask),
  ...routesUnder(sandbox, now, (ask) => ({ ...ask, account: invented() })),
]

const routesUnder = (base: string, now: () => number, whose: (ask: PersonAsk) => PersonAsk): Route[] => {
  const get = (path: string, scopes: readonly string[], answer: (ask: PersonAsk) => Response) =>
    person('GET', `${base}/${path}`, scopes, (ask) => answer(whose(ask)))
  return [
    get('personal_info', [], ({ account, grant }) => json(personOf(account, grant.scopes))),
    get('heartrate', ['heartrate'], (ask) => listSamples(ask, now(), heartRatesOf)),
    get('ring_battery_level', ['daily'], (ask) => listSamples(ask, now(), batteriesOf)),
    get('interbeat_interval', ['heartrate'], (ask) => listSamples(ask, now(), beatsOf)),
    ...Object.entries(documents).flatMap(([feed, scope]) => [
      get(feed, [scope], (ask) => listDocuments(ask, feed, now())),
      get(`${feed}/:id`, [scope], ({ account, params }) => {
        const kept = account.find(feed, params['id'] ?? '')
        return kept ? json(kept.body) : problem(404, 'Not found', `There is no ${feed} with this id.`)
      }),
    ]),
  ]
}

function personOf({ id, email, measured }: Account, scopes: readonly string[]) {
  const isPersonal = scopes.includes('personal')
  return {
    id,
    ...(isPersonal
      ? { age: 34, weight: measured.column('body_mass').v.at(-1) ?? 72.4, height: 1.78, biological_sex: 'female' }
      : {}),
    ...(scopes.includes('email') ? { email } : {}),
  }
}

function listDocuments({ account, query }: PersonAsk, feed: string, now: number): Response {
  const all = account.feed(feed)
  if (feed === 'ring_configuration')
    return page(
      all.map(({ body }) => body),
      query,
      pageSize,
    )
  const end = readMoment(query.get('end_date') ?? new Date(now).toISOString().slice(0, 19))
  const start = query.has('start_date') ? readMoment(query.get('start_date')) : end === null ? null : end - dayMs
  if (start === null || end === null) return problem(422, 'Validation error', 'start_date or end_date is no date.')
  if (start > end) return problem(400, 'Bad request', 'start_date is after end_date.')
  return page(
    all.filter((record) => isWithin(record, feed, start, end)).map(({ body }) => body),
    query,
    pageSize,
  )
}

/**
 * A record is stamped at four in the morning of its day, so that an end given as a date alone, its midnight, leaves the
 * day's own record out. Nights begin the day after `start_date`.
 */
function isWithin({ date = '' }: Kept, feed: string, start: number, end: number): boolean {
  const midnight = Date.parse(`${date}T00:00:00Z`)
  const from = Math.floor(start / dayMs) * dayMs
  return (feed === 'sleep' ? midnight > from : midnight >= from) && midnight + 4 * 3_600_000 <= end
}

function readMoment(text: string | null): number | null {
  const date = readDate(text)
  if (date !== null || !text || !/^\d{4}-\d{2}-\d{2}T/.test(text)) return date
  const t = Date.parse(/(Z|[+-]\d{2}:\d{2})$/.test(text) ? text : `${text}Z`)
  return Number.isNaN(t) ? null : t
}

type Samples = (account: Account, from: number, to: number) => Record<string, unknown>[]

/** `start_date` means nothing here. */
function listSamples({ account, query }: PersonAsk, now: number, samplesOf: Samples): Response {
  if (query.get('latest') === 'true') return page(samplesOf(account, 0, now).slice(-1), query, sampleSize)
  const end = readMoment(query.get('end_datetime') ?? new Date(now).toISOString())
  const start = query.has('start_datetime')
    ? readMoment(query.get('start_datetime'))
    : end === null
      ? null
      : end - dayMs
  if (start === null || end === null)
    return problem(422, 'Validation error', 'start_datetime or end_datetime is no time.')
  if (start > end || end - start > 30 * dayMs)
    return problem(400, 'Bad request', 'The window must begin before it ends and have at most 30 days.')
  return page(samplesOf(account, start, end), query, sampleSize)
}

const stamp = (t: number) => ({ timestamp: `${new Date(t).toISOString().slice(0, 19)}+00:00`, timestamp_unix: t })

/** Every five minutes, as the ring measures by day and night. */
const heartRatesOf: Samples = ({ measured }, from, to) => {
  const { t, v } = measured.between('heart_rate', from, to)
  const samples: Record<string, unknown>[] = []
  let next = Number.NEGATIVE_INFINITY
  const nights = measured.sessions('sleep')
  const workouts = measured.sessions('workout')
  for (const [i, at] of t.entries()) {
    if (at < next) continue
    next = (Math.floor(at / 300_000) + 1) * 300_000
    const isIn = ({ reading }: { reading: { start: number; end: number } }) => reading.start <= at && at < reading.end
    const source = nights.some(isIn) ? 'sleep' : workouts.some(isIn) ? 'workout' : 'awake'
    samples.push({ ...stamp(at), bpm: Math.round(v[i] ?? 0), source })
  }
  return samples
}

/** Charged on every fourth morning. */
const batteriesOf: Samples = ({ measured }, from, to) => {
  const { t } = measured.between('heart_rate', from, to)
  const hours = new Set(t.map((at) => Math.floor(at / 3_600_000)))
  return [...hours].map((hour) => ({ ...stamp(hour * 3_600_000), level: 100 - (hour % 96), charging: false }))
}

const beatsOf: Samples = ({ measured }, from, to) => {
  const { t, v } = measured.between('rr_interval', from, to)
  return t.map((at, i) => ({ ...stamp(at), ibi: Math.min(2_000, Math.round(v[i] ?? 0)), validity: 1 }))
}

function page(list: readonly Readonly<Record<string, unknown>>[], query: URLSearchParams, size: number): Response {
  const mark = query.get('next_token')
  const from = mark === null ? 0 : readMark(mark)
  if (from === null) return problem(400, 'Bad request', 'next_token is none of ours.')
  const { page, next } = pageOf(list, from, size)
  const fields = query.get('fields')?.split(',')
  const data = fields
    ? page.map((one) => Object.fromEntries(fields.filter((f) => f in one).map((f) => [f, one[f]])))
    : page
  return json({ data, next_token: next === undefined ? null : markOf(next) })
}
