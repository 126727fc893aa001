import { Link } from '@tanstack/react-router'
import type { Session } from '../../api/types.ts'
import { useFormat } from '../../app/reader.tsx'
import { Sparkline } from '../../charts/sparkline.tsx'
import { against, usualOf } from '../../charts/usual.ts'
import { Icon } from '../../ui/icon.tsx'
import { Pill } from '../../ui/pill.tsx'
import { duration } from '../../util/format.ts'
import { dateIn, dayWords } from '../../util/local-days.ts'
import { path } from '../../util/path-builder.ts'
import { sessionTitle } from '../../util/session-words.ts'
import styles from './day-card.module.css'

interface WorkoutCardProps {
  /** The newest first; the others say what is usual. */
  workouts: readonly Session[]
  date: string
  today: string
}

export function WorkoutCard({ workouts, date, today }: WorkoutCardProps) {
  const format = useFormat()
  const dayOf = ({ end_time }: Session) => dateIn(format.timeZone, Date.parse(end_time))
  const before = workouts.filter((workout) => dayOf(workout) <= date)
  const [last, ...earlier] = before
  if (!last) return null
  const alike = earlier.filter(({ activity }) => activity === last.activity)
  const usual = usualOf(alike.map(secondsOf))
  const seconds = secondsOf(last)
  const verdict = usual && against(seconds, usual)
  const { totals, source } = last
  const facts = ['distance', 'heart_rate_avg', 'energy_active'].flatMap((name) =>
    typeof totals[name] === 'number' ? [format.total(name, totals[name])] : [],
  )
  return (
    <section className={styles['card']} aria-label="Last workout">
      <h2 className={styles['title']}>
        <Icon name="activity" />
        Last workout
      </h2>
      <div className={styles['figure']} data-first="">
        <span className={styles['name']}>
          <Link {...path.session(last.session_id)} className={styles['link']}>
            {sessionTitle(last)}
          </Link>
          {verdict && (
            <Pill tone={verdict === 'as usual' ? 'quiet' : 'accent'}>
              {{ above: 'Longer than usual', below: 'Shorter than usual', 'as usual': 'As usual' }[verdict]}
            </Pill>
          )}
        </span>
        <span className={styles['value']}>{duration(seconds)}</span>
        <p className={styles['usual']}>
          {usual
            ? `Usually ${duration(usual.median)}, by the last ${usual.days} of this kind`
            : 'Not enough workouts of this kind yet to say what is usual'}
        </p>
        <span className={styles['spark']}>
          <Sparkline values={[last, ...alike].slice(0, 14).map(secondsOf).reverse()} usual={usual} bars />
        </span>
        {facts.length > 0 && <p className={styles['facts']}>{facts.join(' · ')}</p>}
        <p className={styles['source']}>
          {source.name} · {dayWords(format.locale, today).ago(dayOf(last))},{' '}
          {format.time(last.start_time, last.utc_offset_minutes)}
        </p>
      </div>
    </section>
  )
}

const secondsOf = ({ totals, start_time, end_time }: Session): number =>
  totals['active_duration'] ?? totals['duration'] ?? (Date.parse(end_time) - Date.parse(start_time)) / 1_000
