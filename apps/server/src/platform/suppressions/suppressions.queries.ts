import { sql } from 'kysely'
import type { Read, Write } from '../db/database.ts'
import type { FlushStatement } from '../samples/flush.queries.ts'
import type { Suppression } from './suppression.ts'

interface StoredRow {
  suppression_id: string
  user_id: string
  source_id: string | null
  metric: string | null
  external_id: string | null
  start_at: Date | null
  end_at: Date | null
}

const columns = sql`suppression_id, user_id, source_id, metric, external_id, start_at, end_at`

const suppressionOf = (row: StoredRow): Suppression => ({
  id: row.suppression_id,
  userId: row.user_id,
  sourceId: row.source_id,
  metric: row.metric,
  externalId: row.external_id,
  from: row.start_at?.getTime() ?? Number.NEGATIVE_INFINITY,
  to: row.end_at?.getTime() ?? Number.POSITIVE_INFINITY,
})

const dateOf = (ms: number): Date | null => (Number.isFinite(ms) ? new Date(ms) : null)

export async function insertSuppression(tx: Write, row: Suppression, title: string | null): Promise<void> {
  await sql`
    insert into suppressions (user_id, suppression_id, source_id, metric, external_id, title, start_at, end_at)
    values (${row.userId}, ${row.id}, ${row.sourceId}, ${row.metric}, ${row.externalId}, ${title}, ${dateOf(row.from)}, ${dateOf(row.to)})`.execute(
    tx,
  )
}

/** One source or all of a person's, held in the order that everybody takes, before any session is. */
export async function lockSources(
  tx: Write,
  userId: string,
  sourceId: string | null,
): Promise<{ source_id: string; kind: string }[]> {
  const { rows } = await sql<{ source_id: string; kind: string }>`
    select source_id, kind from sources
    where user_id = ${userId} ${sourceId ? sql`and source_id = ${sourceId}` : sql``}
    order by source_id
    for no key update`.execute(tx)
  return rows
}

/** Asked for last, just before the commit: another process needs a second from then to learn of it. */
export async function deleteAgainSoon(tx: Write, userId: string, ids: readonly string[]): Promise<void> {
  await sql`
    update suppressions
    set changed_at = clock_timestamp(), delete_again_at = clock_timestamp() + interval '3 seconds'
    where user_id = ${userId} and suppression_id = any (${[...ids]}::uuid[])`.execute(tx)
}

export interface ChangedRow {
  suppression: Suppression
  isLifted: boolean
  changedAt: Date
}

/**
 * New and lifted ones since a moment, or all that hold. The stretch before that moment is asked again, for a change is seen when its
 * transaction commits and dated when it was made.
 */
export async function listChanged(tx: Write, since: Date | null): Promise<ChangedRow[]> {
  const { rows } = await sql<StoredRow & { is_lifted: boolean; changed_at: Date }>`
    select ${columns}, lifted_at is not null as is_lifted, changed_at from suppressions
    where ${since ? sql`changed_at > ${since}::timestamptz - interval '2 minutes'` : sql`lifted_at is null`}`.execute(
    tx,
  )
  return rows.map((row) => ({ suppression: suppressionOf(row), isLifted: row.is_lifted, changedAt: row.changed_at }))
}

/** In the transaction of what they would keep away: nothing slips through. */
export async function listOfSource(tx: Read, userId: string, sourceId: string): Promise<Suppression[]> {
  const { rows } = await sql<StoredRow>`
    select ${columns} from suppressions
    where user_id = ${userId} and lifted_at is null and (source_id is null or source_id = ${sourceId})`.execute(tx)
  return rows.map(suppressionOf)
}

/** One process does it; should it die on the way, another a minute later. */
export async function claimDueDeletions(tx: Write): Promise<Suppression[]> {
  const { rows } = await sql<StoredRow>`
    update suppressions set delete_again_at = now() + interval '1 minute'
    where (user_id, suppression_id) in (
      select user_id, suppression_id from suppressions
      where delete_again_at <= now()
      for update skip locked
      limit 20
    )
    returning ${columns}`.execute(tx)
  return rows.map(suppressionOf)
}

/** A minute later once more: what had passed the book by then may have waited that long for a full disk or a busy store. */
export async function noteDeletedAgain(tx: Write, { userId, id }: Suppression): Promise<void> {
  await sql`
    update suppressions
    set delete_again_at = case when changed_at > now() - interval '1 minute' then changed_at + interval '1 minute' end
    where user_id = ${userId} and suppression_id = ${id}`.execute(tx)
}

/** False when there is none. */
export async function liftSuppression(tx: Write, userId: string, id: string): Promise<boolean> {
  const { numAffectedRows = 0n } = await sql`
    update suppressions
    set lifted_at = clock_timestamp(), changed_at = clock_timestamp(), delete_again_at = null
    where user_id = ${userId} and suppression_id = ${id} and lifted_at is null`.execute(tx)
  return numAffectedRows > 0n
}

export async function sweepLifted(tx: Write): Promise<void> {
  await sql`delete from suppressions where lifted_at < now() - interval '1 hour'`.execute(tx)
}

/** In the transaction of what was kept. In key order, so that two flushes do not wait for each other. */
export const countSuppressed = {
  name: 'suppressions_count',
  types: ['uuid', 'uuid', 'int8'],
  text: `
    with n as (
      select user_id, suppression_id, sum(n)::int8 as n
      from unnest($1::uuid[], $2::uuid[], $3::int8[]) as n (user_id, suppression_id, n)
      group by 1, 2
    ), held as (
      select user_id, suppression_id from suppressions
      where (user_id, suppression_id) in (select user_id, suppression_id from n)
      order by 1, 2
      for no key update
    )
    update suppressions as s set suppressed = s.suppressed + n.n
    from n join held using (user_id, suppression_id)
    where s.user_id = n.user_id and s.suppression_id = n.suppression_id`,
} as const satisfies FlushStatement

export async function addSuppressed(tx: Write, userId: string, counts: ReadonlyMap<string, number>): Promise<void> {
  if (!counts.size) return
  await sql`
    update suppressions as s set suppressed = s.suppressed + n.n
    from unnest(${[...counts.keys()]}::uuid[], ${[...counts.values()]}::int8[]) as n (id, n)
    where s.user_id = ${userId} and s.suppression_id = n.id`.execute(tx)
}
