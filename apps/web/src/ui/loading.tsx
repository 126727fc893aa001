import { Skeleton } from '@mantine/core'
import styles from './tile.module.css'

/** The outline of what is on its way; said once to a screen reader. */
export function Loading({
  rows = 3,
  height = 84,
  word = 'Loading',
}: {
  rows?: number
  height?: number
  word?: string
}) {
  return (
    <div style={{ display: 'grid', gap: 12 }} aria-busy="true">
      <span className="visually-hidden" role="status">
        {word}
      </span>
      {Array.from({ length: rows }, (_, row) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the rows are alike and never move.
        <Skeleton key={row} height={height} radius={16} />
      ))}
    </div>
  )
}

export function LoadingTiles({ tiles = 6 }: { tiles?: number }) {
  return (
    <div className={styles['tiles']} aria-busy="true">
      <span className="visually-hidden" role="status">
        Loading
      </span>
      {Array.from({ length: tiles }, (_, tile) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the tiles are alike and never move.
        <Skeleton key={tile} height={78} radius={14} />
      ))}
    </div>
  )
}
