import { useMantineColorScheme } from '@mantine/core'
import { QueryClient, QueryClientProvider, useQuery } from '@tanstack/react-query'
import { useEffect, useMemo, useState } from 'react'
import { connectClient, connectToken, forgetConnectToken } from '../api/connect-session.ts'
import { availableProvidersQuery, connectionsQuery } from '../api/queries.ts'
import type { AvailableProvider, ConnectSession } from '../api/types.ts'
import { Answer } from '../app/answer.tsx'
import { Gate } from '../app/gate.tsx'
import { wordLanguageOf } from '../util/word-language.ts'
import { connectWords } from './connect/connect-words.ts'
import { Hosted } from './connect/hosted.tsx'
import { tellHost } from './connect/tell-host.ts'

/** Its answers are another caller's than those of who is signed in here: they get a cache of their own. */
const hostedQueries = new QueryClient({ defaultOptions: { queries: { retry: 1, networkMode: 'always' } } })

/** The connect page of another app: opened by a link with a token, framed or by itself. */
export function ConnectPage() {
  const [token] = useState(connectToken)
  return (
    <QueryClientProvider client={hostedQueries}>
      {token ? <WithToken token={token} /> : <Ended language={wordLanguageOf(navigator.language)} />}
    </QueryClientProvider>
  )
}

function WithToken({ token }: { token: string }) {
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
  const language = session.data?.language ?? wordLanguageOf(navigator.language)
  useEffect(() => {
    document.documentElement.lang = language
  }, [language])
  if (session.isError) return <Ended language={language} />
  return <Answer query={session}>{(found) => <Session session={found} client={client} language={language} />}</Answer>
}

interface SessionProps {
  session: ConnectSession
  client: ReturnType<typeof connectClient>
  language: ReturnType<typeof wordLanguageOf>
}

function Session({ session, client, language }: SessionProps) {
  const providers = useQuery(availableProvidersQuery(language, client))
  const connections = useQuery(connectionsQuery(language, client))
  const words = connectWords[language]
  const isOffered = ({ provider, arrives, is_configured }: AvailableProvider) =>
    arrives === 'cloud' && is_configured && (!session.providers || session.providers.includes(provider))
  return (
    <Gate title={words.title} lead={words.lead}>
      <Answer query={providers}>
        {(list) => (
          <Hosted
            providers={list.filter(isOffered)}
            connections={connections.data ?? []}
            client={client}
            words={words}
            onEvent={(event) => tellHost(session.allowed_origins, event)}
            reread={() => void connections.refetch()}
            returnTo={session.return_to}
          />
        )}
      </Answer>
    </Gate>
  )
}

function Ended({ language }: { language: ReturnType<typeof wordLanguageOf> }) {
  const words = connectWords[language]
  return (
    <Gate title={words.ended} lead={words.endedLead}>
      {null}
    </Gate>
  )
}
