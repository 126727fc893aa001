import { type Column, DataTable } from '../../ui/data-table.tsx'
import styles from './bar-list.module.css'

export interface Bar {
  title: string
  /** Beside the title: from where to where. */
  range: string
  /** 0–1, of all. */
  share: number
  words: string
  colour: string
}

interface BarListProps {
  caption: string
  sentence: string
  unit: string
  bars: readonly Bar[]
}

/** Lengths side by side as bars, as a table, and what they come to in a sentence. */
export function BarList({ caption, sentence, unit, bars }: BarListProps) {
  const longest = Math.max(...bars.map(({ share }) => share), 0.01)
  const columns: Column<Bar>[] = [
    { title: 'Zone', cell: ({ title }) => <strong>{title}</strong> },
    { title: 'Time', cell: ({ words }) => words, numeric: true },
    {
      title: 'Share',
      cell: ({ share, colour }) => (
        <span className={styles['lane']}>
          <i style={{ width: `${(100 * share) / longest}%`, minWidth: share > 0 ? 2 : 0, background: colour }} />
          <span>{Math.round(100 * share)}%</span>
        </span>
      ),
    },
    { title: unit, cell: ({ range }) => range },
  ]
  return (
    <>
      <p className={styles['sentence']}>{sentence}</p>
      <DataTable caption={caption} columns={columns} rows={bars} keyOf={({ title }) => title} />
    </>
  )
}
