import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { trackQuery } from '../../api/queries.ts'
import type { Session, Track } from '../../api/types.ts'
import { Answer } from '../../app/answer.tsx'
import { useFormat } from '../../app/reader.tsx'
import { nearestIndex } from '../../charts/columns.ts'
import { type Cursor, useCursor } from '../../charts/cursor.ts'
import { type RouteShape, routeShape } from '../../charts/route-shape.ts'
import { Loading } from '../../ui/loading.tsx'
import { Card, Section } from '../../ui/page.tsx'
import styles from './route.module.css'

const side = 1_000
const margin = 60

interface RouteProps {
  session: Session
  /** Milliseconds from the start, set by the charts below. */
  cursor: Cursor
}

/** The way as a line: no tiles are fetched, so nobody learns where a person lives. */
export function Route({ session, cursor }: RouteProps) {
  const track = useQuery(trackQuery(session.session_id))
  return (
    <Section title="Route">
      <Answer query={track} loading={<Loading rows={1} height={320} />}>
        {(found) => (
          <Card>
            <Drawing track={found} session={session} cursor={cursor} />
          </Card>
        )}
      </Answer>
    </Section>
  )
}

function Drawing({ track, session, cursor }: RouteProps & { track: Track }) {
  const format = useFormat()
  const shape = useMemo(() => routeShape(track.lat, track.lon, side), [track])
  const begin = Date.parse(session.start_time)
  const times = useMemo(() => track.time.map((time) => Date.parse(time) - begin), [track, begin])
  if (!shape) return <p>The file has no positions.</p>
  const known = shape.points.filter((point) => point !== null)
  const [start, end] = [known[0], known.at(-1)]
  const { distance } = session.totals
  return (
    <>
      <svg
        className={styles['route']}
        viewBox={`${-margin} ${-margin} ${shape.width + 2 * margin} ${shape.height + 2 * margin}`}
        role="img"
        aria-label={`The route${distance === undefined ? '' : `, ${format.total('distance', distance)} long`}, north at the top`}
      >
        <path d={shape.path} className={styles['casing']} />
        <path d={shape.path} className={styles['way']} />
        {end && <rect className={styles['end']} x={end.x - 14} y={end.y - 14} width={28} height={28} rx={6} />}
        {start && <circle className={styles['start']} cx={start.x} cy={start.y} r={15} />}
        <Here shape={shape} times={times} cursor={cursor} />
      </svg>
      <p className={styles['legend']}>
        <span>
          <i className={styles['startMark']} /> Start
        </span>
        <span>
          <i className={styles['endMark']} /> End
        </span>
        <span>
          <i className={styles['hereMark']} /> Where the charts' cursor is
        </span>
      </p>
    </>
  )
}

/** Moves with the cursor; drawn by itself, so that the way is not drawn again. */
function Here({ shape, times, cursor }: { shape: RouteShape; times: readonly number[]; cursor: Cursor }) {
  const at = useCursor(cursor)
  const point = at === null ? null : shape.points[nearestIndex(times, at)]
  return point ? <circle className={styles['here']} cx={point.x} cy={point.y} r={18} /> : null
}
