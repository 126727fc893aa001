/**
 * Lists by date: `to` is not in. Without `features` they tell only which dates there are, with them the whole of one day; the key is
 * repeated. An empty list leaves its name out, as such messages do, and an empty day is 204.
 */
import type { Kept } from '../kit/accounts.ts'
import { json, nothing } from '../kit/answers.ts'
import { type PersonAsk, person, type Route } from '../kit/router.ts'
import { isoUtc, readDate } from '../kit/times.ts'
import { fault } from './fault.ts'

const dayMs = 86_400_000

interface List {
  path: string
  scope: string
  feed: string
  /** From outside in; live answers begin with the last. */
  names: readonly [string, ...string[]]
  features: readonly string[]
  spanDays: number
  /** Dates alone are refused: a date with a time and no zone is wanted. */
  withTime?: true
  /** The member by which it is found, and all that is told without a feature. */
  at: string
  /** Without a feature too, all but the parts of features is told. */
  isWhole?: true
  /** With the features that were asked for. */
  shown(kept: Kept, features: readonly string[]): unknown
}

/** The members of a record that belong to no feature, and those of the features that were asked for. */
const withParts =
  (parts: Readonly<Record<string, string>>) =>
  ({ body }: Pick<Kept, 'body'>, features: readonly string[]): unknown =>
    Object.fromEntries(
      Object.entries(body).filter(([name]) => parts[name] === undefined || features.includes(parts[name])),
    )

const sleepParts = {
  sleepResult: 'sleep-result',
  originalSleepResult: 'original-sleep-result',
  sleepEvaluation: 'sleep-evaluation',
  sleepScore: 'sleep-score',
}

const sleeps: List = {
  path: '/sleeps',
  scope: 'sleep:read',
  feed: 'sleep',
  names: ['nightSleeps'],
  features: Object.values(sleepParts),
  spanDays: 30,
  at: 'sleepDate',
  shown: withParts(sleepParts),
}

const recharges: List = {
  path: '/nightly-recharge-results',
  scope: 'nightly_recharge:read',
  feed: 'recharge',
  names: ['nightlyRechargeResults', 'nightlyRechargeResults'],
  features: ['samples'],
  spanDays: 28,
  at: 'sleepResultDate',
  shown: withParts({ hrvSamples: 'samples', breathingRateSamples: 'samples' }),
}

const exerciseParts = { samples: 'samples', laps: 'laps', routes: 'routes', statistics: 'statistics', zones: 'zones' }

const exerciseShown = withParts(exerciseParts)

const trainingSessions: List = {
  path: '/training-sessions/list',
  scope: 'training_sessions:read',
  feed: 'training',
  names: ['trainingSessions'],
  features: Object.values(exerciseParts),
  spanDays: 90,
  withTime: true,
  at: 'startTime',
  isWhole: true,
  shown: ({ body, createdAt, updatedAt }, features) => ({
    ...body,
    created: stamp(createdAt),
    modified: stamp(updatedAt),
    exercises: (body['exercises'] as Kept['body'][]).map((one) => exerciseShown({ body: one }, features)),
  }),
}

const day = (
  path: string,
  scope: string,
  feed: string,
  names: List['names'],
  feature: string,
  spanDays: number,
): List => ({
  path,
  scope,
  feed,
  names,
  features: [feature],
  spanDays,
  at: 'date',
  shown: ({ body }) => body,
})

/** Their other features, of an aim and of what the body is, nobody has written down. */
const activity = day('/activity/list', 'activity:read', 'activity', ['activities', 'activityDays'], 'samples', 90)

const continuous = day(
  '/continuous-samples',
  'continuous_samples:read',
  'heart',
  ['continuousSamples', 'heartRateSamplesPerDay'],
  'heart-rate-samples',
  30,
)

const beats = day('/ppi-samples', 'ppi_data:read', 'ppi', ['dailyPpiSamples'], 'samples', 90)

const bare = (path: string, scope: string, feed: string, name: string): List => ({
  path,
  scope,
  feed,
  names: [name],
  features: [],
  spanDays: 90,
  at: 'startTime',
  isWhole: true,
  shown: ({ body }) => body,
})

const tests = bare('/tests/list', 'tests:read', 'tests', 'tests')

const temperatures = bare(
  '/temperature-measurements',
  'temperature_measurement:read',
  'temperature',
  'temperatureMeasurementPeriod',
)

/** In UTC, though it does not say so. */
const stamp = (t: number): string => isoUtc(t).replace('Z', '')

const lists: readonly List[] = [sleeps, recharges, trainingSessions, activity, continuous, beats, tests, temperatures]

export const listRoutes: readonly Route[] = lists.map((list) =>
  person('GET', `/v4/data${list.path}`, [list.scope], (ask) => answer(list, ask)),
)

function answer(list: List, { query, account }: PersonAsk): Response {
  const features = query.getAll('features')
  const strange = features.find((one) => !list.features.includes(one))
  if (strange !== undefined) return fault(400, `Unknown feature: ${strange}`)
  if (features.length && list.feed === 'training' && account.traits.has('featureless'))
    return fault(400, 'features are not supported')
  const [from, to] = ['from', 'to'].map((name) => readBound(query.get(name), list.withTime ?? false))
  if (from === undefined || to === undefined || from === null || to === null) {
    const name = from === null ? 'from' : 'to'
    return fault(400, `Value for key '${name}' could not be parsed as ${list.withTime ? 'datetime' : 'date'}`)
  }
  if (to <= from || to - from > list.spanDays * dayMs) return fault(400, `The range is at most ${list.spanDays} days`)
  if (features.length && to - from > dayMs) return fault(400, 'With features the range is one day')
  const found = account.feed(list.feed).filter(({ body }) => {
    const said = String(body[list.at])
    const at = Date.parse(said.includes('T') ? `${said.slice(0, 19)}Z` : `${said}T00:00:00Z`)
    return from <= at && at < to
  })
  if (!found.length && features.length) return nothing()
  const shown = found.map((kept) =>
    features.length || list.isWhole ? list.shown(kept, features) : { [list.at]: kept.body[list.at] },
  )
  return json(enveloped(list, shown, account.traits.has('wrapped')))
}

function enveloped({ names }: List, shown: readonly unknown[], isWrapped: boolean): unknown {
  if (!shown.length) return {}
  let body: unknown = shown
  for (const name of isWrapped ? names.toReversed() : names.slice(-1)) body = { [name]: body }
  return body
}

/** ms as if it were UTC; null for what is no such text. */
function readBound(text: string | null, withTime: boolean): number | null {
  if (!withTime) return readDate(text)
  if (!text || !/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/.test(text)) return null
  const t = Date.parse(`${text}Z`)
  return Number.isNaN(t) ? null : t
}
