/** A chart in a sentence, for who cannot see it and for who wants only that. */
import { type Format, hoursAndMinutes } from '../util/format.ts'
import type { Measure } from '../util/measure.ts'
import type { Column } from './columns.ts'

export interface Described {
  label: string
  column: Column
  samples: number
}

interface Chart {
  title: string
  from: number
  to: number
  /** Amounts add up, gauges lie between two values. */
  isAmount: boolean
  lines: readonly Described[]
}

type Words = Pick<Format, 'number' | 'dateTime' | 'fullDateTime' | 'date'>

/** Values in the columns are in the measure's own unit already. */
export function describeChart({ title, from, to, isAmount, lines }: Chart, measure: Measure, format: Words): string {
  const words = (value: number) =>
    measure.isDuration ? hoursAndMinutes(value) : `${format.number(value, measure.digits)} ${measure.label}`.trim()
  const when = `from ${format.fullDateTime(from)} to ${format.fullDateTime(to)}`
  const sentences = lines.flatMap(({ label, column, samples }) => {
    const facts = factsOf(column)
    if (!facts) return []
    const count = `${format.number(samples)} ${samples === 1 ? 'value' : 'values'}`
    const what = isAmount
      ? `${words(facts.sum)} in all`
      : facts.low === facts.high
        ? words(facts.low)
        : `between ${words(facts.low)} and ${words(facts.high)}`
    // A mean stands for a stretch of time that may not be over: it is nobody's last value.
    if (column.low) return [`${label}: ${what}, ${count}.`]
    return [
      `${label}: ${what}, ${count}; the last ${isAmount ? 'bar' : 'one'} is ${words(facts.last)} on ${format.dateTime(facts.lastAt)}.`,
    ]
  })
  return sentences.length > 0 ? `${title} ${when}. ${sentences.join(' ')}` : `No ${title.toLowerCase()} ${when}.`
}

function factsOf({ x, y, low: lows, high: highs }: Column) {
  const known = y.flatMap((value, index) =>
    value === null ? [] : [{ value, at: x[index] ?? 0, least: lows?.[index] ?? value, most: highs?.[index] ?? value }],
  )
  const last = known.at(-1)
  if (!last) return undefined
  let [low, high, sum] = [last.value, last.value, 0]
  for (const { value, least, most } of known) {
    low = Math.min(low, least)
    high = Math.max(high, most)
    sum += value
  }
  return { low, high, sum, last: last.value, lastAt: last.at }
}
