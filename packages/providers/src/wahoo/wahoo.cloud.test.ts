import { clouds, type Recording } from '@tributary/emulators/clouds'
import type { SessionReading } from '@tributary/protocol'
import { expect } from 'vitest'
import { matchCloud } from '../kit/testing/test-cloud-checks.ts'
import { differences, figures, plansOf, plansTold, sessionsIn } from '../kit/testing/test-cloud-match.ts'
import {
  altered,
  credulous,
  forgetful,
  misread,
  obliging,
  reask,
  withAuth,
  withFeed,
} from '../kit/testing/test-mistakes.ts'
import type { Shelf } from '../kit/testing/test-shelf.ts'
import { wahoo } from './index.ts'
import { cases } from './test-cases.ts'

const now = '2026-11-10T12:04:00Z'
const hour = 3_600_000
const day = 24 * hour
const device = { name: 'Wahoo ELEMNT ROAM', manufacturer: 'Wahoo', model: 'ELEMNT ROAM', serial: 'WE-5512' }
const ago = (ms: number) => Date.parse(now) - ms

function compare(shelf: Shelf, recordings: readonly Recording[]): void {
  const workouts = sessionsIn(recordings, 'workout')
  const told = shelf.of('workout')
  const when = ({ start, offset, title }: SessionReading) => [start, offset, title]
  expect(told.map(when)).toEqual(workouts.map(when))
  for (const [i, { totals, start }] of workouts.entries()) {
    const one = told[i] as SessionReading
    expect(Math.abs(one.end - start - (totals['duration'] ?? 0) * 1_000)).toBeLessThanOrEqual(100)
    const wanted = [
      'duration',
      'active_duration',
      'distance',
      'elevation_gain',
      'energy_active',
      'heart_rate_avg',
      'power_avg',
    ]
    const of = (all: SessionReading['totals']) =>
      figures(Object.fromEntries(wanted.map((name) => [name, all[name] ?? 0])))
    expect(differences(of(totals), of(one.totals), 0.06)).toEqual([])
  }
  expect(plansTold(shelf)).toEqual(plansOf(recordings))
  // Each with its file, whose course the server reads.
  expect(shelf.files.map(({ externalId }) => externalId).sort()).toEqual(
    told.map(({ externalId }) => externalId).sort(),
  )
}

/** Half an hour on a bicycle, typed in: it has no file. */
function ride(key: string, start: number, distance = 9_000): Recording {
  const session: SessionReading = {
    kind: 'session',
    type: 'workout',
    activity: 'cycling',
    title: key,
    start,
    end: start + 1_800_000,
    offset: 60,
    externalId: key,
    totals: { duration: 1_800, active_duration: 1_700, distance },
    parts: [],
    extra: { manual: true },
  }
  return { key, device, readings: [session] }
}

const distances = (shelf: Shelf) => shelf.of('workout').map(({ totals }) => [totals['distance'], totals['duration']])
type Summary = { workout_summary: Record<string, unknown> }

matchCloud({
  provider: wahoo,
  make: clouds.wahoo,
  now,
  extra: ({ webhookToken = '' }) => ({ webhook_token: webhookToken }),
  compare,
  pages: {
    feed: 'workouts',
    recordings: Array.from({ length: 230 }, (_, i) => ride(`ride ${i}`, ago((i + 1) * hour))),
    asks: /v1\/workouts\?/,
    atLeast: 3,
    count: (shelf) => shelf.sessions.size,
  },
  // Deep in the list, as it was ridden long before.
  late: { feeds: ['workouts'], recording: ride('late', ago(5 * day)), arrived: (shelf) => shelf.sessions.size === 1 },
  corrected: {
    feeds: ['workouts'],
    first: ride('ride', ago(30 * hour)),
    second: ride('ride', ago(30 * hour), 9_400),
    tell: distances,
    now: [[9_400, 1_800]],
  },
  limit: { limits: [1e6, 1e6, 3], feed: 'workouts', waitMs: 300_000 },
  notices: {
    recording: ride('new', ago(hour)),
    feed: 'workouts',
    deletes: false,
    forgeries: (post) => [
      altered(post, { body: (text) => text.replace(/("webhook_token":")./, '$1~') }),
      altered(post, { body: (text) => text.replace('"webhook_token"', '"webhook_tokens"') }),
      altered(post, { body: () => 'webhook_token' }),
    ],
  },
  oldRefreshToken: 'refused',
  cases,
  faults: [
    { mistake: 'anybody is believed', seenBy: 'believes only its brand', spoil: credulous },
    { mistake: 'what anybody posts is followed', seenBy: 'believes only its brand', spoil: obliging },
    {
      mistake: 'the zone of today is taken for that of the day',
      seenBy: 'keeps its hours where clocks change',
      spoil: (provider) =>
        misread(provider, 'workouts', (record) => ({
          ...(record as object),
          workout_summary: { ...(record as Summary).workout_summary, time_zone: 'Etc/GMT-1' },
        })),
    },
    {
      mistake: 'the profile is not asked for, without which everything is 403',
      seenBy: 'signs in',
      spoil: (provider) => withAuth(provider, { scopes: { workouts_read: { words: { en: '', de: '', fr: '' } } } }),
    },
    {
      mistake: 'the refresh token that comes back is not kept',
      seenBy: 'stays connected through many refreshes',
      spoil: forgetful,
    },
    {
      mistake: 'scopes are joined with a comma',
      seenBy: 'signs in',
      spoil: (provider) => withAuth(provider, { scopeSeparator: ',' }),
    },
    {
      mistake: 'no call is made with a new token, so that old ones pile up',
      seenBy: 'stays connected through many refreshes',
      spoil: (provider) => withAuth(provider, { afterRefresh: undefined }),
    },
    {
      mistake: 'the time that one moved is taken for the time it took',
      seenBy: 'replaces what was corrected',
      spoil: (provider) =>
        misread(provider, 'workouts', (record) => {
          const row = record as Summary
          const { duration_active_accum: duration_total_accum } = row.workout_summary
          return { ...row, workout_summary: { ...row.workout_summary, duration_total_accum } }
        }),
    },
    {
      mistake: 'the zone is passed over',
      seenBy: 'brings a fortnight',
      spoil: (provider) =>
        misread(provider, 'workouts', (record) => {
          const row = record as Summary
          return { ...row, workout_summary: { ...row.workout_summary, time_zone: null } }
        }),
    },
    {
      mistake: 'files are not fetched',
      seenBy: 'brings a fortnight',
      spoil: (provider) => misread(provider, 'workouts', (record) => ({ ...(record as object), fit: undefined })),
    },
    {
      mistake: 'the list is taken for whole after its first page',
      seenBy: 'reads every page',
      spoil: (provider) => reask(provider, 'workouts', { body: (body) => ({ ...(body as object), total: 1 }) }),
    },
    {
      mistake: 'only what began since the last run is taken',
      seenBy: 'brings what came late',
      spoil: (provider) =>
        withFeed(provider, 'workouts', ({ fetch }) => ({
          async *fetch(http, window, context) {
            for await (const page of fetch?.(http, window, context) ?? [])
              yield page.filter((one) => Date.parse((one as { starts: string }).starts) >= Date.parse(now))
          },
        })),
    },
    {
      mistake: 'the wait is what a header says that is not there',
      seenBy: 'waits as long as it is told',
      spoil: (provider) => ({ ...provider, fault: () => undefined }),
    },
  ],
})
