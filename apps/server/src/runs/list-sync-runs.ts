import { routes } from '@tributary/protocol'
import { handle } from '../platform/http/handle.ts'
import { describePage } from '../platform/http/page-headers.ts'
import { runOf } from './run-view.ts'
import { countRuns, listRuns } from './runs.queries.ts'

export const listSyncRuns = handle(routes.listSyncRuns, async (call) => {
  const { query, caller } = call
  const { rows, total } = await call.read(async (tx) => ({
    rows: await listRuns(tx, caller.userId, query, query),
    total: await countRuns(tx, caller.userId, query),
  }))
  describePage(call.request, call.reply, query, total)
  return rows.map(runOf)
})
