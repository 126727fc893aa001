import { Link } from '@tanstack/react-router'
import type { Session } from '../../api/types.ts'
import { useFormat } from '../../app/reader.tsx'
import { Icon } from '../../ui/icon.tsx'
import { duration, type Format, hoursAndMinutes } from '../../util/format.ts'
import { path } from '../../util/path-builder.ts'
import { sessionIcon, sessionTitle } from '../../util/session-words.ts'
import rows from '../row-list.module.css'
import { secondsOf } from './months.ts'
import styles from './sessions.module.css'

export function SessionRows({ sessions }: { sessions: readonly Session[] }) {
  return (
    <ul className={rows['rows']}>
      {sessions.map((session) => (
        <li key={session.session_id}>
          <Link {...path.session(session.session_id)} className={rows['row']}>
            <SessionRow session={session} />
          </Link>
        </li>
      ))}
    </ul>
  )
}

function SessionRow({ session }: { session: Session }) {
  const format = useFormat()
  const { records } = session
  return (
    <>
      <span className={rows['icon']}>
        <Icon name={sessionIcon(session)} size={22} />
      </span>
      <span className={rows['main']}>
        <strong>{sessionTitle(session)}</strong>
        <span className={rows['soft']}>
          {format.longDateTime(session.start_time, session.utc_offset_minutes)} · {session.source.name}
          {records.length > 1 && ` · from ${records.length} records`}
          {session.planned_session_id && ' · planned'}
        </span>
      </span>
      {session.type === 'sleep' && <NightStrip session={session} />}
      <span className={`${rows['figures']} ${styles['figures']}`}>
        {figuresOf(session, format).map(({ name, words }) => (
          <span key={name}>
            <span className="visually-hidden">{name} </span>
            {words}
          </span>
        ))}
      </span>
    </>
  )
}

interface Figure {
  name: string
  words: string
}

function figuresOf(session: Session, format: Format): Figure[] {
  const { distance, heart_rate_avg: heartRate, sleep_total: asleep } = session.totals
  if (session.type === 'sleep') {
    if (asleep !== undefined) return [{ name: 'Asleep', words: hoursAndMinutes(asleep) }]
    return [{ name: '', words: `${hoursAndMinutes(secondsOf(session))} in bed` }]
  }
  return [
    heartRate !== undefined && { name: 'Heart rate', words: format.total('heart_rate_avg', heartRate) },
    distance !== undefined && { name: 'Distance', words: format.total('distance', distance) },
    { name: 'Time', words: duration(secondsOf(session)) },
  ].filter((figure) => figure !== false)
}

const strip = ['sleep_deep', 'sleep_light', 'sleep_rem', 'sleep_awake'] as const

/** How the night was parted, from its totals: no further question to the server for a list of thirty. */
function NightStrip({ session: { totals } }: { session: Session }) {
  const parts = strip.map((name) => ({ name, seconds: totals[name] ?? 0 })).filter(({ seconds }) => seconds > 0)
  const all = parts.reduce((sum, { seconds }) => sum + seconds, 0)
  if (all === 0) return null
  return (
    <span className={styles['strip']} aria-hidden="true">
      {parts.map(({ name, seconds }) => (
        <i key={name} data-stage={name} style={{ flexGrow: seconds }} />
      ))}
    </span>
  )
}
