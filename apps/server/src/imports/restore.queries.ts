import type { RestoredPlan, RestoredSuppression } from '@tributary/formats'
import { sql } from 'kysely'
import type { Write } from '../platform/db/database.ts'
import type { PlanOfSource } from '../platform/sessions/keep-plans.queries.ts'

const dateOf = (ms: number | null): Date | null => (ms === null ? null : new Date(ms))

/** False when it is there, by its id or as its source's, or its session fulfils another plan. */
export async function insertRestoredPlan(
  tx: Write,
  userId: string,
  plan: Omit<RestoredPlan, 'session' | 'told'> & { sessionId: string | null; told: PlanOfSource | null },
): Promise<boolean> {
  const { numAffectedRows = 0n } = await sql`
    insert into planned_sessions (user_id, planned_session_id, activity, title, description, scheduled_on, start_at, duration, distance,
      skipped_at, session_id, matched_by, source_id, external_id, told_at, edits)
    values (${userId}, ${plan.id}, ${plan.activity}, ${plan.title}, ${plan.description}, ${plan.date}, ${dateOf(plan.start)}, ${plan.duration},
      ${plan.distance}, ${dateOf(plan.skipped)}, ${plan.sessionId}, ${plan.matchedBy},
      ${plan.told?.source_id ?? null}, ${plan.told?.external_id ?? null}, ${plan.told ? sql`now()` : null}, ${plan.told && plan.edits && JSON.stringify(plan.edits)})
    on conflict do nothing`.execute(tx)
  return numAffectedRows === 1n
}

/** One that is there stays as it is, also when it was lifted since. */
export async function insertRestoredSuppression(
  tx: Write,
  userId: string,
  row: Omit<RestoredSuppression, 'source'> & { sourceId: string | null },
): Promise<void> {
  await sql`
    insert into suppressions (user_id, suppression_id, source_id, metric, external_id, title, start_at, end_at)
    values (${userId}, ${row.id}, ${row.sourceId}, ${row.metric}, ${row.externalId}, ${row.title}, ${dateOf(row.from)}, ${dateOf(row.to)})
    on conflict do nothing`.execute(tx)
}
