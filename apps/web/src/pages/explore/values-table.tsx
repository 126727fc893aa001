import type { MetricId } from '@tributary/protocol'
import { useMemo } from 'react'
import type { SourceLine } from '../../api/types.ts'
import { useFormat } from '../../app/reader.tsx'
import { type Column, DataTable } from '../../ui/data-table.tsx'
import type { Format } from '../../util/format.ts'

/** More rows than this are read in a spreadsheet. */
const shown = 500

interface Row {
  at: string
  source: string
  value: number
}

interface ValuesTableProps {
  metric: MetricId
  title: string
  lines: readonly SourceLine[]
}

export function ValuesTable({ metric, title, lines }: ValuesTableProps) {
  const format = useFormat()
  const rows = useMemo(() => rowsOf(lines), [lines])
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
        columns={columns(metric, format)}
        rows={rows.slice(0, shown)}
        keyOf={({ at, source }, index) => `${at} ${source} ${index}`}
        maxHeight={420}
      />
    </div>
  )
}

const columns = (metric: MetricId, format: Format): Column<Row>[] => [
  { title: 'Time', cell: ({ at }) => format.fullDateTime(at) },
  { title: 'Source', cell: ({ source }) => source },
  { title: 'Value', cell: ({ value }) => format.value(metric, value), numeric: true },
]

/** Newest first. */
function rowsOf(lines: readonly SourceLine[]): Row[] {
  return lines
    .flatMap(({ source, values }) =>
      values.flatMap(({ timestamp, value, sum }) => {
        const number = sum ?? value
        return typeof number === 'number' ? [{ at: timestamp, source: source.name, value: number }] : []
      }),
    )
    .sort((a, b) => (a.at < b.at ? 1 : -1))
}
