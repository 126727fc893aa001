/** Figures of a session as fields: shown in the reader's unit, sent in the catalogue's. */
import type { Session } from '../api/types.ts'
import { measureFor, metricOfTotal, type UnitSystem } from '../util/measure.ts'
import { totalTitle } from '../util/session-words.ts'

const figuresOf: Record<Session['type'], readonly string[]> = {
  workout: [
    'distance',
    'duration',
    'moving_duration',
    'elevation_gain',
    'heart_rate_avg',
    'heart_rate_max',
    'power_avg',
    'energy_active',
    'energy_total',
  ],
  sleep: ['sleep_total', 'sleep_deep', 'sleep_light', 'sleep_rem', 'sleep_awake'],
  meditation: ['duration', 'heart_rate_avg'],
  ecg: ['heart_rate_avg'],
}

export interface FigureField {
  name: string
  /** With its unit. */
  label: string
  digits: number
  toShown(canonical: number): number
  toCanonical(shown: number): number
}

/** What people may have to put right by hand: the usual ones, and of the others those that the session has. */
export function figureFields({ type, totals }: Pick<Session, 'type' | 'totals'>, units: UnitSystem): FigureField[] {
  const always = new Set(['distance', 'heart_rate_avg', 'sleep_total'])
  return figuresOf[type]
    .filter((name) => totals[name] !== undefined || always.has(name))
    .map((name) => field(name, units))
}

function field(name: string, units: UnitSystem): FigureField {
  const metric = metricOfTotal(name)
  const measure = metric && measureFor(metric, units)
  // Lengths of time are typed in minutes.
  if (!metric || !measure || measure.isDuration) {
    return {
      name,
      label: `${totalTitle(name)}, minutes`,
      digits: 1,
      toShown: (seconds) => seconds / 60,
      toCanonical: (minutes) => minutes * 60,
    }
  }
  const zero = measure.from(0)
  const per = measure.from(1) - zero
  return {
    name,
    label: measure.label ? `${totalTitle(name)}, ${measure.label}` : totalTitle(name),
    digits: measure.digits,
    toShown: measure.from,
    toCanonical: (shown) => (shown - zero) / per,
  }
}

/** As it stands in the field; empty where there is no such figure. */
export function shownFigure({ toShown, digits }: FigureField, value: number | undefined): number | '' {
  return value === undefined ? '' : Math.round(toShown(value) * 10 ** digits) / 10 ** digits
}

/** Only what was changed: a figure rounded for the field must not overwrite the exact one. */
export function changedFigures(
  fields: readonly FigureField[],
  before: Readonly<Record<string, number>>,
  after: Readonly<Record<string, number | string>>,
): Record<string, number | null> {
  const changed: Record<string, number | null> = {}
  for (const field of fields) {
    const typed = after[field.name] ?? ''
    if (typed === shownFigure(field, before[field.name])) continue
    changed[field.name] = typed === '' ? null : field.toCanonical(Number(typed))
  }
  return changed
}
