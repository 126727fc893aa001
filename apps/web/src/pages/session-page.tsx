import { Anchor } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import { type ReactNode, useMemo } from 'react'
import { sessionQuery } from '../api/queries.ts'
import type { Session } from '../api/types.ts'
import { Answer } from '../app/answer.tsx'
import { useFormat } from '../app/reader.tsx'
import { createCursor } from '../charts/cursor.ts'
import { Icon } from '../ui/icon.tsx'
import { Card, Page, Section } from '../ui/page.tsx'
import { download, path } from '../util/path-builder.ts'
import { activityWords, sessionTitle } from '../util/session-words.ts'
import { DeleteSession } from './session/deletion.tsx'
import { Ecg } from './session/ecg.tsx'
import { EditSession, Edits } from './session/edits.tsx'
import { ElevationProfile } from './session/elevation-profile.tsx'
import { Laps } from './session/laps.tsx'
import { Night } from './session/night.tsx'
import { PlanOf } from './session/plan-of.tsx'
import { Records } from './session/records.tsx'
import { Route } from './session/route.tsx'
import styles from './session/session.module.css'
import { Splits } from './session/splits.tsx'
import { Streams } from './session/streams.tsx'
import { Summary } from './session/summary.tsx'
import { Zones } from './session/zones.tsx'

export function SessionPage() {
  const { sessionId }: { sessionId: string } = useParams({ strict: false })
  const session = useQuery(sessionQuery(sessionId))
  return <Answer query={session}>{(found) => <SessionView key={found.session_id} session={found} />}</Answer>
}

/** What is told of each kind of session, between its figures and its records. */
const tellings: Record<Session['type'], (props: { session: Session }) => ReactNode> = {
  workout: Workout,
  sleep: Night,
  meditation: Calm,
  ecg: Ecg,
}

export function SessionView({ session }: { session: Session }) {
  const format = useFormat()
  const title = sessionTitle(session)
  const lead = [
    ...(session.activity && title !== activityWords(session.activity) ? [activityWords(session.activity)] : []),
    format.longDateTime(session.start_time, session.utc_offset_minutes),
    session.source.name,
  ]
  const Telling = tellings[session.type]
  return (
    <Page
      title={title}
      lead={lead.join(' · ')}
      above={<Link {...path.sessions()}>← Sessions</Link>}
      actions={
        <>
          {session.has_file && (
            <Anchor
              className={styles['file'] ?? ''}
              href={download.sessionFile(session.session_id)}
              download={session.file_name ?? true}
            >
              <Icon name="download" size={16} /> Original file
            </Anchor>
          )}
          <EditSession session={session} />
          <DeleteSession session={session} />
        </>
      }
    >
      <OneRecord session={session} />
      <Telling session={session} />
      {session.notes && (
        <Section title="Notes">
          <Card>
            <p className={styles['notes']}>{session.notes}</p>
          </Card>
        </Section>
      )}
      <PlanOf session={session} />
      <Edits session={session} />
      <Records session={session} />
      <Warnings session={session} />
    </Page>
  )
}

function Workout({ session }: { session: Session }) {
  const cursor = useMemo(createCursor, [])
  return (
    <>
      <Summary session={session} />
      {session.has_track && <Route session={session} cursor={cursor} />}
      <Streams session={session} cursor={cursor} />
      <ElevationProfile session={session} cursor={cursor} />
      <Zones session={session} />
      <Laps session={session} />
      <Splits session={session} />
    </>
  )
}

function Calm({ session }: { session: Session }) {
  const cursor = useMemo(createCursor, [])
  return (
    <>
      <Summary session={session} />
      <Streams session={session} cursor={cursor} />
    </>
  )
}

/** Of a record that is not the one shown. */
function OneRecord({ session }: { session: Session }) {
  if (!session.superseded_by) return null
  return (
    <Card>
      <p className={styles['notes']}>
        This is one record by itself. Lists and sums show{' '}
        <Link {...path.session(session.superseded_by)}>another one</Link> of the same session.
      </p>
    </Card>
  )
}

/** What the reader of the file noted down, where it did. */
function Warnings({ session: { activity_data } }: { session: Session }) {
  const { warnings } = activity_data
  const texts = Array.isArray(warnings) ? warnings.map(warningText).filter((text) => text !== undefined) : []
  if (texts.length === 0) return null
  return (
    <Section title="Good to know">
      <Card>
        <ul style={{ margin: 0, paddingInlineStart: 20 }}>
          {texts.map((text) => (
            <li key={text}>{text}</li>
          ))}
        </ul>
      </Card>
    </Section>
  )
}

function warningText(warning: unknown): string | undefined {
  if (typeof warning === 'string') return warning
  const detail = typeof warning === 'object' && warning !== null && 'detail' in warning ? warning.detail : undefined
  return typeof detail === 'string' ? detail : undefined
}
