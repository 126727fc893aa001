import { findProvider } from '@tributary/providers'
import type { Write } from '../platform/db/database.ts'
import { Problem } from '../platform/problem.ts'
import { askConnectionRun, type RunTrigger } from '../platform/runs/ask-run.queries.ts'
import { setDevicesStatus } from './connection-runs.queries.ts'
import { findConnection } from './connections.queries.ts'
import type { SyncRun } from './run-view.ts'

/** The run of a connection under way, or a new one; wake the runner after the commit. */
export async function askRunOf(
  tx: Write,
  userId: string,
  connectionId: string,
  trigger: RunTrigger,
): Promise<{ sync_id: string; status: SyncRun['status'] }> {
  const connection = await findConnection(tx, userId, connectionId)
  if (!connection) throw new Problem('not_found')
  const provider = findProvider(connection.provider)
  if (provider?.arrives === 'phone')
    throw new Problem('sync_not_taken', `${provider.name} sends by itself: open the app on the phone that sends it`)
  if (trigger === 'manual' && connection.paused_at) throw new Problem('connection_paused')
  const run = await askConnectionRun(tx, { userId, connectionId, provider: connection.provider, trigger })
  // What is under way asks the provider: it would not read again what was kept, and to say that it does would be wrong.
  if (trigger === 'retry' && run.trigger !== 'retry') throw new Problem('busy', undefined, { retryAfterSeconds: 5 })
  await setDevicesStatus(tx, userId, connectionId, run.status)
  return { sync_id: run.sync_id, status: run.status as SyncRun['status'] }
}
