/** A figure of a day as a person says it. */
import { catalogue, type MetricId } from '@tributary/protocol'
import type { Against } from '../../charts/usual.ts'
import type { Format } from '../../util/format.ts'
import { dayWords } from '../../util/local-days.ts'
import type { Figure } from './figures.ts'

export function figureWords(
  { metric, day, partner }: Pick<Figure, 'metric' | 'day' | 'partner'>,
  format: Format,
): string {
  if (!partner) return format.value(metric, day.value)
  return `${format.number(day.value)}/${format.value('bp_diastolic', partner.value)}`
}

export function usualWords(
  { metric, usual, isSoFar }: Pick<Figure, 'metric' | 'usual' | 'isSoFar'>,
  format: Format,
): string {
  if (!usual) return 'Not enough days yet to say what is usual'
  const [median, ...half] = [usual.median, usual.low, usual.high].map((value) => format.value(metric, value))
  const range = half[0] === half[1] ? '' : `, mostly ${shortRange(half as [string, string])}`
  return isSoFar ? `So far; usually ${median} by the end of the day${range}` : `Usually ${median}${range}`
}

/** "8,000–8,900", "53–56 bpm": a unit that both ends share is said once. */
export function shortRange([low, high]: readonly [string, string]): string {
  const unit = /\u00a0\S+$|%$/.exec(high)?.[0]
  return `${unit && low.endsWith(unit) && !low.slice(0, -unit.length).includes('\u00a0') ? low.slice(0, -unit.length) : low}\u2060–\u2060${high}`
}

const amounts = new Set(['count', 's', 'm', 'kcal', 'g', 'mL'])

/** Amounts are more or less, gauges higher or lower: neither is good or bad by itself. */
export function verdictWords(verdict: Against, metric: MetricId): string {
  if (verdict === 'as usual') return 'As usual'
  const isAmount = amounts.has(catalogue[metric].unit)
  if (verdict === 'above') return isAmount ? 'More than usual' : 'Higher than usual'
  return isAmount ? 'Less than usual' : 'Lower than usual'
}

/** How old it is: of the day that is looked at its time, of an older one the day. */
export function freshness(
  { day }: { day: { date: string; last_time: string | null } },
  date: string,
  today: string,
  format: Pick<Format, 'locale' | 'since' | 'time'>,
): string {
  if (day.date !== date) return dayWords(format.locale, today).ago(day.date)
  if (date !== today) return day.last_time ? `until ${format.time(day.last_time)}` : 'of this day'
  return day.last_time ? format.since(day.last_time) : 'of today'
}
