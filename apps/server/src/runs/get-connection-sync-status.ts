import { type AnswerOf, routes } from '@tributary/protocol'
import { handle } from '../platform/http/handle.ts'
import { instantOrNull } from '../platform/instant.ts'
import { Problem } from '../platform/problem.ts'
import { findConnection } from './connections.queries.ts'
import { isUnderWay, runOf, type SyncRun } from './run-view.ts'
import { listRuns } from './runs.queries.ts'

type Status = AnswerOf<typeof routes.getConnectionSyncStatus>['status']

export const getConnectionSyncStatus = handle(routes.getConnectionSyncStatus, async (call) => {
  const { caller, params } = call
  const found = await call.read(async (tx) => {
    const connection = await findConnection(tx, caller.userId, params.connection_id)
    if (!connection) throw new Problem('not_found')
    const filter = { connection_id: params.connection_id }
    return { connection, runs: await listRuns(tx, caller.userId, filter, { limit: 2, offset: 0 }) }
  })
  const { connection, runs } = found
  const running = runs.find(isUnderWay)
  const last = runs.find((run) => !isUnderWay(run))
  return {
    connection_id: connection.connection_id,
    provider: connection.provider,
    status: connection.status as Status,
    is_active: connection.status === 'active' && connection.paused_at === null,
    sync_status: ((running ?? last)?.status ?? 'pending') as SyncRun['status'],
    last_sync: instantOrNull(connection.last_sync_at),
    last_success: instantOrNull(connection.last_success_at),
    running: running ? runOf(running) : null,
    last_run: last ? runOf(last) : null,
  }
})
