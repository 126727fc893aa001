/** What the value of an event may be: its parts' own limits, the catalogue's words, and how parts must stand to each other. */
import { catalogue, faultOf, isCompound, type Loss, limitsOf, type MetricId } from '@tributary/protocol'
import { partsOf } from './names.ts'
import { partMetric } from './normalise-event.ts'
import type { EventRow, EventValue } from './sifted.ts'

/** Units that measure nothing: the event itself is the value, a number beside it is optional. */
const measureless = new Set(['event', 'record', 'session', 'code', 'word'])

export function partFaultOf({ metric, value, start, end }: EventRow): Loss | null {
  const missing = missingPart(metric, value)
  if (missing) return missing
  for (const [part, given] of Object.entries(value)) {
    const of = partMetric(metric, part)
    if (!of) continue
    if (typeof given === 'number') {
      const loss = faultOf(limitsOf(of), given, end === null ? 0 : end - start)
      if (loss) return loss
    } else if (given !== null) {
      const loss = wordFault(of, given)
      if (loss) return loss
    }
  }
  return null
}

function missingPart(metric: string, value: EventValue): Loss | null {
  if (isCompound(metric)) {
    const parts = partsOf(metric)
    const part = Object.keys(parts).find((name) => !parts[name]?.optional && typeof value[name] !== 'number')
    return part ? { code: 'part_missing', detail: `${metric} needs ${part} as a number` } : null
  }
  const needed = !measureless.has(catalogue[metric as MetricId].unit) || catalogue[metric as MetricId].words
  return needed && (value['value'] === undefined || value['value'] === null)
    ? { code: 'value_missing', detail: `${metric} needs a value` }
    : null
}

function wordFault(metric: MetricId, word: string): Loss | null {
  const { words, unit } = catalogue[metric]
  if (words)
    return words.includes(word) ? null : { code: 'word_unknown', detail: `${metric} takes ${words.join(', ')}` }
  return measureless.has(unit) ? null : { code: 'value_not_a_number', detail: `${metric} takes a number` }
}

/** Diastolic is below systolic by more than 5 mmHg, and the mean lies between them. */
export function pairFaultOf({ metric, value }: EventRow): Loss | null {
  const { systolic, diastolic, mean } = value
  if (metric !== 'blood_pressure' || typeof systolic !== 'number' || typeof diastolic !== 'number') return null
  if (diastolic >= systolic - 5)
    return { code: 'pair_impossible', detail: 'diastolic must be more than 5 mmHg below systolic' }
  if (typeof mean === 'number' && (mean < diastolic || mean > systolic))
    return { code: 'pair_impossible', detail: 'mean must lie between diastolic and systolic' }
  return null
}
