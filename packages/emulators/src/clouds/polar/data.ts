/** Reading: each list with its own span, and its own way to say that there is nothing. */

import type { Kept } from '../kit/accounts.ts'
import { nothing } from '../kit/answers.ts'
import { type PersonAsk, person, type Route } from '../kit/router.ts'
import type { Site } from '../kit/site.ts'
import { readDate, wallClock } from '../kit/times.ts'
import { exerciseShown, gpxOf, tcxOf } from './exercises.ts'
import { error, say } from './say.ts'
import { isDelivered } from './users.ts'

const dayMs = 86_400_000
const scopes = ['accesslink.read_all']

type Answer = (ask: PersonAsk) => Response

const read = (path: string, answer: Answer): Route => person('GET', `/v3${path}`, scopes, answer)

export function dataRoutes(site: Site): Route[] {
  const { now } = site
  const recent = (ask: PersonAsk, feed: string, days: number) =>
    delivered(ask, feed).filter(({ date = '' }) => Date.parse(date) >= now() - days * dayMs)
  const exercises = (ask: PersonAsk) =>
    delivered(ask, 'exercise').filter(({ updatedAt }) => updatedAt >= now() - 30 * dayMs)
  return [
    read('/exercises', (ask) =>
      say(
        ask,
        exercises(ask).map((kept) => exercise(site, ask, kept)),
      ),
    ),
    read('/exercises/:id', (ask) => withExercise(ask, exercises(ask), (kept) => say(ask, exercise(site, ask, kept)))),
    ...(['gpx', 'tcx'] as const).map((kind) =>
      read(`/exercises/:id/${kind}`, (ask) => withExercise(ask, exercises(ask), (kept) => file(site, ask, kept, kind))),
    ),
    read('/users/activities', (ask) => listActivities(ask, now(), activity)),
    read('/users/activities/samples', (ask) => listActivities(ask, now(), ({ body }) => body['samples'])),
    read('/users/activities/samples/:date', (ask) => one(ask, 'activity', 204, ({ body }) => body['samples'])),
    read('/users/activities/:date', (ask) => one(ask, 'activity', 204, (kept) => activity(kept, ask))),
    read('/users/sleep', (ask) => say(ask, { nights: recent(ask, 'sleep', 28).map(({ body }) => body) })),
    read('/users/sleep/available', (ask) =>
      say(ask, {
        available: recent(ask, 'sleep', 28).map(({ body }) => ({
          date: body['date'],
          start_time: body['sleep_start_time'],
          end_time: body['sleep_end_time'],
        })),
      }),
    ),
    read('/users/sleep/:date', (ask) => one(ask, 'sleep', 404)),
    read('/users/nightly-recharge', (ask) =>
      say(ask, { recharges: recent(ask, 'recharge', 28).map(({ body }) => body) }),
    ),
    read('/users/nightly-recharge/:date', (ask) => one(ask, 'recharge', 404)),
    read('/users/continuous-heart-rate', (ask) => ranged(ask, 'heart', 404, (list) => ({ heart_rates: list }))),
    read('/users/continuous-heart-rate/:date', (ask) => one(ask, 'heart', 404)),
    ...cardioRoutes(now),
    read('/users/physical-info', (ask) => {
      const [kept] = delivered(ask, 'physical')
      return kept ? say(ask, kept.body) : error(ask, 404, 'There is no physical information.')
    }),
    ...['bodytemperature', 'skintemperature', 'skincontacts', 'ecg', 'spo2'].map((kind) =>
      read(`/users/biosensing/${kind}`, (ask) => ranged(ask, kind, 204, (list) => list)),
    ),
    ...['alertness', 'circadian-bedtime'].flatMap((kind) => [
      read(`/users/sleepwise/${kind}`, () => nothing()),
      read(`/users/sleepwise/${kind}/date`, () => nothing()),
    ]),
  ]
}

const delivered = (ask: PersonAsk, feed: string) => ask.account.feed(feed).filter((kept) => isDelivered(ask, kept))

function one(
  ask: PersonAsk,
  feed: string,
  empty: 204 | 404,
  tell: (kept: Kept) => unknown = ({ body }) => body,
): Response {
  const { params } = ask
  if (readDate(params['date'] ?? '') === null) return error(ask, 400, 'The date must be YYYY-MM-DD.')
  const kept = delivered(ask, feed).find(({ date }) => date === params['date'])
  if (kept) return say(ask, tell(kept))
  return empty === 204 ? nothing() : error(ask, 404, 'There is nothing for this date.')
}

/** `from` to `to`, both included, 28 days at most. */
function ranged(ask: PersonAsk, feed: string, empty: 204 | 404, tell: (list: unknown[]) => unknown): Response {
  const [from, to] = [readDate(ask.query.get('from')), readDate(ask.query.get('to'))]
  if (from === null || to === null || to < from || to - from > 28 * dayMs)
    return error(ask, 400, 'from and to must be dates with at most 28 days between them.')
  const found = delivered(ask, feed).filter(({ date = '' }) => Date.parse(date) >= from && Date.parse(date) <= to)
  if (found.length) return say(ask, tell(found.map(({ body }) => body)))
  return empty === 204 ? nothing() : error(ask, 404, 'There is nothing in this range.')
}

