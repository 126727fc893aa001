import { Button } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { client } from '../../api/client.ts'
import type { Connection } from '../../api/types.ts'
import { LinkButton } from '../../app/link-button.tsx'
import { useFormat } from '../../app/reader.tsx'
import { DemoPill } from '../../ui/demo-pill.tsx'
import { Icon } from '../../ui/icon.tsx'
import { Pill } from '../../ui/pill.tsx'
import { Trouble } from '../../ui/trouble.tsx'
import { accountName, connectionState } from '../../util/connection-words.ts'
import { explainError } from '../../util/explain-error.ts'
import { path } from '../../util/path-builder.ts'
import type { ProviderWords } from '../../util/provider-words.ts'
import styles from './connections.module.css'
import { Disconnect } from './disconnect.tsx'
import { ProviderMark } from './provider-mark.tsx'
import { SyncState } from './sync-state.tsx'

interface ConnectionCardProps {
  connection: Connection
  words: ProviderWords
}

export function ConnectionCard({ connection, words }: ConnectionCardProps) {
  const { connection_id, provider, provider_name, status, is_active, error_message, is_demo } = connection
  const queries = useQueryClient()
  const reread = () => queries.invalidateQueries({ queryKey: ['connections'] })
  const sync = useMutation({
    mutationFn: () => client.syncConnection({ params: { connection_id } }),
    onSuccess: reread,
  })
  const toggle = useMutation({
    mutationFn: () => client.toggleConnection({ params: { connection_id }, body: { is_active: !is_active } }),
    onSuccess: reread,
  })
  const { word, tone } = connectionState(connection)
  const account = accountName(connection)
  const isPushed = !connection.token_expires_at && connection.feeds.length === 0
  /** Described by its person, and so changed here. */
  const ownApi = provider === 'custom' && connection.feeds.length > 0 ? connection.provider_account : null
  const off = connection.feeds.filter(({ is_on }) => !is_on)
  const failure = sync.error ?? toggle.error
  return (
    <article className={styles['card']} aria-label={account ? `${provider_name}, ${account}` : provider_name}>
      <div className={styles['head']}>
        <ProviderMark name={provider_name} />
        <span className={styles['name']}>
          <strong>{provider_name}</strong>
          {account && <span className={styles['soft']}>{account}</span>}
          <DemoPill isDemo={is_demo} />
        </span>
        <Pill tone={tone}>{word}</Pill>
      </div>
      <Facts connection={connection} />
      {off.length > 0 && <p className={styles['soft']}>{words.notAllowed(off.map(({ title }) => title).join(', '))}</p>}
      {error_message && <p className={styles['soft']}>{error_message}</p>}
      <div aria-live="polite">
        <SyncState connectionId={connection_id} wasAsked={sync.isSuccess} />
        {failure && <Trouble {...explainError(failure)} />}
      </div>
      <div className={styles['actions']}>
        {status === 'needs_reauth' && (
          <LinkButton place={ownApi ? path.customApi(ownApi) : path.provider(provider)} size="xs">
            {ownApi ? 'Give a new key' : 'Sign in again'}
          </LinkButton>
        )}
        {off.length > 0 && status !== 'needs_reauth' && (
          <LinkButton place={path.provider(provider)} size="xs">
            {words.allow}
          </LinkButton>
        )}
        {ownApi && status !== 'needs_reauth' && (
          <LinkButton place={path.customApi(ownApi)} size="xs" variant="default">
            Definition
          </LinkButton>
        )}
        {status === 'active' && is_active && !isPushed && (
          <Button
            size="xs"
            variant="default"
            leftSection={<Icon name="sync" size={16} />}
            loading={sync.isPending}
            onClick={() => sync.mutate()}
          >
            Sync now
          </Button>
        )}
        {(status === 'active' || status === 'paused') && (
          <Button size="xs" variant="default" loading={toggle.isPending} onClick={() => toggle.mutate()}>
            {is_active ? 'Pause' : 'Resume'}
          </Button>
        )}
        <Disconnect connection={connection} />
      </div>
    </article>
  )
}

function Facts({ connection: { last_success, connected_at } }: { connection: Connection }) {
  const format = useFormat()
  return (
    <ul className={styles['facts']}>
      <li>{last_success ? `Last answered ${format.since(last_success)}` : 'Nothing read yet'}</li>
      {connected_at && <li>Connected {format.date(connected_at)}</li>}
    </ul>
  )
}
