import type { AvailableProvider } from '../../api/types.ts'
import { Card } from '../../ui/page.tsx'
import { bringsWords, historyWords } from '../../util/connection-words.ts'
import type { ProviderWords } from '../../util/provider-words.ts'
import styles from './connections.module.css'

interface WhatIsReadProps {
  provider: AvailableProvider
  words: ProviderWords
}

/** List by list what comes from a brand, and where it goes less far back than the first sync reads. */
export function WhatIsRead({ provider: { name, feeds, has_webhooks, arrives }, words }: WhatIsReadProps) {
  if (!feeds.length) return null
  return (
    <Card>
      <h2 className={styles['group']}>{words.whatIsRead}</h2>
      <ul className={styles['feeds']}>
        {feeds.map(({ feed, title, brings, history_days }) => {
          const less = arrives === 'cloud' && historyWords(history_days, words)
          return (
            <li key={feed}>
              <span className={styles['name']}>
                <strong>{title}</strong>
                <span className={styles['soft']}>{bringsWords(brings, 8, words)}</span>
              </span>
              {less && <span className={styles['soft']}>{less}</span>}
            </li>
          )
        })}
      </ul>
      <p className={styles['soft']}>
        {words.firstSync(name)}
        {has_webhooks && ` ${words.tells(name)}`}
      </p>
    </Card>
  )
}
