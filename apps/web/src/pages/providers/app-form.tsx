import { Anchor, Button, Group, PasswordInput, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { notifications } from '@mantine/notifications'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { client } from '../../api/client.ts'
import type { ProviderApp } from '../../api/types.ts'
import { FormFrame } from '../../forms/form-frame.tsx'
import { useRefusal } from '../../forms/use-refusal.ts'
import { CodeBlock } from '../../ui/code-block.tsx'
import { Pill, type Tone } from '../../ui/pill.tsx'
import { Trouble } from '../../ui/trouble.tsx'
import { explainError } from '../../util/explain-error.ts'
import styles from './provider-apps.module.css'

type WebhookCounts = NonNullable<ProviderApp['webhook_counts']>

const isSetHere = ({ is_from_environment }: ProviderApp['settings'][number]) => !is_from_environment

/** The addresses to copy, the fields to fill, a try. */
export function AppForm({ app }: { app: ProviderApp }) {
  return (
    <>
      {app.app_url && (
        <p className={styles['soft']}>
          Register an app at{' '}
          <Anchor inherit underline="always" href={app.app_url} target="_blank" rel="noreferrer">
            {new URL(app.app_url).host}
          </Anchor>{' '}
          and give it this address to come back to:
        </p>
      )}
      <CodeBlock label="Redirect URI" text={app.redirect_uri} />
      {app.webhook_url && (
        <>
          <p className={styles['soft']}>
            {app.webhook_help ?? 'And this one to tell of new data; it is registered by itself.'}
          </p>
          <CodeBlock label="Webhook address" text={app.webhook_url} />
          {app.webhook_counts && <p className={styles['soft']}>{wordsOfCounts(app.webhook_counts)}</p>}
        </>
      )}
      {app.origin === 'demo' && (
        <p className={styles['soft']}>
          The demo lends its own app, at a cloud that only behaves like the brand’s. An app of yours takes its place.
        </p>
      )}
      {app.origin === 'environment' && (
        <p className={styles['soft']}>Id and secret come from the environment and are changed there.</p>
      )}
      {(app.origin !== 'environment' || app.settings.some(isSetHere)) && <Fields app={app} />}
      {app.origin !== null && <Test app={app} />}
    </>
  )
}

const wordsOfCounts = ({ kept, known, unknown_account, refused, unreadable }: WebhookCounts): string =>
  kept + known + unknown_account + refused + unreadable === 0
    ? 'Nothing was posted there since the server was started.'
    : `Posted there since the server was started: ${kept} taken, ${known} told before, ${unknown_account} of accounts nobody has here, ${refused} refused, ${unreadable} unreadable.`

function Fields({ app }: { app: ProviderApp }) {
  const queries = useQueryClient()
  const isOwn = app.origin !== 'environment'
  const settings = app.settings.filter(isSetHere)
  const form = useForm<Record<string, string>>({
    initialValues: {
      client_id: app.client_id ?? '',
      client_secret: '',
      ...Object.fromEntries(settings.map(({ name }) => [name, app.extra[name] ?? ''])),
    },
  })
  const refusal = useRefusal(form)
  const save = form.onSubmit(({ client_id, client_secret, ...rest }) =>
    refusal.attempt(async () => {
      const extra = Object.fromEntries(Object.entries(rest).filter(([, value]) => value.trim()))
      await client.putProviderApp({
        params: { provider: app.provider },
        body: {
          ...(isOwn && client_id?.trim() ? { client_id: client_id.trim() } : {}),
          ...(client_secret?.trim() ? { client_secret: client_secret.trim() } : {}),
          ...(Object.keys(extra).length ? { extra } : {}),
        },
      })
      const secrets = settings.filter(({ is_secret }) => is_secret).map(({ name }) => name)
      form.setValues(Object.fromEntries(['client_secret', ...secrets].map((name) => [name, ''])))
      notifications.show({ message: `${app.name} is set up` })
      await Promise.all(
        ['provider-apps', 'available-providers'].map((key) => queries.invalidateQueries({ queryKey: [key] })),
      )
    }),
  )
  return (
    <FormFrame refusal={refusal} onSubmit={save} submit="Save" wide={false}>
      {isOwn && (
        <>
          <TextInput label="Client id" autoComplete="off" {...form.getInputProps('client_id')} />
          <PasswordInput
            label="Client secret"
            description={app.has_secret ? isThere : app.client_id && isMissing}
            autoComplete="off"
            {...form.getInputProps('client_secret')}
          />
        </>
      )}
      {settings.map(({ name, title, is_secret, is_needed, has_value }) => {
        const Field = is_secret ? PasswordInput : TextInput
        return (
          <Field
            key={name}
            label={title}
            description={is_secret && has_value ? isThere : is_needed ? 'Nobody can sign in without it.' : undefined}
            autoComplete="off"
            {...form.getInputProps(name)}
          />
        )
      })}
    </FormFrame>
  )
}

const isThere = 'There is one. Leave this empty to keep it.'
const isMissing = 'It is missing, or does not open any more: enter it.'

const verdicts: Record<'accepted' | 'refused' | 'unreachable' | 'unclear', { word: string; tone: Tone }> = {
  accepted: { word: 'It works', tone: 'good' },
  refused: { word: 'Refused', tone: 'bad' },
  unreachable: { word: 'No answer', tone: 'warn' },
  unclear: { word: 'Unclear', tone: 'quiet' },
}

function Test({ app }: { app: ProviderApp }) {
  const test = useMutation({ mutationFn: () => client.testProviderApp({ params: { provider: app.provider } }) })
  return (
    <div aria-live="polite">
      <Group>
        <Button variant="default" loading={test.isPending} onClick={() => test.mutate()}>
          Try it
        </Button>
        {test.data && <Pill tone={verdicts[test.data.result].tone}>{verdicts[test.data.result].word}</Pill>}
        {test.data && <span className={styles['soft']}>{test.data.detail}</span>}
      </Group>
      {test.isError && <Trouble {...explainError(test.error)} />}
    </div>
  )
}
