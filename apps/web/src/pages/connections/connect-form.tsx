import { Anchor, Button, Checkbox, NativeSelect, PasswordInput, Stack, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useMutation } from '@tanstack/react-query'
import type { Client } from '@tributary/sdk'
import { Fragment, useState } from 'react'
import type { AvailableProvider } from '../../api/types.ts'
import { needed } from '../../forms/checks.ts'
import { FormFrame } from '../../forms/form-frame.tsx'
import { useRefusal } from '../../forms/use-refusal.ts'
import { Trouble } from '../../ui/trouble.tsx'
import { explainError } from '../../util/explain-error.ts'
import styles from './connections.module.css'

export interface ConnectFormProps {
  provider: AvailableProvider
  client: Pick<Client, 'startSignIn'>
  returnTo: string
  onConnected(): void
  /** Takes the person to the provider; the default is this window. */
  goTo?(url: string): void
}

/** What is allowed, and the button that goes to the provider; or the fields of a key, and other ways in besides. */
export function ConnectForm(props: ConnectFormProps) {
  if (props.provider.auth_kind !== 'key') return <SignInForm {...props} />
  return (
    <Stack>
      <KeyForm {...props} />
      <SignInBesides {...props} />
    </Stack>
  )
}

const leaveFor = (url: string) => window.location.assign(url)

type PageKind = 'oauth2' | 'oauth1'

/** Asks where to go, and goes there. */
function useBegin(
  { provider, client, returnTo, goTo = leaveFor }: ConnectFormProps,
  body: { scopes?: string[]; region?: string } = {},
) {
  return useMutation({
    mutationFn: async (kind?: PageKind) => {
      const answer = await client.startSignIn({
        params: { type: provider.provider },
        body: { return_to: returnTo, ...body, ...(kind ? { auth_kind: kind } : {}) },
      })
      if ('authorization_url' in answer) goTo(answer.authorization_url)
    },
  })
}

function SignInBesides(props: ConnectFormProps) {
  const begin = useBegin(props)
  return (
    <>
      {begin.isError && <Trouble {...explainError(begin.error)} />}
      <OtherWays {...props} isBusy={begin.isPending} begin={begin.mutate} />
    </>
  )
}

interface OtherWaysProps extends Pick<ConnectFormProps, 'provider'> {
  isBusy: boolean
  begin(kind: PageKind): void
}

function OtherWays({ provider, isBusy, begin }: OtherWaysProps) {
  return provider.other_ways.map(
    ({ auth_kind: kind, title, is_configured }) =>
      is_configured &&
      (kind === 'oauth1' || kind === 'oauth2') && (
        <Fragment key={kind}>
          <p className={styles['soft']}>{title}</p>
          <Button variant="default" loading={isBusy} onClick={() => begin(kind)}>
            Use the other sign-in
          </Button>
        </Fragment>
      ),
  )
}

function SignInForm(props: ConnectFormProps) {
  const { provider } = props
  const [left, setLeft] = useState<readonly string[]>([])
  const [region, setRegion] = useState(provider.regions[0]?.region)
  const scopes = provider.scopes.map(({ scope }) => scope).filter((scope) => !left.includes(scope))
  const begin = useBegin(props, { ...(left.length ? { scopes } : {}), ...(region ? { region } : {}) })
  const untick = (scope: string, isOn: boolean) =>
    setLeft(isOn ? left.filter((one) => one !== scope) : [...left, scope])
  return (
    <Stack>
      {provider.regions.length > 1 && (
        <NativeSelect
          label="Where the account is"
          description={`${provider.name} keeps people apart by region: the wrong one has none of your data.`}
          data={provider.regions.map(({ region: value, title: label }) => ({ value, label }))}
          value={region ?? ''}
          onChange={(event) => setRegion(event.currentTarget.value)}
        />
      )}
      {provider.scopes.length > 0 && (
        <fieldset style={{ margin: 0, padding: 0, border: 0 }}>
          <legend className={styles['group']}>You will be asked to allow</legend>
          <Stack gap="xs">
            {provider.scopes.map(({ scope, title, is_optional }) => (
              <Checkbox
                key={scope}
                label={title}
                checked={!left.includes(scope)}
                disabled={!is_optional}
                onChange={(event) => untick(scope, event.currentTarget.checked)}
              />
            ))}
          </Stack>
        </fieldset>
      )}
      <p className={styles['soft']}>
        You sign in at {provider.name} itself, so this hub never sees your password there. You can disconnect at any
        time.
      </p>
      {begin.isError && <Trouble {...explainError(begin.error)} />}
      <Button size="md" loading={begin.isPending} onClick={() => begin.mutate(undefined)}>
        Connect {provider.name}
      </Button>
      <OtherWays provider={provider} isBusy={begin.isPending} begin={begin.mutate} />
    </Stack>
  )
}

function KeyForm({ provider, client, onConnected, goTo = leaveFor }: ConnectFormProps) {
  const fields = provider.credentials
  const form = useForm<Record<string, string>>({
    initialValues: Object.fromEntries(fields.map(({ name }) => [name, ''])),
    validate: Object.fromEntries(fields.map(({ name, title }) => [name, needed(title)])),
  })
  const refusal = useRefusal(form)
  const send = form.onSubmit((values) =>
    refusal.attempt(async () => {
      const credentials = Object.fromEntries(Object.entries(values).map(([name, value]) => [name, value.trim()]))
      const answer = await client.startSignIn({ params: { type: provider.provider }, body: { credentials } })
      if ('confirm_url' in answer) goTo(answer.confirm_url)
      else onConnected()
    }),
  )
  return (
    <FormFrame refusal={refusal} onSubmit={send} submit={`Connect ${provider.name}`}>
      {provider.credentials_help && (
        <p className={styles['soft']}>
          {provider.credentials_help}{' '}
          {provider.credentials_url && (
            <Anchor href={provider.credentials_url} target="_blank" rel="noreferrer">
              Open {provider.name}
            </Anchor>
          )}
        </p>
      )}
      {fields.map(({ name, title, is_secret, example }) => {
        const Field = is_secret ? PasswordInput : TextInput
        return (
          <Field
            key={name}
            label={title}
            placeholder={example ?? ''}
            autoComplete="off"
            {...form.getInputProps(name)}
          />
        )
      })}
    </FormFrame>
  )
}
