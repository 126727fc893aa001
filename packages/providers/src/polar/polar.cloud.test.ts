import { clouds, type Recording } from '@tributary/emulators/clouds'
import type { SessionReading } from '@tributary/protocol'
import { expect } from 'vitest'
import { dateOf } from '../kit/tell.ts'
import { matchCloud } from '../kit/testing/test-cloud-checks.ts'
import {
  between,
  daysIn,
  differences,
  figures,
  secondsOf,
  sessionsIn,
  valuesIn,
} from '../kit/testing/test-cloud-match.ts'
import { credulous, misread, retell, withFeed } from '../kit/testing/test-mistakes.ts'
import { halfHourRide } from '../kit/testing/test-rides.ts'
import type { Shelf } from '../kit/testing/test-shelf.ts'
import { polar } from './index.ts'
import { cases } from './test-cases.ts'

const now = '2026-11-10T12:04:00Z'
const hour = 3_600_000
const day = 24 * hour
const device = { name: 'Polar Vantage V3', manufacturer: 'Polar', model: 'Vantage V3', serial: '0B1C22EE' }
const ago = (ms: number) => Date.parse(now) - ms
const whole = (t: number) => Math.floor(t / 1_000) * 1_000

/** Stockholm is an hour east of UTC all fortnight. */
const dateAt = (t: number) => dateOf(t, 60)

const when = ({ start, end, offset }: SessionReading) => [whole(start), whole(end), offset]

function compare(shelf: Shelf, recordings: readonly Recording[]): void {
  const workouts = sessionsIn(recordings, 'workout')
  const told = shelf.of('workout')
  expect(told.map(when)).toEqual(workouts.map(when))
  const beats = valuesIn(recordings, 'heart_rate')
  for (const [i, { totals, track, start, end }] of workouts.entries()) {
    const one = told[i] as SessionReading
    const { distance, energy_active = 0, heart_rate_avg, heart_rate_max } = totals
    const said = new Map([...figures(one.totals)].filter(([name]) => !/^(duration|training_load)$/.test(name)))
    expect(differences(figures({ distance, energy_active, heart_rate_avg, heart_rate_max }), said, 0.51)).toEqual([])
    expect(one.track?.t.length ?? 0).toBe(track?.t.length ?? 0)
    const pulse = [...(shelf.values.get('heart_rate') ?? [])].filter(([t]) => t >= start && t <= end)
    expect(pulse.length).toBeGreaterThanOrEqual(between(beats, start, end).length * 0.9)
    for (const [t, v] of pulse) expect(between(beats, t - 10_999, t + 999), new Date(t).toISOString()).toContain(v)
  }
  sameNights(shelf, recordings)
  for (const metric of ['steps', 'energy_active']) {
    const sums = new Map([...valuesIn(recordings, 'steps').keys()].map((t) => [dateAt(t), 0]))
    for (const [t, v] of valuesIn(recordings, metric))
      if (sums.has(dateAt(t))) sums.set(dateAt(t), (sums.get(dateAt(t)) ?? 0) + v)
    expect(differences(sums, shelf.days.get(metric), 0.5), metric).toEqual([])
  }
}

function sameNights(shelf: Shelf, recordings: readonly Recording[]): void {
  const nights = sessionsIn(recordings, 'sleep').filter(({ isNap }) => !isNap)
  const told = shelf.of('sleep')
  expect(told.map(when)).toEqual(nights.map(when))
  const scores = daysIn(recordings, 'sleep_score')
  for (const [i, { parts, end }] of nights.entries()) {
    const one = told[i] as SessionReading
    const measured = {
      sleep_light: secondsOf(parts, 'light'),
      sleep_deep: secondsOf(parts, 'deep'),
      sleep_rem: secondsOf(parts, 'rem'),
      sleep_score: scores.get(dateAt(end)),
    }
    const said = Object.fromEntries(Object.keys(measured).map((name) => [name, one.totals[name]]))
    expect(differences(figures(measured), figures(said), 0.51)).toEqual([])
    // A hypnogram's clock has no seconds.
    for (const label of ['light', 'deep', 'rem'])
      expect(Math.abs(secondsOf(one.parts, label) - secondsOf(parts, label))).toBeLessThanOrEqual(60 * parts.length)
  }
}

