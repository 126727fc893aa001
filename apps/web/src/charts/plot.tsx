/**
 * The only file that knows uPlot. A chart is made once and then told of new values and new ranges: making it anew costs more
 * than a frame has time for, and whoever drags a window moves it sixty times a second.
 */
import { useComputedColorScheme } from '@mantine/core'
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
  /** 1 is the axis on the right. */
  axis?: 0 | 1
  /** Where it is not that of the chart. */
  shape?: PlotShape
  /** Beside the colour, what tells lines of two metrics apart. */
  dash?: readonly number[]
  /** Thin and without dots: a background to the others. */
  isQuiet?: true
}

/** Amounts are bars from zero, gauges are lines; columns stand in the middle of their time, bars begin with it. */
export type PlotShape = 'line' | 'bars' | 'columns' | 'area'

export interface PlotMark {
  at: number
  label: string
}

export interface PlotLook {
  height: number
  shape: PlotShape
  range: readonly [from: number, to: number]
  timeZone?: string
  xWords: (splits: readonly number[], step: number) => string[]
  yWords: (value: number) => string
  /** Seconds, marked by round minutes and hours. */
  isDuration?: boolean
  /** The same for all charts of a stack, so that their times line up. */
  yWidth?: number
  /** Without it the words under the chart are left to another one below. */
  showsX?: boolean
  /** Charts of the same key share one cursor. */
  syncKey?: string
  /** The axis on the right. */
  second?: { shape: PlotShape; yWords: (value: number) => string; isDuration?: boolean }
  /** Moments that something changed at: an upright line with a word. */
  marks?: readonly PlotMark[]
}

/** A chart as it stands: whoever moves its cursor or its range past React. */
export type PlotHandle = uPlot

interface PlotProps {
  lines: readonly PlotLine[]
  look: PlotLook
  cursor: Cursor
  /** A stretch was brushed. */
  onSelect?: ((from: number, to: number) => void) | undefined
  onDrawn?: (() => void) | undefined
  /** Whoever moves the cursor by keyboard. */
  plot?: RefObject<PlotHandle | null>
}

