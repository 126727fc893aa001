import { routes } from '@tributary/protocol'
import { handle } from '../platform/http/handle.ts'
import { describePage } from '../platform/http/page-headers.ts'
import { Problem } from '../platform/problem.ts'
import { findConnection } from './connections.queries.ts'
import { runOf } from './run-view.ts'
import { countRuns, listRuns } from './runs.queries.ts'

export const listConnectionSyncs = handle(routes.listConnectionSyncs, async (call) => {
  const { query, caller, params } = call
  const filter = { connection_id: params.connection_id, status: query.status }
  const { rows, total } = await call.read(async (tx) => {
    if (!(await findConnection(tx, caller.userId, params.connection_id))) throw new Problem('not_found')
    return {
      rows: await listRuns(tx, caller.userId, filter, query),
      total: await countRuns(tx, caller.userId, filter),
    }
  })
  describePage(call.request, call.reply, query, total)
  return rows.map(runOf)
})
