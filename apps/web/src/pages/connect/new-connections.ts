import { useEffect, useRef } from 'react'
import type { Connection } from '../../api/types.ts'
import { recall, remember } from '../../util/tab-memory.ts'

/** A sign-in to an account that was connected before is told as well: its connection has a new day of connecting. */
const signOf = ({ connection_id, connected_at }: Connection) => `${connection_id} ${connected_at}`

/**
 * Calls once for each connection that was made since the session's page was first opened in this tab. What is known stays with the
 * tab, which in a window of its own goes to the brand and comes back as a new page.
 */
export function useNewConnections(
  sessionId: string,
  connections: readonly Connection[],
  onNew: (connection: Connection) => void,
): void {
  const latest = useRef(onNew)
  latest.current = onNew
  useEffect(() => {
    const key = `connect-known:${sessionId}`
    const kept = recall(key)
    const known = new Set<string>(kept === null ? [] : JSON.parse(kept))
    const live = connections.filter(({ status }) => status === 'active')
    remember(key, JSON.stringify([...new Set([...known, ...live.map(signOf)])]))
    if (kept !== null) for (const one of live) if (!known.has(signOf(one))) latest.current(one)
  }, [sessionId, connections])
}
