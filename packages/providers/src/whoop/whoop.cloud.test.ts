import { clouds, type Recording } from '@tributary/emulators/clouds'
import type { SessionReading } from '@tributary/protocol'
import { expect } from 'vitest'
import { ProviderError } from '../kit/errors.ts'
import { dateOf } from '../kit/tell.ts'
import { matchCloud } from '../kit/testing/test-cloud-checks.ts'
import {
  between,
  daysIn,
  differences,
  figures,
  meanOf,
  secondsOf,
  sessionsIn,
  valuesIn,
} from '../kit/testing/test-cloud-match.ts'
import { credulous, forgetful, misread, reask, retell, withAuth, withFeed } from '../kit/testing/test-mistakes.ts'
import { halfHourRide } from '../kit/testing/test-rides.ts'
import type { Shelf } from '../kit/testing/test-shelf.ts'
import { whoop } from './index.ts'
import { cases } from './test-cases.ts'

const now = '2026-11-10T12:04:00Z'
const hour = 3_600_000
const device = { name: 'WHOOP 4.0', manufacturer: 'WHOOP', model: '4.0', serial: '4A0219553' }
const ago = (ms: number) => Date.parse(now) - ms

/** Stockholm is an hour east of UTC all fortnight. */
const dateAt = (t: number) => dateOf(t, 60)

const when = ({ start, end, offset, isNap = false }: SessionReading) => [start, end, offset, isNap]

function compare(shelf: Shelf, recordings: readonly Recording[]): void {
  // What was told of lies in the fortnight by its start.
  const isIn = ({ start }: SessionReading) => start >= ago(14 * 24 * hour)
  const nights = sessionsIn(recordings, 'sleep').filter(isIn)
  const told = shelf.of('sleep')
  expect(told.map(when)).toEqual(nights.map(when))
  for (const [i, { start, end, parts }] of nights.entries()) {
    const totals = told[i]?.totals ?? {}
    const [sleep_light, sleep_deep, sleep_rem] = ['light', 'deep', 'rem'].map((stage) => secondsOf(parts, stage))
    const sleep_total = (sleep_light ?? 0) + (sleep_deep ?? 0) + (sleep_rem ?? 0)
    const measured = { sleep_light, sleep_deep, sleep_rem, sleep_total, sleep_time_in_bed: (end - start) / 1_000 }
    const said = Object.fromEntries(Object.keys(measured).map((name) => [name, totals[name]]))
    expect(differences(figures(measured), figures(said), 1)).toEqual([])
  }
  sameWorkouts(shelf, recordings, isIn)
  sameDays(
    shelf,
    recordings,
    nights.filter(({ isNap }) => !isNap),
  )
}

function sameWorkouts(shelf: Shelf, recordings: readonly Recording[], isIn: (one: SessionReading) => boolean): void {
  const workouts = sessionsIn(recordings, 'workout').filter(isIn)
  const told = shelf.of('workout')
  expect(told.map(when)).toEqual(workouts.map(when))
  for (const [i, { totals }] of workouts.entries()) {
    const { distance, heart_rate_avg, heart_rate_max, elevation_gain, energy_active: energy_total } = totals
    const measured = figures({ distance, heart_rate_avg, heart_rate_max, elevation_gain, energy_total })
    const said = new Map([...figures(told[i]?.totals ?? {})].filter(([name]) => !/^(duration|strain)$/.test(name)))
    expect(differences(measured, said, 0.51)).toEqual([])
  }
}

/** Everything that a day has goes by the date on which its night ended. */
function sameDays(shelf: Shelf, recordings: readonly Recording[], nights: readonly SessionReading[]): void {
  const dates = new Set(nights.map(({ end }) => dateAt(end)))
  const variability = valuesIn(recordings, 'hrv_rmssd')
  const oxygen = valuesIn(recordings, 'spo2')
  const of = (values: ReadonlyMap<number, number>) =>
    new Map(nights.map(({ start, end }) => [dateAt(end), meanOf(between(values, start, end - 1))]))
  expect(differences(of(variability), shelf.days.get('hrv_rmssd'), 0.001), 'hrv').toEqual([])
  expect(differences(of(oxygen), shelf.days.get('spo2'), 0.05), 'spo2').toEqual([])
  for (const [ours, theirs] of [
    ['resting_heart_rate', 'resting_heart_rate'],
    ['readiness_score', 'recovery_score'],
  ] as const) {
    const measured = new Map([...daysIn(recordings, ours)].filter(([date]) => dates.has(date)))
    expect(differences(measured, shelf.days.get(theirs), 0.5), theirs).toEqual([])
  }
  sameEnergy(shelf, recordings, nights)
}

