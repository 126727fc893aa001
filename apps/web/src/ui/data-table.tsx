import { type ReactNode, useId } from 'react'
import styles from './data-table.module.css'

export interface Column<Row> {
  title: string
  cell: (row: Row) => ReactNode
  /** Numbers stand to the right. */
  numeric?: true
}

interface DataTableProps<Row> {
  caption: string
  columns: readonly Column<Row>[]
  rows: readonly Row[]
  keyOf: (row: Row, index: number) => string
  /** Above this the table scrolls in itself. */
  maxHeight?: number
}

/** Scrolls sideways in itself, so that the page never does. */
export function DataTable<Row>({ caption, columns, rows, keyOf, maxHeight }: DataTableProps<Row>) {
  const id = useId()
  return (
    <section
      className={styles['scroll']}
      style={maxHeight ? { maxHeight } : undefined}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a stretch that scrolls must be reachable by keyboard.
      tabIndex={0}
      aria-labelledby={id}
    >
      <table className={styles['table']}>
        <caption id={id} className="visually-hidden">
          {caption}
        </caption>
        <thead>
          <tr>
            {columns.map(({ title, numeric }) => (
              <th key={title} scope="col" data-numeric={numeric}>
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, index) => (
            <tr key={keyOf(row, index)}>
              {columns.map(({ title, cell, numeric }) => (
                <td key={title} data-numeric={numeric}>
                  {cell(row)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}
