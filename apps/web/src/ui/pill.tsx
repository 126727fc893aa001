import type { ReactNode } from 'react'
import styles from './pill.module.css'

export type Tone = 'good' | 'warn' | 'bad' | 'quiet' | 'accent'

/** A state in a word; the colour only underlines it. */
export function Pill({ tone, children }: { tone: Tone; children: ReactNode }) {
  return (
    <span className={styles['pill']} data-tone={tone}>
      {children}
    </span>
  )
}
