import { routes } from '@tributary/protocol'
import { handle } from '../platform/http/handle.ts'
import { Problem } from '../platform/problem.ts'
import { runOf } from './run-view.ts'
import { findRun } from './runs.queries.ts'

export const getSyncRun = handle(routes.getSyncRun, async (call) => {
  const row = await call.read((tx) => findRun(tx, call.caller.userId, call.params.sync_id))
  if (!row) throw new Problem('not_found')
  return runOf(row)
})
