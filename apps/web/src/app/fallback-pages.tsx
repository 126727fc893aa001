import { Button } from '@mantine/core'
import { type ErrorComponentProps, Link } from '@tanstack/react-router'
import { EmptyState } from '../ui/empty-state.tsx'
import { Loading } from '../ui/loading.tsx'
import { Page } from '../ui/page.tsx'
import { Trouble } from '../ui/trouble.tsx'
import { explainError } from '../util/explain-error.ts'
import { path } from '../util/path-builder.ts'

export function PendingPage() {
  return <Loading />
}

export function MissingPage() {
  return (
    <main style={{ padding: 24 }}>
      <Page title="Nothing here">
        <EmptyState
          icon="route"
          title="This page does not exist"
          action={<Button renderRoot={(props) => <Link {...path.home()} {...props} />}>Go to today</Button>}
        >
          The address may have been cut off, or what it showed has been removed.
        </EmptyState>
      </Page>
    </main>
  )
}

export function FailedPage({ error, reset }: ErrorComponentProps) {
  const { sentence, requestId } = explainError(error)
  return (
    <main style={{ padding: 24 }}>
      <Page title="That did not work">
        <Trouble sentence={sentence} requestId={requestId} onRetry={reset} />
      </Page>
    </main>
  )
}
