import { useDisclosure } from '@mantine/hooks'
import type { ReactNode } from 'react'
import styles from './in-words.module.css'
import { TableToggle } from './table-toggle.tsx'

interface InWordsProps {
  /** What the table is of: several stand on one page. */
  of: string
  sentence: ReactNode
  /** Made when it is asked for. */
  table: () => ReactNode
  /** Other buttons of the drawing. */
  children?: ReactNode
}

/** What stands below every drawing: what it shows in a sentence, and in figures for who wants them. */
export function InWords({ of, sentence, table, children }: InWordsProps) {
  const [shown, { toggle }] = useDisclosure(false)
  return (
    <div>
      <p className={styles['sentence']}>{sentence}</p>
      <div className={styles['foot']}>
        {children}
        <TableToggle of={of} shown={shown} onToggle={toggle} />
      </div>
      {shown && <div className={styles['table']}>{table()}</div>}
    </div>
  )
}
