import { catalogue } from '@tributary/protocol'
import { useFormat } from '../../app/reader.tsx'
import { meansOf } from '../../charts/columns.ts'
import { type Column, DataTable } from '../../ui/data-table.tsx'
import type { StackedChart } from './chart-stack.tsx'

interface StretchTableProps {
  caption: string
  /** What the first column tells. */
  title: string
  charts: readonly Pick<StackedChart, 'metric' | 'column'>[]
  stretchMs: number
  xWords: (at: number) => string
}

/** The means of a stack of charts: a row for each stretch of time that has anything. More is read in a spreadsheet. */
export function StretchTable({ caption, title, charts, stretchMs, xWords }: StretchTableProps) {
  const format = useFormat()
  const means = charts.map(({ column }) => meansOf(column, stretchMs))
  const rows = [...new Set(means.flatMap((of) => [...of.keys()]))].sort((a, b) => a - b)
  const columns: Column<number>[] = [
    { title, cell: (stretch) => xWords(stretch * stretchMs) },
    ...charts.map(({ metric }, index): Column<number> => {
      const { digits, label } = format.measure(metric)
      const words = (mean: number | undefined) =>
        mean === undefined ? '–' : `${format.number(mean, digits)} ${label}`.trim()
      return { title: catalogue[metric].title, cell: (stretch) => words(means[index]?.get(stretch)), numeric: true }
    }),
  ]
  return <DataTable caption={caption} columns={columns} rows={rows} keyOf={String} maxHeight={420} />
}
