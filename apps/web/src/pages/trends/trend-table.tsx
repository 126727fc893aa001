import type { MetricId } from '@tributary/protocol'
import type { DayValue } from '../../api/types.ts'
import { useFormat } from '../../app/reader.tsx'
import { type Column, DataTable } from '../../ui/data-table.tsx'
import { dayWords } from '../../util/local-days.ts'
import { metricTitle } from '../../util/metric-words.ts'

interface TrendTableProps {
  /** When it is of more than the metric. */
  title?: string
  metric: MetricId
  days: readonly DayValue[]
  sourceName: (id: string) => string
}

/** The days of the chart, the newest first. */
export function TrendTable({ title, metric, days, sourceName }: TrendTableProps) {
  const format = useFormat()
  const words = dayWords(format.locale, days.at(-1)?.date ?? '')
  const columns: Column<DayValue>[] = [
    { title: 'Day', cell: ({ date }) => `${words.weekday(date)} ${words.full(date)}` },
    { title: 'Value', cell: ({ value }) => format.value(metric, value), numeric: true },
    { title: 'Source', cell: ({ source_id }) => sourceName(source_id) },
  ]
  return (
    <DataTable
      caption={title ?? metricTitle(metric)}
      columns={columns}
      rows={days.toReversed()}
      keyOf={({ date }) => date}
      maxHeight={420}
    />
  )
}
