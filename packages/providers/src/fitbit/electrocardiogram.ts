import { z } from 'zod'
import { defineFeed, type Pages, type Window } from '../kit/feed.ts'
import type { ProviderHttp } from '../kit/http.ts'
import { RecordError } from '../kit/read-records.ts'
import { given, totalsOf } from '../kit/tell.ts'
import { scope } from './auth.ts'
import { byBeginning, pointsOf } from './pages.ts'
import { sourceOf, unusedOfInterval, unusedOfSource } from './source.ts'
import { amount, dataSource, idOr, interval, numberOf, offsetOf, text } from './wire.ts'

const timed = z.object({ electrocardiogram: z.object({ interval }) })

/** No end can be asked for: what is later belongs to another stretch. A signal has thousands of values, so pages are small. */
async function* recordings(http: ProviderHttp, window: Window): Pages {
  const filter = byBeginning('electrocardiogram.interval.start_time', window)
  for await (const page of pointsOf(http, 'electrocardiogram', 'list', filter, 25))
    yield page.filter((record) => {
      const parsed = timed.safeParse(record)
      return !parsed.success || !(Date.parse(parsed.data.electrocardiogram.interval.startTime) >= window.to)
    })
}

const device = z
  .object({
    deviceModel: text,
    firmwareVersion: text,
    featureVersion: text,
    algorithmVersion: text,
    serviceVersion: text,
  })
  .nullish()

export const electrocardiogram = defineFeed({
  title: { en: 'ECG', de: 'EKG', fr: 'ECG' },
  scopes: [scope.ecg],
  brings: ['ecg'],
  windowDays: 365,
  lookBackDays: 14,
  fetch: recordings,
  raw: z.object({
    name: text,
    dataSource,
    electrocardiogram: z.object({
      interval,
      beatsPerMinuteAvg: amount,
      leadNumber: z.number().nullish(),
      millivoltsScalingFactor: z.number().nullish(),
      samplingFrequencyHertz: z.number().nullish(),
      waveformSamples: z.array(z.number()).nullish(),
      resultClassification: text,
      medicalDeviceInfo: device,
    }),
  }),
  source: (record) => sourceOf(record),
  *read({ name, electrocardiogram: ecg }) {
    const { waveformSamples: samples, millivoltsScalingFactor: perMillivolt, samplingFrequencyHertz: rate } = ecg
    if (!samples?.length || !perMillivolt || !rate) throw new RecordError('it has no signal, or not its scale or rate')
    const start = Date.parse(ecg.interval.startTime) // Google tells the same time for its end
    const seconds = samples.length / rate
    yield {
      kind: 'session',
      type: 'ecg',
      start,
      end: start + Math.round(seconds * 1000),
      // Older ones were kept without a zone, and say zero: that is no zone.
      ...given({ offset: offsetOf(ecg.interval.startUtcOffset) || undefined }),
      externalId: `ecg:${idOr(name, ecg.interval.startTime)}`,
      totals: totalsOf({ duration: seconds, heart_rate_avg: numberOf(ecg.beatsPerMinuteAvg) }),
      parts: [],
      streams: {
        ecg_voltage: {
          t: Float64Array.from(samples, (_, i) => start + (i * 1000) / rate),
          v: Float64Array.from(samples, (value) => (value * 1000) / perMillivolt), // microvolts
        },
      },
      extra: given({
        sample_rate: rate,
        classification: ecg.resultClassification?.toLowerCase().replaceAll('_', ' '),
        leads: ecg.leadNumber,
        medical_device: ecg.medicalDeviceInfo,
      }),
    }
  },
  unused: {
    ...unusedOfSource,
    ...unusedOfInterval('electrocardiogram'),
    'dataSource.recordingMethod': 'an ECG is taken by the person',
    'electrocardiogram.interval.endTime': 'the same as its start',
  },
})
