/** The only file that knows uPlot. */
import { useMergedRef, useResizeObserver } from '@mantine/hooks'
import { type RefObject, useEffect, useLayoutEffect, useRef } from 'react'
import uPlot from 'uplot'
import 'uplot/dist/uPlot.min.css'
import type { Column } from './columns.ts'
import { lonelyIndices } from './columns.ts'
import type { Cursor } from './cursor.ts'
import styles from './plot.module.css'

export interface PlotLine {
  label: string
  colour: string
  column: Column
}

export interface PlotLook {
  height: number
  /** Amounts are bars from zero, gauges are lines. */
  shape: 'line' | 'bars' | 'area'
  range: readonly [from: number, to: number]
  timeZone?: string
  xWords: (splits: readonly number[], step: number) => string[]
  yWords: (value: number) => string
  /** The same for all charts of a stack, so that their times line up. */
  yWidth?: number
  /** Without it the words under the chart are left to another one below. */
  showsX?: boolean
  /** Charts of the same key share one cursor. */
  syncKey?: string
}

interface PlotProps {
  lines: readonly PlotLine[]
  look: PlotLook
  cursor: Cursor
  /** A stretch was brushed. */
  onSelect?: ((from: number, to: number) => void) | undefined
  onDrawn?: (() => void) | undefined
  /** Whoever moves the cursor by keyboard. */
  plot?: RefObject<uPlot | null>
}

export function Plot({ lines, look, cursor, onSelect, onDrawn, plot }: PlotProps) {
  const place = useRef<HTMLDivElement>(null)
  const own = useRef<uPlot | null>(null)
  const [observe, { width }] = useResizeObserver<HTMLDivElement>()
  const ref = useMergedRef(place, observe)
  const told = useRef({ onSelect, onDrawn })
  useEffect(() => {
    told.current = { onSelect, onDrawn }
  })

  useLayoutEffect(() => {
    const { current: element } = place
    if (!element) return
    const chart = new uPlot(optionsFor(element, lines, look, cursor, told), joined(lines), element)
    own.current = chart
    if (plot) plot.current = chart
    return () => {
      chart.destroy()
      own.current = null
      if (plot) plot.current = null
    }
  }, [lines, look, cursor, plot])

  useEffect(() => {
    if (width > 0 && own.current && own.current.width !== Math.floor(width)) {
      own.current.setSize({ width: Math.floor(width), height: look.height })
    }
  }, [width, look.height])

  return (
    <div
      ref={ref}
      className={styles['plot']}
      style={{ minHeight: look.height }}
      data-brush={onSelect ? '' : undefined}
    />
  )
}

type Told = RefObject<{ onSelect: PlotProps['onSelect']; onDrawn: PlotProps['onDrawn'] }>

function optionsFor(
  element: HTMLElement,
  lines: readonly PlotLine[],
  look: PlotLook,
  cursor: Cursor,
  told: Told,
): uPlot.Options {
  const css = getComputedStyle(element)
  const { range, timeZone, showsX = true } = look
  return {
    width: Math.max(1, Math.floor(element.clientWidth)),
    height: look.height,
    ms: 1,
    ...(timeZone && { tzDate: (at: number) => zoned(at, timeZone) }),
    legend: { show: false },
    padding: [10, timeZone ? 12 : 26, showsX ? 0 : 6, 0],
    scales: {
      x: { time: timeZone !== undefined, range: () => [range[0], range[1]] },
      y: { range: (_, min, max) => valueRange(min, max, look.shape === 'bars') },
    },
    axes: [
      {
        ...axisLook(css),
        show: showsX,
        size: timeZone ? 44 : 28,
        ...(!timeZone && { incrs: elapsedSteps }),
        space: 64,
        values: (_, splits, __, ___, step) => look.xWords(splits, step),
      },
      {
        ...axisLook(css),
        size: look.yWidth ?? yAxisSize,
        space: 36,
        values: (_, splits) => splits.map((value) => look.yWords(value)),
      },
    ],
    ...seriesAndBands(lines, look.shape),
    cursor: {
      drag: { x: told.current.onSelect !== undefined, y: false, setScale: false },
      points: { size: 9 },
      ...(look.syncKey && { sync: { key: look.syncKey } }),
    },
    hooks: {
      setCursor: [(chart) => cursor.set(chart.cursor.idx == null ? null : (chart.data[0][chart.cursor.idx] ?? null))],
      setSelect: [
        (chart) => {
          const { left, width } = chart.select
          if (width < 4) return
          told.current.onSelect?.(chart.posToVal(left, 'x'), chart.posToVal(left + width, 'x'))
          chart.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false)
        },
      ],
      draw: [() => told.current.onDrawn?.()],
    },
  }
}

