import { useMemo } from 'react'
import type { Session } from '../../api/types.ts'
import { useFormat } from '../../app/reader.tsx'
import { nearestIndex } from '../../charts/columns.ts'
import { type Cursor, useCursor } from '../../charts/cursor.ts'
import { DataTable } from '../../ui/data-table.tsx'
import { InWords } from '../../ui/in-words.tsx'
import { Card, Section } from '../../ui/page.tsx'
import styles from './elevation-profile.module.css'
import { milestones } from './milestones.ts'
import { unitOf, useWay } from './splits.tsx'

interface Point {
  at: number
  metres: number
  height: number
}

/** Height over the way, not over time: a climb looks as long as it was. */
export function ElevationProfile({ session, cursor }: { session: Session; cursor: Cursor }) {
  const format = useFormat()
  const way = useWay(session)
  const points = useMemo(() => {
    if (!way?.elevation) return []
    const { time, distance, elevation } = way
    return time.flatMap((at, i): Point[] => {
      const [metres, height] = [distance[i], elevation[i]]
      return typeof metres === 'number' && typeof height === 'number' ? [{ at, metres, height }] : []
    })
  }, [way])
  const end = points.at(-1)?.metres ?? 0
  if (points.length < 10 || end < 200) return null
  const heights = points.map(({ height }) => height)
  const low = heights.reduce((a, b) => Math.min(a, b))
  const high = heights.reduce((a, b) => Math.max(a, b))
  // A flat way is not blown up to look like the Alps.
  const span = Math.max(high - low, 20)
  const x = (metres: number) => (1_000 * metres) / end
  const y = (height: number) => 190 - (180 * (height - low)) / span
  const line = points.map(({ metres, height }) => `${x(metres).toFixed(1)} ${y(height).toFixed(1)}`).join('L')
  const words = (height: number) => format.value('elevation', height)
  const unit = unitOf(format)
  return (
    <Section title="Elevation">
      <Card>
        <div className={styles['profile']}>
          <span className={styles['high']}>{words(low + span)}</span>
          <span className={styles['low']}>{words(low)}</span>
          <svg
            viewBox="0 0 1000 200"
            preserveAspectRatio="none"
            role="img"
            aria-label={`Height along ${format.total('distance', end)}, between ${words(low)} and ${words(high)}`}
          >
            <path d={`M0 200L${line}L1000 200Z`} className={styles['area']} />
            <path d={`M${line}`} className={styles['line']} vectorEffect="non-scaling-stroke" />
            <Here points={points} cursor={cursor} x={x} />
          </svg>
          <span className={styles['from']}>0</span>
          <span className={styles['to']}>{format.total('distance', end)}</span>
        </div>
        <Words points={points} cursor={cursor} />
        <InWords
          of="elevation"
          sentence={sentenceOf(points, words)}
          table={() => (
            <DataTable
              caption={`Height, ${unit.word.toLowerCase()} by ${unit.word.toLowerCase()}`}
              columns={[
                { title: 'After', cell: ({ metres }: Point) => format.total('distance', metres) },
                { title: 'Height', cell: ({ height }: Point) => words(height), numeric: true },
              ]}
              rows={milestones(
                points.map(({ metres }) => metres),
                unit.metres,
              ).flatMap((index) => points[index] ?? [])}
              keyOf={({ at }) => String(at)}
              maxHeight={420}
            />
          )}
        />
      </Card>
    </Section>
  )
}

function sentenceOf(points: readonly Point[], words: (height: number) => string): string {
  const ends = [points[0], points.at(-1)].map((point) => words(point?.height ?? 0))
  const heights = points.map(({ height }) => height)
  const [low, high] = [heights.reduce((a, b) => Math.min(a, b)), heights.reduce((a, b) => Math.max(a, b))]
  return `From ${ends[0]} at the start to ${ends[1]} at the end, between ${words(low)} and ${words(high)} along the way.`
}

function Here({ points, cursor, x }: { points: readonly Point[]; cursor: Cursor; x: (metres: number) => number }) {
  const point = usePoint(points, cursor)
  if (!point) return null
  const at = x(point.metres)
  return <line x1={at} x2={at} y1={0} y2={200} className={styles['here']} vectorEffect="non-scaling-stroke" />
}

function Words({ points, cursor }: { points: readonly Point[]; cursor: Cursor }) {
  const format = useFormat()
  const point = usePoint(points, cursor)
  return (
    <p className={styles['words']}>
      {point
        ? `${format.value('elevation', point.height)} after ${format.total('distance', point.metres)}`
        : 'Follows the cursor of the charts.'}
    </p>
  )
}

function usePoint(points: readonly Point[], cursor: Cursor): Point | undefined {
  const at = useCursor(cursor)
  const times = useMemo(() => points.map((point) => point.at), [points])
  return at === null ? undefined : points[nearestIndex(times, at)]
}
