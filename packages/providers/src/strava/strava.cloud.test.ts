import { clouds, type Recording } from '@tributary/emulators/clouds'
import type { SessionReading } from '@tributary/protocol'
import { expect, test } from 'vitest'
import type { Provider } from '../kit/provider.ts'
import { faultOf, matchCloud } from '../kit/testing/test-cloud-checks.ts'
import {
  type Connection,
  connect,
  differences,
  figures,
  sessionsIn,
  valuesIn,
} from '../kit/testing/test-cloud-match.ts'
import { credulous, deafTo, forgetful, misread, reask, withAuth, withFeed } from '../kit/testing/test-mistakes.ts'
import type { Shelf } from '../kit/testing/test-shelf.ts'
import { strava } from './index.ts'
import { cases } from './test-cases.ts'

const now = '2026-11-10T12:04:00Z'
const device = { name: 'Garmin Forerunner 965', manufacturer: 'Garmin', model: 'Forerunner 965', serial: '3411205877' }

/** A ride of ten minutes that was typed in: it has no streams. */
function ride(key: string, start: number, more: Partial<SessionReading> = {}): Recording {
  const session: SessionReading = {
    kind: 'session',
    type: 'workout',
    activity: 'cycling',
    title: 'Around the lake',
    start,
    end: start + 600_000,
    offset: 60,
    externalId: key,
    totals: { duration: 600, active_duration: 540, distance: 4_000 },
    parts: [],
    extra: { manual: true },
    ...more,
  }
  return { key, device, readings: [session] }
}

const ago = (ms: number) => Date.parse(now) - ms
const hour = 3_600_000
const whole = (t: number) => Math.floor(t / 1_000) * 1_000

function compare(shelf: Shelf, recordings: readonly Recording[], { requests }: Connection): void {
  const measured = sessionsIn(recordings, 'workout')
  const told = shelf.of('workout')
  expect(told.map(({ start }) => start)).toEqual(measured.map(({ start }) => whole(start)))
  for (const [i, one] of told.entries()) {
    expect(requests).toContain(`GET /api/v3/activities/${one.externalId}`)
    const { totals, offset, title, activity, end, track, parts } = measured[i] as SessionReading
    expect({ offset: one.offset, title: one.title, activity: one.activity }).toEqual({ offset, title, activity })
    expect(Math.abs(one.end - end)).toBeLessThanOrEqual(1_000)
    const {
      distance = 0,
      elevation_gain = 0,
      heart_rate_avg,
      heart_rate_max,
      power_avg,
      power_max,
      cadence_avg,
      cadence_steps_avg,
      energy_active = 0,
    } = totals
    const said = Object.fromEntries(
      Object.entries(one.totals).filter(([name]) => !/^(speed|power_normalized|elevation_m)/.test(name)),
    )
    const stated = { duration: (end - (measured[i]?.start ?? 0)) / 1_000, moving_duration: totals['active_duration'] }
    const swims = cadence_avg === undefined ? {} : { cadence_avg }
    const sums = { distance, elevation_gain, energy_active, heart_rate_avg, heart_rate_max, power_avg, power_max }
    expect(differences(figures({ ...stated, ...sums, ...swims, cadence_steps_avg }), figures(said), 0.51)).toEqual([])
    const laps = parts.filter(({ kind }) => kind === 'lap')
    expect(one.parts.map((lap) => [lap.start, lap.end - lap.start])).toEqual(
      laps.map((lap) => [whole(lap.start), Math.round((lap.end - lap.start) / 1_000) * 1_000]),
    )
    expect(one.track?.t.length ?? 0).toBe(track?.t.length ?? 0)
    for (const [at, t] of (track?.t ?? []).entries()) {
      if (Math.abs((one.track?.t[at] ?? 0) - t) > 1_000) throw new Error(`the way is elsewhere at ${t}`)
      expect(one.track?.lat[at]).toBeCloseTo(track?.lat[at] ?? 0, 5)
      expect(one.track?.lon[at]).toBeCloseTo(track?.lon[at] ?? 0, 5)
    }
  }
  sameColumns(shelf, recordings, measured)
}

/** Rows of the workouts, each at the second it was written. */
function sameColumns(shelf: Shelf, recordings: readonly Recording[], workouts: readonly SessionReading[]): void {
  const inside = (t: number) => workouts.find(({ start, end }) => t >= start && t <= end)
  for (const [metric, within] of [
    ['heart_rate', 0],
    ['power', 0],
    ['cadence', 0],
    ['cadence_steps', 1],
  ] as const) {
    const all = [...valuesIn(recordings, metric)].filter(([t]) => inside(t))
    const said = shelf.values.get(metric) ?? new Map<number, number>()
    const measured = new Map(all.map(([t, v]) => [secondIn(inside(t), t), v]))
    // A row of the way takes the last value known; values between two rows of it have no place there.
    const rows = new Map([...measured].filter(([t]) => said.has(t)))
    expect(rows.size, metric).toBeGreaterThanOrEqual(measured.size * 0.95)
    expect(differences(rows, new Map([...said].filter(([t]) => rows.has(t))), within), metric).toEqual([])
  }
}

/** Streams count whole seconds from the start. */
const secondIn = (workout: SessionReading | undefined, t: number): number =>
  workout ? whole(workout.start) + Math.round((t - workout.start) / 1_000) * 1_000 : t

