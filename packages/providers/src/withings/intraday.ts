/** Values through the day, in a map by seconds since 1970; of a longer stretch than a day only the first day would come. */
import { z } from 'zod'
import { defineFeed } from '../kit/feed.ts'
import { readAnswer } from '../kit/read-answer.ts'
import { samplesOf } from '../kit/tell.ts'
import { call, seconds } from './call.ts'
import { deviceOf, sometimes } from './devices.ts'

const number = z.number().nullish()
const text = z.string().nullish()

const Point = z.object({
  t: z.number(),
  deviceid: text,
  hash_deviceid: text,
  model: z.union([z.string(), z.number()]).nullish(),
  heart_rate: number,
  rmssd: number,
  sdnn1: number,
  rr: number,
  spo2_auto: number,
})

const Series = z.union([
  z.record(z.string(), z.record(z.string(), z.unknown())),
  z.array(z.never()).transform(() => ({})),
])

export const intraday = defineFeed<z.infer<typeof Point>>({
  title: { en: 'Heart rate', de: 'Puls', fr: 'Fréquence cardiaque' },
  scopes: ['user.activity'],
  brings: ['heart_rate', 'hrv_rmssd', 'hrv_sdnn', 'respiratory_rate', 'spo2'],
  windowDays: 1,
  lookBackDays: 2,
  async *fetch(http, { from, to }) {
    const data_fields = 'heart_rate,rmssd,sdnn1,rr,spo2_auto'
    const query = { startdate: seconds(from), enddate: seconds(to), data_fields }
    const { series } = await call(http, '/v2/measure', 'getintradayactivity', query)
    yield Object.entries(readAnswer(Series, series ?? {})).map(([t, point]) => ({ t: Number(t), ...point }))
  },
  raw: Point,
  source: deviceOf,
  read: ({ t, heart_rate, rmssd, sdnn1, rr, spo2_auto }) =>
    samplesOf({ t: t * 1_000, method: 'automatic' }, [
      ['heart_rate', heart_rate],
      ['hrv_rmssd', rmssd],
      ['hrv_sdnn', sdnn1],
      ['respiratory_rate', rr],
      ['spo2', typeof spo2_auto === 'number' && spo2_auto <= 1 ? spo2_auto * 100 : spo2_auto],
    ]),
  sometimes,
  unused: { model_id: 'a number for the model' },
})
