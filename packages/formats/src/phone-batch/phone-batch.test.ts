import type { Reading, SessionReading } from '@tributary/protocol'
import { describe, expect, test } from 'vitest'
import { countRecords, isHealthAutoExport, readPhoneBatch } from './index.ts'

const source = {
  app: 'com.example.watch',
  appName: 'Example',
  device: { manufacturer: 'Example', model: 'W3', type: 'watch' },
}
const at = (time: string) => Date.parse(time)
const record = (type: string, more: object) => ({
  id: `id-${type}`,
  type,
  start: '2026-10-14T07:40:00Z',
  end: '2026-10-14T07:41:00Z',
  zoneOffset: '+02:00',
  source,
  ...more,
})

function told(store: 'apple' | 'health_connect' | 'samsung', ...records: object[]): Reading[] {
  const batch = readPhoneBatch({ records }, store)
  expect(batch.rejected).toEqual([])
  return batch.told.flatMap(({ readings }) => [...readings])
}
const reasons = (store: 'apple' | 'health_connect' | 'samsung', ...records: unknown[]) =>
  readPhoneBatch({ records }, store).rejected

describe('Health Connect', () => {
  test('the page’s heart rate is one value with its id, zone, method and when it was changed', () => {
    const value = record('HeartRate', {
      value: 71,
      unit: 'bpm',
      recording: 'automatic',
      lastModified: '2026-10-14T07:45:10Z',
      end: '2026-10-14T07:40:00Z',
    })
    const [one] = readPhoneBatch({ records: [value] }, 'health_connect').told
    expect(one).toEqual({
      id: 'id-HeartRate',
      version: at('2026-10-14T07:45:10Z'),
      source: {
        key: 'com.example.watch|Example|W3',
        name: 'W3 · Example',
        app: 'com.example.watch',
        manufacturer: 'Example',
        model: 'W3',
      },
      readings: [
        {
          kind: 'sample',
          metric: 'heart_rate',
          t: at('2026-10-14T07:40:00Z'),
          value: 71,
          unit: 'bpm',
          offset: 120,
          method: 'automatic',
          recordId: 'id-HeartRate',
          version: at('2026-10-14T07:45:10Z'),
        },
      ],
    })
  })

  test('a record of many samples gives each an id of its own, the first the record’s', () => {
    const samples = [70, 72].map((value, i) => ({ time: `2026-10-14T07:40:0${i}Z`, value }))
    expect(told('health_connect', record('HeartRate', { samples, unit: 'bpm' }))).toMatchObject([
      { t: at('2026-10-14T07:40:00Z'), value: 70, recordId: 'id-HeartRate' },
      { t: at('2026-10-14T07:40:01Z'), value: 72, recordId: 'id-HeartRate#1' },
    ])
  })

  test('an amount keeps how long it took; a percentage is one already', () => {
    expect(
      told(
        'health_connect',
        record('Steps', { value: 43, unit: 'count' }),
        record('OxygenSaturation', { value: 97, unit: '%' }),
      ),
    ).toMatchObject([
      { metric: 'steps', value: 43, duration: 60_000 },
      { metric: 'spo2', value: 97, unit: '%' },
    ])
  })

  test('the night of the page has its stages, by name and by number, and the time in bed', () => {
    const stages = [
      { stage: 'light', start: '2026-10-13T21:42:00Z', end: '2026-10-13T22:20:00Z' },
      { stage: 5, start: '2026-10-13T22:20:00Z', end: '2026-10-13T23:05:00Z' },
    ]
    const [night] = told(
      'health_connect',
      record('SleepSession', { start: '2026-10-13T21:42:00Z', end: '2026-10-14T05:20:00Z', stages }),
    ) as SessionReading[]
    expect(night).toMatchObject({
      kind: 'session',
      type: 'sleep',
      externalId: 'id-SleepSession',
      offset: 120,
      start: at('2026-10-13T21:42:00Z'),
    })
    expect(night?.totals).toMatchObject({
      sleep_time_in_bed: 27_480,
      sleep_light: 2_280,
      sleep_deep: 2_700,
      sleep_total: 4_980,
    })
    expect(night?.parts.map(({ label }) => label)).toEqual(['light', 'deep'])
  })

  test('a skin temperature is its baseline and delta; without a baseline only the deviation is known', () => {
    const deltas = [
      { time: '2026-10-14T07:40:00Z', delta: -0.4 },
      { time: '2026-10-14T07:41:00Z', delta: 0.2 },
    ]
    expect(told('health_connect', record('SkinTemperature', { baseline: 34, deltas }))).toMatchObject([
      { metric: 'skin_temperature', value: 33.6 },
      { metric: 'skin_temperature', value: 34.2 },
      { kind: 'day', metric: 'skin_temperature_deviation', date: '2026-10-14', value: expect.closeTo(-0.1, 9) },
    ])
    expect(told('health_connect', record('SkinTemperature', { deltas }))).toHaveLength(1)
  })

  test('blood pressure, a meal and a flow are events and amounts of their own', () => {
    expect(
      told(
        'health_connect',
        record('BloodPressure', { value: { systolic: 122, diastolic: 79 }, unit: 'mmHg' }),
        record('Nutrition', { value: { energy: 420, protein: 21, totalFat: 9 } }),
        record('MenstruationFlow', { value: 2 }),
      ),
    ).toMatchObject([
      {
        kind: 'event',
        metric: 'blood_pressure',
        value: { systolic: 122, diastolic: 79 },
        externalId: 'id-BloodPressure',
      },
      { metric: 'energy_intake', value: 420, unit: 'kcal', recordId: 'id-Nutrition' },
      { metric: 'protein_intake', value: 21, recordId: 'id-Nutrition#1' },
      { metric: 'fat_intake', value: 9, recordId: 'id-Nutrition#2' },
      { kind: 'event', metric: 'menstruation_flow', value: { value: 'medium' } },
    ])
  })

  test('a resting heart rate belongs to the local date, also when UTC is still in yesterday', () => {
    const night = { start: '2026-10-13T23:30:00Z', end: '2026-10-13T23:30:00Z', value: 51, unit: 'bpm' }
    expect(told('health_connect', record('RestingHeartRate', night))).toMatchObject([
      { kind: 'day', metric: 'resting_heart_rate', date: '2026-10-14' },
    ])
  })
})

