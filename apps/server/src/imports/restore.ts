/** What a person had planned and deleted, out of an export of our own, each once: by the id it had. */
import type { PieceSource, RestoredPlan, RestoredSuppression } from '@tributary/formats'
import type { Write } from '../platform/db/database.ts'
import { findSessions } from '../platform/sessions/keep-sessions.queries.ts'
import { lockSessions } from '../platform/sessions/records.queries.ts'
import { settleDay } from '../platform/sessions/settle-plans.ts'
import { insertRestoredPlan, insertRestoredSuppression } from './restore.queries.ts'

/** Undefined when there are too many sources to make another. */
type SourceOf = (source: PieceSource) => Promise<string | undefined>

/**
 * One that was told is its source's again; where that cannot be, it is its person's own. The session that a person chose is found by its source and its id there; what the
 * rule chose it chooses again.
 */
export async function restorePlans(
  tx: Write,
  userId: string,
  plans: readonly RestoredPlan[],
  sourceOf: SourceOf,
): Promise<void> {
  if (!plans.length) return
  await lockSessions(tx, userId)
  const days = new Set<string>()
  for (const { session, told, ...plan } of plans) {
    const sourceId = session && plan.matchedBy === 'person' ? await sourceOf(session.source) : undefined
    const chosen =
      session && sourceId
        ? (await findSessions(tx, userId, sourceId, [session.externalId])).get(session.externalId)
        : undefined
    const sessionId = chosen && !chosen.deleted_at ? chosen.session_id : null
    const matchedBy = sessionId ? 'person' : plan.matchedBy === 'nobody' ? 'nobody' : null
    const teller = told ? await sourceOf(told.source) : undefined
    const by = told && teller ? { source_id: teller, external_id: told.externalId } : null
    if (await insertRestoredPlan(tx, userId, { ...plan, sessionId, matchedBy, told: by })) days.add(plan.date)
  }
  for (const day of days) await settleDay(tx, userId, day)
}

/**
 * They keep away what comes from now on. Nothing is deleted for them: the export holds what was there beside them, as what was
 * entered by hand since. Answers how many have no source to go to: without it they would keep away everything.
 */
export async function restoreSuppressions(
  tx: Write,
  userId: string,
  suppressions: readonly RestoredSuppression[],
  sourceOf: SourceOf,
): Promise<number> {
  let placeless = 0
  for (const { source, ...suppression } of suppressions) {
    const sourceId = source ? await sourceOf(source) : null
    if (sourceId === undefined) placeless++
    else await insertRestoredSuppression(tx, userId, { ...suppression, sourceId })
  }
  return placeless
}
