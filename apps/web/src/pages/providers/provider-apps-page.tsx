import { useQuery, useSuspenseQuery } from '@tanstack/react-query'
import { Link, useSearch } from '@tanstack/react-router'
import { meQuery, providerAppsQuery } from '../../api/queries.ts'
import type { ProviderApp } from '../../api/types.ts'
import { Answer } from '../../app/answer.tsx'
import { Icon } from '../../ui/icon.tsx'
import { Card, Page } from '../../ui/page.tsx'
import { Pill } from '../../ui/pill.tsx'
import { path } from '../../util/path-builder.ts'
import { wordLanguageOf } from '../../util/word-language.ts'
import { AppForm } from './app-form.tsx'
import styles from './provider-apps.module.css'

/** For who runs the hub: its own app at each brand. */
export function ProviderAppsPage() {
  const { data: me } = useSuspenseQuery(meQuery)
  const { provider: opened }: { provider?: string } = useSearch({ strict: false })
  const apps = useQuery(providerAppsQuery(wordLanguageOf(me.locale)))
  return (
    <Page
      title="Providers"
      lead="Each brand wants this hub to be registered as an app of yours. Its id and secret go here; the secret is sealed and never shown again."
      above={
        <Link {...path.connections()}>
          <Icon name="left" size={16} /> Connections
        </Link>
      }
    >
      <Answer query={apps}>
        {(list) => (
          <Card flush>
            {list.map((app) => (
              <details key={app.provider} name="apps" open={app.provider === opened} className={styles['app']}>
                <summary className={styles['summary']}>
                  <span className={styles['name']}>{app.name}</span>
                  <State app={app} />
                  <Icon name="right" size={18} />
                </summary>
                <div className={styles['body']}>
                  <AppForm app={app} />
                </div>
              </details>
            ))}
          </Card>
        )}
      </Answer>
    </Page>
  )
}

const origins = { environment: 'Set in the environment', settings: 'Set up', demo: 'Demo' } as const

function State({ app: { origin, client_id, has_secret, settings } }: { app: ProviderApp }) {
  if (!origin) return <Pill tone="quiet">Not set up</Pill>
  const isWhole = client_id && has_secret && settings.every(({ is_needed, has_value }) => has_value || !is_needed)
  if (origin !== 'demo' && !isWhole) return <Pill tone="warn">Something is missing</Pill>
  return <Pill tone={origin === 'demo' ? 'quiet' : 'good'}>{origins[origin]}</Pill>
}
