import { clouds, type Recording } from '@tributary/emulators/clouds'
import type { SessionReading } from '@tributary/protocol'
import { expect } from 'vitest'
import { dateOf } from '../kit/tell.ts'
import { matchCloud } from '../kit/testing/test-cloud-checks.ts'
import { differences, figures, secondsOf, sessionsIn, valuesIn } from '../kit/testing/test-cloud-match.ts'
import { credulous, misread, reask, withAuth, withFeed } from '../kit/testing/test-mistakes.ts'
import { halfHourRide } from '../kit/testing/test-rides.ts'
import type { Shelf } from '../kit/testing/test-shelf.ts'
import { suunto } from './index.ts'
import { cases } from './test-cases.ts'

const now = '2026-11-10T12:04:00Z'
const hour = 3_600_000
const day = 24 * hour
const device = { name: 'Suunto Race', manufacturer: 'Suunto', model: 'Race', serial: '233715A' }
const ago = (ms: number) => Date.parse(now) - ms
const whole = (t: number) => Math.floor(t / 1_000) * 1_000

/** Stockholm is an hour east of UTC all fortnight. */
const dateAt = (t: number) => dateOf(t, 60)
const when = ({ start, end, offset, isNap = false }: SessionReading) => [whole(start), whole(end), offset, isNap]

function compare(shelf: Shelf, recordings: readonly Recording[]): void {
  const workouts = sessionsIn(recordings, 'workout').filter(({ end }) => end >= ago(14 * day))
  const told = shelf.of('workout')
  expect(told.map(when)).toEqual(workouts.map(when))
  expect(told.map(({ activity }) => activity)).toEqual(workouts.map(({ activity }) => activity))
  for (const [i, { totals }] of workouts.entries()) {
    const { distance = 0, heart_rate_avg, heart_rate_max, energy_active = 0, elevation_gain = 0 } = totals
    const measured = { distance, heart_rate_avg, heart_rate_max, energy_active, elevation_gain }
    const said = Object.fromEntries(Object.keys(measured).map((name) => [name, told[i]?.totals[name]]))
    expect(differences(figures(measured), figures(said), 0.01)).toEqual([])
  }
  expect(shelf.files.length).toBe(told.length)
  const nights = sessionsIn(recordings, 'sleep').filter(({ end }) => end >= ago(14 * day))
  expect(shelf.of('sleep').map(when)).toEqual(nights.map(when))
  for (const [i, { parts }] of nights.entries())
    for (const stage of ['deep', 'rem'])
      expect(shelf.of('sleep')[i]?.totals[`sleep_${stage}`]).toBeCloseTo(secondsOf(parts, stage), -0.5)
  const first = dateAt(ago(14 * day))
  for (const [ours, theirs] of [
    ['steps', 'steps'],
    ['energy_active', 'energy_total'],
  ] as const) {
    const sums = new Map<string, number>()
    for (const [t, v] of valuesIn(recordings, ours)) sums.set(dateAt(t), (sums.get(dateAt(t)) ?? 0) + v)
    const days = new Map([...(shelf.days.get(theirs) ?? [])].filter(([date]) => sums.has(date) && date > first))
    const measured = new Map([...sums].filter(([date]) => date > first))
    expect(differences(measured, days, 0.5), theirs).toEqual([])
    const slots = new Map<number, number>()
    for (const [t, v] of valuesIn(recordings, ours))
      slots.set(Math.floor(t / 600_000) * 600_000, (slots.get(Math.floor(t / 600_000) * 600_000) ?? 0) + v)
    const wanted = new Map([...slots].filter(([t]) => t >= ago(14 * day)))
    expect(differences(wanted, shelf.values.get(theirs), 0.5).slice(0, 3), theirs).toEqual([])
  }
}

/** Half an hour on a bicycle, typed in: it has no file. */
const ride = (key: string, start: number, distance = 9_000): Recording =>
  halfHourRide(device, key, start, {
    totals: { duration: 1_800, active_duration: 1_700, distance },
    extra: { manual: true },
  })

const distances = (shelf: Shelf) => shelf.of('workout').map(({ totals }) => totals['distance'])

