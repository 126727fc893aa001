/** From the units people and devices write to the catalogue's, and back. */
import { type MetricId, metricIds, metrics } from './metrics.ts'
import { type Conversion, ownUnits, type UnitRow, unitTable } from './units-table.ts'

export type { Conversion } from './units-table.ts'

interface Units {
  rows: readonly UnitRow[]
  bySpelling: Map<string, Conversion>
}

/** No unit is longer; whatever a file says instead is not worth folding. */
const longestUnit = 60

const unitsByMetric = new Map(metricIds.map((id) => [id, unitsFor(id)]))

/**
 * How a value in `unit` becomes the metric's canonical unit; undefined when the unit is not understood. Look it up once
 * for a batch. No unit at all means the canonical one.
 */
export function conversionFor(metric: MetricId, unit?: string): Conversion | undefined {
  const written = unit?.trim() || metrics[metric].unit
  if (written.length > longestUnit) return undefined
  const known = unitsByMetric.get(metric)?.bySpelling
  // Case matters first (mS is no ms), and is forgiven only where the small letters are a spelling of their own (BPM, KG).
  return known?.get(written) ?? known?.get(fold(written)) ?? known?.get(fold(written).toLowerCase())
}

/** In full precision; a pace of 0 becomes Infinity, which no metric's range takes. */
export function convert({ per, minus = 0, times = 1, over = 1, plus = 0 }: Conversion, value: number): number {
  return per === undefined ? ((value - minus) * times) / over + plus : per / value
}

/** The inverse of `convert`. */
export function convertBack({ per, minus = 0, times = 1, over = 1, plus = 0 }: Conversion, canonical: number): number {
  return per === undefined ? ((canonical - plus) * over) / times + minus : per / canonical
}

/** The value in the metric's canonical unit; undefined when the unit is not understood. */
export function toCanonical(metric: MetricId, value: number, unit?: string): number | undefined {
  const conversion = conversionFor(metric, unit)
  return conversion && convert(conversion, value)
}

/** A canonical value in another unit; undefined when the unit is not understood. */
export function fromCanonical(metric: MetricId, canonical: number, unit?: string): number | undefined {
  const conversion = conversionFor(metric, unit)
  return conversion && convertBack(conversion, canonical)
}

/** One spelling of every unit the metric is understood in, the canonical one first. */
export function unitsOf(metric: MetricId): string[] {
  const spellings = unitsByMetric.get(metric)?.rows.map(([written]) => written.split('|')[0] ?? '') ?? []
  return [...new Set([metrics[metric].unit, ...spellings])]
}

/** Seconds of an ISO 8601 duration (`PT1H2M3.5S`, `P1DT2H`) or of `H:MM:SS`, `MM:SS`; undefined for anything else. */
export function durationSeconds(text: string): number | undefined {
  const iso = /^P(?:(\d+)D)?(?:T(?=\d)(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:[.,]\d+)?)S)?)?$/.exec(text)
  if (iso && text !== 'P') {
    const [days, hours, minutes, seconds] = iso.slice(1).map((part) => Number((part ?? '0').replace(',', '.')))
    return (((days ?? 0) * 24 + (hours ?? 0)) * 60 + (minutes ?? 0)) * 60 + (seconds ?? 0)
  }
  const clock = /^(?:(\d+):)?([0-5]?\d):([0-5]\d(?:\.\d+)?)$/.exec(text)
  if (!clock) return undefined
  const [hours, minutes, seconds] = clock.slice(1).map((part) => Number(part ?? '0'))
  return ((hours ?? 0) * 60 + (minutes ?? 0)) * 60 + (seconds ?? 0)
}

function unitsFor(metric: MetricId): Units {
  const own = ownUnits[metric]
  const rows = [...(own?.only ? [] : unitTable[metrics[metric].unit]), ...(own?.rows ?? [])]
  const bySpelling = new Map<string, Conversion>()
  for (const [written, conversion] of rows) {
    for (const spelling of written.split('|')) {
      bySpelling.set(spelling, conversion)
      bySpelling.set(fold(spelling), conversion)
    }
  }
  return { rows, bySpelling }
}

/** HealthKit writes the molar mass into the unit (`mmol<180.15588>/L`), UCUM what was counted (`{beats}/min`). */
function fold(unit: string): string {
  const plain = unit.normalize('NFKC').replace(/\{[^}]*\}|<[^>]*>/g, '')
  return (
    plain
      .replace(/\s*\/\s*/g, '/')
      .replace(/\s+/g, ' ')
      .trim() || '1'
  )
}
