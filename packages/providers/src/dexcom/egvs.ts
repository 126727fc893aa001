/** Estimated glucose values, one each five minutes. */
import type { SampleReading } from '@tributary/protocol'
import { z } from 'zod'
import { defineFeed } from '../kit/feed.ts'
import { RecordError } from '../kit/read-records.ts'
import { glucoseUnits, listed, momentOf, sensorOf, Times } from './records.ts'

const text = z.string().nullish()

const Egv = z.object({
  ...Times.shape,
  recordId: text,
  value: z.number(),
  unit: z.string(),
  trendRate: z.number().nullish(),
  rateUnit: text,
  status: text,
  transmitterGeneration: text,
})
type Egv = z.infer<typeof Egv>

/** The sensor's range in mg/dL: 39 and 401 are words for what lies outside of it. */
const lowest = 40
const highest = 400

export const egvs = defineFeed<Egv>({
  title: { en: 'Glucose', de: 'Glukose', fr: 'Glucose' },
  brings: ['blood_glucose', 'glucose_trend_rate'],
  ...listed('egvs'),
  raw: Egv,
  source: sensorOf,
  *read(egv) {
    if (!glucoseUnits.has(egv.unit)) throw new RecordError('its unit is not said')
    const moment = momentOf(egv)
    yield { kind: 'sample', metric: 'blood_glucose', ...moment, ...glucoseOf(egv), method: 'automatic' }
    const { trendRate: value, rateUnit: unit } = egv
    if (typeof value === 'number')
      yield {
        kind: 'sample',
        metric: 'glucose_trend_rate',
        ...moment,
        value,
        ...(unit ? { unit } : {}),
        method: 'automatic',
      }
  },
  sometimes: { value: 'beyond the sensor’s range its edge stands in its place' },
  unused: {
    recordId: 'a reading is known by its time: a new phone sends it again under another id',
    transmitterId: 'a sensor lives days; its generation is the device',
    transmitterTicks: 'the sensor’s own clock',
    trend: 'a word for trendRate',
    displayDevice: 'where it was seen, not what measured',
    displayApp: 'where it was seen, not what measured',
  },
})

/** What is out of the sensor's range is at its edge, and trusted less: it was measured, but not how much. */
function glucoseOf({ value, unit, status }: Egv): Pick<SampleReading, 'value' | 'unit' | 'quality'> {
  const isLow = status === 'low' || (unit === 'mg/dL' && value < lowest)
  const isHigh = status === 'high' || (unit === 'mg/dL' && value > highest)
  if (isLow || isHigh) return { value: isLow ? lowest : highest, unit: 'mg/dL', quality: 'poor' }
  return { value, unit }
}
