import type { ReactNode } from 'react'
import styles from './marks.module.css'

export interface Mark {
  /** 0–1, beside the fastest. */
  share: number
  word?: 'fastest' | 'slowest'
}

/** How each compares with the fastest; those that do not count are null. Two that are as fast share the word. */
export function marksOf(speeds: readonly (number | null)[]): (Mark | undefined)[] {
  const counted = speeds.filter((speed) => speed !== null && Number.isFinite(speed)) as number[]
  const [slowest, fastest] = [Math.min(...counted), Math.max(...counted)]
  return speeds.map((speed) => {
    if (speed === null || !Number.isFinite(speed)) return undefined
    const share = fastest > 0 ? speed / fastest : 0
    if (slowest === fastest) return { share }
    return speed === fastest ? { share, word: 'fastest' } : speed === slowest ? { share, word: 'slowest' } : { share }
  })
}

/** A figure over a bar as long as it is fast, and whether it is an end of the table. */
export function Marked({ mark, children }: { mark: Mark | undefined; children: ReactNode }) {
  return (
    <span className={styles['marked']}>
      <span>
        {mark?.word && <span className={styles['word']}>{mark.word}</span>} {children}
      </span>
      {mark && (
        <i className={styles['lane']} aria-hidden="true">
          <i className={styles['bar']} data-word={mark.word} style={{ width: `${100 * mark.share}%` }} />
        </i>
      )}
    </span>
  )
}
