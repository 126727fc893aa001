import { useMantineColorScheme } from '@mantine/core'
import { QueryClient, QueryClientProvider, useQuery } from '@tanstack/react-query'
import { useLocation, useNavigate, useSearch } from '@tanstack/react-router'
import { useEffect, useMemo, useState } from 'react'
import { askedToken, connectClient, connectToken, forgetConnectToken } from '../api/connect-session.ts'
import { availableProvidersQuery, connectionsQuery } from '../api/queries.ts'
import type { AvailableProvider, ConnectSession } from '../api/types.ts'
import { Loading } from '../ui/loading.tsx'
import { type ConnectSearch, connectWindow, path, returnTo } from '../util/path-builder.ts'
import { providerWords } from '../util/provider-words.ts'
import { type WordLanguage, wordLanguageOf } from '../util/word-language.ts'
import { BrandWindow } from './connect/brand-window.tsx'
import { type ConnectWords, connectWords, type Miss } from './connect/connect-words.ts'
import { explainIn } from './connect/explain-failure.ts'
import { Framed } from './connect/framed.tsx'
import { GuestYes } from './connect/guest-yes.tsx'
import { Hosted } from './connect/hosted.tsx'
import { tellHost } from './connect/tell-host.ts'
import { Unready } from './connect/unready.tsx'
import type { Outcome, Visit } from './connect/visit.ts'

/** Its answers are another caller's than those of who is signed in here: they get a cache of their own. */
const hostedQueries = new QueryClient({ defaultOptions: { queries: { retry: 1, networkMode: 'always' } } })

/** What the address says: whose page it is, and what became of the sign-in that it was left for. */
interface Search extends ConnectSearch {
  connect?: string
  provider?: string
  /** The provider of an account that waits for a yes. */
  confirm?: string
}

/** The connect page of another app: opened by a link with a token, framed or by itself. */
export function ConnectPage() {
  const [token] = useState(connectToken)
  const { language }: Search = useSearch({ strict: false })
  const own = wordLanguageOf(language ?? navigator.language)
  return (
    <QueryClientProvider client={hostedQueries}>
      {token ? <WithToken token={token} own={own} /> : <Ended language={own} />}
    </QueryClientProvider>
  )
}

function WithToken({ token, own }: { token: string; own: WordLanguage }) {
  const client = useMemo(() => connectClient(token), [token])
  const session = useQuery({ queryKey: ['session'], queryFn: () => client.getConnectSession(), retry: false })
  const { setColorScheme } = useMantineColorScheme()
  const theme = session.data?.theme
  useEffect(() => {
    if (theme) setColorScheme(theme)
  }, [theme, setColorScheme])
  useEffect(() => {
    if (session.isError) forgetConnectToken()
  }, [session.isError])
  const language = session.data?.language ?? own
  if (session.isError) return <Ended language={language} />
  if (session.data) return <Session session={session.data} token={token} client={client} language={language} />
  return (
    <Framed language={language} title={connectWords[language].title}>
      <Loading word={connectWords[language].loading} />
    </Framed>
  )
}

interface SessionProps {
  session: ConnectSession
  token: string
  client: Visit['client']
  language: WordLanguage
}

/** How often a framed page looks for what is done in another window. */
const watchMs = 1_500

function Session({ session, token, client, language }: SessionProps) {
  const { window: opened, connect, provider: left, confirm }: Search = useSearch({ strict: false })
  const waiting = askedToken(useLocation().hash)
  const navigate = useNavigate()
  const [isWatching, setWatching] = useState(false)
  const providers = useQuery(availableProvidersQuery(language, client))
  const connections = useQuery({
    ...connectionsQuery(language, client),
    ...(isWatching && { refetchInterval: watchMs, refetchIntervalInBackground: true }),
  })
  const words = connectWords[language]
  const explain = useMemo(() => explainIn(words), [words])
  const own = { session: session.connect_session_id, language }
  const isOffered = ({ provider, arrives, is_configured }: AvailableProvider) =>
    arrives === 'cloud' && is_configured && (!session.providers || session.providers.includes(provider))
  const said = providerWords[language]
  if (!providers.data || !connections.data)
    return (
      <Framed language={language} title={words.title} lead={words.lead}>
        <Unready query={providers.data ? connections : providers} words={words} />
      </Framed>
    )
  const offered = providers.data.filter(isOffered)
  const brand = offered.find(({ provider }) => provider === opened)
  const visit: Visit = {
    sessionId: session.connect_session_id,
    client,
    language,
    words,
    said,
    explain,
    returnTo: returnTo.connect({ ...own, window: opened }),
    outcome: outcomeOf(connect, offered.find(({ provider }) => provider === left)?.name, words),
  }
  if (confirm && waiting)
    return (
      <GuestYes
        provider={confirm}
        token={waiting}
        visit={visit}
        onEnd={async (outcome) => {
          await connections.refetch()
          await navigate({
            ...path.connect({ ...own, window: opened }, { connect: outcome, provider: confirm }),
            hash: '',
          })
        }}
      />
    )
  if (brand)
    return (
      <Framed language={language} title={said.connect(brand.name)} lead={words.brandLead(brand.name)}>
        <BrandWindow provider={brand} visit={visit} />
      </Framed>
    )
  return (
    <Hosted
      visit={visit}
      providers={offered}
      connections={connections.data}
      tell={(event) => tellHost(session.allowed_origins, event)}
      reread={() => void connections.refetch()}
      watch={() => setWatching(true)}
      windowOf={(provider) => connectWindow({ ...own, window: provider }, token)}
      leadsTo={session.return_to}
    />
  )
}

function outcomeOf(connect: string | undefined, name: string | undefined, words: ConnectWords): Outcome | undefined {
  if (!connect || !name) return undefined
  if (connect === 'connected') return { isGood: true, sentence: words.isConnected(name) }
  return { isGood: false, sentence: words.misses[connect as Miss] ?? words.misses.refused }
}

function Ended({ language }: { language: WordLanguage }) {
  const { ended, endedLead } = connectWords[language]
  return <Framed language={language} title={ended} lead={endedLead} />
}
