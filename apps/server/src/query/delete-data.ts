import { type AnswerOf, type Routes, routes } from '@tributary/protocol'
import { uuidv7 } from 'uuidv7'
import { handle } from '../platform/http/handle.ts'
import { Problem } from '../platform/problem.ts'
import { keepAway } from '../platform/suppressions/keep-away.ts'
import { rangeOf, selectionOf } from './selection.ts'

type Answer = AnswerOf<Routes['deleteData']>

/** Deletes what a device measured and says exactly how many values that were. With `suppress` it stays deleted. */
export const deleteData = handle(routes.deleteData, async (call, parts) => {
  const { caller, params, query } = call
  const { userId } = caller
  const sourceId = await parts.deviceSources.find(userId, params.device_id)
  if (!sourceId) throw new Problem('not_found')
  if (!query.data_type && !query.start_time && !query.end_time && query.all !== 'true')
    throw new Problem(
      'filter_required',
      'Give data_type, start_time or end_time, or all=true to delete everything the device sent',
    )
  const { all, metrics, compounds } = selectionOf(query.data_type)
  const types = all ? undefined : [...metrics, ...compounds]
  const range = rangeOf(query.start_time, query.end_time)
  if (query.suppress !== 'true')
    return call.write(async (tx) => ({
      deleted: await parts.deleteReadings(tx, { userId, sourceId, types, ...range }),
    }))
  const wanted = (types ?? [null]).map((metric) => {
    const title = metric ?? 'Everything'
    return { id: uuidv7(), userId, sourceId, metric, externalId: null, ...range, title }
  })
  return keepAway<Answer>(
    parts,
    wanted,
    (work) => call.write(work),
    (_, deleted) => ({ deleted }),
  )
})
