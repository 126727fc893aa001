import { routes } from '@tributary/protocol'
import { handle } from '../platform/http/handle.ts'
import { Problem } from '../platform/problem.ts'
import { rangeOf, selectionOf } from './selection.ts'

/** Deletes what a device measured and says exactly how many values that were. */
export const deleteData = handle(routes.deleteData, async (call, { deviceSources, deleteReadings }) => {
  const { caller, params, query } = call
  const { userId } = caller
  const sourceId = await deviceSources.find(userId, params.device_id)
  if (!sourceId) throw new Problem('not_found')
  if (!query.data_type && !query.start_time && !query.end_time && query.all !== 'true')
    throw new Problem(
      'filter_required',
      'Give data_type, start_time or end_time, or all=true to delete everything the device sent',
    )
  const { all, metrics, compounds } = selectionOf(query.data_type)
  const types = all ? undefined : [...metrics, ...compounds]
  const range = rangeOf(query.start_time, query.end_time)
  return call.write(async (tx) => ({ deleted: await deleteReadings(tx, { userId, sourceId, types, ...range }) }))
})
