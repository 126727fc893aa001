import { Link } from '@tanstack/react-router'
import type { AvailableProvider, Connection } from '../../api/types.ts'
import { EmptyState } from '../../ui/empty-state.tsx'
import { bringsWords, everythingOf } from '../../util/connection-words.ts'
import { metricTitle } from '../../util/metric-words.ts'
import type { Place } from '../../util/path-builder.ts'
import styles from './connections.module.css'
import { ProviderMark } from './provider-mark.tsx'

interface ProviderGridProps {
  list: readonly AvailableProvider[]
  query: string
  connections: readonly Pick<Connection, 'provider' | 'status'>[]
  placeOf(provider: string): Place
}

const groups: readonly { arrives: AvailableProvider['arrives']; title: string }[] = [
  { arrives: 'cloud', title: 'Accounts of brands' },
  { arrives: 'phone', title: 'From your phone' },
  { arrives: 'file', title: 'As files' },
]

export function ProviderGrid({ list, query, connections, placeOf }: ProviderGridProps) {
  const found = list.filter((provider) => matches(provider, query))
  const connected = new Set(connections.filter(({ status }) => status !== 'ended').map(({ provider }) => provider))
  if (!found.some(({ arrives }) => arrives !== 'local'))
    return (
      <EmptyState icon="search" title={`Nothing called “${query}”`}>
        Search for a brand, or for what it measures. Other devices send their data by themselves, or come as files.
      </EmptyState>
    )
  const stateOf = ({ provider, arrives, is_configured }: AvailableProvider) =>
    connected.has(provider) ? 'Connected' : arrives === 'cloud' && !is_configured ? 'Not set up here yet' : undefined
  return groups.map(({ arrives, title }) => {
    const own = found.filter((provider) => provider.arrives === arrives)
    if (!own.length) return null
    return (
      <div key={arrives}>
        <h3 className={styles['group']}>{title}</h3>
        <ul className={styles['grid']}>
          {own.map((provider) => (
            <li key={provider.provider}>
              <Link {...placeOf(provider.provider)} className={styles['provider']}>
                <span className={styles['head']}>
                  <ProviderMark name={provider.name} />
                  <span className={styles['name']}>
                    <strong>{provider.name}</strong>
                    <span className={styles['soft']}>{stateOf(provider)}</span>
                  </span>
                </span>
                <span className={styles['soft']}>{bringsWords(everythingOf(provider)) || provider.access}</span>
              </Link>
            </li>
          ))}
        </ul>
      </div>
    )
  })
}

function matches({ name, provider, feeds }: AvailableProvider, query: string): boolean {
  const wanted = query.trim().toLowerCase()
  if (!wanted) return true
  const words = [name, provider, ...feeds.flatMap(({ title, brings }) => [title, ...brings.map(metricTitle)])]
  return words.some((word) => word.toLowerCase().includes(wanted))
}
