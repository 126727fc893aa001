/** One to four metrics over time, every source as its own line, on one axis or two. */
import type { MetricId } from '@tributary/protocol'
import { type KeyboardEvent, type RefObject, useMemo, useRef } from 'react'
import { useFormat } from '../app/reader.tsx'
import { type Format, hoursAndMinutes } from '../util/format.ts'
import { metricTitle } from '../util/metric-words.ts'
import { type Range, shift, zoom } from '../util/time-range.ts'
import { nearestIndex, nearestValue } from './columns.ts'
import { type Cursor, createCursor, useCursor } from './cursor.ts'
import { isAmount, type MetricLine } from './metric-lines.ts'
import { Plot, type PlotHandle, type PlotLook, stepCursor } from './plot.tsx'
import { timeAxis } from './time-axis.ts'
import styles from './timeline-chart.module.css'

interface TimelineChartProps {
  /** What stands on each axis, the left one first. */
  axes: readonly (readonly MetricId[])[]
  /** Those that are shown. */
  lines: readonly MetricLine[]
  range: Range
  summary: string
  onRange: (range: Range) => void
  onReset: () => void
  height?: number
  /** Charts of the same key share one cursor. */
  syncKey?: string
  /** Wide enough for the words of all charts of a stack. */
  yWidth?: number
  plot?: RefObject<PlotHandle | null>
  /** While nothing is pointed at. */
  hint?: string
}

export function TimelineChart({
  axes,
  lines,
  range,
  summary,
  onRange,
  onReset,
  height = 340,
  syncKey,
  yWidth,
  plot: given,
  hint = 'Point at the chart, or drag across it to look closer.',
}: TimelineChartProps) {
  const format = useFormat()
  const own = useRef<PlotHandle | null>(null)
  const plot = given ?? own
  const cursor = useMemo(createCursor, [])
  const { from, to } = range
  const look = useMemo(
    () => ({ ...lookOf(axes, { from, to }, format, height), ...(syncKey && { syncKey }), ...(yWidth && { yWidth }) }),
    [axes, from, to, format, height, syncKey, yWidth],
  )

  return (
    <div className={styles['chart']}>
      <Readout hint={hint} cursor={cursor} lines={lines} look={look} format={format} axes={axes} />
      <div
        className={styles['field']}
        role="application"
        aria-label={`${summary} Arrow keys move along the chart, with Shift they move the chart itself; plus and minus zoom, Escape resets.`}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: the chart takes arrow keys, plus, minus and Escape.
        tabIndex={0}
        onKeyDown={(event) => answerKey(event, { range, plot: plot.current, onRange, onReset })}
      >
        <Plot
          lines={lines}
          look={look}
          cursor={cursor}
          plot={plot}
          onSelect={(start, end) => onRange({ from: Math.round(start), to: Math.round(end) })}
          onDrawn={noteDrawn}
        />
      </div>
    </div>
  )
}

function lookOf(axes: readonly (readonly MetricId[])[], { from, to }: Range, format: Format, height: number): PlotLook {
  const [left, right] = axes.map(([metric]) => metric && axisLook(metric, format))
  return {
    height,
    shape: left?.shape ?? 'line',
    range: [from, to],
    timeZone: format.timeZone,
    xWords: timeAxis(format),
    yWords: left?.yWords ?? String,
    ...(left?.isDuration && { isDuration: true }),
    ...(right && { second: right }),
  }
}

function axisLook(metric: MetricId, format: Format): NonNullable<PlotLook['second']> {
  const { digits, isDuration } = format.measure(metric)
  return {
    shape: isAmount(metric) ? 'bars' : 'line',
    ...(isDuration && { isDuration }),
    yWords: (value) => (isDuration ? hoursAndMinutes(value) : format.number(value, Math.max(digits, 1))),
  }
}

interface Keys {
  range: Range
  plot: PlotHandle | null
  onRange: (range: Range) => void
  onReset: () => void
}

function answerKey(event: KeyboardEvent, { range, plot, onRange, onReset }: Keys): void {
  const { key, shiftKey } = event
  if (event.ctrlKey || event.metaKey || event.altKey) return
  if (key === 'ArrowLeft' || key === 'ArrowRight') {
    const direction = key === 'ArrowLeft' ? -1 : 1
    if (shiftKey) onRange(shift(range, direction / 4))
    else if (plot) stepCursor(plot, direction)
  } else if (key === '+' || key === '=') onRange(zoom(range, 0.5))
  else if (key === '-' || key === '_') onRange(zoom(range, 2))
  else if (key === 'Escape') onReset()
  else return
  event.preventDefault()
}

interface ReadoutProps {
  hint: string
  cursor: Cursor
  lines: readonly MetricLine[]
  look: PlotLook
  format: Format
  axes: readonly (readonly MetricId[])[]
}

/** What lies under the cursor, in words. */
function Readout({ hint, cursor, lines, look, format, axes }: ReadoutProps) {
  const at = useCursor(cursor)
  const metrics = axes.flat()
  if (at === null) return <p className={styles['readout']}>{hint}</p>
  const near = (look.range[1] - look.range[0]) / 60
  const values = lines.flatMap(({ id, metric, label: name, colour, column: { x, y } }) => {
    const index = nearestValue(x, y, nearestIndex(x, at), near)
    const value = index === undefined ? null : y[index]
    if (typeof value !== 'number') return []
    const { label, digits, isDuration } = format.measure(metric)
    const words = isDuration ? hoursAndMinutes(value) : `${format.number(value, digits)} ${label}`.trim()
    const title = metrics.length > 1 ? metricTitle(metric) : ''
    const source = lines.length > metrics.length || metrics.length === 1 ? name : ''
    return [{ id, name: lines.length > 1 ? `${[title, source].filter(Boolean).join(', ')} ` : '', colour, words }]
  })
  return (
    <p className={styles['readout']} aria-live="polite">
      <span>{format.fullDateTime(at)}</span>
      {values.map(({ id, name, colour, words }) => (
        <span key={id}>
          <i className={styles['swatch']} style={{ background: colour }} />
          {name}
          <strong>{words}</strong>
        </span>
      ))}
      {values.length === 0 && <span>nothing from {metrics.map(metricTitle).join(' and ').toLowerCase()} here</span>}
    </p>
  )
}

/** From the arrival of the data, and from letting go of the window, to the last stroke: what `npm run bench` reads. */
function noteDrawn(): void {
  if (performance.getEntriesByName('brush-release').length > 0) performance.measure('brush-draw', 'brush-release')
  if (performance.getEntriesByName('chart-data').length === 0) return
  performance.measure('chart-draw', 'chart-data')
  performance.clearMarks('chart-data')
}