/** From some minutes before one night to some minutes before the next; the one that runs has what there is. */
function sameEnergy(shelf: Shelf, recordings: readonly Recording[], nights: readonly SessionReading[]): void {
  const spent = ['energy_active', 'energy_basal'].map((metric) => valuesIn(recordings, metric))
  const sums = nights.map(({ start, end }, i) => {
    const to = (nights[i + 1]?.start ?? Number.POSITIVE_INFINITY) - 357_501
    const all = spent.flatMap((values) => between(values, start - 357_500, to))
    return [dateAt(end), all.reduce((sum, v) => sum + v, 0)] as const
  })
  expect(differences(new Map(sums), shelf.days.get('energy_total'), 0.1), 'energy').toEqual([])
}

/** Half an hour on a bicycle. */
const ride = (key: string, start: number, distance = 9_000): Recording =>
  halfHourRide(device, key, start, {
    totals: { duration: 1_800, distance, heart_rate_avg: 131, heart_rate_max: 150, energy_active: 240 },
  })

const late = ride('late', ago(3 * 24 * hour))
const distances = (shelf: Shelf) => shelf.of('workout').map(({ totals }) => totals['distance'])
type Scored = { score?: { stage_summary: Record<string, number> } }

matchCloud({
  provider: whoop,
  make: clouds.whoop,
  now,
  compare,
  pages: {
    feed: 'workout',
    recordings: Array.from({ length: 60 }, (_, i) => ride(`ride ${i}`, ago((i + 1) * 5 * hour))),
    asks: /activity\/workout\?/,
    atLeast: 3,
    count: (shelf) => shelf.sessions.size,
  },
  late: { feeds: ['workout'], recording: late, arrived: (shelf) => shelf.sessions.size === 1 },
  corrected: {
    feeds: ['workout'],
    first: late,
    second: ride('late', ago(3 * 24 * hour), 9_400),
    tell: distances,
    now: [9_400],
  },
  limit: { limits: [4, 1e6], feed: 'workout', waitMs: 60_000 },
  notices: { recording: late, feed: 'workout', signature: 'x-whoop-signature', staleMs: 300_000 },
  oldRefreshToken: 'refused',
  cases,
  faults: [
    {
      mistake: 'the zone of today is taken for that of the day',
      seenBy: 'keeps its hours where clocks change',
      spoil: (provider) =>
        misread(provider, 'workout', (record) => ({ ...(record as object), timezone_offset: '+01:00' })),
    },
    {
      mistake: 'the refresh token that comes back is not kept',
      seenBy: 'stays connected through many refreshes',
      spoil: forgetful,
    },
    {
      mistake: 'the grant is not asked to last',
      seenBy: 'keeps its tokens fresh',
      spoil: (provider) => withAuth(provider, { tokenParameters: undefined }),
    },
    {
      mistake: 'kilojoules are taken for kilocalories',
      seenBy: 'brings a fortnight',
      spoil: (provider) =>
        retell(provider, 'cycle', (told) =>
          told.kind === 'day' && told.metric === 'energy_total' ? { ...told, unit: 'kcal' } : told,
        ),
    },
    {
      mistake: 'milliseconds are taken for seconds',
      seenBy: 'brings a fortnight',
      spoil: (provider) =>
        misread(provider, 'sleep', (record) => {
          const row = record as Scored
          const stages = Object.entries(row.score?.stage_summary ?? {}).map(([name, ms]) => [name, ms * 1_000])
          return row.score ? { ...row, score: { ...row.score, stage_summary: Object.fromEntries(stages) } } : row
        }),
    },
    {
      mistake: 'a day is the date on which its cycle began',
      seenBy: 'brings a fortnight',
      spoil: (provider) =>
        misread(provider, 'cycle', (record) => {
          const { cycle } = record as { cycle: { start?: string; end?: string } }
          return { cycle: { ...cycle, end: cycle.end ?? now }, night: null }
        }),
    },
    {
      mistake: 'the list is taken for whole after its first page',
      seenBy: 'reads every page',
      spoil: (provider) => reask(provider, 'workout', { body: (body) => ({ ...(body as object), next_token: null }) }),
    },
    {
      mistake: 'a page is asked to hold more than it may',
      seenBy: 'reads every page',
      spoil: (provider) => reask(provider, 'workout', { query: (query) => ({ ...query, limit: 50 }) }),
    },
    {
      mistake: 'nothing before the cursor is looked at again',
      seenBy: 'brings what came late',
      spoil: (provider) => withFeed(provider, 'workout', () => ({ lookBackDays: 0 })),
    },
    {
      mistake: 'a reset in seconds is taken for milliseconds',
      seenBy: 'waits as long as it is told',
      spoil: (provider) => ({
        ...provider,
        fault: (status, body, headers, now) => {
          const fault = provider.fault?.(status, body, headers, now)
          return (
            fault && new ProviderError(fault.fault, fault.message, { retryAfterMs: (fault.retryAfterMs ?? 0) / 1_000 })
          )
        },
      }),
    },
    { mistake: 'a signature is not looked at', seenBy: 'believes only its brand', spoil: credulous },
  ],
})
