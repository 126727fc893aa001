import { connections } from '@tributary/protocol'
import type { AvailableProvider } from '../../api/types.ts'
import { Card } from '../../ui/page.tsx'
import { bringsWords, historyWords } from '../../util/connection-words.ts'
import styles from './connections.module.css'

/** List by list what comes from a brand, and how far back. */
export function WhatIsRead({ provider: { name, feeds, has_webhooks, arrives } }: { provider: AvailableProvider }) {
  if (!feeds.length) return null
  return (
    <Card>
      <h2 className={styles['group']}>What is read</h2>
      <ul className={styles['feeds']}>
        {feeds.map(({ feed, title, brings, history_days }) => (
          <li key={feed}>
            <span className={styles['name']}>
              <strong>{title}</strong>
              <span className={styles['soft']}>{bringsWords(brings, 8)}</span>
            </span>
            {arrives === 'cloud' && <span className={styles['soft']}>{historyWords(history_days)}</span>}
          </li>
        ))}
      </ul>
      <p className={styles['soft']}>
        The first sync reads the last {connections.firstSyncDays} days. Nothing is ever written to {name}.
        {has_webhooks && ` ${name} tells this hub when there is something new.`}
      </p>
    </Card>
  )
}
