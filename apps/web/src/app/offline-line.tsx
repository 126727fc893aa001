import { useQuery, useQueryClient, useSuspenseQuery } from '@tanstack/react-query'
import { useEffect, useRef } from 'react'
import { client } from '../api/client.ts'
import { useKeptAt } from '../api/kept-answers.ts'
import { settleOffline } from '../api/offline.ts'
import { meQuery } from '../api/queries.ts'
import { Icon } from '../ui/icon.tsx'
import styles from './lines.module.css'
import { useFormat } from './reader.tsx'

/** Said while the hub is out of reach and what is shown was kept on this device. */
export function OfflineLine() {
  const { user_id: userId } = useSuspenseQuery(meQuery).data
  const keptAt = useKeptAt()
  const format = useFormat()
  useEffect(() => void settleOffline(userId), [userId])
  useRereadWhenBack(keptAt !== undefined)
  // Notices by itself when the hub is back.
  useQuery({
    queryKey: ['is-back'],
    queryFn: () => client.getMe(),
    enabled: keptAt !== undefined,
    refetchInterval: 10_000,
  })
  return (
    <div role="status">
      {keptAt !== undefined && (
        <div className={styles['line']} data-tone="warn">
          <Icon name="clock" />
          <p>Offline: the hub does not answer. What you see is from {whenWords(keptAt, format)}.</p>
        </div>
      )}
    </div>
  )
}

/** What was kept gives way to what is. */
function useRereadWhenBack(isAway: boolean): void {
  const queries = useQueryClient()
  const wasAway = useRef(false)
  useEffect(() => {
    if (wasAway.current && !isAway) void queries.invalidateQueries()
    wasAway.current = isAway
  }, [isAway, queries])
}

/** The time of day is enough for today. */
function whenWords(at: number, format: ReturnType<typeof useFormat>): string {
  return format.date(at) === format.date(Date.now()) ? format.time(at) : format.dateTime(at)
}
