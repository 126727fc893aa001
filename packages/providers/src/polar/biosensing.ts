/** What newer watches measure beside the pulse. */
import { z } from 'zod'
import { defineFeed, type FetchContext, type Told, type Window } from '../kit/feed.ts'
import type { ProviderHttp } from '../kit/http.ts'
import { daysOf, samplesOf, seriesOf } from '../kit/tell.ts'
import { deviceOf } from './devices.ts'
import { datesOf, listOf } from './lists.ts'

const number = z.number().nullish()
const text = z.string().nullish()

const of = (what: string) => ({
  windowDays: 27, // 28 with the day before
  lookBackDays: 3,
  fetch: (http: ProviderHttp, window: Window, { now }: FetchContext) =>
    listOf(http, `/users/biosensing/${what}`, datesOf(window, now)),
})

const OxygenTest = z.object({
  source_device_id: text,
  test_time: z.number(),
  time_zone_offset: number,
  test_status: z.string(),
  blood_oxygen_percent: number,
  average_heart_rate_bpm: number,
  heart_rate_variability_ms: number,
})

export const spo2 = defineFeed<z.infer<typeof OxygenTest>>({
  title: { en: 'Blood oxygen', de: 'Blutsauerstoff', fr: 'Oxygène du sang' },
  brings: ['spo2', 'heart_rate', 'hrv_rmssd'],
  ...of('spo2'),
  raw: OxygenTest,
  source: ({ source_device_id }) => deviceOf(source_device_id),
  *read(test): Generator<Told> {
    if (test.test_status !== 'SPO2_TEST_PASSED') return // a test that failed has no result
    const offset = test.time_zone_offset ?? undefined
    const at = { t: test.test_time * 1_000, method: 'active', ...(offset === undefined ? {} : { offset }) } as const
    yield* samplesOf(at, [
      ['spo2', test.blood_oxygen_percent],
      ['heart_rate', test.average_heart_rate_bpm],
      ['hrv_rmssd', test.heart_rate_variability_ms],
    ])
  },
  unused: { altitude_meters: 'where the test was taken' },
})

const SkinTemperature = z.object({
  sleep_date: z.iso.date(),
  sleep_time_skin_temperature_celsius: number,
  deviation_from_baseline_celsius: number,
})

export const skin_temperature = defineFeed<z.infer<typeof SkinTemperature>>({
  title: { en: 'Skin temperature at night', de: 'Hauttemperatur in der Nacht', fr: 'Température cutanée la nuit' },
  brings: ['skin_temperature', 'skin_temperature_deviation'],
  ...of('skintemperature'),
  raw: SkinTemperature,
  read: (night) =>
    daysOf(night.sleep_date, [
      ['skin_temperature', night.sleep_time_skin_temperature_celsius],
      ['skin_temperature_deviation', night.deviation_from_baseline_celsius],
    ]),
  unused: {},
})

const BodyTemperature = z.object({
  source_device_id: text,
  measurement_type: text,
  start_time: z.string(),
  samples: z.array(z.object({ temperature_celsius: z.number(), recording_time_delta_milliseconds: z.number() })),
})

export const body_temperature = defineFeed<z.infer<typeof BodyTemperature>>({
  title: { en: 'Temperature', de: 'Temperatur', fr: 'Température' },
  brings: ['body_temperature', 'skin_temperature'],
  ...of('bodytemperature'),
  raw: BodyTemperature,
  source: ({ source_device_id }) => deviceOf(source_device_id),
  read({ measurement_type, start_time, samples }) {
    const start = Date.parse(`${start_time.replace(/Z$/, '')}Z`) // UTC, whether it says so or not
    const points = samples.map(
      (one) => [start + one.recording_time_delta_milliseconds, one.temperature_celsius] as const,
    )
    const isSkin = measurement_type?.includes('SKIN') ?? false
    return seriesOf(isSkin ? 'skin_temperature' : 'body_temperature', points)
  },
  unused: {
    sensor_location: 'the kind of measurement says it',
    end_time: 'the last sample',
    modified_time: 'when Polar wrote it down',
  },
})
