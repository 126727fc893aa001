/** The same of meals, ECGs, notices, entries, sums, swims and ways. */
import type { Reading, SessionReading } from '@tributary/protocol'
import { expect } from 'vitest'
import type { Provider } from '../kit/provider.ts'
import type { Case } from '../kit/testing/test-cloud-checks.ts'
import type { Connection } from '../kit/testing/test-cloud-match.ts'
import { misread, reask, rehttp, retell, withFeed } from '../kit/testing/test-mistakes.ts'
import { scope } from './auth.ts'
import { ago, day, hour, of, sample, type Typed, values, whole } from './test-fortnight.ts'

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

export const entryCases: readonly Case[] = [
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
