/** ECGs: a list, and the signal of each from a second call. */
import { z } from 'zod'
import { defineFeed, type Told } from '../kit/feed.ts'
import { readAnswer } from '../kit/read-answer.ts'
import { given } from '../kit/tell.ts'
import { offsetIn } from '../kit/zone.ts'
import { call, pagesOf, seconds } from './call.ts'
import { deviceOf, sometimes } from './devices.ts'

const text = z.string().nullish()
const id = z.union([z.number(), z.string()])

/** As type 130 of the measures: 8 to 13 are names for the same in some regions. */
const classes: Readonly<Record<number, string>> = {
  0: 'negative',
  1: 'positive',
  2: 'inconclusive',
  3: 'no signal',
  4: 'other',
  5: 'noise',
  6: 'low heart rate',
  7: 'high heart rate',
}

const Record = z.object({
  timestamp: z.number(),
  timezone: text,
  deviceid: text,
  hash_deviceid: text,
  heart_rate: z.number().nullish(),
  ecg: z.object({ signalid: id, afib: z.number().nullish() }),
  signal: z.object({ signal: z.array(z.number()), sampling_frequency: z.number(), wearposition: z.number().nullish() }),
})

export const heart = defineFeed<z.infer<typeof Record>>({
  title: { en: 'ECG', de: 'EKG', fr: 'ECG' },
  scopes: ['user.metrics'],
  brings: ['ecg'],
  windowDays: 365,
  lookBackDays: 14,
  async *fetch(http, { from, to }) {
    const window = { startdate: seconds(from), enddate: seconds(to) }
    for await (const page of pagesOf(http, '/v2/heart', 'list', 'series', window)) {
      const records: unknown[] = []
      for (const one of readAnswer(z.array(z.looseObject({ ecg: z.looseObject({ signalid: id }).optional() })), page)) {
        if (!one.ecg) continue // a blood pressure without an ECG: measures have it
        const signal = await call(http, '/v2/heart', 'get', { signalid: String(one.ecg.signalid) })
        records.push({ ...one, signal })
      }
      yield records
    }
  },
  raw: Record,
  source: deviceOf,
  *read({
    timestamp,
    timezone,
    heart_rate,
    ecg,
    signal: { signal, sampling_frequency, wearposition },
  }): Generator<Told> {
    const start = timestamp * 1_000
    const offset = timezone ? offsetIn(timezone, start) : undefined
    const length = signal.length / sampling_frequency
    yield {
      kind: 'session',
      type: 'ecg',
      start,
      end: start + Math.round(length * 1_000),
      ...(offset === undefined ? {} : { offset }),
      externalId: `ecg:${ecg.signalid}`,
      totals: { duration: length, ...(heart_rate ? { heart_rate_avg: heart_rate } : {}) },
      parts: [],
      streams: {
        ecg_voltage: {
          t: Float64Array.from(signal, (_, i) => start + (i * 1_000) / sampling_frequency),
          v: Float64Array.from(signal), // microvolts
        },
      },
      extra: given({
        sample_rate: sampling_frequency,
        classification: ecg.afib == null ? undefined : (classes[ecg.afib] ?? `class ${ecg.afib}`),
        wear_position: wearposition,
      }),
    }
  },
  sometimes,
  unused: {
    model: 'what kind of thing it is, in numbers',
    modified: 'when Withings last counted',
    bloodpressure: 'measures have it',
    'signal.model': 'what kind of thing it is, in numbers',
  },
})