/** uPlot's word for: a gap stays as wide as it was when other sources' times are mixed in. */
const expandNulls = 2

/** All lines over one column of times. */
function joined(lines: readonly PlotLine[]): uPlot.AlignedData {
  if (lines.length === 0) return [[]]
  const tables = lines.map(
    ({ column: { x, y, low, high } }): uPlot.AlignedData => (low && high ? [x, high, low, y] : [x, y]),
  )
  return uPlot.join(
    tables,
    tables.map((table) => table.map(() => expandNulls)),
  )
}

const axisLook = (css: CSSStyleDeclaration): uPlot.Axis => ({
  stroke: css.getPropertyValue('--ink-soft'),
  font: `12px ${css.fontFamily}`,
  grid: { stroke: css.getPropertyValue('--line'), width: 1 },
  ticks: { show: false },
})

/** As wide as its longest words, so that none is cut. */
const yAxisSize: uPlot.Axis.Size = (_, values: string[] | null) =>
  18 + 7.2 * Math.max(2, ...(values ?? []).map((word) => word.length))

function seriesFor({ label, colour }: PlotLine, shape: PlotLook['shape'], count: number): uPlot.Series {
  const base: uPlot.Series = { label, stroke: colour, width: 1.75 }
  if (shape === 'bars' && count === 1) {
    return { ...base, width: 0, fill: colour, paths: bars, points: { show: false } }
  }
  return {
    ...base,
    ...(shape !== 'line' && { fill: `${colour}26`, fillTo: floor }),
    ...(shape === 'bars' && { paths: stepped }),
    points: {
      filter: (chart, index, show) => (show ? null : lonelyIndices([...(chart.data[index] ?? [])])),
      size: 5,
      fill: colour,
    },
  }
}

/** For each line its own series; a line of means has its spread as a band around it. */
function seriesAndBands(lines: readonly PlotLine[], shape: PlotLook['shape']): Pick<uPlot.Options, 'series' | 'bands'> {
  const series: uPlot.Series[] = [{}]
  const bands: uPlot.Band[] = []
  for (const line of lines) {
    if (line.column.low) {
      const edge: uPlot.Series = {
        label: `${line.label}, spread`,
        stroke: 'transparent',
        width: 0,
        points: { show: false },
      }
      bands.push({ series: [series.length, series.length + 1], fill: `${line.colour}30` })
      series.push(edge, edge)
    }
    series.push(seriesFor(line, shape, lines.length))
  }
  return { series, bands }
}

const floor: uPlot.Series.FillTo = (chart) => chart.scales['y']?.min ?? 0

/** Marks of elapsed time, in milliseconds: round seconds, minutes and hours. */
const elapsedSteps = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 14_400, 36_000].map(
  (s) => s * 1_000,
)

const bars = uPlot.paths.bars?.({ size: [0.72, 40], align: 1, radius: 0.15 }) ?? (() => null)
const stepped = uPlot.paths.stepped?.({ align: 1 }) ?? (() => null)

/** A little air above and below; amounts stand on zero; a flat line lies in the middle. */
function valueRange(min: number | null, max: number | null, fromZero: boolean): uPlot.Range.MinMax {
  if (min === null || max === null) return [0, 1]
  const air = (max - min) * 0.08 || Math.abs(max) * 0.1 || 1
  return [fromZero ? 0 : min - air, max + air]
}

/** uPlot asks for a date whose own clock shows the zone's time. */
function zoned(at: number, timeZone: string): Date {
  const date = new Date(at)
  return timeZone === Intl.DateTimeFormat().resolvedOptions().timeZone ? date : uPlot.tzDate(date, timeZone)
}

/** To the next time anything was measured at; from nowhere to the newest. */
export function stepCursor(plot: uPlot, direction: -1 | 1): void {
  const [times] = plot.data
  const first = plot.valToIdx(plot.scales['x']?.min ?? 0)
  const last = plot.valToIdx(plot.scales['x']?.max ?? 0)
  const { idx } = plot.cursor
  const next = Math.min(last, Math.max(first, idx == null ? last : idx + direction))
  const at = times[next]
  // The third argument tells the charts of the same key; uPlot's types leave it out.
  const setCursor: (place: { left: number; top: number }, fires: boolean, publishes: boolean) => void = plot.setCursor
  if (at !== undefined) setCursor({ left: plot.valToPos(at, 'x'), top: plot.height / 3 }, true, true)
}
