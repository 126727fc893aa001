import { clouds, type Recording } from '@tributary/emulators/clouds'
import type { SessionReading } from '@tributary/protocol'
import { expect } from 'vitest'
import type { Provider } from '../kit/provider.ts'
import { type Match, matchCloud } from '../kit/testing/test-cloud-checks.ts'
import { daysIn, differences, figures, plansOf, plansTold, sessionsIn } from '../kit/testing/test-cloud-match.ts'
import { misread, rehttp, withAuth, withFeed } from '../kit/testing/test-mistakes.ts'
import { halfHourRide } from '../kit/testing/test-rides.ts'
import type { Shelf } from '../kit/testing/test-shelf.ts'
import { signIn } from './auth.ts'
import { intervals } from './index.ts'
import { cases } from './test-cases.ts'

const now = '2026-11-10T12:04:00Z'
const day = 86_400_000
const device = { name: 'Garmin Forerunner 965', manufacturer: 'Garmin', model: 'Forerunner 965', serial: '3411205877' }
const ago = (ms: number) => Date.parse(now) - ms
const whole = (t: number) => Math.floor(t / 1_000) * 1_000
const when = ({ start, end, offset, title }: SessionReading) => [whole(start), whole(end), offset, title]

function compare(shelf: Shelf, recordings: readonly Recording[]): void {
  const workouts = sessionsIn(recordings, 'workout').filter(({ extra }) => extra?.['source'] !== 'STRAVA')
  const told = shelf.of('workout')
  expect(told.map(when)).toEqual(workouts.map(when))
  expect(told.map(({ activity }) => activity)).toEqual(workouts.map(({ activity }) => activity))
  for (const [i, { totals }] of workouts.entries()) {
    const { distance, heart_rate_avg, heart_rate_max, elevation_gain, cadence_avg, cadence_steps_avg } = totals
    const measured = { distance, heart_rate_avg, heart_rate_max, elevation_gain, cadence_avg, cadence_steps_avg }
    const said = Object.fromEntries(Object.keys(measured).map((name) => [name, told[i]?.totals[name]]))
    expect(differences(figures(measured), figures(said), 0.51)).toEqual([])
  }
  expect(plansTold(shelf)).toEqual(plansOf(recordings))
  expect(shelf.files.length).toBe(told.length)
  for (const metric of ['resting_heart_rate', 'sleep_score'])
    expect(differences(daysIn(recordings, metric), shelf.days.get(metric), 0.5), metric).toEqual([])
}

/** Half an hour on a bicycle. */
const ride = (key: string, start: number, more: Partial<SessionReading> = {}): Recording =>
  halfHourRide(device, key, start, { totals: { duration: 1_800, distance: 9_000, energy_active: 240 }, ...more })

const resting = (value: number): Recording => ({
  key: 'resting',
  device,
  readings: [{ kind: 'day', metric: 'resting_heart_rate', date: '2026-11-08', value }],
})
const restingIn = (shelf: Shelf) => shelf.days.get('resting_heart_rate')?.get('2026-11-08')

/** With a sign-in, as where an operator has registered an app; keys, which are held against the same cloud below, need none. */
const signedIn: Provider = { ...intervals, auth: signIn.auth }

const match: Match = {
  provider: signedIn,
  make: clouds.intervals,
  now,
  compare,
  // Strava lets hardly more than its id be seen.
  oddities: [ride('hidden', ago(2 * day), { extra: { source: 'STRAVA' } })],
  late: { feeds: ['activities'], recording: ride('late', ago(3 * day)), arrived: (shelf) => shelf.sessions.size === 1 },
  corrected: { feeds: ['wellness'], first: resting(51), second: resting(48), tell: restingIn, now: 48 },
  limit: { limits: [3], feed: 'wellness', waitMs: 60_000 },
  oldRefreshToken: 'refused',
  cases,
  faults: [
    {
      mistake: 'ids are taken for numbers, without the letter they begin with',
      seenBy: 'brings a fortnight',
      spoil: (provider) =>
        rehttp(provider, 'activities', (path, query, options) => [
          path.replace('/activity/i', '/activity/'),
          query,
          options,
        ]),
    },
    {
      mistake: 'the first telling of a day counts, though it is rewritten',
      seenBy: 'replaces what was corrected',
      spoil: (provider) =>
        withFeed(provider, 'wellness', () => ({ version: () => ({ key: 'day', rank: -performance.now() }) })),
    },
    {
      mistake: 'scopes are joined with a space',
      seenBy: 'signs in',
      spoil: (provider) => withAuth(provider, { scopeSeparator: ' ' }),
    },
    {
      mistake: 'to read is asked for beside to write',
      seenBy: 'signs in',
      spoil: (provider) => {
        const { words } = signIn
        return withAuth(provider, { scopes: { 'WELLNESS:READ': { words }, 'WELLNESS:WRITE': { words } } })
      },
    },
    {
      mistake: 'the local start is read as UTC',
      seenBy: 'brings a fortnight',
      spoil: (provider) =>
        misread(provider, 'activities', (record) => {
          const row = record as { start_date_local: string }
          return { ...row, start_date: `${row.start_date_local}Z` }
        }),
    },
    {
      mistake: 'what Strava hides is expected to say when it began',
      seenBy: 'brings a fortnight',
      spoil: (provider) =>
        misread(provider, 'activities', (record) => ({ ...(record as object), source: 'GARMIN_CONNECT' })),
    },
    {
      mistake: 'steps of one leg are taken for both',
      seenBy: 'brings a fortnight',
      spoil: (provider) =>
        misread(provider, 'activities', (record) => {
          const row = record as { average_cadence: number | null }
          return { ...row, average_cadence: row.average_cadence && row.average_cadence / 2 }
        }),
    },
    {
      mistake: 'nothing before the cursor is looked at again',
      seenBy: 'brings what came late',
      spoil: (provider) => withFeed(provider, 'activities', () => ({ lookBackDays: 0 })),
    },
  ],
}

matchCloud(match)

matchCloud({
  ...match,
  provider: intervals,
  cases: [],
  days: 5, // the records are the same
  faults: [
    {
      mistake: 'the key goes where a token would',
      seenBy: 'signs in',
      spoil: (provider) =>
        withAuth(provider, {
          headers: ({ api_key }: Record<string, string>) => ({ authorization: `Bearer ${api_key}` }),
        }),
    },
    {
      mistake: 'the key is taken for the name, not for the password',
      seenBy: 'signs in',
      spoil: (provider) =>
        withAuth(provider, {
          headers: ({ api_key }: Record<string, string>) => ({ authorization: `Basic ${btoa(`${api_key}:`)}` }),
        }),
    },
    {
      mistake: 'a key is not said to open everything',
      seenBy: 'signs in',
      spoil: (provider) => ({
        ...provider,
        account: async (http) => {
          const { account = '', profile = {} } = (await provider.account?.(http)) ?? {}
          return { account, profile }
        },
      }),
    },
  ],
})
