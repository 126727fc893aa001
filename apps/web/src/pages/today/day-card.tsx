import { Link } from '@tanstack/react-router'
import type { DaySource } from '../../api/types.ts'
import { useFormat } from '../../app/reader.tsx'
import { Sparkline } from '../../charts/sparkline.tsx'
import { DemoPill } from '../../ui/demo-pill.tsx'
import { Icon } from '../../ui/icon.tsx'
import { Pill } from '../../ui/pill.tsx'
import { metricTitle } from '../../util/metric-words.ts'
import { path } from '../../util/path-builder.ts'
import styles from './day-card.module.css'
import { type Card, type Figure, isCounted } from './figures.ts'
import { WhyButton } from './why-button.tsx'
import { figureWords, freshness, usualWords, verdictWords } from './words.ts'

interface DayCardProps {
  card: Card
  sources: readonly DaySource[]
  date: string
  today: string
}

/** One part of a day: each figure against what is usual, with its source and how fresh it is. */
export function DayCard({ card: { title, icon, figures }, sources, date, today }: DayCardProps) {
  return (
    <section className={styles['card']} aria-label={title}>
      <h2 className={styles['title']}>
        <Icon name={icon} />
        {title}
      </h2>
      <ul className={styles['figures']}>
        {figures.map((figure, index) => (
          <FigureRow
            key={figure.metric}
            figure={figure}
            source={sources.find(({ source_id }) => source_id === figure.day.source_id)}
            isFirst={index === 0}
            date={date}
            today={today}
          />
        ))}
      </ul>
    </section>
  )
}

interface FigureRowProps {
  figure: Figure
  source: DaySource | undefined
  isFirst: boolean
  date: string
  today: string
}

function FigureRow({ figure, source, isFirst, date, today }: FigureRowProps) {
  const format = useFormat()
  const { metric, partner, isStale, fortnight, usual, day } = figure
  // What reads the same is not said to differ.
  const readsAsUsual = usual && format.value(metric, usual.median) === format.value(metric, day.value)
  const verdict = figure.verdict && readsAsUsual ? 'as usual' : figure.verdict
  const title = partner ? 'Blood pressure' : metricTitle(metric)
  return (
    <li className={styles['figure']} data-first={isFirst || undefined}>
      <span className={styles['name']}>
        <Link {...path.trends({ metric, view: 'month', date: day.date })} className={styles['link']}>
          {title}
        </Link>
        {verdict && <Pill tone={verdict === 'as usual' ? 'quiet' : 'accent'}>{verdictWords(verdict, metric)}</Pill>}
        {isStale && <Pill tone="warn">Newer data is being worked in</Pill>}
      </span>
      <span className={styles['value']}>{figureWords(figure, format)}</span>
      <p className={styles['usual']}>{usualWords(figure, format)}</p>
      <span className={styles['spark']}>
        <Sparkline values={fortnight} usual={usual} bars={isCounted(metric)} />
      </span>
      <p className={styles['source']}>
        <span>{[source?.name, freshness(figure, date, today, format)].filter(Boolean).join(' · ')}</span>
        <DemoPill isDemo={source?.is_demo} />
        <span className={styles['why']}>
          <WhyButton metric={metric} title={title} date={day.date} />
        </span>
      </p>
    </li>
  )
}
