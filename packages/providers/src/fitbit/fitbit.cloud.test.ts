import { clouds, type Recording } from '@tributary/emulators/clouds'
import type { Reading, SessionReading } from '@tributary/protocol'
import { expect } from 'vitest'
import type { Provider } from '../kit/provider.ts'
import { dateOf } from '../kit/tell.ts'
import { type Case, matchCloud } from '../kit/testing/test-cloud-checks.ts'
import {
  type Connection,
  daysIn,
  differences,
  figures,
  hookUrl,
  sessionsIn,
  valuesIn,
} from '../kit/testing/test-cloud-match.ts'
import { credulous, misread, reask, rehttp, retell, withAuth, withFeed } from '../kit/testing/test-mistakes.ts'
import { halfHourRide } from '../kit/testing/test-rides.ts'
import type { Shelf } from '../kit/testing/test-shelf.ts'
import { scope } from './auth.ts'
import { fitbit } from './index.ts'

const now = '2026-11-10T12:04:00Z'
const hour = 3_600_000
const day = 24 * hour
const device = { name: 'Fitbit Charge 6', manufacturer: 'Fitbit', model: 'Charge 6', serial: 'FB-20417' }
const ago = (ms: number) => Date.parse(now) - ms
const whole = (t: number) => Math.floor(t / 1_000) * 1_000
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

const sample = (metric: string, value: number): Recording => ({
  key: metric,
  device,
  readings: [{ kind: 'sample', metric, t: ago(30 * hour), value }],
})
const values = async (connection: Connection, feed: string, metric: string) => [
  ...((await connection.pull([feed])).values.get(metric)?.values() ?? []),
]
type Typed = Record<string, Record<string, unknown>>

const of = (key: string, ...readings: Reading[]): Recording => ({ key, device, readings })
/** What a feed told as events, by time. */
const eventsOf = async (connection: Connection, feed: string) => {
  const events = [...(await connection.pull([feed])).events.values()]
  return events.map((one) => one.kind === 'event' && [one.metric, one.start, one.value['value']])
}
const stated = (metric: string, value: number): Reading => ({ kind: 'day', metric, date: '2026-11-08', value })
const dayOf = async (connection: Connection, metric: string) =>
  (await connection.pull(['days'])).days.get(metric)?.get('2026-11-08')

/** A pulse of 0, 1 and ½ mV, a sample every four milliseconds. */
const ecg = (start: number): SessionReading => ({
  kind: 'session',
  type: 'ecg',
  start,
  end: start + 12,
  offset: 60,
  externalId: 'ecg',
  totals: { heart_rate_avg: 71 },
  parts: [],
  streams: { ecg: { t: Float64Array.from([0, 4, 8], (ms) => start + ms), v: Float64Array.from([0, 1_000, 500]) } },
})

/** Two lengths of a pool of 25 m. */
const swim = (start: number): SessionReading => ({
  kind: 'session',
  type: 'workout',
  activity: 'swimming_pool',
  start,
  end: start + 100_000,
  offset: 60,
  externalId: 'swim',
  totals: { duration: 100, distance: 50 },
  parts: [
    { kind: 'length', start, end: start + 45_000, label: 'freestyle', totals: { distance: 25, swim_strokes: 18 } },
    {
      kind: 'length',
      start: start + 50_000,
      end: start + 100_000,
      label: 'breaststroke',
      totals: { distance: 25, swim_strokes: 15 },
    },
  ],
})

/** Two places, a minute apart. */
const north = {
  t: Float64Array.from([0, 60_000], (ms) => whole(ago(30 * hour)) + ms),
  lat: Float64Array.from([59.33, 59.331]),
  lon: Float64Array.from([18.06, 18.06]),
}

/** As if its points were asked for by another field, or with another sign. */
const refilter = (feed: string, from: string, to: string) => (provider: Provider) =>
  reask(provider, feed, {
    query: ({ filter, ...query }) => ({ ...query, filter: String(filter).replaceAll(from, to) }),
  })