describe('HealthKit', () => {
  test('a percentage is a fraction there, and a unit must be said', () => {
    expect(told('apple', record('HKQuantityTypeIdentifierOxygenSaturation', { value: 0.97, unit: '%' }))).toMatchObject(
      [{ metric: 'spo2', value: 97 }],
    )
    expect(reasons('apple', record('HKQuantityTypeIdentifierHeartRate', { value: 63 }))).toMatchObject([
      { id: 'id-HKQuantityTypeIdentifierHeartRate', code: 'unit_missing' },
    ])
  })

  test('units are those it was asked for: count/s, lb, SDNN and not RMSSD', () => {
    expect(
      told(
        'apple',
        record('HKQuantityTypeIdentifierHeartRate', { value: 1.05, unit: 'count/s' }),
        record('HKQuantityTypeIdentifierBodyMass', { value: 160, unit: 'lb' }),
        record('HeartRateVariabilitySDNN', { value: 48, unit: 'ms', metadata: { HKWasUserEntered: true } }),
      ),
    ).toMatchObject([
      { metric: 'heart_rate', unit: 'count/s', value: 1.05 },
      { metric: 'body_mass', unit: 'lb', value: 160 },
      { metric: 'hrv_sdnn', value: 48, method: 'manual' },
    ])
  })

  test('stages come one by one, by number or name; minutes of mindfulness are a session', () => {
    expect(
      told(
        'apple',
        record('HKCategoryTypeIdentifierSleepAnalysis', { value: 4 }),
        record('HKCategoryTypeIdentifierSleepAnalysis', { value: 'HKCategoryValueSleepAnalysisAsleepREM' }),
        record('HKCategoryTypeIdentifierMindfulSession', { value: 0 }),
      ),
    ).toMatchObject([
      { kind: 'stage', stage: 'deep', offset: 120 },
      { kind: 'stage', stage: 'rem' },
      { kind: 'session', type: 'meditation', totals: { duration: 60 } },
    ])
  })

  test('a symptom says how strong it was, a notice that it was', () => {
    expect(
      told(
        'apple',
        record('HKCategoryTypeIdentifierHeadache', { value: 3 }),
        record('HKCategoryTypeIdentifierHighHeartRateEvent', { value: 0 }),
      ),
    ).toMatchObject([
      { kind: 'event', metric: 'symptom', value: { code: 'headache', severity: 'moderate' } },
      { kind: 'event', metric: 'heart_event_high', value: { value: 1 } },
    ])
  })
})

