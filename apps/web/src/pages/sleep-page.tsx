import { useQuery } from '@tanstack/react-query'
import { sessionsQuery } from '../api/queries.ts'
import { Answer } from '../app/answer.tsx'
import { LinkButton } from '../app/link-button.tsx'
import { EmptyState } from '../ui/empty-state.tsx'
import { Page } from '../ui/page.tsx'
import { path } from '../util/path-builder.ts'
import { SessionView } from './session-page.tsx'

/** The newest night, under an address of its own that can be kept as a bookmark. */
export function LastNightPage() {
  const sleeps = useQuery(sessionsQuery({ type: 'sleep', limit: 20 }))
  return (
    <Answer query={sleeps}>
      {({ items }) => {
        const night = items.find(({ is_nap }) => !is_nap) ?? items[0]
        return night ? <SessionView key={night.session_id} session={night} /> : <NoNights />
      }}
    </Answer>
  )
}

function NoNights() {
  return (
    <Page title="Last night">
      <EmptyState
        icon="sleep"
        title="No nights yet"
        action={
          <>
            <LinkButton place={path.imports()}>Import from a watch or phone</LinkButton>
            <LinkButton place={path.newSession()} variant="default">
              Enter a night by hand
            </LinkButton>
          </>
        }
      >
        Once a watch, a ring or a phone has told of a night, its stages stand here with heart rate and breathing beneath
        them, beside what is usual for you.
      </EmptyState>
    </Page>
  )
}
