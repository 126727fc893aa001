import type { CsvMap } from '@tributary/formats/cells'
import { useFormat } from '../../app/reader.tsx'
import { Icon } from '../../ui/icon.tsx'
import { readRows } from './read-row.ts'
import styles from './table-form.module.css'

const rowsRead = 4

interface ReadingOfRowsProps {
  columns: readonly string[]
  rows: readonly (readonly string[])[]
  mapping: CsvMap
}

/** Changes with every choice, so that a wrong one is seen before anything is stored. */
export function ReadingOfRows({ columns, rows, mapping }: ReadingOfRowsProps) {
  const format = useFormat()
  if (mapping.values.length === 0)
    return <p className={styles['hint']}>Say above what a column is, then the first rows are read here.</p>
  return (
    <ul className={styles['reading']} aria-live="polite">
      {readRows(columns, rows.slice(0, rowsRead), mapping, format).map(({ written, read, isSound }, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the rows are the file's and never move.
        <li key={at} data-sound={isSound}>
          <Icon name={isSound ? 'check' : 'alert'} size={18} />
          <span>
            <span className={styles['written']}>{written}</span> → {read}
          </span>
        </li>
      ))}
    </ul>
  )
}
