import { useQueryClient } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { SessionForm } from '../forms/session-form.tsx'
import { Card, Page } from '../ui/page.tsx'
import { path } from '../util/path-builder.ts'

export function NewSessionPage() {
  const queries = useQueryClient()
  const navigate = useNavigate()
  return (
    <Page
      title="Enter a session by hand"
      lead="For what nobody recorded. When a recording of it comes in later, both become one."
      above={<Link {...path.sessions()}>← Sessions</Link>}
    >
      <Card>
        <SessionForm
          onSaved={async ({ session_id }) => {
            await queries.invalidateQueries()
            await navigate(path.session(session_id))
          }}
        />
      </Card>
    </Page>
  )
}
