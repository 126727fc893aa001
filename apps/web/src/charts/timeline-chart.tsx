/** One metric over time, every source as its own line. */
import { useComputedColorScheme } from '@mantine/core'
import { catalogue, type MetricId, primaryKind } from '@tributary/protocol'
import { type KeyboardEvent, useMemo, useRef } from 'react'
import type uPlot from 'uplot'
import type { SourceLine } from '../api/types.ts'
import { useFormat } from '../app/reader.tsx'
import { type Format, hoursAndMinutes } from '../util/format.ts'
import { type Range, shift, zoom } from '../util/time-range.ts'
import { columnOf, nearestIndex, nearestValue, withGaps } from './columns.ts'
import { type Cursor, createCursor, useCursor } from './cursor.ts'
import { lineColour } from './palette.ts'
import { Plot, type PlotLine, type PlotLook, stepCursor } from './plot.tsx'
import { timeAxis } from './time-axis.ts'
import styles from './timeline-chart.module.css'

interface TimelineChartProps {
  metric: MetricId
  lines: readonly SourceLine[]
  /** Ids of sources that were switched off. */
  hidden: ReadonlySet<string>
  range: Range
  resolutionMs: number
  summary: string
  onRange: (range: Range) => void
  onReset: () => void
}

export function TimelineChart({
  metric,
  lines,
  hidden,
  range,
  resolutionMs,
  summary,
  onRange,
  onReset,
}: TimelineChartProps) {
  const format = useFormat()
  const scheme = useComputedColorScheme()
  const plot = useRef<uPlot | null>(null)
  const cursor = useMemo(createCursor, [])
  const all = useMemo(
    () => plotLines(lines, metric, resolutionMs, format, scheme),
    [lines, metric, resolutionMs, format, scheme],
  )
  const drawn = useMemo(() => all.filter(({ source }) => !hidden.has(source)), [all, hidden])
  const { from, to } = range
  const look = useMemo(() => lookOf(metric, { from, to }, format), [metric, from, to, format])

  return (
    <div className={styles['chart']}>
      <Readout cursor={cursor} lines={drawn} look={look} format={format} metric={metric} />
      <div
        className={styles['field']}
        role="application"
        aria-label={`${summary} Arrow keys move along the chart, with Shift they move the chart itself; plus and minus zoom, Escape resets.`}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: the chart takes arrow keys, plus, minus and Escape.
        tabIndex={0}
        onKeyDown={(event) => answerKey(event, { range, plot: plot.current, onRange, onReset })}
      >
        <Plot
          lines={drawn}
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

function plotLines(
  lines: readonly SourceLine[],
  metric: MetricId,
  resolutionMs: number,
  format: Format,
  scheme: 'light' | 'dark',
) {
  const { from } = format.measure(metric)
  return lines.map(({ source, values }, index) => ({
    source: source.source_id,
    label: source.name,
    colour: lineColour(scheme, index),
    column: primaryKind(metric) === 'I' ? columnOf(values, from) : withGaps(columnOf(values, from), resolutionMs),
  }))
}

function lookOf(metric: MetricId, { from, to }: Range, format: Format): PlotLook {
  const { digits, isDuration } = format.measure(metric)
  return {
    height: 340,
    shape: primaryKind(metric) === 'I' ? 'bars' : 'line',
    range: [from, to],
    timeZone: format.timeZone,
    xWords: timeAxis(format),
    yWords: (value) => (isDuration ? hoursAndMinutes(value) : format.number(value, Math.max(digits, 1))),
  }
}

interface Keys {
  range: Range
  plot: uPlot | null
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
  cursor: Cursor
  lines: readonly PlotLine[]
  look: PlotLook
  format: Format
  metric: MetricId
}

/** What lies under the cursor, in words. */
function Readout({ cursor, lines, look, format, metric }: ReadoutProps) {
  const at = useCursor(cursor)
  const { label, digits, isDuration } = format.measure(metric)
  if (at === null) return <p className={styles['readout']}>Point at the chart, or drag across it to look closer.</p>
  const near = (look.range[1] - look.range[0]) / 60
  const values = lines.flatMap(({ label: name, colour, column: { x, y } }) => {
    const index = nearestValue(x, y, nearestIndex(x, at), near)
    const value = index === undefined ? null : y[index]
    if (typeof value !== 'number') return []
    const words = isDuration ? hoursAndMinutes(value) : `${format.number(value, digits)} ${label}`.trim()
    return [{ name, colour, words }]
  })
  return (
    <p className={styles['readout']} aria-live="polite">
      <span>{format.fullDateTime(at)}</span>
      {values.map(({ name, colour, words }) => (
        <span key={name}>
          <i className={styles['swatch']} style={{ background: colour }} />
          {lines.length > 1 && `${name} `}
          <strong>{words}</strong>
        </span>
      ))}
      {values.length === 0 && <span>nothing from {catalogue[metric].title.toLowerCase()} here</span>}
    </p>
  )
}

/** From the arrival of the data to the last stroke: what `npm run bench` reads. */
function noteDrawn(): void {
  if (performance.getEntriesByName('chart-data').length === 0) return
  performance.measure('chart-draw', 'chart-data')
  performance.clearMarks('chart-data')
}
