import type { MetricId } from '@tributary/protocol'
import { useFormat } from '../../app/reader.tsx'
import { sentenceCase } from '../../util/device-words.ts'
import styles from './comparison.module.css'
import { type Level, longerOf } from './figures.ts'
import { changeWords } from './words.ts'

interface ComparisonProps {
  metric: MetricId
  now: Level | undefined
  others: readonly { period: string; level: Level | undefined }[]
  days: readonly { value: number }[]
}

/** The stretch in figures, beside the one before and the same of last year. */
export function Comparison({ metric, now, others, days }: ComparisonProps) {
  const format = useFormat()
  if (!now) return null
  const values = days.map(({ value }) => value)
  return (
    <dl className={styles['figures']}>
      <div>
        <dt>{longerOf(metric) === 'sum' ? 'In all' : now.days === 1 ? 'This day' : 'Average'}</dt>
        <dd className={styles['main']}>{format.value(metric, now.value)}</dd>
      </div>
      {others.map(({ period, level }) => (
        <div key={period}>
          <dt>Against {period}</dt>
          <dd>{level ? sentenceCase(changeWords(metric, now.value, level.value, format)) : 'Nothing to compare'}</dd>
          {level && <dd className={styles['note']}>{format.value(metric, level.value)}</dd>}
        </div>
      ))}
      {values.length > 1 && (
        <div>
          <dt>Lowest and highest day</dt>
          <dd>
            {format.value(metric, Math.min(...values))} and {format.value(metric, Math.max(...values))}
          </dd>
        </div>
      )}
    </dl>
  )
}
