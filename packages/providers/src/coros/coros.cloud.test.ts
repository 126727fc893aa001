import { clouds, type Recording } from '@tributary/emulators/clouds'
import type { SessionReading } from '@tributary/protocol'
import { expect } from 'vitest'
import { matchCloud } from '../kit/testing/test-cloud-checks.ts'
import { daysIn, differences, sessionsIn } from '../kit/testing/test-cloud-match.ts'
import { altered, credulous, misread, withAuth, withFeed } from '../kit/testing/test-mistakes.ts'
import { halfHourRide } from '../kit/testing/test-rides.ts'
import type { Shelf } from '../kit/testing/test-shelf.ts'
import { coros } from './index.ts'
import { cases } from './test-cases.ts'

const now = '2026-11-10T12:04:00Z'
const hour = 3_600_000
const day = 24 * hour
const device = { name: 'COROS PACE 3', manufacturer: 'COROS', model: 'PACE 3', serial: 'C3-88120' }
const ago = (ms: number) => Date.parse(now) - ms
const whole = (t: number) => Math.floor(t / 1_000) * 1_000
const when = ({ start, end, offset }: SessionReading) => [whole(start), whole(end), offset]

function compare(shelf: Shelf, recordings: readonly Recording[]): void {
  const workouts = sessionsIn(recordings, 'workout')
  const told = shelf.of('workout')
  expect(told.map(when)).toEqual(workouts.map(when))
  // Of strength the page has no number: its file says it.
  const listed = workouts.map(({ activity }) => (activity === 'strength' ? 'other' : activity))
  expect(told.map(({ activity }) => activity)).toEqual(listed)
  for (const [i, { totals }] of workouts.entries()) {
    const one = told[i]?.totals ?? {}
    expect(one['distance']).toBeCloseTo(totals['distance'] ?? 0, 1)
    expect(one['energy_active'] ?? 0).toBeCloseTo(totals['energy_active'] ?? 0, 0)
    if (totals['speed_avg']) expect(one['speed_avg'] ?? 0).toBeCloseTo(totals['speed_avg'], 0)
  }
  expect(shelf.files.map(({ externalId }) => externalId).sort()).toEqual(
    told.map(({ externalId }) => externalId).sort(),
  )
  const nights = sessionsIn(recordings, 'sleep').filter(({ isNap }) => !isNap)
  expect(shelf.of('sleep').map(when)).toEqual(nights.map(when))
  const resting = daysIn(recordings, 'resting_heart_rate')
  expect(differences(resting, shelf.days.get('resting_heart_rate'), 0.5)).toEqual([])
}

/** Half an hour on a bicycle. */
const ride = (key: string, start: number): Recording =>
  halfHourRide(device, key, start, { totals: { duration: 1_800, distance: 9_000, energy_active: 240 } })

const steps = (value: number): Recording => ({
  key: 'steps',
  device,
  readings: [{ kind: 'sample', metric: 'steps', t: ago(2 * day), value }],
})
const stepsIn = (shelf: Shelf) => shelf.days.get('steps')?.get('2026-11-08')

matchCloud({
  provider: coros,
  make: clouds.coros,
  now,
  compare,
  late: { feeds: ['workouts'], recording: ride('late', ago(3 * day)), arrived: (shelf) => shelf.sessions.size === 1 },
  corrected: { feeds: ['daily'], first: steps(77), second: steps(99), tell: stepsIn, now: 99 },
  limit: { limits: [0], feed: 'workouts', waitMs: undefined }, // nothing is said
  notices: {
    recording: ride('new', ago(hour)),
    feed: 'workouts',
    deletes: false, // COROS tells of none
    isProven: true,
    forgeries: (post) =>
      ['client', 'secret'].flatMap((name) => [
        altered(post, { headers: { [name]: `${post.headers[name]}~` } }),
        altered(post, { headers: { [name]: undefined } }),
      ]),
  },
  oldRefreshToken: 'good',
  keepsAccessToken: true,
  cases,
  faults: [
    { mistake: 'anybody is believed', seenBy: 'believes only its brand', spoil: credulous },
    {
      mistake: 'a refresh is expected to tell a token',
      seenBy: 'keeps its tokens fresh',
      spoil: (provider) => withAuth(provider, { readToken: undefined }),
    },
    {
      mistake: 'ids lose their last digits',
      seenBy: 'brings a fortnight',
      spoil: (provider) =>
        misread(provider, 'workouts', (record) => {
          const row = record as { labelId: string }
          return { ...row, labelId: String(row.labelId).slice(0, 5) }
        }),
    },
    {
      mistake: 'a sport is told by its mode alone',
      seenBy: 'brings a fortnight',
      spoil: (provider) => misread(provider, 'workouts', (record) => ({ ...(record as object), subMode: 1 })),
    },
    {
      mistake: 'quarters of an hour are taken for hours',
      seenBy: 'brings a fortnight',
      spoil: (provider) =>
        misread(provider, 'workouts', (record) => {
          const row = record as { startTimezone: number }
          return { ...row, startTimezone: row.startTimezone * 4 }
        }),
    },
    {
      mistake: 'a night ends by the clock by which it began',
      seenBy: 'keeps its hours where clocks change',
      spoil: (provider) =>
        misread(provider, 'daily', (record) => {
          const row = record as { startTimezone: number }
          return { ...row, endTimezone: row.startTimezone }
        }),
    },
    {
      mistake: 'a pace is taken for a speed',
      seenBy: 'brings a fortnight',
      spoil: (provider) =>
        misread(provider, 'workouts', (record) => {
          const row = record as { avgSpeed: number }
          return { ...row, avgSpeed: row.avgSpeed && 1_000 / row.avgSpeed }
        }),
    },
    {
      mistake: 'nothing before the cursor is looked at again',
      seenBy: 'brings what came late',
      spoil: (provider) => withFeed(provider, 'workouts', () => ({ lookBackDays: 0 })),
    },
  ],
})
