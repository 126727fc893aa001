import { Button, Stack } from '@mantine/core'
import { useEffect, useRef, useState } from 'react'
import type { connectClient } from '../../api/connect-session.ts'
import type { AvailableProvider, Connection } from '../../api/types.ts'
import { Pill } from '../../ui/pill.tsx'
import { returnTo as own } from '../../util/path-builder.ts'
import { ConnectForm } from '../connections/connect-form.tsx'
import { ProviderMark } from '../connections/provider-mark.tsx'
import { WhatIsRead } from '../connections/what-is-read.tsx'
import rows from '../row-list.module.css'
import type { connectWords } from './connect-words.ts'
import styles from './hosted.module.css'
import type { HostEvent } from './tell-host.ts'

interface HostedProps {
  providers: readonly AvailableProvider[]
  connections: readonly Connection[]
  client: ReturnType<typeof connectClient>
  words: (typeof connectWords)['en']
  onEvent(event: HostEvent): void
  reread(): void
  returnTo: string | null
}

export function Hosted({ providers, connections, client, words, onEvent, reread, returnTo }: HostedProps) {
  const [chosen, setChosen] = useState<AvailableProvider>()
  const [waits, setWaits] = useState(false)
  useNewConnections(connections, onEvent)
  const live = connections.filter(({ status }) => status === 'active')
  const isFramed = window.parent !== window
  /** Brands refuse to be framed: the person goes on in a window of its own, and this one looks whether they came back. */
  const goTo = (url: string) => {
    if (!isFramed) return window.location.assign(url)
    setWaits(true)
    window.open(url, '_blank', 'popup,width=520,height=760')
  }
  useLookAgain(waits, reread)
  const choose = () => {
    setChosen(undefined)
    setWaits(false)
  }
  const finish = () => {
    reread()
    choose()
  }
  if (chosen)
    return (
      <Stack>
        <WhatIsRead provider={chosen} />
        {waits ? (
          <p role="status">{words.waiting}</p>
        ) : (
          <ConnectForm provider={chosen} client={client} returnTo={own.connect()} onConnected={finish} goTo={goTo} />
        )}
        <Button variant="subtle" onClick={choose}>
          {words.back}
        </Button>
      </Stack>
    )
  if (!providers.length) return <p>{words.none}</p>
  return (
    <Stack>
      <ul className={rows['rows']}>
        {providers.map((provider) => (
          <li key={provider.provider}>
            <button type="button" className={styles['choice']} onClick={() => setChosen(provider)}>
              <ProviderMark name={provider.name} />
              <span className={rows['main']}>
                <strong>{provider.name}</strong>
              </span>
              {live.some((one) => one.provider === provider.provider) && <Pill tone="good">{words.connected}</Pill>}
            </button>
          </li>
        ))}
      </ul>
      {returnTo && (
        <Button component="a" href={returnTo} onClick={() => onEvent({ type: 'closed' })}>
          {words.done}
        </Button>
      )}
    </Stack>
  )
}

/** Tells of connections that were not there when the page was opened. */
function useNewConnections(connections: readonly Connection[], onEvent: (event: HostEvent) => void) {
  const known = useRef<Set<string>>(undefined)
  useEffect(() => {
    const live = connections.filter(({ status }) => status === 'active')
    const before = known.current
    known.current = new Set(live.map(({ connection_id }) => connection_id))
    if (!before) return
    for (const { provider, connection_id } of live)
      if (!before.has(connection_id)) onEvent({ type: 'connected', provider, connection_id })
  }, [connections, onEvent])
}

const lookEveryMs = 1_500

function useLookAgain(isOn: boolean, look: () => void) {
  const latest = useRef(look)
  latest.current = look
  useEffect(() => {
    if (!isOn) return undefined
    const timer = setInterval(() => latest.current(), lookEveryMs)
    return () => clearInterval(timer)
  }, [isOn])
}