const cases: readonly Case[] = [
  {
    fact: 'what a phone and a band both counted is told by one of them',
    recordings: [sample('steps', 97)],
    traits: ['phone_too'],
    async holds(connection) {
      const shelf = await connection.pull(['steps'])
      expect(shelf.values.get('steps')?.size).toBe(1)
      expect(shelf.tellers.get('steps')?.size).toBe(1)
    },
    mistakes: [
      {
        mistake: 'the list of each source is asked for, and not what they agree on',
        spoil: (provider) =>
          rehttp(provider, 'steps', (path, query, options) => [path.replace(':reconcile', ''), query, options]),
      },
    ],
  },
  {
    fact: 'whole numbers are texts',
    recordings: [sample('heart_rate', 88)],
    async holds(connection) {
      expect(await values(connection, 'heart_rate', 'heart_rate')).toEqual([88])
    },
    mistakes: [
      {
        mistake: 'a text is no number',
        spoil: (provider) =>
          misread(provider, 'heart_rate', (record) => {
            const { heartRate = {}, ...rest } = record as Typed
            const { beatsPerMinute } = heartRate
            return {
              ...rest,
              heartRate: { ...heartRate, beatsPerMinute: typeof beatsPerMinute === 'number' ? beatsPerMinute : null },
            }
          }),
      },
    ],
  },
  {
    fact: 'a point tells RMSSD and SDNN, each by its name',
    recordings: [sample('hrv_rmssd', 40)],
    async holds(connection) {
      const shelf = await connection.pull(['heart_rate_variability'])
      const of = (metric: string) => [...(shelf.values.get(metric)?.values() ?? [])]
      expect([of('hrv_rmssd'), of('hrv_sdnn')]).toEqual([[40], [52]])
    },
    mistakes: [
      {
        mistake: 'one is taken for the other',
        spoil: (provider) =>
          retell(provider, 'heart_rate_variability', (told) =>
            told.kind === 'sample' ? { ...told, metric: told.metric === 'hrv_sdnn' ? 'hrv_rmssd' : 'hrv_sdnn' } : told,
          ),
      },
    ],
  },
  {
    fact: 'a night’s skin temperature is absolute, and its deviation is what it is above the baseline',
    recordings: [
      {
        key: 'warmth',
        device,
        readings: [{ kind: 'day', metric: 'skin_temperature_deviation', date: '2026-11-08', value: -0.3 }],
      },
    ],
    async holds(connection) {
      const shelf = await connection.pull(['sleep_temperature'])
      expect(shelf.days.get('skin_temperature')?.get('2026-11-08')).toBe(33.2)
      expect(shelf.days.get('skin_temperature_deviation')?.get('2026-11-08')).toBeCloseTo(-0.3, 6)
    },
    mistakes: [
      {
        mistake: 'the temperature is taken for the deviation',
        spoil: (provider) =>
          misread(provider, 'sleep_temperature', (record) => {
            const row = record as Typed
            const key = 'dailySleepTemperatureDerivations'
            return { ...row, [key]: { ...row[key], baselineTemperatureCelsius: 0 } }
          }),
      },
    ],
  },
  {
    fact: 'somebody who was connected to Fitbit itself is known again by the id they had there',
    async holds({ provider, http, account }) {
      const learned = await provider.account?.(http)
      expect(learned?.formerAccounts).toEqual([expect.stringMatching(/^[0-9A-F]{6}$/)])
      expect(learned?.account).toBe(account)
    },
    mistakes: [
      {
        mistake: 'the former id is thrown away',
        spoil: (provider) => ({
          ...provider,
          account: async (http, token) => {
            const { account = '', profile = {} } = (await provider.account?.(http, token)) ?? {}
            return { account, profile }
          },
        }),
      },
    ],
  },
  {
    fact: 'a page may be empty and yet not the last',
    recordings: [sample('heart_rate', 61)],
    traits: ['empty_page'],
    async holds(connection) {
      expect(await values(connection, 'heart_rate', 'heart_rate')).toEqual([61])
    },
    mistakes: [
      {
        mistake: 'an empty page is taken for the end',
        spoil: (provider) =>
          reask(provider, 'heart_rate', {
            body: (body) => {
              const { dataPoints } = body as { dataPoints?: unknown[] }
              return dataPoints?.length ? body : {}
            },
          }),
      },
    ],
  },
  {
    fact: 'what is eaten at one moment is one meal, salt and coffee in grams like the rest',
    recordings: [
      of(
        'meal',
        { kind: 'sample', metric: 'energy_intake', t: ago(30 * hour), value: 412 },
        { kind: 'sample', metric: 'carbohydrates_intake', t: ago(30 * hour), value: 58 },
        { kind: 'sample', metric: 'sodium_intake', t: ago(30 * hour), value: 910 },
        { kind: 'sample', metric: 'caffeine_intake', t: ago(30 * hour), value: 40 },
      ),
    ],
    async holds(connection) {
      const shelf = await connection.pull(['nutrition'])
      const told = ['energy_intake', 'carbohydrates_intake', 'sodium_intake', 'caffeine_intake'].map((metric) => [
        ...(shelf.values.get(metric)?.values() ?? []),
      ])
      expect(told).toEqual([[412], [58], [910], [40]])
      expect([...shelf.placed.keys()].every((id) => /^nutrition-log:\d{10}:\w+$/.test(id))).toBe(true)
    },
    mistakes: [
      {
        mistake: 'grams of salt are taken for milligrams',
        spoil: (provider) =>
          retell(provider, 'nutrition', (told) =>
            told.kind === 'sample' && told.metric === 'sodium_intake' ? { ...told, unit: 'mg' } : told,
          ),
      },
      { mistake: 'a meal is asked for by its moment', spoil: refilter('nutrition', 'civil_start_time', 'start_time') },
    ],
  },
  {
    fact: 'a drink is a session, asked for by its local start',
    recordings: [sample('water_intake', 250)],
    async holds(connection) {
      expect(await values(connection, 'hydration', 'water_intake')).toEqual([250])
    },
    mistakes: [
      { mistake: 'it is asked for by its moment', spoil: refilter('hydration', 'civil_start_time', 'start_time') },
    ],
  },
  {
    fact: 'an ECG lasts as long as its signal, in microvolts, and comes once though no end can be asked for',
    recordings: [of('ecg', ecg(whole(ago(30 * hour))))],
    async holds(connection) {
      const [one] = (await connection.pull(['electrocardiogram'])).of('ecg')
      expect([one?.start, one?.end]).toEqual([whole(ago(30 * hour)), whole(ago(30 * hour)) + 12])
      const volts = [...(one?.streams?.['ecg_voltage']?.v ?? [])].map(Math.round)
      expect(volts).toEqual([0, 1_000, 500])
      const before = { from: ago(10 * day), to: ago(5 * day) }
      expect((await connection.pull(['electrocardiogram'], before)).sessions.size).toBe(0)
    },
    mistakes: [
      {
        mistake: 'an end is asked for, which an ECG’s filter does not know',
        spoil: (provider) =>
          reask(provider, 'electrocardiogram', {
            query: ({ filter, ...query }) => ({
              ...query,
              filter: `${filter} AND electrocardiogram.interval.start_time < "2027-01-01T00:00:00Z"`,
            }),
          }),
      },
      {
        mistake: 'the merged stream is asked for, in which there are no ECGs',
        spoil: (provider) =>
          rehttp(provider, 'electrocardiogram', (path, query, options) => [`${path}:reconcile`, query, options]),
      },
      {
        mistake: 'what the device counts in is taken for millivolts',
        spoil: (provider) =>
          misread(provider, 'electrocardiogram', (record) => {
            const row = record as Typed
            return { ...row, electrocardiogram: { ...row['electrocardiogram'], millivoltsScalingFactor: 1 } }
          }),
      },
    ],
  },
  {
    fact: 'a notice of an irregular rhythm, moods, symptoms and ovulation tests are events, each asked for by the field of its kind',
    recordings: [
      of(
        'notes',
        {
          kind: 'event',
          metric: 'heart_event_irregular',
          start: whole(ago(40 * hour)),
          end: whole(ago(39 * hour)),
          value: { value: 1 },
        },
        { kind: 'event', metric: 'mood', start: whole(ago(30 * hour)), value: { value: 0.8 } },
        { kind: 'event', metric: 'symptom', start: whole(ago(29 * hour)), value: { value: 'headache nausea' } },
        { kind: 'event', metric: 'ovulation_test', start: whole(ago(28 * hour)), value: { value: 'high' } },
      ),
    ],
    async holds(connection) {
      expect(await eventsOf(connection, 'irregular_rhythm')).toEqual([
        ['heart_event_irregular', whole(ago(40 * hour)), 1],
      ])
      expect(await eventsOf(connection, 'moods')).toEqual([['mood', whole(ago(30 * hour)), 1]])
      expect(await eventsOf(connection, 'symptoms')).toEqual([
        ['symptom', whole(ago(29 * hour)), 'headache'],
        ['symptom', whole(ago(29 * hour)), 'nausea'],
      ])
      expect(await eventsOf(connection, 'ovulation_tests')).toEqual([['ovulation_test', whole(ago(28 * hour)), 'high']])
    },
    mistakes: [
      {
        mistake: 'all symptoms of an entry have one id',
        spoil: (provider) =>
          retell(provider, 'symptoms', (told) => (told.kind === 'event' ? { ...told, externalId: 'symptom' } : told)),
      },
      {
        mistake: 'a notice is asked for by its moment',
        spoil: refilter('irregular_rhythm', 'civil_start_time', 'start_time'),
      },
      {
        mistake: 'moods are asked for merged',
        spoil: (provider) => rehttp(provider, 'moods', (path, query, options) => [`${path}:reconcile`, query, options]),
      },
    ],
  },
  {
    fact: 'how hard a day was comes as sums: its minutes by level, zone minutes with the hard ones doubled, and time sitting',
    recordings: [
      of(
        'hard',
        stated('moderate_duration', 2_280),
        stated('vigorous_duration', 1_320),
        stated('active_duration', 13_860),
        stated('active_zone_minutes', 61),
        stated('sedentary_duration', 18_000),
      ),
    ],
    async holds(connection) {
      const metrics = [
        'moderate_duration',
        'vigorous_duration',
        'active_duration',
        'active_zone_minutes',
        'sedentary_duration',
      ]
      const told = await Promise.all(metrics.map((metric) => dayOf(connection, metric)))
      expect(told).toEqual([2_280, 1_320, 13_860, 61, 18_000])
    },
    mistakes: [
      {
        mistake: 'hard minutes are doubled once more',
        spoil: (provider) =>
          misread(provider, 'days', (record) => {
            const row = record as Typed
            const zones = row['activeZoneMinutes']
            return zones
              ? {
                  ...row,
                  activeZoneMinutes: { ...zones, sumInPeakHeartZone: String(2 * Number(zones['sumInPeakHeartZone'])) },
                }
              : row
          }),
      },
      {
        mistake: 'minutes are taken for seconds',
        spoil: (provider) =>
          retell(provider, 'days', (told) =>
            told.kind === 'day' && told.metric === 'moderate_duration' ? { ...told, value: told.value / 60 } : told,
          ),
      },
      {
        mistake: 'more days are asked for than active minutes have on a sheet',
        spoil: (provider) => withFeed(provider, 'days', () => ({ windowDays: 14 })),
      },
    ],
  },
  {
    fact: 'a swim’s lengths are points of their own, and parts of it here; its strokes are told too',
    recordings: [of('swim', swim(whole(ago(30 * hour))))],
    async holds(connection) {
      const shelf = await connection.pull(['exercise', 'swim_lengths'])
      const [one] = shelf.of('workout')
      expect(one?.parts.map(({ kind, label, totals }) => [kind, label, totals])).toEqual([
        ['length', 'freestyle', { distance: 25, swim_strokes: 18 }],
        ['length', 'breaststroke', { distance: 25, swim_strokes: 15 }],
      ])
      expect([...(shelf.values.get('swim_strokes')?.values() ?? [])].sort()).toEqual([15, 18])
    },
    mistakes: [
      {
        mistake: 'the lengths are not asked for',
        spoil: (provider) => misread(provider, 'exercise', (record) => ({ ...(record as object), lengths: [] })),
      },
      {
        mistake: 'the pool is taken for as many metres as it has millimetres',
        spoil: (provider) =>
          misread(provider, 'exercise', (record) => {
            const row = record as { exercise: { exerciseMetadata: object } }
            const exerciseMetadata = { ...row.exercise.exerciseMetadata, poolLengthMillimeters: '25000000' }
            return { ...row, exercise: { ...row.exercise, exerciseMetadata } }
          }),
      },
    ],
  },
  {
    fact: 'what the body needs at rest is told where a device tells it',
    recordings: [of('rest', { kind: 'sample', metric: 'energy_basal', t: ago(30 * hour), duration: hour, value: 70 })],
    traits: ['basal_energy'],
    async holds(connection) {
      expect(await values(connection, 'basal_energy', 'energy_basal')).toEqual([70])
    },
    mistakes: [
      {
        mistake: 'it is asked for by a guessed name',
        spoil: (provider) =>
          rehttp(provider, 'basal_energy', (path, query, options) => [path.replace('-burned', ''), query, options]),
      },
    ],
  },
  {
    fact: 'the course of a workout comes for those who let us see where they were, and for nobody else',
    recordings: [of('way', { ...swim(whole(ago(30 * hour))), activity: 'running', parts: [], track: north })],
    async holds(connection) {
      expect((await connection.pull(['exercise'])).files.map(({ format }) => format)).toEqual(['tcx'])
      connection.scopes = connection.scopes.filter((one) => one !== scope.location)
      expect((await connection.pull(['exercise'])).files).toEqual([])
    },
    mistakes: [
      {
        mistake: 'it is asked for whether that was granted or not',
        spoil: (provider) =>
          withFeed(provider, 'exercise', ({ fetch }) => ({
            ...(fetch
              ? { fetch: (http, window, context) => fetch(http, window, { ...context, scopes: [scope.location] }) }
              : {}),
          })),
      },
    ],
  },
]

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
  cases,
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
