import type { MetricId } from '@tributary/protocol'
import { useMemo } from 'react'
import { useFormat } from '../app/reader.tsx'
import { type Column, DataTable } from '../ui/data-table.tsx'
import type { Format } from '../util/format.ts'
import { metricTitle } from '../util/metric-words.ts'
import type { MetricAnswer } from './metric-lines.ts'

/** More rows than this are read in a spreadsheet. */
const shown = 500

interface Row {
  metric: MetricId
  at: string
  source: string
  value: number
}

interface ValuesTableProps {
  title: string
  answers: readonly MetricAnswer[]
}

export function ValuesTable({ title, answers }: ValuesTableProps) {
  const format = useFormat()
  const rows = useMemo(() => rowsOf(answers), [answers])
  return (
    <div>
      {rows.length > shown && (
        <p style={{ color: 'var(--ink-soft)' }}>
          The newest {format.number(shown)} of {format.number(rows.length)} drawn values. The CSV holds every single
          one.
        </p>
      )}
      <DataTable
        caption={title}
        columns={columns(answers.length > 1, format)}
        rows={rows.slice(0, shown)}
        keyOf={({ metric, at, source }, index) => `${metric} ${at} ${source} ${index}`}
        maxHeight={420}
      />
    </div>
  )
}

const columns = (hasSeveral: boolean, format: Format): Column<Row>[] => [
  { title: 'Time', cell: ({ at }) => format.fullDateTime(at) },
  ...(hasSeveral ? [{ title: 'Metric', cell: ({ metric }: Row) => metricTitle(metric) }] : []),
  { title: 'Source', cell: ({ source }) => source },
  { title: 'Value', cell: ({ metric, value }) => format.value(metric, value), numeric: true },
]

/** Newest first. */
function rowsOf(answers: readonly MetricAnswer[]): Row[] {
  return answers
    .flatMap(({ metric, lines }) =>
      lines.flatMap(({ source, values }) =>
        values.flatMap(({ timestamp, value, sum }) => {
          const number = sum ?? value
          return typeof number === 'number' ? [{ metric, at: timestamp, source: source.name, value: number }] : []
        }),
      ),
    )
    .sort((a, b) => (a.at < b.at ? 1 : -1))
}
