import { Anchor, Button, Stack } from '@mantine/core'
import type { connections } from '@tributary/protocol'
import { useState } from 'react'
import type { AvailableProvider, Connection } from '../../api/types.ts'
import { Pill } from '../../ui/pill.tsx'
import { ProviderMark } from '../connections/provider-mark.tsx'
import rows from '../row-list.module.css'
import { Brand } from './brand.tsx'
import type { ConnectWords } from './connect-words.ts'
import { Framed } from './framed.tsx'
import styles from './hosted.module.css'
import { useNewConnections } from './new-connections.ts'
import { Note } from './note.tsx'
import { isFramed } from './tell-host.ts'
import type { Visit } from './visit.ts'

interface HostedProps {
  visit: Visit
  providers: readonly AvailableProvider[]
  connections: readonly Connection[]
  tell(event: connections.ConnectEvent): void
  reread(): void
  /** The framed page looks often for what is done in another window. */
  watch(): void
  windowOf(provider: string): string
  /** Where the app wants the person when they are done. */
  leadsTo: string | null
}

export function Hosted(props: HostedProps) {
  const { visit, providers, connections, tell, reread, watch, windowOf, leadsTo } = props
  const { words } = visit
  const [chosen, setChosen] = useState<AvailableProvider>()
  const [outcome, setOutcome] = useState(visit.outcome)
  const [isDone, setDone] = useState(false)
  useNewConnections(visit.sessionId, connections, ({ provider, provider_name, connection_id }) => {
    if (!providers.some((one) => one.provider === provider)) return // made elsewhere meanwhile, and none of this session's
    tell({ source: 'tributary', type: 'connected', provider, connection_id })
    setOutcome({ isGood: true, sentence: words.isConnected(provider_name) })
    setChosen((now) => (now?.provider === provider ? undefined : now))
  })
  const choose = (provider: AvailableProvider) => {
    setChosen(provider)
    setOutcome(undefined)
    if (!goesElsewhere(provider)) return
    watch()
    openWindow(windowOf(provider.provider))
  }
  const finish = () => {
    setDone(true)
    tell({ source: 'tributary', type: 'closed' })
    if (leadsTo) window.location.assign(leadsTo)
    else window.close()
  }
  const { language, said } = visit
  if (isDone)
    return (
      <Framed language={language} title={words.title}>
        <p role="status">{words.closeLead}</p>
      </Framed>
    )
  if (chosen)
    return (
      <Framed language={language} title={said.connect(chosen.name)} lead={words.brandLead(chosen.name)}>
        <Stack>
          {goesElsewhere(chosen) ? (
            <Waiting name={chosen.name} words={words} address={windowOf(chosen.provider)} />
          ) : (
            <Brand provider={chosen} visit={visit} onConnected={reread} />
          )}
          <Button variant="subtle" onClick={() => setChosen(undefined)}>
            {words.back}
          </Button>
        </Stack>
      </Framed>
    )
  return (
    <Framed language={language} title={words.title} lead={words.lead}>
      <Stack>
        {outcome && <Note isGood={outcome.isGood}>{outcome.sentence}</Note>}
        <Brands providers={providers} connections={connections} words={words} onChoose={choose} />
        <Button onClick={finish}>{words.done}</Button>
      </Stack>
    </Framed>
  )
}

/** Brands refuse to be framed: signing in goes on in a window of its own. A pasted key stays here. */
const goesElsewhere = ({ auth_kind }: AvailableProvider) => isFramed() && auth_kind !== 'key'

const openWindow = (address: string) => window.open(address, '_blank', 'popup,width=520,height=760')

interface BrandsProps {
  providers: readonly AvailableProvider[]
  connections: readonly Connection[]
  words: ConnectWords
  onChoose(provider: AvailableProvider): void
}

function Brands({ providers, connections, words, onChoose }: BrandsProps) {
  if (!providers.length) return <p>{words.none}</p>
  const live = new Set(connections.filter(({ status }) => status === 'active').map(({ provider }) => provider))
  return (
    <ul className={rows['rows']}>
      {providers.map((provider) => (
        <li key={provider.provider}>
          <button type="button" className={styles['choice']} onClick={() => onChoose(provider)}>
            <ProviderMark name={provider.name} />
            <span className={rows['main']}>
              <strong>{provider.name}</strong>
            </span>
            {live.has(provider.provider) && <Pill tone="good">{words.connected}</Pill>}
          </button>
        </li>
      ))}
    </ul>
  )
}

/** The link is for a browser that opened no window. */
function Waiting({ name, words, address }: { name: string; words: ConnectWords; address: string }) {
  return (
    <>
      <p role="status">{words.waiting(name)}</p>
      <Anchor href={address} target="_blank" rel="opener">
        {words.openAgain}
      </Anchor>
    </>
  )
}
