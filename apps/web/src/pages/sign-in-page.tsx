import { PasswordInput, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Link, useRouter, useSearch } from '@tanstack/react-router'
import { client } from '../api/client.ts'
import { wipeKept } from '../api/offline.ts'
import { meQuery, setupQuery } from '../api/queries.ts'
import { Gate } from '../app/gate.tsx'
import { emailForm, needed } from '../forms/checks.ts'
import { FormFrame } from '../forms/form-frame.tsx'
import { useRefusal } from '../forms/use-refusal.ts'
import { path, safeReturn } from '../util/path-builder.ts'

export function SignInPage() {
  const search: { return?: string } = useSearch({ strict: false })
  const router = useRouter()
  const queries = useQueryClient()
  const setup = useQuery(setupQuery())
  const form = useForm({
    initialValues: { email: '', password: '' },
    validate: { email: emailForm, password: needed('Your password') },
  })
  const refusal = useRefusal(form)

  const signIn = form.onSubmit(({ email, password }) =>
    refusal.attempt(async () => {
      await wipeKept()
      const { user } = await client.login({ body: { email: email.trim(), password, session: 'cookie' } })
      queries.clear()
      queries.setQueryData(meQuery.queryKey, user)
      router.history.push(safeReturn(search.return))
    }),
  )

  return (
    <Gate
      title="Sign in"
      lead={search.return ? 'Sign in to go on where you were.' : 'Your health data is waiting for you.'}
      foot={
        setup.data && setup.data.signup !== 'closed' ? (
          <>
            New here?{' '}
            <Link {...path.register()}>
              {setup.data.signup === 'open' ? 'Make an account' : 'Register with an invite'}
            </Link>
          </>
        ) : undefined
      }
    >
      <FormFrame refusal={refusal} onSubmit={signIn} submit="Sign in">
        <TextInput label="E-mail address" type="email" autoComplete="username" {...form.getInputProps('email')} />
        <PasswordInput label="Password" autoComplete="current-password" {...form.getInputProps('password')} />
      </FormFrame>
    </Gate>
  )
}