/** Half an hour on a bicycle. */
const ride = (key: string, start: number, distance = 9_000): Recording =>
  halfHourRide(device, key, start, {
    totals: { duration: 1_800, distance, heart_rate_avg: 131, heart_rate_max: 150, energy_active: 240 },
  })

const steps: Recording = {
  key: 'steps',
  device,
  readings: [{ kind: 'sample', metric: 'steps', t: ago(3 * day), value: 77 }],
}
const distances = (shelf: Shelf) => shelf.of('workout').map(({ totals }) => totals['distance'])

matchCloud({
  provider: polar,
  make: clouds.polar,
  now,
  traits: ['registered'],
  compare,
  late: {
    feeds: ['activity'],
    recording: steps,
    arrived: (shelf) => shelf.days.get('steps')?.get(dateAt(ago(3 * day))) === 77,
  },
  corrected: {
    feeds: ['exercises'],
    first: ride('ride', ago(2 * day)),
    second: ride('ride', ago(2 * day), 9_400),
    tell: distances,
    now: [9_400],
  },
  // Each person adds 20 to what the app has.
  limit: { limits: [-15, 1e6], feed: 'exercises', waitMs: 900_000 },
  notices: {
    recording: ride('new', ago(hour)),
    feed: 'exercises',
    deletes: false, // Polar tells of none
    signature: 'polar-webhook-signature',
    staleMs: 8 * day,
  },
  oldRefreshToken: 'refused',
  cases,
  faults: [
    {
      mistake: 'the zone of today is taken for that of the day',
      seenBy: 'keeps its hours where clocks change',
      spoil: (provider) =>
        misread(provider, 'exercises', (record) => ({ ...(record as object), start_time_utc_offset: 60 })),
    },
    {
      mistake: 'the secret of the app is sent in the body',
      seenBy: 'signs in',
      spoil: (provider) => ({ ...provider, auth: { ...provider.auth, client: 'body' } as typeof provider.auth }),
    },
    {
      mistake: 'JSON is not asked for',
      seenBy: 'brings a fortnight',
      spoil: (provider) => ({ ...provider, headers: () => ({ accept: '*/*' }) }),
    },
    {
      mistake: 'who is registered already is turned away',
      seenBy: 'signs in',
      spoil: (provider) => ({
        ...provider,
        account: (http, token) =>
          (provider.account ?? (() => Promise.reject(new Error('it has none'))))(
            { ...http, post: (path, body) => http.post(path, body) },
            token,
          ),
      }),
    },
    {
      mistake: 'light sleep is taken for deep',
      seenBy: 'brings a fortnight',
      spoil: (provider) =>
        misread(provider, 'sleep', (record) => {
          const night = record as { hypnogram: Record<string, number> }
          const marks = Object.entries(night.hypnogram).map(([time, code]) => [time, code === 3 ? 4 : code])
          return { ...night, hypnogram: Object.fromEntries(marks) }
        }),
    },
    {
      mistake: 'the wall clock of an exercise is read as UTC',
      seenBy: 'brings a fortnight',
      spoil: (provider) =>
        misread(provider, 'exercises', (record) => ({ ...(record as object), start_time_utc_offset: 0 })),
    },
    {
      mistake: 'an exercise’s length is its end',
      seenBy: 'brings a fortnight',
      spoil: (provider) => misread(provider, 'exercises', (record) => ({ ...(record as object), duration: 'PT1H' })),
    },
    {
      mistake: 'moments without a value are skipped, and the others move up',
      seenBy: 'brings a fortnight',
      spoil: (provider) =>
        misread(provider, 'exercises', (record) => {
          const row = record as { samples?: { data: string }[] }
          const samples = row.samples?.map((one) => ({ ...one, data: one.data.split(',').slice(5).join(',') }))
          return { ...row, samples }
        }),
    },
    {
      mistake: 'a score that was not worked out is kept, and one that was is lost',
      seenBy: 'brings a fortnight',
      spoil: (provider) => misread(provider, 'sleep', (record) => ({ ...(record as object), sleep_score: 0 })),
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
      mistake: 'the day before is not asked for',
      seenBy: 'brings what came late',
      spoil: (provider) => withFeed(provider, 'activity', () => ({ lookBackDays: 0 })),
    },
    { mistake: 'a signature is not looked at', seenBy: 'believes only its brand', spoil: credulous },
  ],
})