describe('Samsung Health', () => {
  test('a scale’s record becomes each of its figures, sleep has Samsung’s stages', () => {
    const stages = [{ stage: 40_003, start: '2026-10-14T01:00:00Z', end: '2026-10-14T02:00:00Z' }]
    const body = record('BODY_COMPOSITION', { value: { weight: 72.4, body_fat: 18.1, skeletal_muscle_mass: 33 } })
    const readings = told(
      'samsung',
      body,
      record('SLEEP', { start: '2026-10-14T01:00:00Z', end: '2026-10-14T05:00:00Z', stages }),
    )
    expect(readings).toMatchObject([
      { metric: 'body_mass', value: 72.4, unit: 'kg' },
      { metric: 'body_fat', value: 18.1 },
      { metric: 'muscle_mass', value: 33 },
      { type: 'sleep', totals: { sleep_deep: 3_600 } },
    ])
  })
})

test('a workout keeps its way, laps, figures and its own number of the kind', () => {
  const workout = {
    ...record('running', {
      nativeType: '56',
      totals: { distance_m: 5_210, energy_active_kcal: 341, steps: 5_432, unknown_total: 1 },
    }),
    laps: [{ start: '2026-10-14T07:40:00Z', end: '2026-10-14T07:40:30Z', length_m: 100 }],
    route: [
      { t: '2026-10-14T07:40:30Z', lat: 52.5, lon: 13.4 },
      { t: '2026-10-14T07:40:00Z', lat: 52.4, lon: 13.4, ele: 38.1 },
    ],
  }
  const batch = readPhoneBatch({ workouts: [workout] }, 'health_connect')
  const [session] = batch.told.flatMap(({ readings }) => readings) as SessionReading[]
  expect(session).toMatchObject({
    type: 'workout',
    activity: 'running',
    totals: { duration: 60, distance: 5_210, energy_active: 341, steps: 5_432 },
    parts: [{ kind: 'lap', totals: { distance: 100 } }],
    extra: { native_type: '56' },
  })
  expect(Array.from(session?.track?.lat ?? [])).toEqual([52.4, 52.5])
})

test('a bad record is told by id, place and reason, and the good ones are kept', () => {
  const batch = readPhoneBatch(
    {
      records: [
        record('HeartRate', { value: 'x', unit: 'bpm' }),
        record('Steps', { value: 5, unit: 'count' }),
        { type: 'Steps' },
        null,
        record('Luck', { value: 1 }),
        record('Weight', { value: 70, unit: 'bpm' }),
      ],
    },
    'health_connect',
  )
  expect(batch).toMatchObject({ received: 6, told: [{ id: 'id-Steps' }] })
  expect(batch.rejected.map(({ id, index, code }) => [id, index, code])).toEqual([
    ['id-HeartRate', 0, 'value_unreadable'],
    [null, 2, 'id_missing'],
    [null, 3, 'record_malformed'],
    ['id-Luck', 4, 'type_unknown'],
    ['id-Weight', 5, 'unit_unknown'],
  ])
})

test('the wire may be written in snake_case or camelCase; deletions are ids, with or without a type', () => {
  const snake = {
    batch_id: 'b',
    installation_id: 'i',
    time_zone: 'Europe/Berlin',
    deletions: [{ id: 'gone', type: 'Steps' }, 'also'],
  }
  const camel = {
    batchId: 'b',
    installationId: 'i',
    timeZone: 'Europe/Berlin',
    deletions: [{ id: 'gone' }, { id: 'also' }],
  }
  expect(readPhoneBatch(snake, 'apple')).toEqual(readPhoneBatch(camel, 'apple'))
  expect(readPhoneBatch(snake, 'apple')).toMatchObject({ batchId: 'b', deletions: ['gone', 'also'] })
})

test('the store’s own total of a day stands for the store itself', () => {
  const { told } = readPhoneBatch(
    { dailyTotals: [{ date: '2026-10-14', type: 'Steps', value: 9_120, unit: 'count', method: 'store_dedup' }] },
    'health_connect',
  )
  expect(told).toMatchObject([
    {
      source: { key: '', name: 'Health Connect' },
      readings: [{ kind: 'day', metric: 'steps', date: '2026-10-14', value: 9_120 }],
    },
  ])
})

