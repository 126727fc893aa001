/** Two weeks at a glance: a line that breaks where there was nothing, over what is usual. */

import styles from './sparkline.module.css'
import { gapless } from './sparkline-shape.ts'
import type { Usual } from './usual.ts'

interface SparklineProps {
  values: readonly (number | null)[]
  usual?: Usual | undefined
  /** Amounts are bars from zero. */
  bars: boolean
}

const [width, height, air] = [132, 40, 4]

/** Says nothing to a screen reader: the words beside it do. */
export function Sparkline({ values, usual, bars }: SparklineProps) {
  const known = values.filter((value) => value !== null)
  if (known.length === 0) return null
  const all = [...known, ...(usual ? [usual.low, usual.high] : [])]
  const [low, high] = [bars ? 0 : Math.min(...all), Math.max(...all)]
  const span = high - low || 1
  const y = (value: number) => height - air - ((value - low) / span) * (height - 2 * air)
  const step = width / values.length
  const x = (index: number) => (index + 0.5) * step
  return (
    <svg className={styles['sparkline']} viewBox={`0 0 ${width} ${height}`} aria-hidden="true" focusable="false">
      {usual && (
        <rect
          className={styles['usual']}
          x={0}
          width={width}
          y={y(usual.high) - 1}
          height={Math.max(2, y(usual.low) - y(usual.high) + 2)}
          rx={3}
        />
      )}
      {bars
        ? values.map(
            (value, index) =>
              value !== null && (
                <rect
                  // biome-ignore lint/suspicious/noArrayIndexKey: a bar is its day.
                  key={index}
                  className={styles['bar']}
                  data-last={index === values.length - 1}
                  x={x(index) - step * 0.33}
                  width={step * 0.66}
                  y={Math.min(y(value), height - air - 1)}
                  height={Math.max(1, height - air - y(value))}
                  rx={1.5}
                />
              ),
          )
        : gapless(values).map((run) => (
            <g key={run[0]?.index}>
              <polyline
                className={styles['line']}
                points={run.map(({ index, value }) => `${x(index).toFixed(1)},${y(value).toFixed(1)}`).join(' ')}
              />
              {run.map(
                ({ index, value }) =>
                  (run.length === 1 || index === values.length - 1) && (
                    <circle key={index} className={styles['dot']} cx={x(index)} cy={y(value)} r={2.6} />
                  ),
              )}
            </g>
          ))}
    </svg>
  )
}
