import { Anchor } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import { useMemo } from 'react'
import { sessionQuery } from '../api/queries.ts'
import type { Session } from '../api/types.ts'
import { Answer } from '../app/answer.tsx'
import { useFormat } from '../app/reader.tsx'
import { createCursor } from '../charts/cursor.ts'
import { Icon } from '../ui/icon.tsx'
import { Card, Page, Section } from '../ui/page.tsx'
import { download, path } from '../util/path-builder.ts'
import { activityWords, sessionTitle } from '../util/session-words.ts'
import { Laps } from './session/laps.tsx'
import { Route } from './session/route.tsx'
import { SleepStages } from './session/sleep-stages.tsx'
import { Streams } from './session/streams.tsx'
import { Summary } from './session/summary.tsx'

export function SessionPage() {
  const { sessionId }: { sessionId: string } = useParams({ strict: false })
  const session = useQuery(sessionQuery(sessionId))
  return <Answer query={session}>{(found) => <SessionView key={found.session_id} session={found} />}</Answer>
}

function SessionView({ session }: { session: Session }) {
  const format = useFormat()
  const cursor = useMemo(createCursor, [])
  const title = sessionTitle(session)
  const lead = [
    ...(session.activity && title !== activityWords(session.activity) ? [activityWords(session.activity)] : []),
    format.longDateTime(session.start_time, session.utc_offset_minutes),
    session.source.name,
  ]
  return (
    <Page
      title={title}
      lead={lead.join(' · ')}
      above={<Link {...path.sessions()}>← Sessions</Link>}
      actions={
        session.has_file && (
          <Anchor href={download.sessionFile(session.session_id)} download={session.file_name ?? true}>
            <Icon name="download" size={16} /> Original file
          </Anchor>
        )
      }
    >
      <Summary session={session} />
      <Warnings session={session} />
      {session.type === 'sleep' && <SleepStages session={session} />}
      {session.has_track && <Route session={session} cursor={cursor} />}
      <Streams session={session} cursor={cursor} />
      <Laps session={session} />
    </Page>
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
