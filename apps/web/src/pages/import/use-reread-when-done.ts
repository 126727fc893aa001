import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef } from 'react'
import type { Import } from '../../api/types.ts'

/** What an import brings changes almost every page. */
export function useRereadWhenDone(active: readonly Import[]): void {
  const queries = useQueryClient()
  const before = useRef<readonly string[]>([])
  const ids = active.map(({ import_id }) => import_id).join()
  useEffect(() => {
    const now = ids ? ids.split(',') : []
    const hasEnded = before.current.some((id) => !now.includes(id))
    before.current = now
    if (hasEnded) void queries.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] !== 'me' })
  }, [ids, queries])
}
