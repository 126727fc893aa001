import { useQuery } from '@tanstack/react-query'
import { lapsQuery } from '../../api/queries.ts'
import type { Session, SessionPart } from '../../api/types.ts'
import { Answer } from '../../app/answer.tsx'
import { useFormat } from '../../app/reader.tsx'
import { Loading } from '../../ui/loading.tsx'
import { Card, Section } from '../../ui/page.tsx'
import { hoursAndMinutes } from '../../util/format.ts'
import styles from './sleep-stages.module.css'

/** From wide awake at the top to the deepest at the bottom, as sleep is usually drawn. */
const rows = [
  ['awake', 'Awake'],
  ['rem', 'REM'],
  ['light', 'Light'],
  ['deep', 'Deep'],
  ['asleep_unspecified', 'Asleep'],
  ['in_bed', 'In bed'],
  ['out_of_bed', 'Out of bed'],
  ['unknown', 'Unknown'],
] as const

export function SleepStages({ session }: { session: Session }) {
  const format = useFormat()
  const parts = useQuery(lapsQuery(session.session_id))
  return (
    <Section title="Stages">
      <Answer query={parts} loading={<Loading rows={1} height={200} />}>
        {({ items }) => {
          const stages = items.filter(({ kind }) => kind === 'stage')
          if (stages.length === 0) return <p>This night has no stages.</p>
          return (
            <Card>
              <div className={styles['night']}>
                {rows.map(([stage, title]) => (
                  <Row
                    key={stage}
                    title={title}
                    stage={stage}
                    parts={stages.filter(({ label }) => label === stage)}
                    session={session}
                  />
                ))}
                <span />
                <span className={styles['ends']}>
                  <span>{format.time(session.start_time, session.utc_offset_minutes)}</span>
                  <span>{format.time(session.end_time, session.utc_offset_minutes)}</span>
                </span>
              </div>
            </Card>
          )
        }}
      </Answer>
    </Section>
  )
}

interface RowProps {
  title: string
  stage: string
  parts: readonly SessionPart[]
  session: Session
}

function Row({ title, stage, parts, session }: RowProps) {
  if (parts.length === 0) return null
  const begin = Date.parse(session.start_time)
  const length = Date.parse(session.end_time) - begin
  const share = (from: string, to: string) => (100 * (Date.parse(to) - Date.parse(from))) / length
  const seconds = parts.reduce(
    (sum, part) => sum + (Date.parse(part.end_time) - Date.parse(part.start_time)) / 1_000,
    0,
  )
  return (
    <>
      <span className={styles['title']}>
        {title} <span className={styles['length']}>{hoursAndMinutes(seconds)}</span>
      </span>
      <span className={styles['lane']} aria-hidden="true">
        {parts.map((part) => (
          <i
            key={part.start_time}
            className={styles['bar']}
            data-stage={stage}
            style={{
              left: `${share(session.start_time, part.start_time)}%`,
              width: `${share(part.start_time, part.end_time)}%`,
            }}
          />
        ))}
      </span>
    </>
  )
}
