/** What is drawn, in a sentence for each metric. Pure. */
import type { Format } from '../util/format.ts'
import { metricTitle } from '../util/metric-words.ts'
import type { Range } from '../util/time-range.ts'
import { columnOf } from './columns.ts'
import { describeChart } from './describe.ts'
import { isAmount, type MetricAnswer } from './metric-lines.ts'

export function summarise(answers: readonly MetricAnswer[], range: Range, format: Format): string {
  return answers
    .map(({ metric, lines }) => {
      const measure = format.measure(metric)
      const described = lines.map(({ source, n, values }) => ({
        label: source.name,
        samples: n,
        column: columnOf(values, measure.from),
      }))
      const chart = { title: metricTitle(metric), ...range, isAmount: isAmount(metric), lines: described }
      return describeChart(chart, measure, format)
    })
    .join(' ')
}
