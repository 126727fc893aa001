import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef } from 'react'
import { demoQuery } from '../api/queries.ts'
import { Icon } from '../ui/icon.tsx'
import { LoadedShare } from '../ui/loaded-share.tsx'
import styles from './lines.module.css'
import { RemoveDemo } from './remove-demo.tsx'

/** Says on every page that demo data is among what is shown, and takes it away. */
export function DemoLine() {
  const demo = useQuery(demoQuery).data
  useRereadWhenSettled(demo?.status)
  if (!demo || demo.status === 'absent') return null
  const { status, progress } = demo
  return (
    <section className={styles['line']} aria-label="Demo data">
      <Icon name="alert" />
      {status === 'ready' && <p>Demo data is among what you see: a person who does not exist.</p>}
      {status === 'loading' && <LoadedShare label="Demo data is being loaded" share={progress} />}
      {status === 'removing' && <LoadedShare label="Demo data is being removed" share={progress} />}
      {status === 'ready' && <RemoveDemo demo={demo} />}
    </section>
  )
}

/** Almost every page shows something else then. */
function useRereadWhenSettled(status: string | undefined): void {
  const queries = useQueryClient()
  const before = useRef(status)
  useEffect(() => {
    const was = before.current
    before.current = status
    const isSettled = status === 'ready' || status === 'absent'
    if (was && was !== status && isSettled) {
      void queries.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] !== 'me' && queryKey[0] !== 'demo' })
    }
  }, [status, queries])
}
