import { Button, Group, SegmentedControl } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { sessionsQuery } from '../api/queries.ts'
import type { Session } from '../api/types.ts'
import { Answer } from '../app/answer.tsx'
import { LinkButton } from '../app/link-button.tsx'
import { useFormat } from '../app/reader.tsx'
import { EmptyState } from '../ui/empty-state.tsx'
import { Icon } from '../ui/icon.tsx'
import { Card, Page } from '../ui/page.tsx'
import { duration } from '../util/format.ts'
import { path } from '../util/path-builder.ts'
import { sessionIcon, sessionTitle } from '../util/session-words.ts'
import styles from './row-list.module.css'

type Kind = 'all' | 'workout' | 'sleep'

function NoSessions({ kind }: { kind: Kind }) {
  return (
    <EmptyState
      icon={kind === 'sleep' ? 'sleep' : 'activity'}
      title={kind === 'sleep' ? 'No nights yet' : 'No sessions yet'}
      action={<LinkButton place={path.imports()}>Import a recorded activity</LinkButton>}
    >
      Workouts and nights from every source end up in this one list, the newest first, each with its charts and its
      route.
    </EmptyState>
  )
}

export function SessionsPage() {
  const [kind, setKind] = useState<Kind>('all')
  // The cursors that led here, newest last: going back is forgetting one.
  const [cursors, setCursors] = useState<readonly string[]>([])
  const sessions = useQuery(sessionsQuery(kind === 'all' ? undefined : kind, cursors.at(-1)))
  return (
    <Page
      title="Sessions"
      lead="Workouts and nights, the newest first."
      actions={
        <SegmentedControl
          aria-label="Kind of session"
          data={[
            { value: 'all', label: 'All' },
            { value: 'workout', label: 'Workouts' },
            { value: 'sleep', label: 'Sleep' },
          ]}
          value={kind}
          onChange={(value) => {
            setKind(value as Kind)
            setCursors([])
          }}
        />
      }
    >
      <Answer query={sessions}>
        {({ items, next_cursor }) =>
          items.length === 0 ? (
            <NoSessions kind={kind} />
          ) : (
            <>
              <SessionList items={items} />
              <Group justify="space-between">
                <Button
                  variant="default"
                  disabled={cursors.length === 0}
                  onClick={() => setCursors(cursors.slice(0, -1))}
                >
                  Newer
                </Button>
                <Button
                  variant="default"
                  disabled={!next_cursor}
                  onClick={() => next_cursor && setCursors([...cursors, next_cursor])}
                >
                  Older
                </Button>
              </Group>
            </>
          )
        }
      </Answer>
    </Page>
  )
}

function SessionList({ items }: { items: readonly Session[] }) {
  return (
    <Card flush>
      <ul className={styles['rows']}>
        {items.map((session) => (
          <li key={session.session_id}>
            <Link {...path.session(session.session_id)} className={styles['row']}>
              <SessionRow session={session} />
            </Link>
          </li>
        ))}
      </ul>
    </Card>
  )
}

function SessionRow({ session }: { session: Session }) {
  const format = useFormat()
  const { distance } = session.totals
  const seconds = session.totals['duration'] ?? (Date.parse(session.end_time) - Date.parse(session.start_time)) / 1_000
  return (
    <>
      <span className={styles['icon']}>
        <Icon name={sessionIcon(session)} size={22} />
      </span>
      <span className={styles['main']}>
        <strong>{sessionTitle(session)}</strong>
        <span className={styles['soft']}>
          {format.longDateTime(session.start_time, session.utc_offset_minutes)} · {session.source.name}
        </span>
      </span>
      <span className={styles['figures']}>
        {distance !== undefined && <span>{format.total('distance', distance)}</span>}
        <span>{duration(seconds)}</span>
      </span>
    </>
  )
}
