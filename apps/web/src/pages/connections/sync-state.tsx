import { Group } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef } from 'react'
import { connectionSyncQuery } from '../../api/queries.ts'
import { useFormat } from '../../app/reader.tsx'
import { Pill } from '../../ui/pill.tsx'
import { failureWords, runWords } from '../../util/run-words.ts'

/** The sync under way, or what became of the last one. */
export function SyncState({ connectionId, wasAsked }: { connectionId: string; wasAsked: boolean }) {
  const format = useFormat()
  const state = useQuery({ ...connectionSyncQuery(connectionId), ...(wasAsked ? { staleTime: 0 } : {}) }).data
  useRereadWhenOver(state && (state.last_run?.sync_id ?? 'none yet'))
  const run = state?.running ?? state?.last_run
  if (!run) return null
  const { word, tone } = runWords[run.status]
  const counts = [
    ...(run.records_inserted ? [`${format.number(run.records_inserted)} new`] : []),
    ...(run.records_updated ? [`${format.number(run.records_updated)} changed`] : []),
    ...(run.records_failed ? [`${format.number(run.records_failed)} not usable`] : []),
  ]
  const nothing = state?.running ? '' : 'nothing new'
  return (
    <Group gap="sm">
      <Pill tone={tone}>{word}</Pill>
      <span>{run.status === 'failed' ? failureWords(run, format) : counts.join(', ') || nothing}</span>
    </Group>
  )
}

/** What a sync came to stands in the list as well: that it was read, or wants a new sign-in. `undefined` until it is known which was the last. */
function useRereadWhenOver(lastSyncId: string | undefined): void {
  const queries = useQueryClient()
  const seen = useRef(lastSyncId)
  useEffect(() => {
    if (seen.current && seen.current !== lastSyncId) void queries.invalidateQueries({ queryKey: ['connections'] })
    seen.current = lastSyncId
  }, [lastSyncId, queries])
}
