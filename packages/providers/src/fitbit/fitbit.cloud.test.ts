import { clouds, type Recording } from '@tributary/emulators/clouds'
import type { SessionReading } from '@tributary/protocol'
import { expect } from 'vitest'
import { dateOf } from '../kit/tell.ts'
import { matchCloud } from '../kit/testing/test-cloud-checks.ts'
import {
  type Connection,
  daysIn,
  differences,
  figures,
  hookUrl,
  sessionsIn,
  valuesIn,
} from '../kit/testing/test-cloud-match.ts'
import { credulous, misread, reask, withAuth, withFeed } from '../kit/testing/test-mistakes.ts'
import { halfHourRide } from '../kit/testing/test-rides.ts'
import type { Shelf } from '../kit/testing/test-shelf.ts'
import { scope } from './auth.ts'
import { fitbit } from './index.ts'
import { entryCases } from './test-entry-cases.ts'
import { ago, day, device, hour, now, whole } from './test-fortnight.ts'
import { pointCases } from './test-point-cases.ts'

const when = ({ start, end, offset }: SessionReading) => [whole(start), whole(end), offset]

/** Stockholm is an hour east of UTC all fortnight. */
const dateAt = (t: number) => dateOf(t, 60)

function compare(shelf: Shelf, recordings: readonly Recording[]): void {
  expect(shelf.things.get('FITBIT::Charge 6')).toEqual({ kind: 'thing', seen: Date.parse(now), battery: 57 })
  for (const [metric, within] of [
    ['heart_rate', 0.5],
    ['steps', 0.5],
    ['hrv_rmssd', 0],
    ['energy_active', 0.01],
  ] as const) {
    const all = [...valuesIn(recordings, metric)].filter(([t]) => t >= ago(14 * day) && t < ago(0))
    const measured = new Map(all.map(([t, v]) => [whole(t), v]))
    expect(measured.size, metric).toBeGreaterThan(0)
    expect(differences(measured, shelf.values.get(metric), within).slice(0, 5), metric).toEqual([])
  }
  const steps = new Map<string, number>()
  for (const [t, v] of valuesIn(recordings, 'steps')) steps.set(dateAt(t), (steps.get(dateAt(t)) ?? 0) + Math.round(v))
  const days = [...(shelf.days.get('steps') ?? [])].filter(([date, v]) => v || steps.has(date))
  expect(differences(steps, new Map(days), 0.5), 'days of steps').toEqual([])
  for (const metric of ['resting_heart_rate', 'skin_temperature_deviation'])
    expect(differences(daysIn(recordings, metric), shelf.days.get(metric), 0.51), metric).toEqual([])
  expect(shelf.of('sleep').map(when)).toEqual(
    sessionsIn(recordings, 'sleep')
      .filter(({ end }) => end >= ago(14 * day))
      .map(when),
  )
  const workouts = sessionsIn(recordings, 'workout')
  expect(shelf.of('workout').map(when)).toEqual(workouts.map(when))
  for (const [i, one] of shelf.of('workout').entries()) {
    const { distance, heart_rate_avg, elevation_gain, speed_avg } = workouts[i]?.totals ?? {}
    const said = Object.fromEntries(
      ['distance', 'heart_rate_avg', 'elevation_gain', 'speed_avg'].map((name) => [name, one.totals[name]]),
    )
    expect(differences(figures({ distance, heart_rate_avg, elevation_gain, speed_avg }), figures(said), 0.5)).toEqual(
      [],
    )
  }
}

/** Half an hour on a bicycle. */
const ride = (key: string, start: number, distance = 9_000): Recording =>
  halfHourRide(device, key, start, { totals: { duration: 1_800, distance, heart_rate_avg: 131, energy_active: 240 } })

const distances = (shelf: Shelf) => shelf.of('workout').map(({ totals }) => totals['distance'])

