import { routes } from '@tributary/protocol'
import { findProvider } from '@tributary/providers'
import { handle } from '../platform/http/handle.ts'
import { describePage } from '../platform/http/page-headers.ts'
import { runOf } from './run-view.ts'
import { countRuns, listRuns } from './runs.queries.ts'

export const listSyncRuns = handle(routes.listSyncRuns, async (call) => {
  const { query, caller } = call
  // One that is not known is looked for as it stands, and nothing is of it.
  const filter = { ...query, provider: query.provider && (findProvider(query.provider)?.id ?? query.provider) }
  const { rows, total } = await call.read(async (tx) => ({
    rows: await listRuns(tx, caller.userId, filter, query),
    total: await countRuns(tx, caller.userId, filter),
  }))
  describePage(call.request, call.reply, query, total)
  return rows.map(runOf)
})
