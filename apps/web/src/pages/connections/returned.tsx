import { useSearch } from '@tanstack/react-router'
import type { Connection } from '../../api/types.ts'
import { Icon } from '../../ui/icon.tsx'
import styles from './returned.module.css'

/** What came of the sign-in that a person returns from. */
export function Returned({ connections }: { connections: readonly Connection[] | undefined }) {
  const { returned }: { returned?: string } = useSearch({ strict: false })
  const newest = connections
    ?.filter(({ provider, status }) => provider === returned && status === 'active')
    .sort((a, b) => (b.connected_at ?? '').localeCompare(a.connected_at ?? ''))[0]
  if (!returned || !connections) return null
  return (
    <p className={styles['returned']} role="status" data-good={newest !== undefined}>
      <Icon name={newest ? 'check' : 'alert'} />
      <span>
        {newest
          ? `${newest.provider_name} is connected. ${newest.last_sync ? 'Its data is here.' : 'Its data is on the way; this page counts along.'}`
          : 'Nothing was connected, and nothing was changed. You can try again whenever you like.'}
      </span>
    </p>
  )
}