/** As the operator does in the console, with the project's own account. */
async function subscribe(connection: Connection): Promise<void> {
  const { cloud, app, keys } = connection
  const { projectNumber, serviceToken } = app.extra
  const body = {
    endpointUri: hookUrl,
    subscriberConfigs: [{ dataTypes: ['exercise'], subscriptionCreatePolicy: 'AUTOMATIC' }],
    endpointAuthorization: { secret: `Bearer ${keys.secret}` },
  }
  const answer = await cloud.handle(
    new Request(`https://health.googleapis.com/v4/projects/${projectNumber}/subscribers?subscriberId=ours`, {
      method: 'POST',
      headers: { authorization: `Bearer ${serviceToken}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    }),
  )
  expect(await answer.json()).toMatchObject({ response: { state: 'ACTIVE' } })
  await connection.fetchKeys()
}

matchCloud({
  provider: fitbit,
  make: clouds.fitbit,
  now,
  compare,
  pages: {
    feed: 'exercise',
    recordings: Array.from({ length: 60 }, (_, i) => ride(`ride ${i}`, ago((i + 1) * 5 * hour))),
    asks: /exercise\/dataPoints\?/,
    atLeast: 3,
    count: (shelf) => shelf.sessions.size,
  },
  late: { feeds: ['exercise'], recording: ride('late', ago(4 * day)), arrived: (shelf) => shelf.sessions.size === 1 },
  corrected: {
    feeds: ['exercise'],
    first: ride('ride', ago(30 * hour)),
    second: ride('ride', ago(30 * hour), 9_400),
    tell: distances,
    now: [9_400],
  },
  limit: { limits: [3], feed: 'sleep', waitMs: undefined }, // nothing is said
  scope: { choice: { without: [scope.sleep] }, feed: 'sleep' },
  notices: {
    recording: ride('new', ago(hour)),
    feed: 'exercise',
    begin: subscribe,
    deletes: false,
    signature: 'google-health-api-signature',
  },
  oldRefreshToken: 'good',
  cases: [...pointCases, ...entryCases],
  faults: [
    {
      mistake: 'the zone of today is taken for that of the day',
      seenBy: 'keeps its hours where clocks change',
      spoil: (provider) =>
        misread(provider, 'exercise', (record) => {
          const row = record as { exercise: { interval: object } }
          const interval = { ...row.exercise.interval, startUtcOffset: '3600s', endUtcOffset: '3600s' }
          return { ...row, exercise: { ...row.exercise, interval } }
        }),
    },
    {
      mistake: 'scopes are joined with a comma',
      seenBy: 'signs in',
      spoil: (provider) => withAuth(provider, { scopeSeparator: ',' }),
    },
    {
      mistake: 'nothing that lasts is asked for',
      seenBy: 'keeps its tokens fresh',
      spoil: (provider) => withAuth(provider, { authorizeParameters: {} }),
    },
    {
      mistake: 'millimetres are taken for metres',
      seenBy: 'replaces what was corrected',
      spoil: (provider) =>
        misread(provider, 'exercise', (record) => {
          const row = record as { exercise: { metricsSummary: Record<string, number> } }
          const { distanceMillimeters = 0, ...rest } = row.exercise.metricsSummary
          const metricsSummary = { ...rest, distanceMillimeters: distanceMillimeters * 1_000 }
          return { ...row, exercise: { ...row.exercise, metricsSummary } }
        }),
    },
    {
      mistake: 'the next page is not asked for',
      seenBy: 'reads every page',
      spoil: (provider) =>
        reask(provider, 'exercise', { body: (body) => ({ ...(body as object), nextPageToken: undefined }) }),
    },
    {
      mistake: 'a sign that is not understood is in the filter',
      seenBy: 'brings a fortnight',
      spoil: (provider) =>
        reask(provider, 'heart_rate', {
          query: ({ filter, ...query }) => ({ ...query, filter: String(filter).replace('<', '<=') }),
        }),
    },
    {
      mistake: 'nights are asked for by their beginning',
      seenBy: 'brings a fortnight',
      spoil: (provider) =>
        reask(provider, 'sleep', {
          query: ({ filter, ...query }) => ({ ...query, filter: String(filter).replaceAll('end_time', 'start_time') }),
        }),
    },
    {
      mistake: 'nothing before the cursor is looked at again',
      seenBy: 'brings what came late',
      spoil: (provider) => withFeed(provider, 'exercise', () => ({ lookBackDays: 0 })),
    },
    { mistake: 'a signature is not looked at', seenBy: 'believes only its brand', spoil: credulous },
  ],
})
