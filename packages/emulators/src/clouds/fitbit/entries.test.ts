import type { Reading } from '@tributary/protocol'
import { describe, expect, it } from 'vitest'
import type { Loose } from '../kit/test-cloud.ts'
import { at, recordingOf } from '../kit/test-recordings.ts'
import { begin, filter, reader, scopesOf } from './test-reader.ts'

describe('entries and notices of Google Health', () => {
  const personal = scopesOf(
    'nutrition.readonly',
    'ecg.readonly',
    'irn.readonly',
    'mindfulness.readonly',
    'logged_symptoms.readonly',
    'reproductive_health.readonly',
  )
  const start = at('2026-11-04T10:00:00Z')
  const entered = (...readings: Reading[]) => begin({ account: { recordings: [recordingOf('entries', ...readings)] } })
  const when = {
    startTime: '2026-11-04T10:00:00Z',
    startUtcOffset: '3600s',
    endTime: '2026-11-04T10:00:00Z',
    endUtcOffset: '3600s',
  }

  it('a meal has its figures in kilocalories and grams, is filtered by its local start only, and is found by its id', async () => {
    const { points, get } = await reader(
      entered(
        { kind: 'sample', metric: 'energy_intake', t: start, value: 412 },
        { kind: 'sample', metric: 'fat_intake', t: start, value: 9 },
        { kind: 'sample', metric: 'sodium_intake', t: start, value: 910 },
        { kind: 'sample', metric: 'water_intake', t: start, value: 250 },
      ),
      { scope: personal },
    )
    const [meal] = await points('nutrition-log', filter('nutrition_log.interval.civil_start_time >= "2026-11-04"'))
    expect(meal).toMatchObject({
      dataSource: { recordingMethod: 'MANUAL', application: { packageName: 'com.fitbit.FitbitMobile' } },
      nutritionLog: {
        interval: when,
        energy: { kcal: 412 },
        totalFat: { grams: 9 },
        nutrients: [{ nutrient: 'SODIUM', quantity: { grams: 0.91 } }],
      },
    })
    expect((await get(`/dataTypes/nutrition-log/dataPoints/${meal.name.split('/').at(-1)}`)).body.name).toBe(meal.name)
    const physical = filter('nutrition_log.interval.start_time >= "2026-11-04T00:00:00Z"')
    expect((await get(`/dataTypes/nutrition-log/dataPoints${physical}`)).status).toBe(400)
    expect((await points('hydration-log'))[0].hydrationLog).toEqual({
      interval: when,
      amountConsumed: { milliliters: 250, userProvidedUnit: 'MILLILITER' },
    })
  })

  it('an ECG has no length but that of its signal; its filter knows a beginning only, and no stream merges it', async () => {
    const { points, get } = await reader(
      entered({
        kind: 'session',
        type: 'ecg',
        start,
        end: start + 12,
        externalId: 'ecg',
        totals: { heart_rate_avg: 71 },
        parts: [],
        streams: { ecg: { t: Float64Array.from([start, start + 4]), v: Float64Array.from([0, 1_000]) } },
        extra: { afib: true },
      }),
      { scope: personal },
    )
    const since = 'electrocardiogram.interval.start_time >= "2026-11-01T00:00:00Z"'
    expect((await points('electrocardiogram', filter(since)))[0].electrocardiogram).toMatchObject({
      interval: when,
      beatsPerMinuteAvg: '71',
      millivoltsScalingFactor: 10_922,
      samplingFrequencyHertz: 250,
      waveformSamples: [0, 10_922],
      resultClassification: 'ATRIAL_FIBRILLATION',
    })
    const until = `${since} AND electrocardiogram.interval.start_time < "2026-12-01T00:00:00Z"`
    expect((await get(`/dataTypes/electrocardiogram/dataPoints${filter(until)}`)).status).toBe(400)
    expect((await get('/dataTypes/electrocardiogram/dataPoints:reconcile')).status).toBe(400)
  })

  it('notices, moods, symptoms, tests and periods are points of their kinds, each behind a scope of its own', async () => {
    const test = entered(
      { kind: 'event', metric: 'heart_event_irregular', start, end: start + 3_600_000, value: { value: 1 } },
      { kind: 'event', metric: 'mood', start, value: { value: -0.7 } },
      { kind: 'event', metric: 'symptom', start, value: { value: 'headache nausea' } },
      { kind: 'event', metric: 'ovulation_test', start, value: { value: 'high' } },
      { kind: 'event', metric: 'menstruation_flow', start, end: start + 4 * 86_400_000, value: { value: 'light' } },
    )
    const { points, get } = await reader(test, { scope: personal })
    const one = async (type: string, key: string) => (await points(type))[0][key]
    expect(await one('irregular-rhythm-notification', 'irregularRhythmNotification')).toMatchObject({
      interval: { endTime: '2026-11-04T11:00:00Z' },
      alertWindows: [{ positive: true }],
    })
    expect(await one('moods', 'moods')).toMatchObject({
      sampleTime: { physicalTime: when.startTime },
      valences: ['UNPLEASANT'],
    })
    expect((await one('symptoms', 'symptoms')).symptoms).toEqual(['HEADACHE', 'NAUSEA'])
    expect((await one('ovulation-test', 'ovulationTest')).result).toBe('ESTROGEN_SURGE')
    expect((await one('menstrual-period', 'menstrualPeriod')).interval.endTime).toBe('2026-11-08T10:00:00Z')
    for (const type of ['irregular-rhythm-notification', 'moods', 'symptoms', 'ovulation-test', 'menstrual-period'])
      expect((await get(`/dataTypes/${type}/dataPoints:reconcile`)).status).toBe(400)
    const other = await reader(test, { scope: scopesOf('sleep.readonly') })
    for (const type of ['electrocardiogram', 'moods', 'symptoms', 'ovulation-test', 'nutrition-log'])
      expect((await other.get(`/dataTypes/${type}/dataPoints`)).status).toBe(403)
  })

  it('a swim counts its lengths, which are points of their own with their strokes', async () => {
    const part = (from: number, to: number, label: string, swim_strokes: number) => ({
      kind: 'length' as const,
      start: start + from,
      end: start + to,
      label,
      totals: { distance: 25, swim_strokes },
    })
    const { points } = await reader(
      entered({
        kind: 'session',
        type: 'workout',
        activity: 'swimming_pool',
        start,
        end: start + 100_000,
        externalId: 'swim',
        totals: { distance: 50 },
        parts: [part(0, 45_000, 'freestyle', 18), part(50_000, 100_000, 'breaststroke', 15)],
      }),
    )
    expect((await points('exercise'))[0].exercise).toMatchObject({
      exerciseMetadata: { poolLengthMillimeters: '25000' },
      metricsSummary: { totalSwimLengths: 2 },
    })
    expect((await points('swim-lengths-data', ':reconcile')).map((one: Loose) => one.swimLengthsData)).toMatchObject([
      { strokeCount: '15', swimStrokeType: 'BREASTSTROKE' },
      { strokeCount: '18', swimStrokeType: 'FREESTYLE' },
    ])
  })

  it('profile and settings are as the document has them, each behind its scope', async () => {
    const test = begin()
    const { get } = await reader(test, { scope: scopesOf('profile.readonly') })
    expect((await get('/profile')).body).toMatchObject({ age: 41, membershipStartDate: { year: 2026 } })
    expect((await get('/settings')).status).toBe(403)
    const settings = await reader(test, { scope: scopesOf('settings.readonly') })
    expect((await settings.get('/settings')).body).toMatchObject({ timeZone: 'Europe/Stockholm', utcOffset: '3600s' })
  })
})
