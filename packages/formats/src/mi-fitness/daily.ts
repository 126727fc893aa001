import { readNumber } from '../archives/read-times.ts'
import { recordOf } from '../json/records.ts'
import type { Context, Row } from './keys.ts'

interface Field {
  key: string
  field: string
  metric: string
  unit?: string
  /** An amount over the whole local day. */
  isAmount?: true
}

// biome-ignore format: a table, one line for each figure.
const fields: readonly Field[] = [
  { key: 'steps', field: 'steps', metric: 'steps', isAmount: true },
  { key: 'steps', field: 'distance', metric: 'distance', isAmount: true },
  { key: 'steps', field: 'calories', metric: 'energy_active', isAmount: true },
  { key: 'heart_rate', field: 'avg_rhr', metric: 'resting_heart_rate' },
  { key: 'sleep', field: 'sleep_score', metric: 'sleep_score' },
  { key: 'stress', field: 'avg_stress', metric: 'stress_score' },
  { key: 'stress', field: 'avg', metric: 'stress_score' },
  { key: 'valid_stand', field: 'count', metric: 'stand_hours' },
]

/**
 * What Mi Fitness states for a day. Its days are known to be incomplete: where the raw table is there, only the score of the sleep,
 * which that lacks, is taken. Returns the fields that were read.
 */
export function takeDaily(key: string, row: Row, context: Context, hasRaw: boolean): string[] {
  const { gather, clock } = context
  const read: string[] = []
  if (!gather.isTime(row.source, key, row.t)) return read
  for (const { key: of, field, metric, isAmount } of fields) {
    if (of !== key || (hasRaw && metric !== 'sleep_score')) continue
    const value = readNumber(recordOf(row.value)[field])
    if (!(value > 0)) continue
    read.push(field)
    const date = clock.dateOf(row.t)
    if (!isAmount) gather.day(row.source, { metric, date, value })
    else {
      const start = clock.timeOf(Date.parse(date))
      const end = clock.timeOf(Date.parse(date) + 86_400_000)
      gather.sample(row.source, metric, start, value, { duration: end - start })
    }
  }
  return read
}