const nap = (t: number): Recording => ({
  key: `nap ${t}`,
  device,
  readings: [
    {
      kind: 'session',
      type: 'sleep',
      start: t,
      end: t + hour,
      offset: 60,
      externalId: `nap ${t}`,
      totals: {},
      parts: [{ kind: 'stage', label: 'light', start: t, end: t + hour }],
    },
  ],
})

matchCloud({
  provider: suunto,
  make: clouds.suunto,
  now,
  extra: ({ subscriptionKey = '', notificationSecret = '' }) => ({
    subscription_key: subscriptionKey,
    notification_secret: notificationSecret,
  }),
  compare,
  pages: {
    feed: 'workouts',
    recordings: Array.from({ length: 220 }, (_, i) => ride(`ride ${i}`, ago((i + 1) * hour))),
    asks: /v3\/workouts\/\?/,
    atLeast: 3,
    count: (shelf) => shelf.sessions.size,
  },
  late: { feeds: ['sleep'], recording: nap(ago(2 * day)), arrived: (shelf) => shelf.sessions.size === 1 },
  corrected: {
    feeds: ['workouts'],
    first: ride('ride', ago(30 * hour)),
    second: ride('ride', ago(30 * hour), 9_400),
    tell: distances,
    now: [9_400],
  },
  limit: { limits: [3, 1e6], feed: 'sleep', waitMs: 60_000 },
  notices: {
    recording: ride('new', ago(hour)),
    feed: 'workouts',
    deletes: false, // Suunto tells of none
    signature: 'x-hmac-sha256-signature',
  },
  oldRefreshToken: 'refused',
  cases,
  faults: [
    {
      mistake: 'the zone of today is taken for that of the day',
      seenBy: 'keeps its hours where clocks change',
      spoil: (provider) =>
        misread(provider, 'workouts', (record) => ({ ...(record as object), timeOffsetInMinutes: 60 })),
    },
    {
      mistake: 'the secret of the app is sent in the body',
      seenBy: 'signs in',
      spoil: (provider) => withAuth(provider, { client: 'body' }),
    },
    {
      mistake: 'the subscription key is left out',
      seenBy: 'brings a fortnight',
      spoil: (provider) => ({ ...provider, headers: () => ({}) }),
    },
    {
      mistake: 'joules are taken for kilocalories',
      seenBy: 'brings a fortnight',
      spoil: (provider) =>
        misread(provider, 'activity', (record) => {
          const row = record as { entryData: Record<string, number> }
          const { EnergyConsumption = 0, ...rest } = row.entryData
          return { ...row, entryData: { ...rest, EnergyConsumption: EnergyConsumption * 4_184 } }
        }),
    },
    {
      mistake: 'the greatest pulse that was set is taken for the one that was reached',
      seenBy: 'brings a fortnight',
      spoil: (provider) =>
        misread(provider, 'workouts', (record) => {
          const row = record as { hrdata: object }
          return { ...row, hrdata: { ...row.hrdata, hrmax: 190 } }
        }),
    },
    {
      mistake: 'the offset of a bedtime is passed over',
      seenBy: 'brings a fortnight',
      spoil: (provider) =>
        misread(provider, 'sleep', (record) => {
          const row = record as { entryData: { BedtimeStart: string } }
          const BedtimeStart = `${row.entryData.BedtimeStart.slice(0, 23)}Z`
          return { ...row, entryData: { ...row.entryData, BedtimeStart } }
        }),
    },
    {
      mistake: 'seconds are sent where milliseconds are wanted',
      seenBy: 'brings a fortnight',
      spoil: (provider) =>
        reask(provider, 'sleep', {
          query: ({ from, to }) => ({ from: Math.floor(Number(from) / 1_000), to: Math.floor(Number(to) / 1_000) }),
        }),
    },
    {
      mistake: 'the list is taken for whole after its first page',
      seenBy: 'reads every page',
      spoil: (provider) =>
        reask(provider, 'workouts', {
          query: ({ offset, ...query }) => ({ ...query, offset: Number(offset) ? 10_000 : 0 }),
        }),
    },
    {
      mistake: 'nothing before the cursor is looked at again',
      seenBy: 'brings what came late',
      spoil: (provider) => withFeed(provider, 'sleep', () => ({ lookBackDays: 0 })),
    },
    { mistake: 'a signature is not looked at', seenBy: 'believes only its brand', spoil: credulous },
  ],
})
