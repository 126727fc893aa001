import { TextInput } from '@mantine/core'
import { useQuery, useSuspenseQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { availableProvidersQuery, connectionsQuery, meQuery } from '../api/queries.ts'
import type { AvailableProvider, Connection } from '../api/types.ts'
import { Answer } from '../app/answer.tsx'
import { LinkButton } from '../app/link-button.tsx'
import { Icon } from '../ui/icon.tsx'
import { Page, Section } from '../ui/page.tsx'
import { path } from '../util/path-builder.ts'
import { type ProviderWords, providerWords } from '../util/provider-words.ts'
import { wordLanguageOf } from '../util/word-language.ts'
import { ConnectionCard } from './connections/connection-card.tsx'
import styles from './connections/connections.module.css'
import { OwnDevice } from './connections/own-device.tsx'
import { ProviderGrid } from './connections/provider-grid.tsx'
import { Returned } from './connections/returned.tsx'

export function ConnectionsPage() {
  const { data: me } = useSuspenseQuery(meQuery)
  const language = wordLanguageOf(me.locale)
  const connections = useQuery(connectionsQuery(language))
  const providers = useQuery(availableProvidersQuery(language))
  const runsIt = me.role === 'owner' || me.role === 'admin'
  return (
    <Page
      title="Connections"
      lead="Accounts of brands whose data flows in here by itself."
      actions={
        runsIt && (
          <LinkButton place={path.providerApps()} variant="default" leftSection={<Icon name="settings" size={18} />}>
            Set up providers
          </LinkButton>
        )
      }
    >
      <Returned connections={connections.data} />
      <Answer query={connections}>{(list) => <Connected list={list} words={providerWords[language]} />}</Answer>
      <Answer query={providers}>{(list) => <Add list={list} connections={connections.data ?? []} />}</Answer>
    </Page>
  )
}

function Connected({ list, words }: { list: readonly Connection[]; words: ProviderWords }) {
  const shown = list.filter(({ status }) => status !== 'ended')
  if (!shown.length) return null
  return (
    <Section title="Connected">
      <ul className={styles['list']}>
        {shown.map((connection) => (
          <li key={connection.connection_id}>
            <ConnectionCard connection={connection} words={words} />
          </li>
        ))}
      </ul>
    </Section>
  )
}

interface AddProps {
  list: readonly AvailableProvider[]
  connections: readonly Connection[]
}

function Add({ list, connections }: AddProps) {
  const { q = '' }: { q?: string } = useSearch({ strict: false })
  const navigate = useNavigate()
  const search = (text: string) =>
    void navigate({ ...path.connections(), search: text ? { q: text } : {}, replace: true })
  return (
    <Section
      title={connections.some(({ status }) => status !== 'ended') ? 'Connect another' : 'Connect your first account'}
      lead="Choose a brand to see what will be read and how far back, before anything happens."
      actions={
        <TextInput
          aria-label="Search brands"
          placeholder="Search: Strava, sleep, weight …"
          leftSection={<Icon name="search" size={18} />}
          w={280}
          maw="100%"
          value={q}
          onChange={(event) => search(event.currentTarget.value)}
        />
      }
    >
      <ProviderGrid list={list} query={q} connections={connections} placeOf={path.provider} />
      <OwnDevice />
    </Section>
  )
}