describe('the body of HC Webhook, as it is', () => {
  const body = {
    timestamp: '2026-05-09T14:00:00.123Z',
    app_version: '1.2.3',
    steps: [{ count: 8_421, start_time: '2026-05-08T00:00:00Z', end_time: '2026-05-09T00:00:00Z' }],
    heart_rate: [{ bpm: 72, time: '2026-05-09T08:15:00Z' }],
    basal_metabolic_rate: [{ watts: 80, time: '2026-05-09T08:15:00Z' }],
    skin_temperature: [
      { time: '2026-05-09T03:00:00Z', delta_celsius: 0.3, baseline_celsius: 34.1, measurement_location: 3 },
    ],
    sleep: [
      {
        session_end_time: '2026-05-09T06:00:00Z',
        duration_seconds: 28_800,
        sleep_updated_at: '2026-05-09T06:10:00Z',
        stages: [
          { stage: '5', start_time: '2026-05-08T23:00:00Z', end_time: '2026-05-09T00:00:00Z', duration_seconds: 3_600 },
        ],
      },
    ],
    exercise: [
      {
        type: '56',
        start_time: '2026-05-09T07:00:00Z',
        end_time: '2026-05-09T07:30:00Z',
        duration_seconds: 1_800,
        distance_meters: 5_000,
        steps: 4_800,
      },
    ],
    nutrition: [{ start_time: '2026-05-09T12:00:00Z', end_time: '2026-05-09T12:20:00Z', calories: 640, name: 'Lunch' }],
    star_signs: [{ sign: 'Leo' }],
  }
  const batch = readPhoneBatch(body, 'health_connect')

  test('every list of it is read, and one that is not known is told as such', () => {
    expect(countRecords(body)).toBe(8)
    expect(batch.received).toBe(8)
    expect(batch.rejected).toMatchObject([{ code: 'time_missing' }])
    expect(batch.told.flatMap(({ readings }) => readings)).toMatchObject([
      { metric: 'steps', value: 8_421, duration: 86_400_000 },
      { metric: 'heart_rate', value: 72 },
      { metric: 'basal_metabolic_rate', value: 80, unit: 'W' },
      { metric: 'skin_temperature', value: 34.4 },
      { metric: 'skin_temperature_deviation', value: 0.3 },
      {
        type: 'sleep',
        start: at('2026-05-08T22:00:00Z'),
        end: at('2026-05-09T06:00:00Z'),
        totals: { sleep_deep: 3_600 },
      },
      { type: 'workout', totals: { distance: 5_000, steps: 4_800 } },
      { metric: 'energy_intake', value: 640 },
    ])
  })

  test('the same sent again has the same ids, so it is known', () => {
    expect(readPhoneBatch(structuredClone(body), 'health_connect')).toEqual(batch)
    expect(batch.told.map(({ id }) => id)).toContain('hc_webhook:Steps:2026-05-08T00:00:00Z')
  })
})

test('a body of Health Auto Export is told from ours', () => {
  expect(isHealthAutoExport({ data: { metrics: [] } })).toBe(true)
  expect(isHealthAutoExport({ records: [] })).toBe(false)
})

/** Words that every object is born with, and that no phone's store has for anything. */
const born = Object.getOwnPropertyNames(Object.prototype)

test.each(['apple', 'health_connect', 'samsung'] as const)(
  'whatever %s calls constructor, toString or __proto__ is a word that is not known, and costs only its record',
  (store) => {
    const members = born.map((name) => [name, 1])
    const records = born.flatMap((name) => [
      record(name, { value: 1 }),
      record('Workout', { type: 'Workout', native_type: name, totals: Object.fromEntries(members) }),
      record('MenstruationFlow', { value: name }),
      record('HKCategoryTypeIdentifierMenstrualFlow', { value: name }),
      record('HeartRate', { value: 60, unit: name }),
      record('SleepSession', { stages: [{ stage: name, start: '2026-10-14T07:40:00Z', end: '2026-10-14T07:41:00Z' }] }),
      name,
    ])
    const lists = Object.fromEntries(born.map((name) => [name, [{ time: '2026-10-14T07:40:00Z' }]]))
    const sent = [{ records, daily_totals: born.map((type) => ({ type, date: '2026-10-14', value: 1, unit: type })) }]
    for (const body of [...sent, { ...lists, app_version: '1', timestamp: '2026-10-14T07:40:00Z' }]) {
      const { told, rejected, received } = readPhoneBatch(body, store)
      expect(told.length + rejected.length).toBe(received)
      expect(rejected.every(({ message }) => !message.includes('native code'))).toBe(true)
      expect(JSON.stringify(told)).toBe(JSON.stringify(structuredClone(told)))
    }
  },
)
