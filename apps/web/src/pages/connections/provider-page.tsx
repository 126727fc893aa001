import { Group, Stack } from '@mantine/core'
import { useQuery, useSuspenseQuery } from '@tanstack/react-query'
import { Link, useNavigate, useParams } from '@tanstack/react-router'
import { client } from '../../api/client.ts'
import { availableProvidersQuery, connectionsQuery, meQuery } from '../../api/queries.ts'
import type { AvailableProvider, User } from '../../api/types.ts'
import { Answer } from '../../app/answer.tsx'
import { MissingPage } from '../../app/fallback-pages.tsx'
import { LinkButton } from '../../app/link-button.tsx'
import { Icon } from '../../ui/icon.tsx'
import { Card, Page } from '../../ui/page.tsx'
import { accountName } from '../../util/connection-words.ts'
import { path, returnTo } from '../../util/path-builder.ts'
import { providerWords } from '../../util/provider-words.ts'
import { wordLanguageOf } from '../../util/word-language.ts'
import { ConnectForm } from './connect-form.tsx'
import styles from './connections.module.css'
import { PhoneWay } from './phone-way.tsx'
import { WhatIsRead } from './what-is-read.tsx'

/** One brand: what will be read, and the one button. */
export function ProviderPage() {
  const { provider: id } = useParams({ strict: false }) as { provider: string }
  const { data: me } = useSuspenseQuery(meQuery)
  const providers = useQuery(availableProvidersQuery(wordLanguageOf(me.locale)))
  return (
    <Answer query={providers}>
      {(list) => {
        const provider = list.find((one) => one.provider === id)
        return provider ? <Provider provider={provider} me={me} /> : <MissingPage />
      }}
    </Answer>
  )
}

function Provider({ provider, me }: { provider: AvailableProvider; me: User }) {
  const navigate = useNavigate()
  return (
    <Page
      title={provider.name}
      lead={isForOperators(provider) && !runsIt(me) ? undefined : provider.access}
      above={
        <Link {...path.connections()}>
          <Icon name="left" size={16} /> Connections
        </Link>
      }
    >
      <div className={styles['columns']}>
        <WhatIsRead provider={provider} words={providerWords[wordLanguageOf(me.locale)]} />
        <Card>
          {provider.arrives === 'cloud' ? (
            <Connect
              provider={provider}
              me={me}
              onConnected={() => void navigate(path.connections(provider.provider))}
            />
          ) : (
            <OtherWay provider={provider} />
          )}
        </Card>
      </div>
    </Page>
  )
}

const runsIt = ({ role }: User) => role === 'owner' || role === 'admin'

/** Where people sign in by an app of the hub's, what must be had first is what whoever runs it has to get. */
const isForOperators = ({ auth_kind: kind }: AvailableProvider) => kind === 'oauth2' || kind === 'oauth1'

function Connect({ provider, me, onConnected }: { provider: AvailableProvider; me: User; onConnected: () => void }) {
  if (provider.is_configured)
    return (
      <Stack>
        <AlreadyConnected provider={provider} me={me} />
        <ConnectForm
          provider={provider}
          words={providerWords[wordLanguageOf(me.locale)]}
          client={client}
          returnTo={returnTo.connections()}
          onConnected={onConnected}
        />
      </Stack>
    )
  const isOperator = runsIt(me)
  return (
    <>
      <h2 className={styles['group']}>Not set up here yet</h2>
      <p>
        Signing in to {provider.name} needs an app of this hub at {provider.name}.{' '}
        {isOperator
          ? 'You can register one and put its id and secret here.'
          : 'Ask the person who runs this hub to set it up.'}
      </p>
      {isOperator ? (
        <LinkButton place={path.providerApps(provider.provider)}>Set up {provider.name}</LinkButton>
      ) : (
        provider.access && <p className={styles['soft']}>What has to be had for it: {provider.access}</p>
      )}
    </>
  )
}

function AlreadyConnected({ provider: { provider, name }, me }: { provider: AvailableProvider; me: User }) {
  const { data: connections = [] } = useQuery(connectionsQuery(wordLanguageOf(me.locale)))
  const accounts = connections
    .filter((one) => one.provider === provider && one.status !== 'ended')
    .map((one) => accountName(one) ?? name)
  if (!accounts.length) return null
  return (
    <p className={styles['says']}>
      Connected already: {accounts.join(', ')}. Signing in with the same account renews it; another account is added
      beside it.
    </p>
  )
}

function OtherWay({ provider }: { provider: AvailableProvider }) {
  const { arrives, name } = provider
  if (arrives === 'file')
    return (
      <>
        <h2 className={styles['group']}>Its data come as files</h2>
        <p>Ask {name} for an export and drop it on the import page. A newer export adds only what is new.</p>
        <LinkButton place={path.imports()}>Import files</LinkButton>
      </>
    )
  if (arrives === 'phone') return <PhoneWay provider={provider} />
  return (
    <>
      <h2 className={styles['group']}>There is nothing to sign in to</h2>
      <p>
        What has the values sends them itself: register a device here, and post them with the token that you are given.
        A device that answers over HTTP can be asked instead.
      </p>
      <Group gap="xs">
        <LinkButton place={path.newDevice()}>Register a device</LinkButton>
        <LinkButton place={path.customApi()} variant="default">
          A device with its own API
        </LinkButton>
      </Group>
    </>
  )
}
