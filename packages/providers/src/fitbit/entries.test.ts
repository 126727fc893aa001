import { describe, expect, test } from 'vitest'
import { readRecord } from '../kit/read-records.ts'
import { at, context, feed, feeds, points, reading, told } from './test-points.ts'

describe('what people write down, and what a device warns of', () => {
  test('a meal becomes what was in it, each part known by the meal it is of', () => {
    const when = { t: at('2026-11-12T11:30:00Z'), duration: 0, offset: 60, method: 'manual' }
    const part = (metric: string, value: number, unit = 'g') => ({
      kind: 'sample',
      metric,
      ...when,
      value,
      unit,
      recordId: `nutrition-log:41:${metric}`,
    })
    expect(told('nutrition')).toEqual([
      part('energy_intake', 412.5, 'kcal'),
      part('carbohydrates_intake', 58.2),
      part('fat_intake', 9),
      part('protein_intake', 24.1),
      part('fiber_intake', 14.3),
      part('sugar_intake', 6.2),
      part('sodium_intake', 0.91),
      part('caffeine_intake', 0.04),
    ])
  })

  test('a meal of which little is known tells that, and names the program that wrote it', () => {
    expect(reading('nutrition', 1)).toMatchObject({
      source: { name: '77.apps.googleusercontent.com', app: '77.apps.googleusercontent.com' },
      told: [{ metric: 'energy_intake', value: 120, duration: 1_200_000 }],
    })
    expect(reading('nutrition', 2).source).toMatchObject({ name: 'ABC123' })
  })

  test('an ECG is its voltages in microvolts, as long as its signal is', () => {
    const start = at('2026-11-12T20:15:00Z')
    expect(told('electrocardiogram')).toEqual([
      {
        kind: 'session',
        type: 'ecg',
        start,
        end: start + 20,
        offset: 60,
        externalId: 'ecg:51',
        totals: { duration: 0.02, heart_rate_avg: 71 },
        parts: [],
        streams: {
          ecg_voltage: {
            t: Float64Array.from([0, 4, 8, 12, 16], (ms) => start + ms),
            v: Float64Array.from([0, 1_092_000 / 10_922, -546_000 / 10_922, 1_000, 218_000 / 10_922]),
          },
        },
        extra: {
          sample_rate: 250,
          classification: 'normal sinus rhythm',
          leads: 1,
          medical_device: {
            deviceModel: 'Charge 6',
            firmwareVersion: '194.91',
            featureVersion: '2.3.5-3.1',
            algorithmVersion: '1.4',
            serviceVersion: '2.0',
          },
        },
      },
    ])
  })

  test('an ECG from before zones were kept has none; one without a signal is put aside', () => {
    const [old] = told('electrocardiogram', 1)
    expect(old).not.toHaveProperty('offset')
    expect(old).toMatchObject({
      externalId: 'ecg:2024-03-02T08:00:00Z',
      extra: { classification: 'inconclusive high heart rate' },
    })
    const bare = structuredClone(points['electrocardiogram']?.[0]) as { electrocardiogram: object }
    bare.electrocardiogram = { ...bare.electrocardiogram, waveformSamples: [] }
    expect(readRecord(feed('electrocardiogram'), bare, context)).toMatchObject({ code: 'record_unreadable' })
  })

  test('a notice of an irregular rhythm is an event as long as what it is of', () => {
    expect(told('irregular_rhythm')).toEqual([
      {
        kind: 'event',
        metric: 'heart_event_irregular',
        start: at('2026-11-12T01:00:00Z'),
        end: at('2026-11-12T02:30:00Z'),
        value: { value: 1 },
        offset: 60,
        externalId: 'heart_event_irregular:61',
      },
    ])
  })

  const evening = { kind: 'event', start: at('2026-11-12T20:00:00Z'), offset: 60 }

  test('a mood is as pleasant as its valences are together; words alone cannot be weighed', () => {
    expect(told('moods')).toEqual([
      { ...evening, metric: 'mood', value: { value: 0.5, words: 'calm, very stressed' }, externalId: 'mood:71' },
    ])
    expect(told('moods', 1)).toMatchObject([{ value: { value: -1 }, externalId: 'mood:2026-11-12T21:00:00Z' }])
    expect(told('moods', 2)).toEqual([])
  })

  test('each symptom of an entry is an event; that all is well is none', () => {
    const symptom = (code: string) => ({
      ...evening,
      metric: 'symptom',
      value: { value: code },
      externalId: `symptom:81:${code}`,
    })
    expect(told('symptoms')).toEqual([symptom('headache'), symptom('increased_appetite')])
    expect(told('symptoms', 1)).toMatchObject([{ externalId: 'symptom:2026-11-12T21:00:00Z:nausea' }])
  })

  test('an ovulation test has one of our four words', () => {
    const words = (points['ovulation_tests'] ?? []).flatMap((_, place) => told('ovulation_tests', place))
    expect(words[0]).toEqual({
      kind: 'event',
      metric: 'ovulation_test',
      start: at('2026-11-12T06:00:00Z'),
      value: { value: 'positive' },
      offset: 60,
      externalId: 'ovulation_test:91',
    })
    expect(words.map((told) => told.kind === 'event' && told.value['value'])).toEqual([
      'positive',
      'negative',
      'high',
      'inconclusive',
      'positive',
    ])
  })

  test.each(['heart_rate_zones', 'periods', 'profile', 'settings'])(
    '%s is asked for and tells nothing, for there is no metric of it',
    (name) => {
      expect(told(name)).toEqual([])
      expect(feed(name).brings).toEqual([])
      expect(new Set(Object.values(feed(name).unused)).size).toBe(1)
    },
  )

  test('what is most personal is a choice of its own, and nothing else hangs on it', () => {
    const personal = ['ecg', 'irn', 'mindfulness', 'logged_symptoms', 'reproductive_health', 'nutrition', 'profile']
    const opened = personal.map((name) =>
      Object.keys(feeds).filter((one) => feed(one).scopes?.[0]?.includes(`.${name}.`)),
    )
    expect(opened).toEqual([
      ['electrocardiogram'],
      ['irregular_rhythm'],
      ['moods'],
      ['symptoms'],
      ['ovulation_tests', 'periods'],
      ['hydration', 'nutrition'],
      ['profile'],
    ])
  })
})
