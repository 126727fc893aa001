/** A trend in sentences. Pure. */
import type { MetricId } from '@tributary/protocol'
import { isAmount } from '../../charts/metric-lines.ts'
import { type Format, hoursAndMinutes } from '../../util/format.ts'
import type { DayWords } from '../../util/local-days.ts'
import { addDays } from '../../util/local-days.ts'
import { metricTitle } from '../../util/metric-words.ts'
import { type Level, lengthOf, longerOf, type Switch } from './figures.ts'
import type { Period, View } from './periods.ts'

type Words = Pick<Format, 'value' | 'measure' | 'number'>

export function periodWords(view: View, { from, to }: Period, words: DayWords): string {
  switch (view) {
    case 'day':
      return words.full(from)
    case 'week':
      return `${words.short(from)} to ${words.short(addDays(to, -1))}`
    case 'month':
      return words.month(from)
    case 'year':
      return words.year(from)
    case 'all':
      return `${words.month(from)} to ${words.month(addDays(to, -1))}`
  }
}

/** "6% more", "2 bpm lower", "the same". */
export function changeWords(metric: MetricId, now: number, then: number, format: Words): string {
  const { from, digits, label, isDuration } = format.measure(metric)
  const difference = from(now) - from(then)
  const size = Math.abs(difference)
  const words = isDuration ? hoursAndMinutes(size) : format.number(size, digits)
  if ((isDuration ? Math.round(size / 60) : Number(size.toFixed(digits))) === 0) return 'the same'
  if (isDuration) return `${words} ${difference > 0 ? 'more' : 'less'}`
  if (isAmount(metric) && then !== 0) {
    const share = Math.round((size / Math.abs(from(then))) * 100)
    if (share > 0) return `${format.number(share)}% ${difference > 0 ? 'more' : 'less'}`
  }
  const unit = label ? (label === '%' ? ' percentage points' : `\u00a0${label}`) : ''
  const [more, less] = isAmount(metric) ? ['more', 'less'] : ['higher', 'lower']
  return `${words}${unit} ${difference > 0 ? more : less}`
}

interface Told {
  metric: MetricId
  /** `in` a month, `on` a day, `from` a Monday to a Sunday. */
  when: 'in' | 'on' | 'from'
  period: string
  now: Level | undefined
  others: readonly { period: string; level: Level | undefined }[]
  gaps: readonly Period[]
  switches: readonly Switch[]
  sourceName: (id: string) => string
  isGoingOn: boolean
}

export function trendSentence(told: Told, format: Words, words: DayWords): string {
  const { metric, when, period, now, others, gaps, switches, sourceName, isGoingOn } = told
  const title = metricTitle(metric)
  if (!now) return `${title}: nothing ${when} ${period}.`
  const value = format.value(metric, now.value)
  const level =
    longerOf(metric) === 'sum' || when === 'on'
      ? `${title}: ${value} ${when} ${period}`
      : `${title}: ${value} on average ${when} ${period}, of ${now.days} ${now.days === 1 ? 'day' : 'days'}`
  const compared = others.map(({ period: other, level: then }) => {
    if (!then) return `there is nothing of ${other} to compare with`
    const change = changeWords(metric, now.value, then.value, format)
    const than = `${change === 'the same' ? 'as' : 'than'} ${when}`
    return `${change} ${than} ${other} (${format.value(metric, then.value)})`
  })
  return [
    `${[level, ...compared].join('; ')}.`,
    ...(isGoingOn ? [when === 'on' ? 'The day is not over.' : 'Today is not over and is left out.'] : []),
    ...(gaps.length > 0 ? [gapWords(gaps, words)] : []),
    ...switches.map(
      ({ date, from, to }) =>
        `From ${words.full(date)} on the figures come from ${sourceName(to)}, before that from ${sourceName(from)}.`,
    ),
  ].join(' ')
}

const mostGaps = 3

function gapWords(gaps: readonly Period[], words: DayWords): string {
  const named = gaps.slice(0, mostGaps).map((gap) => {
    const last = addDays(gap.to, -1)
    return gap.from === last ? words.short(last) : `${words.short(gap.from)} to ${words.short(last)}`
  })
  const days = gaps.reduce((sum, gap) => sum + lengthOf(gap), 0)
  const more = gaps.length > mostGaps ? ` and ${gaps.length - mostGaps} more gaps` : ''
  return `Nothing for ${days} days: ${named.join(', ')}${more}.`
}

const stretch: Partial<Record<View, string>> = { year: 'week', all: 'month' }

/** What one bar or point of the chart stands for. */
export function bucketWords(metric: MetricId, view: View): string {
  const of = stretch[view]
  if (!of) return ''
  const what = isAmount(metric) || longerOf(metric) === 'sum' ? 'bar' : 'point'
  const figure = {
    mean: `the average day of a ${of}`,
    sum: `how many there were in a ${of}`,
    last: `the last value of a ${of}`,
    max: `the highest of a ${of}`,
    min: `the lowest of a ${of}`,
  }[longerOf(metric)]
  return `Each ${what} is ${figure}.`
}

export const whenOf = (view: View): Told['when'] =>
  view === 'day' ? 'on' : view === 'week' || view === 'all' ? 'from' : 'in'

/** What a calendar shows by its colours. */
export function yearSentence(
  metric: MetricId,
  year: string,
  days: readonly { date: string; value: number }[],
  format: Words,
  words: DayWords,
): string {
  const title = metricTitle(metric)
  const sorted = days.toSorted((a, b) => a.value - b.value)
  const [low, high] = [sorted[0], sorted.at(-1)]
  if (!low || !high) return `${title}: nothing in ${year}.`
  const of = `${title}: ${days.length} ${days.length === 1 ? 'day' : 'days'} in ${year}`
  if (low.value === high.value) return `${of}, ${format.value(metric, low.value)}.`
  const end = ({ date, value }: typeof low) => `${format.value(metric, value)} on ${words.short(date)}`
  return `${of}, from ${end(low)} to ${end(high)}.`
}