function listActivities(ask: PersonAsk, now: number, tell: (kept: Kept, ask: PersonAsk) => unknown): Response {
  const { query } = ask
  const today = Math.floor(now / dayMs) * dayMs
  const to = query.has('to') ? readDate(query.get('to')) : today
  const from = query.has('from') ? readDate(query.get('from')) : to === null ? null : to - 27 * dayMs
  if (from === null || to === null || to < from || to - from > 28 * dayMs)
    return error(ask, 400, 'from and to must be dates with at most 28 days between them.')
  if (from < today - 365 * dayMs) return error(ask, 400, 'from must not be older than 365 days.')
  const found = delivered(ask, 'activity').filter(({ date = '' }) => Date.parse(date) >= from && Date.parse(date) <= to)
  return say(
    ask,
    found.map((kept) => tell(kept, ask)),
  )
}

const flags = { steps: 'steps', activity_zones: 'activity_zones', inactivity_stamps: 'inactivity_stamps' } as const

function activity({ body }: Kept, { query }: PersonAsk): unknown {
  const { samples, ...rest } = body
  const { date, ...kinds } = samples as Record<string, unknown>
  const wanted = Object.keys(flags).filter((name) => query.get(name) === 'true')
  if (!wanted.length) return rest
  return { ...rest, samples: { date, ...Object.fromEntries(wanted.map((name) => [name, kinds[name]])) } }
}

function withExercise(ask: PersonAsk, list: readonly Kept[], answer: (kept: Kept) => Response): Response {
  const kept = list.find(({ id }) => id === ask.params['id'])
  return kept ? answer(kept) : error(ask, 404, 'There is no such exercise.')
}

function readingOf({ ids }: Site, { account }: PersonAsk, { id }: Kept) {
  const held = account.measured.sessions('workout').find(({ key }) => ids.hex(6, 'exercise', key) === id)
  if (!held) throw new Error('an exercise outlived its session')
  return held.reading
}

function exercise(site: Site, ask: PersonAsk, kept: Kept): unknown {
  const is = (name: string) => ask.query.get(name) === 'true'
  const wish = { samples: is('samples'), zones: is('zones'), route: is('route') }
  return exerciseShown(kept, readingOf(site, ask, kept), ask.account.measured, wish)
}

function file(site: Site, ask: PersonAsk, kept: Kept, kind: 'gpx' | 'tcx'): Response {
  const reading = readingOf(site, ask, kept)
  if (kind === 'tcx')
    return new Response(tcxOf(reading, ask.account.measured), {
      headers: { 'content-type': 'application/vnd.garmin.tcx+xml' },
    })
  if (!reading.track) return nothing()
  return new Response(gpxOf(reading), { headers: { 'content-type': 'application/gpx+xml' } })
}

/** A load for each date, also for those that have none. */
function cardioRoutes(now: () => number): Route[] {
  const list = (ask: PersonAsk, from: number, to: number) => {
    const days = Array.from({ length: Math.floor((to - from) / dayMs) + 1 }, (_, i) =>
      wallClock(from + i * dayMs, 0).slice(0, 10),
    )
    return days.map((date) => cardioOf(ask, date))
  }
  const today = () => Math.floor(now() / dayMs) * dayMs
  const count = ({ params }: PersonAsk) => Math.min(365, Math.max(1, Number(params['n']) || 1))
  return [
    read('/users/cardio-load', (ask) => say(ask, list(ask, today() - 27 * dayMs, today()))),
    read('/users/cardio-load/date', (ask) => {
      const [from, to] = [readDate(ask.query.get('from')), readDate(ask.query.get('to'))]
      return from === null || to === null || to < from
        ? error(ask, 400, 'from and to must be dates.')
        : say(ask, list(ask, from, to))
    }),
    read('/users/cardio-load/period/days/:n', (ask) =>
      say(ask, list(ask, today() - (count(ask) - 1) * dayMs, today())),
    ),
    read('/users/cardio-load/period/months/:n', (ask) =>
      say(ask, list(ask, today() - (30 * count(ask) - 1) * dayMs, today())),
    ),
    read('/users/cardio-load/:date', (ask) => {
      const date = ask.params['date'] ?? ''
      return readDate(date) === null ? error(ask, 400, 'The date must be YYYY-MM-DD.') : say(ask, cardioOf(ask, date))
    }),
  ]
}

function cardioOf(ask: PersonAsk, date: string) {
  const loads = delivered(ask, 'exercise').flatMap(({ body }) => {
    const pro = body['training_load_pro'] as Record<string, unknown>
    return pro['date'] === date ? [Number(pro['cardio-load'])] : []
  })
  if (!loads.length) return { date, cardio_load_status: 'LOAD_STATUS_NOT_AVAILABLE' }
  const load = loads.reduce((total, one) => total + one, 0)
  return {
    date,
    cardio_load_status: 'MAINTAINING',
    cardio_load: load,
    strain: load,
    tolerance: load,
    cardio_load_ratio: 1,
  }
}
