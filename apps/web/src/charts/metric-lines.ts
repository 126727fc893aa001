/** From answers of the timeline to lines of a chart: colours by metric and source, one axis for each unit. Pure. */
import { type MetricId, primaryKind } from '@tributary/protocol'
import type { SourceLine } from '../api/types.ts'
import type { Format } from '../util/format.ts'
import { columnOf, withEnds, withGaps } from './columns.ts'
import { lineColour, type Scheme } from './palette.ts'
import type { PlotLine } from './plot.tsx'

export interface MetricAnswer {
  metric: MetricId
  lines: readonly SourceLine[]
  /** Nothing shorter can be told apart. */
  resolutionMs: number
  /** All sources of the metric in one order, so that each keeps its colour from one stretch to the next. */
  sourceIds: readonly string[]
}

export interface MetricLine extends PlotLine {
  /** What a line is switched off by. */
  id: string
  metric: MetricId
  samples: number
}

/** Beside their colours, what tells the lines of one metric from those of another. */
const dashes: readonly (readonly number[] | undefined)[] = [undefined, [8, 4], [2, 3], [10, 3, 2, 3]]

const lineId = (metric: string, sourceId: string): string => `${metric}~${sourceId}`

type Words = Pick<Format, 'measure'>

export function metricLines(answers: readonly MetricAnswer[], format: Words, scheme: Scheme): MetricLine[] {
  const axes = axesOf(
    answers.map(({ metric }) => metric),
    format,
  )
  let colours = 0
  const all = answers.flatMap(({ metric, lines, resolutionMs, sourceIds }, at) => {
    const firstColour = colours
    colours += Math.max(1, sourceIds.length)
    const { from } = format.measure(metric)
    const axis = axes.findIndex((metrics) => metrics.includes(metric)) % 2 === 1 ? 1 : 0
    const dash = dashes[at]
    return lines.map(({ source, values, n }, index): MetricLine => {
      const place = sourceIds.indexOf(source.source_id)
      const column = columnOf(values, from)
      return {
        ...{ id: lineId(metric, source.source_id), metric, samples: n, label: source.name },
        colour: lineColour(scheme, firstColour + (place === -1 ? index : place)),
        column: isAmount(metric) ? withEnds(column, resolutionMs) : withGaps(column, resolutionMs),
        ...(axes.length === 2 && axis && { axis }),
        ...(dash && !isAmount(metric) && { dash }),
      }
    })
  })
  // Bars first: what is drawn later lies above.
  return all.toSorted((a, b) => Number(isAmount(b.metric)) - Number(isAmount(a.metric)))
}

export const isAmount = (metric: MetricId): boolean => primaryKind(metric) === 'I'

/** Metrics that one axis can carry. What has no unit, as counts and scores, has nothing in common with another. */
export function axesOf(metrics: readonly MetricId[], format: Words): MetricId[][] {
  const axes = new Map<string, MetricId[]>()
  for (const metric of metrics) {
    const { label, isDuration } = format.measure(metric)
    const key = label || isDuration ? `${label} ${isDuration} ${isAmount(metric)}` : metric
    axes.set(key, [...(axes.get(key) ?? []), metric])
  }
  return [...axes.values()]
}

/** What stands in one chart: two axes at most, else each axis in a chart of its own, all over the same time. */
export function stacksOf(axes: readonly MetricId[][]): MetricId[][][] {
  return axes.length <= 2 ? [[...axes]] : axes.map((metrics) => [metrics])
}
