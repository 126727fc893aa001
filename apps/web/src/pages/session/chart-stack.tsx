/** Charts under each other that share one cursor and one line of time at the bottom. */
import { useComputedColorScheme } from '@mantine/core'
import { catalogue, type MetricId } from '@tributary/protocol'
import { type KeyboardEvent, type ReactNode, type RefObject, useMemo, useRef } from 'react'
import type uPlot from 'uplot'
import { useFormat } from '../../app/reader.tsx'
import { type Column, nearestIndex, nearestValue } from '../../charts/columns.ts'
import { type Cursor, useCursor } from '../../charts/cursor.ts'
import { streamColour } from '../../charts/palette.ts'
import { Plot, type PlotLine, type PlotLook, stepCursor } from '../../charts/plot.tsx'
import type { Format } from '../../util/format.ts'
import styles from './chart-stack.module.css'
import type { Stretch } from './splits.ts'

export interface StackedChart {
  metric: MetricId
  /** In the reader's own unit. */
  column: Column
  /** When several stand together that are no streams of workouts. */
  colour?: string
  /** Who measured, where that is not the session's own source. */
  source?: ReactNode
}

export interface ChartStackProps {
  label: string
  charts: readonly StackedChart[]
  range: readonly [number, number]
  cursor: Cursor
  syncKey: string
  xWords: (at: number) => string
  /** Pauses: drawn as bands behind the lines. */
  bands?: readonly Stretch[]
  /** What the cursor is at, and whatever else stands above the first chart. */
  children?: ReactNode
  plot?: RefObject<uPlot | null>
}

/** Left of every chart, so that their times line up; whoever draws beside them keeps to the same. */
export const stackInset = { left: 52, right: 26 }

export function ChartStack({
  label,
  charts,
  range,
  cursor,
  syncKey,
  xWords,
  bands = [],
  children,
  plot,
}: ChartStackProps) {
  const own = useRef<uPlot | null>(null)
  const first = plot ?? own
  const move = (event: KeyboardEvent) => {
    if ((event.key !== 'ArrowLeft' && event.key !== 'ArrowRight') || !first.current) return
    event.preventDefault()
    stepCursor(first.current, event.key === 'ArrowLeft' ? -1 : 1)
  }
  return (
    <div
      className={styles['stack']}
      role="application"
      aria-label={`${label} Arrow keys move the cursor.`}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: the charts take the arrow keys.
      tabIndex={0}
      onKeyDown={move}
    >
      {children}
      {charts.map((chart, index) => (
        <OneChart
          key={chart.metric}
          chart={chart}
          range={range}
          cursor={cursor}
          syncKey={syncKey}
          xWords={xWords}
          bands={bands}
          isLast={index === charts.length - 1}
          {...(index === 0 && { plot: first })}
        />
      ))}
    </div>
  )
}

interface OneChartProps extends Pick<ChartStackProps, 'range' | 'cursor' | 'syncKey' | 'xWords'> {
  chart: StackedChart
  bands: readonly Stretch[]
  isLast: boolean
  plot?: RefObject<uPlot | null>
}

function OneChart({ chart, range, cursor, syncKey, xWords, bands, isLast, plot }: OneChartProps) {
  const format = useFormat()
  const scheme = useComputedColorScheme()
  const { metric, column, source } = chart
  const { title } = catalogue[metric]
  const { label } = format.measure(metric)
  const colour = chart.colour ?? streamColour(scheme, metric)
  const lines = useMemo((): PlotLine[] => [{ label: title, colour, column }], [title, colour, column])
  const look = useMemo(
    () => lookOf(metric, range, syncKey, isLast, xWords, format),
    [metric, range, syncKey, isLast, xWords, format],
  )
  return (
    <div>
      <h3 className={styles['name']}>
        <i className={styles['swatch']} style={{ background: colour }} />
        {title} {label && <span className={styles['unit']}>{label}</span>}
        {source}
        <Value cursor={cursor} column={column} metric={metric} within={(range[1] - range[0]) / 20} />
      </h3>
      <div className={styles['field']}>
        <Bands bands={bands} range={range} />
        <Plot lines={lines} look={look} cursor={cursor} {...(plot && { plot })} />
      </div>
    </div>
  )
}

function Bands({ bands, range: [from, to] }: { bands: readonly Stretch[]; range: readonly [number, number] }) {
  return (
    <div className={styles['bands']} style={{ left: stackInset.left, right: stackInset.right }} aria-hidden="true">
      {bands.map((band) => (
        <i
          key={band.from}
          style={{
            left: `${(100 * (band.from - from)) / (to - from)}%`,
            width: `${(100 * (band.to - band.from)) / (to - from)}%`,
          }}
        />
      ))}
    </div>
  )
}

function lookOf(
  metric: MetricId,
  range: readonly [number, number],
  syncKey: string,
  showsX: boolean,
  xWords: (at: number) => string,
  format: Format,
): PlotLook {
  const { digits } = format.measure(metric)
  return {
    height: showsX ? 168 : 132,
    shape: metric === 'elevation' ? 'area' : 'line',
    range,
    showsX,
    syncKey,
    yWidth: stackInset.left,
    xWords: (splits) => splits.map(xWords),
    yWords: (value) => format.number(value, digits),
  }
}

interface ValueProps {
  cursor: Cursor
  column: Column
  metric: MetricId
  within: number
}

function Value({ cursor, column: { x, y }, metric, within }: ValueProps) {
  const format = useFormat()
  const at = useCursor(cursor)
  const index = at === null ? undefined : nearestValue(x, y, nearestIndex(x, at), within)
  const value = index === undefined ? null : y[index]
  if (typeof value !== 'number') return null
  const { label, digits } = format.measure(metric)
  return <strong className={styles['value']}>{`${format.number(value, digits)} ${label}`.trim()}</strong>
}
