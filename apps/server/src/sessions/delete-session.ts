import { routes } from '@tributary/protocol'
import { handle } from '../platform/http/handle.ts'
import { forgetSessions } from '../platform/sessions/forget.ts'
import { type ForgottenRow, lockSessions } from '../platform/sessions/records.queries.ts'
import { type Suppression, suppressionOfOne } from '../platform/suppressions/suppression.ts'
import { deleteAgainSoon, insertSuppression } from '../platform/suppressions/suppressions.queries.ts'
import { mustFindSession } from './find-session.ts'
import { tellingsOf } from './tellings.ts'

/** It does not come back when its source sends it again. */
export const deleteSession = handle(routes.deleteSession, async (call, { suppressions: book }) => {
  const { userId } = call.caller
  const { session_id: sessionId } = call.params
  const learnt: Suppression[] = []
  try {
    return await call.write(async (tx) => {
      await lockSessions(tx, userId)
      const session = await mustFindSession(tx, userId, sessionId)
      const all = (await tellingsOf(tx, userId, [session])).get(session.superseded_by ?? sessionId) ?? []
      const ids = call.query.records === 'one' ? [sessionId] : all.map(({ session_id }) => session_id)
      const gone = await forgetSessions(tx, userId, ids)
      for (const row of gone.filter(({ source_kind }) => source_kind !== 'manual')) {
        const suppression = suppressionOf(userId, row)
        await insertSuppression(tx, suppression, row.title ?? row.type)
        book.learn(suppression)
        learnt.push(suppression)
      }
      const stretches = learnt.filter(({ externalId }) => externalId === null).map(({ id }) => id)
      if (stretches.length) await deleteAgainSoon(tx, userId, stretches)
      return { deleted: gone.length, suppression_ids: learnt.map(({ id }) => id) }
    })
  } catch (error) {
    for (const suppression of learnt) book.forget(suppression)
    throw error
  }
})

/** A night that we put together has no name at its source: its stages are kept away instead. */
function suppressionOf(userId: string, row: ForgottenRow): Suppression {
  const one = suppressionOfOne({ userId, sourceId: row.source_id, externalId: row.external_id })
  if (!row.external_id.startsWith('stages:')) return one
  return { ...one, metric: 'sleep', externalId: null, from: row.start_at.getTime(), to: row.end_at.getTime() }
}
