import { useQueryClient, useSuspenseQuery } from '@tanstack/react-query'
import { Link, Navigate, useNavigate, useSearch } from '@tanstack/react-router'
import { setupQuery } from '../api/queries.ts'
import { Gate } from '../app/gate.tsx'
import { AccountForm } from '../forms/account-form.tsx'
import { path } from '../util/path-builder.ts'
import { Steps } from './setup/steps.tsx'

export function RegisterPage() {
  const { invite }: { invite?: string } = useSearch({ strict: false })
  const setup = useSuspenseQuery(setupQuery()).data
  const queries = useQueryClient()
  const navigate = useNavigate()
  if (setup.needs_owner) return <Navigate {...path.setup()} />

  const enter = async () => {
    queries.clear()
    await navigate(path.welcome('you'))
  }
  const closed = setup.signup === 'closed'
  return (
    <Gate
      above={!closed && <Steps current="account" />}
      title={closed ? 'This hub takes no new accounts' : 'Make your account'}
      lead={
        closed
          ? 'Ask the person who runs it to let you in.'
          : 'Your data stays yours: nobody else sees it unless you share it.'
      }
      foot={
        <>
          Have an account? <Link {...path.signIn()}>Sign in</Link>
        </>
      }
    >
      {!closed && (
        <AccountForm submit="Make my account" invite={invite} asksInvite={setup.signup === 'invite'} onDone={enter} />
      )}
    </Gate>
  )
}
