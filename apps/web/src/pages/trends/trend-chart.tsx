/** Days, weeks or months of one metric over what is usual for the person. */
import { useComputedColorScheme } from '@mantine/core'
import type { MetricId } from '@tributary/protocol'
import { type KeyboardEvent, useMemo, useRef } from 'react'
import type { DayValue } from '../../api/types.ts'
import { useFormat } from '../../app/reader.tsx'
import { type Column, nearestIndex, withGaps } from '../../charts/columns.ts'
import { type Cursor, createCursor, useCursor } from '../../charts/cursor.ts'
import { isAmount } from '../../charts/metric-lines.ts'
import { lineColour, type Scheme } from '../../charts/palette.ts'
import { Plot, type PlotHandle, type PlotLine, type PlotLook, stepCursor } from '../../charts/plot.tsx'
import { timeAxis } from '../../charts/time-axis.ts'
import { rollingUsual, type Usual } from '../../charts/usual.ts'
import { type Format, hoursAndMinutes } from '../../util/format.ts'
import { dayWords, firstWeekdayOf, instantOfDate, startOfWeek } from '../../util/local-days.ts'
import { figureOf, longerOf, type Switch, within } from './figures.ts'
import { bucketsOf, type Period, periodOf, type View } from './periods.ts'
import styles from './trend-chart.module.css'
import { periodWords } from './words.ts'

interface TrendChartProps {
  metric: MetricId
  view: View
  period: Period
  days: readonly DayValue[]
  switches: readonly Switch[]
  sourceName: (id: string) => string
  summary: string
  today: string
  onLook: (view: View, date: string) => void
  onMove: (direction: -1 | 1) => void
}

interface Bucket extends Period {
  at: number
  value: number | undefined
  usual: Usual | undefined
  source: string | undefined
}

const bucketViews: Record<View, View> = { day: 'day', week: 'day', month: 'day', year: 'week', all: 'month' }
const half = 43_200_000

export function TrendChart(props: TrendChartProps) {
  const { metric, view, period, days, switches, sourceName, summary, today, onLook, onMove } = props
  const format = useFormat()
  const scheme = useComputedColorScheme()
  const cursor = useMemo(createCursor, [])
  const plot = useRef<PlotHandle | null>(null)
  const { from, to } = period
  const buckets = useMemo(
    () => bucketed(metric, view, { from, to }, days, firstWeekdayOf(format.locale), today),
    [metric, view, from, to, days, format.locale, today],
  )
  const lines = useMemo(() => linesOf(metric, buckets, format, scheme), [metric, buckets, format, scheme])
  const look = useMemo(() => {
    const marks = switches.map((one) => ({ at: instantOfDate(one.date), label: sourceName(one.to) }))
    return lookOf(metric, buckets, marks, format)
  }, [metric, buckets, switches, sourceName, format])

  const lookCloser = () => {
    const at = cursor.get()
    const bucket = at === null ? undefined : buckets.find((one) => one.at === at)
    if (bucket) onLook(bucketViews[view], bucket.from)
  }
  const answerKey = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return
    const direction = event.key === 'ArrowLeft' ? -1 : event.key === 'ArrowRight' ? 1 : 0
    if (direction && event.shiftKey) onMove(direction)
    else if (direction && plot.current) stepCursor(plot.current, direction)
    else if (event.key === 'Enter') lookCloser()
    else return
    event.preventDefault()
  }
  return (
    <div className={styles['chart']}>
      <Readout
        cursor={cursor}
        buckets={buckets}
        metric={metric}
        view={bucketViews[view]}
        format={format}
        today={today}
        sourceName={sourceName}
      />
      <div
        className={styles['field']}
        role="application"
        aria-label={`${summary} Arrow keys move along the chart, with Shift to the period before or after; Enter looks closer.`}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: the chart takes arrow keys and Enter.
        tabIndex={0}
        onKeyDown={answerKey}
        onClick={lookCloser}
      >
        <Plot lines={lines} look={look} cursor={cursor} plot={plot} />
      </div>
      <ul className={styles['legend']}>
        <li>
          <span className={styles['band']} /> What is usual for you: the middle half of the four weeks before, with its
          median
        </li>
        {switches.length > 0 && (
          <li>
            <span className={styles['switch']} /> Another source took over
          </li>
        )}
      </ul>
    </div>
  )
}

