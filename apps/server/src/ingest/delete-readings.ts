/** The way back: forgets what a source measured in a stretch of time, and says exactly how much that was. */
import type { CompoundName } from '@tributary/protocol'
import type { Write } from '../platform/db/database.ts'
import type { SampleStore } from '../platform/samples/store.ts'
import { lockSessions } from '../platform/sessions/records.queries.ts'
import { deleteDays, deleteEvents, findSeriesOf } from './delete-readings.queries.ts'
import { findNights } from './nights.queries.ts'
import { saveNights, spansOf } from './nights.ts'
import { lockSource } from './source-lock.queries.ts'
import type { Of } from './tally.ts'
import { forgetPositions } from './ways.ts'

export interface Unwanted {
  userId: string
  sourceId: string
  /** Metrics and compounds; all of them when absent. */
  types?: readonly string[] | undefined
  /** ms; what begins in [from, to). Infinite for no bound. */
  from: number
  to: number
}

/** The rows go in the caller's transaction; samples go at once, in one of the store's own. */
export type DeleteReadings = (tx: Write, unwanted: Unwanted) => Promise<number>

export const createDeleteReadings =
  (store: SampleStore): DeleteReadings =>
  async (tx, { userId, sourceId, types, from, to }) => {
    const of: Of = { userId, sourceId }
    await lockSource(tx, userId, sourceId)
    const wants = (type: CompoundName) => !types || types.includes(type)
    let deleted = await deleteDays(tx, of, types, from, to)
    deleted += await deleteEvents(tx, of, types, from, to)
    if (wants('gps')) deleted += await forgetPositions(tx, of, from, to)
    if (wants('sleep')) deleted += await forgetStages(tx, of, from, to)
    const seriesIds = await findSeriesOf(tx, of, types)
    if (seriesIds.length) deleted += await store.deleteRange({ userId, seriesIds, from, to })
    return deleted
  }

async function forgetStages(tx: Write, of: Of, from: number, to: number): Promise<number> {
  await lockSessions(tx, of.userId)
  const nights = await findNights(tx, of, from, to)
  const before = spansOf(nights)
  const changed = []
  let deleted = 0
  for (const night of nights) {
    const gone = [...night.stages.keys()].filter((start) => start >= from && start < to)
    for (const start of gone) night.stages.delete(start)
    deleted += gone.length
    if (gone.length) changed.push(night)
  }
  await saveNights(tx, of, changed, before)
  return deleted
}
