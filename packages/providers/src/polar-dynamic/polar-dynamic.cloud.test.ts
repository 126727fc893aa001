import { clouds, type Recording } from '@tributary/emulators/clouds'
import { matchCloud } from '../kit/testing/test-cloud-checks.ts'
import { forgetful, misread, reask, retell, withAuth, withFeed } from '../kit/testing/test-mistakes.ts'
import { halfHourRide } from '../kit/testing/test-rides.ts'
import type { Shelf } from '../kit/testing/test-shelf.ts'
import { polarDynamic } from './index.ts'
import { cases } from './test-cases.ts'
import { compare } from './test-match.ts'

const now = '2026-11-10T12:04:00Z'
const hour = 3_600_000
const day = 24 * hour
const device = { name: 'Polar Vantage V3', manufacturer: 'Polar', model: 'Vantage V3', serial: '0B1C22EE' }
const ago = (ms: number) => Date.parse(now) - ms

/** Half an hour on a bicycle. */
const ride = (key: string, start: number, distance = 9_000): Recording =>
  halfHourRide(device, key, start, {
    totals: { duration: 1_800, distance, heart_rate_avg: 131, heart_rate_max: 150, energy_active: 240 },
  })

const distances = (shelf: Shelf) => shelf.of('workout').map(({ totals }) => totals['distance'])

const dayBefore = (date: unknown) => new Date(Date.parse(String(date)) - day).toISOString().slice(0, 10)

