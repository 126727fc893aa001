import { Sparkline } from '../../charts/sparkline.tsx'
import { Icon } from '../../ui/icon.tsx'
import styles from './day-card.module.css'

const nights = [6.8, 7.2, 7, null, 6.4, 7.1, 7.6, 7.3, 6.9, 7.4, 7, 6.6, 7.2, 7.5]

/** What the first card will look like. */
export function GhostCards() {
  return (
    <div className={styles['card']} style={{ textAlign: 'start' }}>
      <p className={styles['title']}>
        <Icon name="sleep" /> Sleep
      </p>
      <div className={styles['figure']} data-first="">
        <span className={styles['name']}>Time asleep</span>
        <span className={styles['value']}>7 h 28 min</span>
        <p className={styles['usual']}>Usually 7 h 5 min</p>
        <span className={styles['spark']}>
          <Sparkline values={nights} usual={{ median: 7, low: 6.8, high: 7.3, days: 28 }} bars={false} />
        </span>
      </div>
    </div>
  )
}
