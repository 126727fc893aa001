import { useComputedColorScheme } from '@mantine/core'
import type { SourceLine } from '../../api/types.ts'
import { useFormat } from '../../app/reader.tsx'
import { lineColour } from '../../charts/palette.ts'
import styles from './legend.module.css'

interface LegendProps {
  lines: readonly SourceLine[]
  hidden: ReadonlySet<string>
  onToggle: (source: string) => void
}

/** Who measured; a source can be switched off to see another beneath it. */
export function Legend({ lines, hidden, onToggle }: LegendProps) {
  const format = useFormat()
  const scheme = useComputedColorScheme()
  if (lines.length === 0) return null
  return (
    <ul className={styles['legend']} aria-label="Sources">
      {lines.map(({ source, n }, index) => (
        <li key={source.source_id}>
          <button
            type="button"
            className={styles['source']}
            aria-pressed={!hidden.has(source.source_id)}
            onClick={() => onToggle(source.source_id)}
          >
            <i className={styles['swatch']} style={{ background: lineColour(scheme, index) }} />
            {source.name}
            <span className={styles['count']}>
              {format.number(n)} {n === 1 ? 'value' : 'values'}
            </span>
          </button>
        </li>
      ))}
    </ul>
  )
}