export function Plot({ lines, look, cursor, onSelect, onDrawn, plot }: PlotProps) {
  const place = useRef<HTMLDivElement>(null)
  const own = useRef<uPlot | null>(null)
  const [observe, { width }] = useResizeObserver<HTMLDivElement>()
  const ref = useMergedRef(place, observe)
  const told = useRef({ onSelect, onDrawn })
  const shown = useRef({ lines, look })
  const scheme = useComputedColorScheme()
  const structure = structureOf(lines, look, onSelect !== undefined, scheme)
  useEffect(() => {
    told.current = { onSelect, onDrawn }
  })

  const latest = useRef({ lines, look })
  latest.current = { lines, look }
  // biome-ignore lint/correctness/useExhaustiveDependencies: the structure stands for all of lines and look that cannot be told later.
  useLayoutEffect(() => {
    const { current: element } = place
    if (!element) return
    const now = latest.current
    const chart = new uPlot(optionsFor(element, latest, cursor, told), joined(now.lines), element)
    shown.current = now
    own.current = chart
    if (plot) plot.current = chart
    return () => {
      chart.destroy()
      own.current = null
      if (plot) plot.current = null
    }
  }, [structure, cursor, plot])

  useLayoutEffect(() => {
    const { current: chart } = own
    const before = shown.current
    if (!chart || (before.lines === lines && before.look === look)) return
    shown.current = { lines, look }
    if (before.lines !== lines) chart.setData(joined(lines), false)
    showRange(chart, look.range)
  }, [lines, look])

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

/** What a chart cannot be told once it is made; the rest is read when it is drawn. */
function structureOf(lines: readonly PlotLine[], look: PlotLook, brushes: boolean, scheme: string): string {
  const { height, shape, timeZone, yWidth, showsX, syncKey, second, isDuration } = look
  const parts = lines.map(({ label, colour, column, axis, shape: own, dash, isQuiet }) => [
    label,
    colour,
    column.low !== undefined,
    axis,
    own,
    dash,
    isQuiet,
  ])
  return JSON.stringify([
    height,
    shape,
    timeZone,
    yWidth,
    showsX,
    syncKey,
    second?.shape,
    second?.isDuration,
    isDuration,
    brushes,
    scheme,
    parts,
  ])
}

/** Another stretch of time on the same values. */
export function showRange(chart: uPlot, [min, max]: readonly [from: number, to: number]): void {
  chart.setScale('x', { min, max })
}

type Latest = RefObject<{ lines: readonly PlotLine[]; look: PlotLook }>

function optionsFor(element: HTMLElement, latest: Latest, cursor: Cursor, told: Told): uPlot.Options {
  const css = getComputedStyle(element)
  const { lines, look } = latest.current
  const { range, timeZone, showsX = true, second } = look
  return {
    width: Math.max(1, Math.floor(element.clientWidth)),
    height: look.height,
    ms: 1,
    ...(timeZone && { tzDate: (at: number) => zoned(at, timeZone) }),
    legend: { show: false },
    padding: [10, second ? 0 : timeZone ? 20 : 26, showsX ? 0 : 6, 0],
    scales: {
      x: { time: timeZone !== undefined, min: range[0], max: range[1], range: (_, min, max) => [min, max] },
      y: { range: (_, min, max) => valueRange(min, max, isFromZero(look.shape)) },
      ...(second && { y2: { range: (_, min, max) => valueRange(min, max, isFromZero(second.shape)) } }),
    },
    axes: [
      {
        ...axisLook(css),
        show: showsX,
        size: timeZone ? 44 : 28,
        ...(!timeZone && { incrs: elapsedSteps }),
        space: 64,
        values: (_, splits, __, ___, step) => latest.current.look.xWords(splits, step),
      },
      {
        ...axisLook(css),
        size: look.yWidth ?? yAxisSize,
        ...(look.isDuration && { incrs: durationSteps }),
        space: 36,
        values: (_, splits) => splits.map((value) => latest.current.look.yWords(value)),
      },
      ...(second
        ? [
            {
              ...axisLook(css),
              scale: 'y2',
              side: 1,
              grid: { show: false },
              size: look.yWidth ?? yAxisSize,
              ...(second.isDuration && { incrs: durationSteps }),
              space: 36,
              values: (_: uPlot, splits: number[]) =>
                splits.map((value) => latest.current.look.second?.yWords(value) ?? ''),
            } satisfies uPlot.Axis,
          ]
        : []),
    ],
    ...seriesAndBands(lines, look),
    cursor: {
      drag: { x: told.current.onSelect !== undefined, y: false, setScale: false },
      points: { size: 9 },
      // A double click would show all there is, whatever the address says.
      bind: { dblclick: () => null },
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
      draw: [(chart) => drawMarks(chart, latest.current.look.marks ?? [], css), () => told.current.onDrawn?.()],
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

function seriesFor(line: PlotLine, shape: PlotShape, isAlone: boolean, hasOthers: boolean): uPlot.Series {
  const { label, colour, axis, dash, isQuiet } = line
  const base: uPlot.Series = {
    label,
    stroke: colour,
    width: isQuiet ? 1.25 : 1.75,
    scale: axis ? 'y2' : 'y',
    ...(dash && { dash: [...dash] }),
  }
  if (isQuiet) return { ...base, points: { show: false } }
  if (isFromZero(shape) && isAlone) {
    return {
      ...base,
      width: 0,
      fill: hasOthers ? `${colour}99` : colour,
      paths: shape === 'bars' ? bars : columns,
      points: { show: false },
    }
  }
  return {
    ...base,
    ...(shape !== 'line' && { fill: `${colour}26`, fillTo: floorOf(axis ? 'y2' : 'y') }),
    ...(isFromZero(shape) && { paths: stepped }),
    points: {
      filter: (chart, index, show) => (show ? null : lonelyIndices([...(chart.data[index] ?? [])])),
      size: 5,
      fill: colour,
    },
  }
}

/** For each line its own series; a line of means has its spread as a band around it. */
function seriesAndBands(lines: readonly PlotLine[], look: PlotLook): Pick<uPlot.Options, 'series' | 'bands'> {
  const series: uPlot.Series[] = [{}]
  const bands: uPlot.Band[] = []
  const shapeOf = ({ shape, axis }: PlotLine) => shape ?? (axis ? look.second?.shape : look.shape) ?? look.shape
  const others = lines.filter((line) => !line.isQuiet)
  const barred = others.filter((line) => isFromZero(shapeOf(line)))
  for (const line of lines) {
    if (line.column.low) {
      const edge: uPlot.Series = {
        label: `${line.label}, spread`,
        stroke: 'transparent',
        width: 0,
        scale: line.axis ? 'y2' : 'y',
        points: { show: false },
      }
      bands.push({ series: [series.length, series.length + 1], fill: `${line.colour}30` })
      series.push(edge, edge)
    }
    series.push(seriesFor(line, shapeOf(line), barred.length === 1, others.length > 1))
  }
  return { series, bands }
}

const isFromZero = (shape: PlotShape): boolean => shape === 'bars' || shape === 'columns'

const floorOf =
  (scale: 'y' | 'y2'): uPlot.Series.FillTo =>
  (chart) =>
    chart.scales[scale]?.min ?? 0

/** An upright line with its word beside it, on the side where there is room. */
function drawMarks(chart: uPlot, marks: readonly PlotMark[], css: CSSStyleDeclaration): void {
  const { ctx, bbox } = chart
  const { devicePixelRatio: ratio } = window
  ctx.save()
  ctx.font = `600 ${11 * ratio}px ${css.fontFamily}`
  ctx.textAlign = 'left'
  ctx.textBaseline = 'alphabetic'
  ctx.strokeStyle = css.getPropertyValue('--ink-soft')
  ctx.setLineDash([3 * ratio, 3 * ratio])
  for (const { at, label } of marks) {
    const x = Math.round(chart.valToPos(at, 'x', true))
    if (x < bbox.left || x > bbox.left + bbox.width) continue
    ctx.beginPath()
    ctx.moveTo(x, bbox.top)
    ctx.lineTo(x, bbox.top + bbox.height)
    ctx.stroke()
    const width = ctx.measureText(label).width + 8 * ratio
    const left = x + width + 4 * ratio < bbox.left + bbox.width ? x + 2 * ratio : x - width - 2 * ratio
    ctx.fillStyle = css.getPropertyValue('--card')
    ctx.fillRect(left, bbox.top, width, 16 * ratio)
    ctx.fillStyle = css.getPropertyValue('--ink-soft')
    ctx.fillText(label, left + 4 * ratio, bbox.top + 12 * ratio)
  }
  ctx.restore()
}

/** Marks of elapsed time, in milliseconds: round seconds, minutes and hours. */
const elapsedSteps = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 14_400, 36_000].map(
  (s) => s * 1_000,
)

const durationSteps = [
  1, 2, 5, 10, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 10_800, 14_400, 21_600, 43_200, 86_400, 172_800,
  864_000,
]

const bars = uPlot.paths.bars?.({ size: [0.72, 40], align: 1, radius: 0.15 }) ?? (() => null)
const columns = uPlot.paths.bars?.({ size: [0.72, 40], align: 0, radius: 0.15 }) ?? (() => null)
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
