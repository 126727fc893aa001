/** Metrics and their values in words. */
import { catalogue, isMetric } from '@tributary/protocol'
import type { Latest } from '../api/types.ts'
import { sentenceCase } from './device-words.ts'
import type { Format } from './format.ts'

/** Types of more than one part, which the catalogue keeps by part. */
const compound: Record<string, string> = { blood_pressure: 'Blood pressure', gps: 'Position', sleep: 'Sleep' }

export function metricTitle(type: string): string {
  return isMetric(type) ? catalogue[type].title : (compound[type] ?? sentenceCase(type))
}

type Parts = Partial<Pick<Latest, 'value' | 'systolic' | 'diastolic' | 'lat' | 'lon' | 'stage'>>

/** One value as a person says it: "118/76 mmHg", "72 bpm". */
export function latestWords(
  { data_type, value, systolic, diastolic, lat, lon, stage }: Parts & { data_type: string },
  format: Format,
): string {
  if (systolic !== undefined && diastolic !== undefined) {
    return `${format.number(systolic)}/${format.number(diastolic)}\u00a0mmHg`
  }
  if (lat !== undefined && lon !== undefined) return `${format.number(lat, 4)}, ${format.number(lon, 4)}`
  if (stage !== undefined) return sentenceCase(stage)
  if (typeof value === 'number') return format.value(data_type, value)
  return value ? sentenceCase(value) : '–'
}
