import { useQueryClient, useSuspenseQuery } from '@tanstack/react-query'
import { Navigate, useNavigate, useSearch } from '@tanstack/react-router'
import { setupQuery } from '../api/queries.ts'
import { Gate } from '../app/gate.tsx'
import { AccountForm } from '../forms/account-form.tsx'
import { path } from '../util/path-builder.ts'
import { Steps } from './setup/steps.tsx'

/** The very first page of a new hub: who will own it. */
export function SetupPage() {
  const { token }: { token?: string } = useSearch({ strict: false })
  const setup = useSuspenseQuery(setupQuery(token)).data
  const queries = useQueryClient()
  const navigate = useNavigate()
  if (!setup.needs_owner) return <Navigate {...path.signIn()} />
  if (!setup.may_create) return <NeedsLink wrongToken={token !== undefined} />

  const enter = async () => {
    queries.clear()
    await navigate(path.welcome('you'))
  }
  return (
    <Gate
      title="Welcome. Who owns this hub?"
      lead="Make the first account. It runs the hub and can invite others. What you keep here stays here."
      above={<Steps current="account" />}
    >
      <AccountForm submit="Make the owner account" setupToken={token} onDone={enter} />
    </Gate>
  )
}

function NeedsLink({ wrongToken }: { wrongToken: boolean }) {
  return (
    <Gate
      title="Almost there: open the set-up link"
      lead={
        wrongToken
          ? 'This set-up link is not the right one for this hub, so it cannot make the owner account.'
          : 'This hub has no owner yet. So that nobody else can claim it, the first account is made from a one-time link.'
      }
    >
      <p>You find the link in two places:</p>
      <ul>
        <li>where Tributary was started: it is printed there, right after the address</li>
        <li>
          in the file <code>setup-link</code> of its data folder
        </li>
      </ul>
      <p>Or open this page in a browser on the machine that runs Tributary.</p>
    </Gate>
  )
}
