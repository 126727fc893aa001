import { Anchor, Button, Checkbox, NativeSelect, PasswordInput, Stack, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useMutation } from '@tanstack/react-query'
import { useRouter } from '@tanstack/react-router'
import { type Client, ProblemError } from '@tributary/sdk'
import { Fragment, useState } from 'react'
import type { AvailableProvider } from '../../api/types.ts'
import { FormFrame } from '../../forms/form-frame.tsx'
import { useRefusal } from '../../forms/use-refusal.ts'
import { Icon } from '../../ui/icon.tsx'
import { Trouble } from '../../ui/trouble.tsx'
import { type Explained, explainError } from '../../util/explain-error.ts'
import type { ProviderWords } from '../../util/provider-words.ts'
import styles from './connections.module.css'

export interface ConnectFormProps {
  provider: AvailableProvider
  words: ProviderWords
  client: Pick<Client, 'startSignIn'>
  returnTo: string
  onConnected(): void
  /** A failure in the words of who reads this page. */
  explain?(error: unknown): Explained
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

type PageKind = 'oauth2' | 'oauth1'

/** Asks where to go, and goes there. */
function useBegin({ provider, client, returnTo }: ConnectFormProps, body: { scopes?: string[]; region?: string } = {}) {
  return useMutation({
    mutationFn: async (kind?: PageKind) => {
      const answer = await client.startSignIn({
        params: { type: provider.provider },
        body: { return_to: returnTo, ...body, ...(kind ? { auth_kind: kind } : {}) },
      })
      if ('authorization_url' in answer) window.location.assign(answer.authorization_url)
    },
  })
}

function SignInBesides(props: ConnectFormProps) {
  const { explain = explainError } = props
  const begin = useBegin(props)
  return (
    <>
      {begin.isError && <Trouble {...explain(begin.error)} />}
      <OtherWays {...props} isBusy={begin.isPending} begin={begin.mutate} />
    </>
  )
}

interface OtherWaysProps extends Pick<ConnectFormProps, 'provider' | 'words'> {
  isBusy: boolean
  begin(kind: PageKind): void
}

function OtherWays({ provider, words, isBusy, begin }: OtherWaysProps) {
  return provider.other_ways.map(
    ({ auth_kind: kind, title, is_configured }) =>
      is_configured &&
      (kind === 'oauth1' || kind === 'oauth2') && (
        <Fragment key={kind}>
          <p className={styles['soft']}>{title}</p>
          <Button variant="default" loading={isBusy} onClick={() => begin(kind)}>
            {words.otherWay}
          </Button>
        </Fragment>
      ),
  )
}

function SignInForm(props: ConnectFormProps) {
  const { provider, words, explain = explainError } = props
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
          label={words.region}
          description={words.regionHelp(provider.name)}
          data={provider.regions.map(({ region: value, title: label }) => ({ value, label }))}
          value={region ?? ''}
          onChange={(event) => setRegion(event.currentTarget.value)}
        />
      )}
      {provider.scopes.length > 0 && (
        <fieldset style={{ margin: 0, padding: 0, border: 0 }}>
          <legend className={styles['group']}>{words.asked}</legend>
          <Stack gap="xs">
            {provider.scopes.map(({ scope, title, is_optional }) =>
              is_optional ? (
                <Checkbox
                  key={scope}
                  label={title}
                  checked={!left.includes(scope)}
                  onChange={(event) => untick(scope, event.currentTarget.checked)}
                />
              ) : (
                <span key={scope} className={styles['asked']}>
                  <Icon name="check" size={20} /> {title}
                </span>
              ),
            )}
          </Stack>
        </fieldset>
      )}
      <p className={styles['soft']}>{words.signsInThere(provider.name)}</p>
      {begin.isError && <Trouble {...explain(begin.error)} />}
      <Button size="md" loading={begin.isPending} onClick={() => begin.mutate(undefined)}>
        {words.connect(provider.name)}
      </Button>
      <OtherWays provider={provider} words={words} isBusy={begin.isPending} begin={begin.mutate} />
    </Stack>
  )
}

function KeyForm({ provider, words, client, returnTo, onConnected, explain = explainError }: ConnectFormProps) {
  const router = useRouter()
  const fields = provider.credentials
  const form = useForm<Record<string, string>>({
    initialValues: Object.fromEntries(fields.map(({ name }) => [name, ''])),
    validate: Object.fromEntries(
      fields.map(({ name, title }) => [name, (value: string) => (value.trim() ? null : words.needed(title))]),
    ),
  })
  const refusal = useRefusal(form, (error) => {
    if (!(error instanceof ProblemError) || error.code !== 'credentials_refused') return explain(error)
    const sentence = words.notKnown(provider.name)
    const secrets = fields.filter(({ is_secret }) => is_secret)
    return { sentence, fields: Object.fromEntries(secrets.map(({ name }) => [name, sentence])) }
  })
  const isAtField = fields.some(({ name }) => refusal.refusal?.fields[name])
  const send = form.onSubmit((values) =>
    refusal.attempt(async () => {
      const credentials = Object.fromEntries(Object.entries(values).map(([name, value]) => [name, value.trim()]))
      const answer = await client.startSignIn({
        params: { type: provider.provider },
        body: { credentials, return_to: returnTo },
      })
      if ('confirm_url' in answer) router.history.push(answer.confirm_url)
      else onConnected()
    }),
  )
  return (
    <FormFrame
      refusal={isAtField ? { ...refusal, refusal: undefined } : refusal}
      onSubmit={send}
      submit={words.connect(provider.name)}
    >
      {provider.credentials_help && (
        <p className={styles['soft']}>
          {provider.credentials_help}{' '}
          {provider.credentials_url && (
            <Anchor inherit underline="always" href={provider.credentials_url} target="_blank" rel="noreferrer">
              {words.open(provider.name)}
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
