import { routes } from '@tributary/protocol'
import { handle } from '../platform/http/handle.ts'
import { describePage } from '../platform/http/page-headers.ts'
import { instantOf } from '../platform/instant.ts'
import { Problem } from '../platform/problem.ts'
import { countBatches, listBatches as findBatches } from './batches.queries.ts'

const flag = { validated: 1, processed: 2 } as const

/** What was uploaded, newest first. */
export const listBatches = handle(routes.listBatches, async (call, { deviceSources }) => {
  const { caller, params, query } = call
  if (!(await deviceSources.find(caller.userId, params.device_id))) throw new Problem('not_found')
  const filter = { ...query, device_id: params.device_id }
  const { rows, total } = await call.read(async (tx) => ({
    rows: await findBatches(tx, caller.userId, filter),
    total: await countBatches(tx, caller.userId, filter),
  }))
  describePage(call.request, call.reply, query, total)
  return rows.map(({ batch_id, device_id, metric, t0, quality, flags, metadata, created_at, ...counts }) => ({
    batch_id,
    device_id,
    data_type: metric,
    timestamp: instantOf(t0),
    ...counts,
    metadata: metadata ?? {},
    quality_score: quality,
    validated: (flags & flag.validated) !== 0,
    processed: (flags & flag.processed) !== 0,
    created_at: instantOf(created_at),
  }))
})
