import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { sessionsQuery } from '../../api/queries.ts'
import type { Session } from '../../api/types.ts'
import { useFormat } from '../../app/reader.tsx'
import { Card, Section } from '../../ui/page.tsx'
import { Tile, Tiles } from '../../ui/tile.tsx'
import { hoursAndMinutes } from '../../util/format.ts'
import { path } from '../../util/path-builder.ts'
import { offsetOf, offsetWords, zoneNote } from '../../util/wall-time.ts'
import { localDayOf } from '../sessions/months.ts'
import { SessionRows } from '../sessions/session-rows.tsx'
import styles from './night.module.css'
import { Course } from './night-course.tsx'
import { NightTable } from './night-table.tsx'

const dayMs = 86_400_000

export function Night({ session }: { session: Session }) {
  return (
    <>
      <Neighbours session={session} />
      <Figures session={session} />
      <Course session={session} offset={useOffset(session)} />
      <NightTable session={session} />
      <Naps session={session} />
    </>
  )
}

/** Minutes east of UTC where it was slept, or at home when nobody said. */
function useOffset(session: Session): number {
  const { timeZone } = useFormat()
  return session.utc_offset_minutes ?? offsetOf(timeZone, Date.parse(session.start_time))
}

function Figures({ session }: { session: Session }) {
  const format = useFormat()
  const offset = useOffset(session)
  const { totals, start_time, end_time } = session
  const inBed = totals['sleep_time_in_bed'] ?? (Date.parse(end_time) - Date.parse(start_time)) / 1_000
  const asleep = totals['sleep_total']
  const efficiency =
    totals['sleep_efficiency'] ??
    (asleep !== undefined && inBed > 0 ? Math.min(100, (100 * asleep) / inBed) : undefined)
  const lowest = totals['heart_rate_min'] ?? totals['sleep_heart_rate_min']
  return (
    <Tiles>
      {asleep !== undefined && <Tile label="Time asleep" value={hoursAndMinutes(asleep)} />}
      <Tile
        label="Time in bed"
        value={hoursAndMinutes(inBed)}
        note={`${format.time(start_time, offset)}–${format.time(end_time, offset)}`}
      />
      {efficiency !== undefined && (
        <Tile
          label="Efficiency"
          value={`${format.number(efficiency)}%`}
          note={
            totals['sleep_efficiency'] === undefined || session.derived.includes('sleep_efficiency')
              ? 'asleep of the time in bed'
              : 'as the source says'
          }
        />
      )}
      {lowest !== undefined && <Tile label="Lowest heart rate" value={format.value('heart_rate', lowest)} />}
      {totals['sleep_score'] !== undefined && (
        <Tile label="Sleep score" value={format.number(totals['sleep_score'])} note={`by ${session.source.name}`} />
      )}
      <Tile
        label="Told in"
        value={offsetWords(offset)}
        note={
          session.utc_offset_minutes === null
            ? 'your zone, the source names none'
            : zoneNote(offset, format.timeZone, Date.parse(start_time))
        }
      />
    </Tiles>
  )
}

/** Three weeks on both sides: who slept nowhere for so long has no neighbour to turn to. */
const near = 21 * dayMs

function useNear(session: Session) {
  const start = Date.parse(session.start_time)
  return useQuery(
    sessionsQuery({
      type: 'sleep',
      start_time: new Date(start - near).toISOString(),
      end_time: new Date(start + near).toISOString(),
      limit: 200,
    }),
  ).data?.items
}

function Neighbours({ session }: { session: Session }) {
  const format = useFormat()
  const nights = useNear(session)?.filter(({ is_nap }) => !is_nap) ?? []
  const before = nights.find(({ start_time }) => start_time < session.start_time)
  const after = nights.findLast(({ start_time }) => start_time > session.start_time)
  if (!before && !after) return null
  const words = ({ start_time, utc_offset_minutes }: Session) => format.longDateTime(start_time, utc_offset_minutes)
  return (
    <nav className={styles['neighbours']} aria-label="Nights before and after">
      {before ? (
        <Link {...path.session(before.session_id)} title={words(before)}>
          ← Night before
        </Link>
      ) : (
        <span />
      )}
      {after && (
        <Link {...path.session(after.session_id)} title={words(after)}>
          Night after →
        </Link>
      )}
    </nav>
  )
}

/** Of the day that the night led into; beside a nap, nothing. */
function Naps({ session }: { session: Session }) {
  const { timeZone } = useFormat()
  const offsetAt = (at: number) => offsetOf(timeZone, at)
  const morning = localDayOf({ ...session, start_time: session.end_time }, offsetAt)
  const naps = useNear(session)?.filter((sleep) => sleep.is_nap && localDayOf(sleep, offsetAt) === morning) ?? []
  if (session.is_nap || naps.length === 0) return null
  return (
    <Section title={naps.length === 1 ? 'Nap of the day' : 'Naps of the day'}>
      <Card flush>
        <SessionRows sessions={naps} />
      </Card>
    </Section>
  )
}