const first = ride('late ride', ago(30 * hour))
const changed = ride('late ride', ago(30 * hour), { title: 'Around both lakes' })
const said = (shelf: Shelf) => shelf.of('workout').map(({ title, start, end }) => [title, end - start])

type Raw = { activity: Record<string, unknown>; streams: Record<string, { data: unknown[] }> | null }
const spoilt = (change: (raw: Raw) => Partial<Raw['activity']>) => (provider: Provider) =>
  misread(provider, 'activities', (record) => {
    const raw = record as Raw
    return { ...raw, activity: { ...raw.activity, ...change(raw) } }
  })

matchCloud({
  provider: strava,
  make: clouds.strava,
  now,
  compare,
  pages: {
    feed: 'activities',
    recordings: Array.from({ length: 205 }, (_, i) => ride(`ride ${i}`, ago((i + 1) * hour))),
    asks: /athlete\/activities\?/,
    atLeast: 3,
    count: (shelf) => shelf.sessions.size,
  },
  late: { feeds: ['activities'], recording: first, arrived: (shelf) => shelf.sessions.size === 1 },
  corrected: { feeds: ['activities'], first, second: changed, tell: said, now: [['Around both lakes', 600_000]] },
  limit: { limits: [1e6, 1e6, 3, 1e6], feed: 'activities', waitMs: 11 * 60_000 }, // at 12:04 until a quarter past
  scope: { choice: { without: ['activity:read', 'activity:read_all'] }, feed: 'activities' },
  notices: { recording: first, feed: 'activities', signature: 'x-strava-signature', staleMs: 300_000 },
  oldRefreshToken: 'refused',
  cases,
  faults: [
    {
      mistake: 'the zone of today is taken for that of the day',
      seenBy: 'keeps its hours where clocks change',
      spoil: spoilt(() => ({ utc_offset: 3_600, timezone: '(GMT+01:00) Etc/GMT-1' })),
    },
    {
      mistake: 'the refresh token that comes back is not kept',
      seenBy: 'stays connected through many refreshes',
      spoil: forgetful,
    },
    {
      mistake: 'a deletion is not heard',
      seenBy: 'hears of what changed and what is gone',
      spoil: (provider) => deafTo(provider, 'deleted'),
    },
    {
      mistake: 'scopes are joined with a space',
      seenBy: 'signs in',
      spoil: (provider) => withAuth(provider, { scopeSeparator: ' ' }),
    },
    {
      mistake: 'what was asked for is taken for what was granted',
      seenBy: 'knows a missing scope from a dead token',
      spoil: (provider) => withAuth(provider, { scopesOfRedirect: undefined }),
    },
    {
      mistake: '401 for a missing scope is taken for a dead token',
      seenBy: 'knows a missing scope from a dead token',
      spoil: (provider) => ({ ...provider, fault: () => undefined }) as unknown as Provider,
    },
    {
      mistake: 'the wait is what a header says that is not there',
      seenBy: 'waits as long as it is told',
      spoil: (provider) => ({ ...provider, fault: () => undefined }) as unknown as Provider,
    },
    {
      mistake: 'the wall clock with the false Z is read as UTC',
      seenBy: 'brings a fortnight',
      spoil: spoilt(({ activity }) => ({ start_date: activity['start_date_local'] })),
    },
    {
      mistake: 'steps of one leg are taken for both',
      seenBy: 'brings a fortnight',
      spoil: spoilt(({ activity }) => ({ average_cadence: Number(activity['average_cadence'] ?? 0) / 2 })),
    },
    {
      mistake: 'the time that one moved is taken for the time it took',
      seenBy: 'replaces what was corrected',
      spoil: spoilt(({ activity }) => ({ elapsed_time: activity['moving_time'] })),
    },
    {
      mistake: 'work on the pedals is taken for energy spent',
      seenBy: 'brings a fortnight',
      spoil: spoilt(({ activity }) => ({ calories: activity['kilojoules'] ?? activity['calories'] })),
    },
    {
      mistake: 'ids lose their last digits',
      seenBy: 'brings a fortnight',
      spoil: spoilt(({ activity }) => ({ id: Math.fround(Number(activity['id'])) })),
    },
    {
      mistake: 'the second page is never asked for',
      seenBy: 'reads every page',
      // A page beyond the end is empty, and says that there are no more.
      spoil: (provider) =>
        reask(provider, 'activities', {
          query: (query) => (Number(query['page'] ?? 1) > 1 ? { ...query, page: 1_000 } : query),
        }),
    },
    {
      mistake: 'nothing before the cursor is looked at again',
      seenBy: 'brings what came late',
      spoil: (provider) => withFeed(provider, 'activities', () => ({ lookBackDays: 0 })),
    },
    {
      mistake: 'a signature is not looked at',
      seenBy: 'believes only its brand',
      spoil: credulous,
    },
  ],
})

test('a day that is used up is waited out until midnight UTC, though the quarter of an hour has room', async () => {
  const person = { name: 'Mira', email: 'm@example.org', timeZone: 'Europe/Stockholm', recordings: [first] }
  const limits = [1e6, 1e6, 1e6, 4]
  const connection = await connect({ provider: strava, make: clouds.strava, now, person, limits })
  await connection.pull(['activities'])
  const fault = await faultOf(connection.pull(['activities']))
  expect(fault).toMatchObject({ fault: 'rate_limit', retryAfterMs: 11 * hour + 56 * 60_000 })
})