function bucketed(
  metric: MetricId,
  view: View,
  period: Period,
  days: readonly DayValue[],
  firstWeekday: number,
  today: string,
): Bucket[] {
  const buckets = bucketsOf(view, period, firstWeekday)
  const usual = rollingUsual(
    days,
    buckets.map(({ from }) => from),
  )
  return buckets.map((bucket, index) => {
    const of = within(days, bucket)
    const value = figureOf(
      of.map((day) => day.value),
      longerOf(metric),
    )
    return {
      ...bucket,
      // A year begins within a week: bars stand a whole week apart all the same.
      at: instantOfDate(view === 'year' ? startOfWeek(bucket.from, firstWeekday) : bucket.from),
      value,
      usual: bucket.from > today ? undefined : usual[index],
      source: of.at(-1)?.source_id,
    }
  })
}

function linesOf(metric: MetricId, buckets: readonly Bucket[], format: Format, scheme: Scheme): PlotLine[] {
  const { from } = format.measure(metric)
  const or = (value: number | undefined) => (value === undefined ? null : from(value))
  const x = buckets.map(({ at }) => at)
  const known = buckets.filter(({ value }) => value !== undefined)
  const column: Column = { x: known.map(({ at }) => at), y: known.map(({ value }) => or(value)) }
  const isBars = isAmount(metric) || longerOf(metric) === 'sum'
  return [
    {
      label: 'Usual',
      colour: scheme === 'dark' ? '#8fa3ab' : '#5f7780',
      column: {
        x,
        y: buckets.map(({ usual }) => or(usual?.median)),
        low: buckets.map(({ usual }) => or(usual?.low)),
        high: buckets.map(({ usual }) => or(usual?.high)),
      },
      shape: 'line',
      isQuiet: true,
    },
    {
      label: 'You',
      colour: lineColour(scheme, 0),
      column: isBars ? column : withGaps(column, 0),
      shape: isBars ? 'columns' : 'line',
    },
  ]
}

function lookOf(metric: MetricId, buckets: readonly Bucket[], marks: PlotLook['marks'], format: Format): PlotLook {
  const { digits, isDuration } = format.measure(metric)
  const [first, second, last] = [buckets[0]?.at ?? 0, buckets[1]?.at, buckets.at(-1)?.at ?? 0]
  const air = second === undefined ? half : (second - first) / 2
  const isBars = isAmount(metric) || longerOf(metric) === 'sum'
  return {
    height: 320,
    shape: isBars ? 'columns' : 'line',
    range: [first - air, last + air],
    timeZone: 'UTC',
    xWords: timeAxis({ locale: format.locale, timeZone: 'UTC' }),
    yWords: (value) => (isDuration ? hoursAndMinutes(value) : format.number(value, Math.max(digits, 1))),
    ...(isDuration && { isDuration }),
    ...(marks?.length && { marks }),
  }
}

interface ReadoutProps {
  cursor: Cursor
  buckets: readonly Bucket[]
  metric: MetricId
  view: View
  format: Format
  today: string
  sourceName: (id: string) => string
}

function Readout({ cursor, buckets, metric, view, format, today, sourceName }: ReadoutProps) {
  const at = useCursor(cursor)
  if (at === null) return <p className={styles['readout']}>Point at the chart for a day; press to look closer.</p>
  const bucket =
    buckets[
      nearestIndex(
        buckets.map((one) => one.at),
        at,
      )
    ]
  if (!bucket) return null
  const words = dayWords(format.locale, today)
  const { value, usual, source } = bucket
  const known = { firstWeekday: firstWeekdayOf(format.locale), first: bucket.from, last: bucket.from }
  const when =
    view === 'day'
      ? words.full(bucket.from)
      : periodWords(view, view === 'week' ? bucket : periodOf(view, bucket.from, known), words)
  return (
    <p className={styles['readout']} aria-live="polite">
      <span>{when}</span>
      <strong>{value === undefined ? 'Nothing' : format.value(metric, value)}</strong>
      {usual && <span>usually {format.value(metric, usual.median)}</span>}
      {source && <span>{sourceName(source)}</span>}
    </p>
  )
}
