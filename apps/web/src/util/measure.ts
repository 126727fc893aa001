/** In which unit a person reads a metric, and how many decimals say something. */
import { catalogue, fromCanonical, isMetric, type MetricId } from '@tributary/protocol'

export type UnitSystem = 'metric' | 'imperial'

export interface Measure {
  /** As it stands beside a number; empty for counts and scores. */
  label: string
  digits: number
  /** From the catalogue's unit. */
  from(canonical: number): number
  /** Lengths of time are read as hours and minutes. */
  isDuration?: true
}

interface Choice {
  unit: string
  label: string
  digits: number
}

const longWays = new Set([
  'distance',
  'distance_walking_running',
  'distance_cycling',
  'distance_wheelchair',
  'distance_equivalent',
])
const girths = new Set(['waist', 'body_height', 'stride_length'])

/** By canonical unit: what each system reads where that is not the unit itself. */
const choices: Record<string, Partial<Record<UnitSystem, Choice>>> = {
  'm/s': { metric: { unit: 'km/h', label: 'km/h', digits: 1 }, imperial: { unit: 'mph', label: 'mph', digits: 1 } },
  kg: { imperial: { unit: 'lb', label: 'lb', digits: 1 } },
  '°C': { imperial: { unit: '°F', label: '°F', digits: 1 } },
  mL: { imperial: { unit: 'fl oz', label: 'fl oz', digits: 1 } },
}

const lengths = {
  way: { metric: { unit: 'km', label: 'km', digits: 2 }, imperial: { unit: 'mi', label: 'mi', digits: 2 } },
  girth: { metric: { unit: 'cm', label: 'cm', digits: 1 }, imperial: { unit: 'in', label: 'in', digits: 1 } },
  height: { imperial: { unit: 'ft', label: 'ft', digits: 0 } },
} satisfies Record<string, Partial<Record<UnitSystem, Choice>>>

/** Units that are no measure, or go without saying. */
const silent = new Set(['count', 'score', 'index', 'event', 'record', 'session', 'word', 'code'])
const digitsOf: Record<string, number> = {
  '%': 1,
  '°C': 1,
  kg: 1,
  L: 2,
  'mmol/L': 1,
  'kg/m²': 1,
  km: 2,
  'km/h': 1,
  MET: 1,
  'm/s': 1,
  h: 1,
  'breaths/min': 1,
}

export function measureFor(metric: MetricId, system: UnitSystem): Measure {
  const { unit } = catalogue[metric]
  if (unit === 's') return { label: '', digits: 0, from: (seconds) => seconds, isDuration: true }
  const choice = choiceFor(metric, unit, system)
  // A unit that the catalogue cannot convert to leaves the value in its own.
  if (choice && fromCanonical(metric, 1, choice.unit) !== undefined) {
    return {
      label: choice.label,
      digits: choice.digits,
      from: (value) => fromCanonical(metric, value, choice.unit) ?? value,
    }
  }
  return { label: silent.has(unit) ? '' : unit, digits: digitsOf[unit] ?? 0, from: (value) => value }
}

function choiceFor(metric: MetricId, unit: string, system: UnitSystem): Choice | undefined {
  const row: Partial<Record<UnitSystem, Choice>> | undefined =
    unit === 'm' ? lengths[longWays.has(metric) ? 'way' : girths.has(metric) ? 'girth' : 'height'] : choices[unit]
  return row?.[system]
}

/** The metric that a session's total is of: `heart_rate_avg` is heart rate. */
export function metricOfTotal(total: string): MetricId | undefined {
  const plain = total.replace(/_(avg|max|min|normalized)$/, '')
  if (isMetric(plain)) return plain
  if (plain === 'elevation_loss') return 'elevation_gain'
  return /(^|_)duration$/.test(plain) ? 'exercise_duration' : undefined
}
