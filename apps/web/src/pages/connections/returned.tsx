import { useNavigate, useSearch } from '@tanstack/react-router'
import { useEffect, useState } from 'react'
import type { Connection } from '../../api/types.ts'
import { Icon } from '../../ui/icon.tsx'
import { path } from '../../util/path-builder.ts'
import styles from './returned.module.css'

interface Outcome {
  connect?: string
  provider?: string
}

/** What came of the sign-in that a person returns from: said once, and then no more part of the address, nor said on a way back to it. */
export function Returned({ connections }: { connections: readonly Connection[] | undefined }) {
  const { connect, provider } = useOutcome()
  if (!connect || !provider || !connections) return null
  const newest = connections
    .filter((one) => one.provider === provider && one.status === 'active')
    .sort((a, b) => (b.connected_at ?? '').localeCompare(a.connected_at ?? ''))[0]
  const isGood = connect === 'connected' && newest !== undefined
  return (
    <p className={styles['returned']} role="status" data-good={isGood}>
      <Icon name={isGood ? 'check' : 'alert'} />
      <span>{isGood ? welcome(newest) : (sentences[connect] ?? sentences['refused'])}</span>
    </p>
  )
}

function useOutcome(): Outcome {
  const { connect, provider }: Outcome = useSearch({ strict: false })
  const [outcome, setOutcome] = useState<Outcome>({})
  const navigate = useNavigate()
  useEffect(() => {
    if (!connect || !provider) return
    setOutcome({ connect, provider })
    void navigate({ ...path.connections(), replace: true })
  }, [connect, provider, navigate])
  return outcome
}

const welcome = ({ provider_name, last_sync }: Connection): string =>
  `${provider_name} is connected. ${last_sync ? 'Its data is here.' : 'Its data is on the way; this page counts along.'}`

/** By what the server says became of a sign-in. */
const sentences: Readonly<Record<string, string>> = {
  cancelled: 'You cancelled signing in. Nothing was connected, and nothing was changed.',
  denied: 'The brand refused the sign-in. Whoever runs this hub can try its app there under “Set up providers”.',
  expired: 'That took too long: a sign-in is good for ten minutes. Start it once more.',
  replayed: 'That page had been opened before. What is connected stands below.',
  unavailable: 'The brand does not answer at the moment. Nothing was changed; try again in a while.',
  refused: 'Nothing was connected, and nothing was changed. You can try again whenever you like.',
}
