import type { ReactNode } from 'react'
import styles from './tile.module.css'

export function Tiles({ children }: { children: ReactNode }) {
  return <dl className={styles['tiles']}>{children}</dl>
}

interface TileProps {
  label: string
  value: ReactNode
  /** Where the figure comes from, or what else there is to say. */
  note?: ReactNode
}

export function Tile({ label, value, note }: TileProps) {
  return (
    <div className={styles['tile']}>
      <dt className={styles['label']}>{label}</dt>
      <dd className={styles['value']}>{value}</dd>
      {note && <dd className={styles['note']}>{note}</dd>}
    </div>
  )
}
