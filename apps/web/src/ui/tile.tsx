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
      <dd className={styles['value']}>{breakable(value)}</dd>
      {note && <dd className={styles['note']}>{note}</dd>}
    </div>
  )
}

/** In running text a number keeps its unit beside it; in a narrow tile the unit goes below, whole or from a slash on. */
function breakable(value: ReactNode): ReactNode {
  if (typeof value !== 'string') return value
  const [first, ...rest] = value.replaceAll('\u00a0', ' ').split('/')
  return rest.reduce<ReactNode>(
    (before, part) => (
      <>
        {before}/<wbr />
        {part}
      </>
    ),
    first,
  )
}
