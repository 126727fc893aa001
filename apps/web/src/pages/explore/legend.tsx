import type { MetricId } from '@tributary/protocol'
import { useFormat } from '../../app/reader.tsx'
import type { MetricLine } from '../../charts/metric-lines.ts'
import { metricTitle } from '../../util/metric-words.ts'
import styles from './legend.module.css'

interface LegendProps {
  metrics: readonly MetricId[]
  lines: readonly MetricLine[]
  hidden: ReadonlySet<string>
  onToggle: (id: string) => void
}

/** Who measured what; a line can be switched off to see another beneath it. */
export function Legend({ metrics, lines, hidden, onToggle }: LegendProps) {
  const format = useFormat()
  if (lines.length === 0) return null
  const ordered = lines.toSorted((a, b) => metrics.indexOf(a.metric) - metrics.indexOf(b.metric))
  return (
    <ul className={styles['legend']} aria-label="Sources">
      {ordered.map(({ id, metric, label, samples, colour, dash }) => (
        <li key={id}>
          <button
            type="button"
            className={styles['source']}
            aria-pressed={!hidden.has(id)}
            onClick={() => onToggle(id)}
          >
            <svg className={styles['swatch']} viewBox="0 0 22 8" aria-hidden="true">
              <path d="M0 4H22" stroke={colour} strokeWidth="3.5" strokeDasharray={dash?.join(' ')} />
            </svg>
            <span>{metrics.length > 1 ? `${metricTitle(metric)}, ${label}` : label}</span>
            <span className={styles['count']}>
              {format.number(samples)} {samples === 1 ? 'value' : 'values'}
            </span>
          </button>
        </li>
      ))}
    </ul>
  )
}
