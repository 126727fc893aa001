import { Button, Checkbox, Stack, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useSearch } from '@tanstack/react-router'
import { roleScopes, type Scope, scopeWords } from '@tributary/protocol'
import { useEffect, useRef, useState } from 'react'
import { client } from '../../api/client.ts'
import { apiKeysQuery } from '../../api/queries.ts'
import type { ApiKey, User } from '../../api/types.ts'
import { Answer } from '../../app/answer.tsx'
import { useFormat } from '../../app/reader.tsx'
import { needed } from '../../forms/checks.ts'
import { FormFrame } from '../../forms/form-frame.tsx'
import { useRefusal } from '../../forms/use-refusal.ts'
import { EmptyState } from '../../ui/empty-state.tsx'
import { Card, Section } from '../../ui/page.tsx'
import { TokenOnce } from '../../ui/token-once.tsx'
import { Trouble } from '../../ui/trouble.tsx'
import { explainError } from '../../util/explain-error.ts'
import styles from '../row-list.module.css'

export function ApiKeys({ role }: { role: User['role'] }) {
  const keys = useQuery(apiKeysQuery)
  const queries = useQueryClient()
  const { new_key: wanted }: { new_key?: string } = useSearch({ strict: false })
  const [adding, setAdding] = useState(wanted !== undefined)
  const [made, setMade] = useState<string>()
  const reread = () => queries.invalidateQueries({ queryKey: apiKeysQuery.queryKey })
  const finish = async (key: string) => {
    setMade(key)
    setAdding(false)
    await reread()
  }
  return (
    <Section
      title="API keys"
      lead="For programs of yours. A key does what you allow it and nothing more."
      actions={
        !adding && (
          <Button variant="default" onClick={() => setAdding(true)}>
            Make API key
          </Button>
        )
      }
    >
      {made && (
        <Card>
          <TokenOnce what="API key" token={made} />
        </Card>
      )}
      {adding && (
        <Card>
          <ApiKeyForm role={role} wanted={wanted} onMade={(key) => void finish(key)} />
        </Card>
      )}
      <Answer query={keys}>
        {({ items }) =>
          items.length === 0 ? (
            <EmptyState icon="key" title="No API keys">
              Scripts and apps of yours read and write with a key. Each will be listed here with when it was last used.
            </EmptyState>
          ) : (
            <Card flush>
              <ul className={styles['rows']}>
                {items.map((key) => (
                  <KeyRow key={key.api_key_id} apiKey={key} onRevoked={reread} />
                ))}
              </ul>
            </Card>
          )
        }
      </Answer>
    </Section>
  )
}

interface KeyRowProps {
  apiKey: ApiKey
  onRevoked: () => Promise<void>
}

function KeyRow({ apiKey: { api_key_id, name, prefix, scopes, last_used_at, expires_at }, onRevoked }: KeyRowProps) {
  const format = useFormat()
  const revoke = useMutation({
    mutationFn: () => client.deleteApiKey({ params: { api_key_id } }),
    onSuccess: onRevoked,
  })
  const facts = [
    `${prefix}…`,
    last_used_at ? `used ${format.since(last_used_at)}` : 'never used',
    ...(expires_at ? [`ends ${format.date(expires_at)}`] : []),
    scopes.join(', '),
  ]
  return (
    <li className={styles['row']}>
      <span className={styles['main']}>
        <strong>{name}</strong>
        <span className={styles['soft']}>{facts.join(' · ')}</span>
      </span>
      <Button
        variant="default"
        size="xs"
        aria-label={`Revoke ${name}`}
        loading={revoke.isPending}
        onClick={() => revoke.mutate()}
      >
        Revoke
      </Button>
      {revoke.isError && <Trouble {...explainError(revoke.error)} />}
    </li>
  )
}

interface ApiKeyFormProps {
  role: User['role']
  /** What it is made for, if that is known. */
  wanted: string | undefined
  onMade(key: string): void
}

function ApiKeyForm({ role, wanted, onMade }: ApiKeyFormProps) {
  const first = useRef<HTMLInputElement>(null)
  useEffect(() => {
    if (wanted) first.current?.focus() // whoever was sent here need not look for it
  }, [wanted])
  const form = useForm({
    initialValues: { name: '', scopes: wanted ? [wanted] : ['devices:read', 'data:read'] },
    validate: {
      name: needed('A name'),
      scopes: (chosen) => (chosen.length > 0 ? null : 'Choose at least one'),
    },
  })
  const refusal = useRefusal(form)
  const make = form.onSubmit(({ name, scopes }) =>
    refusal.attempt(async () => {
      const { api_key } = await client.createApiKey({ body: { name: name.trim(), scopes: scopes as Scope[] } })
      onMade(api_key)
    }),
  )
  return (
    <FormFrame refusal={refusal} onSubmit={make} submit="Make key" wide={false}>
      <TextInput ref={first} label="Name" description="What will use it" maw={420} {...form.getInputProps('name')} />
      <Checkbox.Group label="It may" {...form.getInputProps('scopes')}>
        <Stack gap="xs" mt="xs">
          {roleScopes[role].map((scope) => (
            <Checkbox key={scope} value={scope} label={scopeWords[scope]} />
          ))}
        </Stack>
      </Checkbox.Group>
    </FormFrame>
  )
}