matchCloud({
  provider: polarDynamic,
  make: clouds.polar_dynamic,
  now,
  compare,
  late: {
    feeds: ['training_sessions'],
    recording: ride('late', ago(3 * day - hour)),
    arrived: (shelf) => distances(shelf).includes(9_000),
  },
  corrected: {
    feeds: ['training_sessions'],
    first: ride('ride', ago(2 * day)),
    second: ride('ride', ago(2 * day), 9_400),
    tell: distances,
    now: [9_400],
  },
  limit: { limits: [4, 1e6], feed: 'training_sessions', waitMs: 900_000 },
  scope: { choice: { without: ['sleep:read'] }, feed: 'sleep' },
  oldRefreshToken: 'refused',
  cases,
  faults: [
    {
      mistake: 'the refresh token that comes back is not kept',
      seenBy: 'stays connected through many refreshes',
      spoil: forgetful,
    },
    {
      mistake: 'tokens are asked for where AccessLink v3 gives them',
      seenBy: 'signs in',
      spoil: (provider) => withAuth(provider, { tokenUrl: 'https://polarremote.com/v2/oauth2/token' }),
    },
    {
      mistake: 'the secret of the app is sent in the body',
      seenBy: 'signs in',
      spoil: (provider) => withAuth(provider, { client: 'body' }),
    },
    {
      mistake: 'what was asked for is taken for what was granted',
      seenBy: 'knows a missing scope from a dead token',
      spoil: (provider) =>
        withAuth(provider, {
          readToken: ({ scope: _, ...answer }: Record<string, unknown>) => {
            const { readToken } = polarDynamic.auth
            return readToken(answer)
          },
        }),
    },
    {
      mistake: 'the last date is taken to be in the list',
      seenBy: 'brings a fortnight',
      spoil: (provider) => reask(provider, 'sleep', { query: (query) => ({ ...query, to: dayBefore(query['to']) }) }),
    },
    {
      mistake: 'more days are asked for than a list takes',
      seenBy: 'brings a fortnight',
      spoil: (provider) =>
        reask(provider, 'sleep', {
          query: (query) => (query['features'] ? query : { ...query, from: '2026-10-01' }),
        }),
    },
    {
      mistake: 'lengths that are written in seconds are taken for minutes',
      seenBy: 'brings a fortnight',
      spoil: (provider) =>
        retell(provider, 'sleep', (told) => {
          if (told.kind !== 'session') return told
          const { sleep_deep = 0 } = told.totals
          return { ...told, totals: { ...told.totals, sleep_deep: sleep_deep * 60 } }
        }),
    },
    {
      mistake: 'features are left out, and dates are all that comes',
      seenBy: 'brings a fortnight',
      spoil: (provider) => reask(provider, 'sleep', { query: (query) => ({ ...query, features: undefined }) }),
    },
    {
      mistake: 'features are asked of a whole fortnight',
      seenBy: 'brings a fortnight',
      spoil: (provider) =>
        reask(provider, 'nightly_recharge', { query: (query) => ({ ...query, features: ['samples'] }) }),
    },
    {
      mistake: 'features are joined with commas',
      seenBy: 'brings a fortnight',
      spoil: (provider) =>
        reask(provider, 'sleep', {
          query: ({ features, ...query }) => ({
            ...query,
            ...(Array.isArray(features) ? { features: features.join(',') } : {}),
          }),
        }),
    },
    {
      mistake: 'sessions are asked for by dates',
      seenBy: 'brings a fortnight',
      spoil: (provider) =>
        reask(provider, 'training_sessions', {
          query: (query) => ({
            ...query,
            from: String(query['from']).slice(0, 10),
            to: String(query['to']).slice(0, 10),
          }),
        }),
    },
    {
      mistake: 'the wall clock of a session is read as UTC',
      seenBy: 'brings a fortnight',
      spoil: (provider) =>
        misread(provider, 'training_sessions', (record) => ({ ...(record as object), timezoneOffsetMinutes: 0 })),
    },
    {
      mistake: 'the zone of today is taken for that of the day',
      seenBy: 'keeps its hours where clocks change',
      spoil: (provider) =>
        misread(provider, 'training_sessions', (record) => ({ ...(record as object), timezoneOffsetMinutes: 60 })),
    },
    {
      mistake: 'milliseconds are taken for seconds',
      seenBy: 'brings a fortnight',
      spoil: (provider) =>
        misread(provider, 'training_sessions', (record) => {
          const { durationMillis, stopTime: _, ...rest } = record as { durationMillis: number; stopTime: string }
          return { ...rest, durationMillis: durationMillis * 1_000 }
        }),
    },
    {
      mistake: 'a way is taken to begin with its session',
      seenBy: 'brings a fortnight',
      spoil: (provider) =>
        misread(provider, 'training_sessions', (record) => {
          const row = record as { startTime: string; exercises: { routes?: { route?: object } }[] }
          const exercises = row.exercises.map(({ routes, ...one }) => ({
            ...one,
            routes: routes?.route ? { route: { ...routes.route, startTime: '2026-11-01T00:00:00' } } : {},
          }))
          return { ...row, exercises }
        }),
    },
    {
      mistake: 'moments without a value are skipped, and the others move up',
      seenBy: 'brings a fortnight',
      spoil: (provider) =>
        misread(provider, 'training_sessions', (record) => {
          const row = record as { exercises: { samples?: { samples: { values: unknown[] }[] } }[] }
          const exercises = row.exercises.map((one) => ({
            ...one,
            samples: {
              samples: (one.samples?.samples ?? []).map((list) => ({ ...list, values: list.values.slice(5) })),
            },
          }))
          return { ...row, exercises }
        }),
    },
    {
      mistake: 'a breath’s length is told as how many there are',
      seenBy: 'brings a fortnight',
      spoil: (provider) =>
        retell(provider, 'nightly_recharge', (told) =>
          told.kind === 'day' && told.metric === 'respiratory_rate' ? { ...told, value: 60_000 / told.value } : told,
        ),
    },
    {
      mistake: 'the score of a night is taken for one that was not worked out',
      seenBy: 'brings a fortnight',
      spoil: (provider) =>
        misread(provider, 'sleep', (record) => ({ ...(record as object), sleepScore: { sleepScore: 0 } })),
    },
    {
      mistake: 'a night is of the date on which it began',
      seenBy: 'brings a fortnight',
      spoil: (provider) =>
        retell(provider, 'sleep', (told) =>
          told.kind === 'session' ? { ...told, start: told.start - day, end: told.end - day } : told,
        ),
    },
    {
      mistake: 'the states of a night are counted in minutes',
      seenBy: 'brings a fortnight',
      spoil: (provider) =>
        misread(provider, 'sleep', (record) => {
          const row = record as { sleepResult: { hypnogram: { sleepStateChanges: { offsetFromStart: number }[] } } }
          const { hypnogram } = row.sleepResult
          const sleepStateChanges = hypnogram.sleepStateChanges.map((one) => ({
            ...one,
            offsetFromStart: one.offsetFromStart * 60,
          }))
          return { ...row, sleepResult: { hypnogram: { ...hypnogram, sleepStateChanges } } }
        }),
    },
    {
      mistake: 'the pulse is counted from midnight in UTC',
      seenBy: 'brings a fortnight',
      spoil: (provider) =>
        withFeed(provider, 'continuous', ({ read }) => ({
          read: (record, context) => read(record, { ...context, timeZone: 'UTC' }),
        })),
    },
    {
      mistake: 'the pulse is asked for without its feature',
      seenBy: 'brings a fortnight',
      spoil: (provider) => reask(provider, 'continuous', { query: (query) => ({ ...query, features: undefined }) }),
    },
    {
      mistake: 'a day that is not over is asked for without its last date',
      seenBy: 'brings a fortnight',
      spoil: (provider) =>
        reask(provider, 'activity', {
          query: (query) => (query['features'] ? query : { ...query, to: dayBefore(query['to']) }),
        }),
    },
    {
      mistake: 'minutes without steps are skipped, and the others move up',
      seenBy: 'brings a fortnight',
      spoil: (provider) =>
        misread(provider, 'activity', (record) => {
          const row = record as { activitySamples: { stepSamples?: { steps: number[] } }[] }
          const activitySamples = row.activitySamples.map(({ stepSamples }) => ({
            stepSamples: stepSamples && { ...stepSamples, steps: stepSamples.steps.filter((steps) => steps > 0) },
          }))
          return { ...row, activitySamples }
        }),
    },
    {
      mistake: 'seconds are taken for milliseconds between minutes',
      seenBy: 'brings a fortnight',
      spoil: (provider) =>
        misread(provider, 'activity', (record) => {
          const row = record as { activitySamples: { stepSamples?: object }[] }
          const activitySamples = row.activitySamples.map(({ stepSamples }) => ({
            stepSamples: stepSamples && { ...stepSamples, interval: 60 },
          }))
          return { ...row, activitySamples }
        }),
    },
    {
      mistake: 'nothing before the cursor is looked at again',
      seenBy: 'brings what came late',
      spoil: (provider) => withFeed(provider, 'training_sessions', () => ({ lookBackDays: 0 })),
    },
  ],
})
