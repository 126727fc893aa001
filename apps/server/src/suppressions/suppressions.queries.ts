import { sql } from 'kysely'
import type { Read } from '../platform/db/database.ts'

export interface SuppressionRow {
  suppression_id: string
  source_id: string | null
  source_name: string | null
  metric: string | null
  external_id: string | null
  title: string | null
  start_at: Date | null
  end_at: Date | null
  suppressed: number
  created_at: Date
}

const select = sql`
  select p.suppression_id, p.source_id, coalesce(d.device_name, o.name) as source_name, p.metric, p.external_id, p.title, p.start_at,
    p.end_at, p.suppressed, p.created_at
  from suppressions p
  left join sources o on o.user_id = p.user_id and o.source_id = p.source_id
  left join devices d on d.user_id = o.user_id and d.device_id = o.device_id`

/** Newest first. The last page's end is exact to the microsecond, which a Date is not: the database reads its own text again. */
export async function listSuppressionRows(
  tx: Read,
  userId: string,
  { after, limit }: { after: { createdAt: string; id: string } | null; limit: number },
): Promise<(SuppressionRow & { created_text: string })[]> {
  const { rows } = await sql<SuppressionRow & { created_text: string }>`
    select p.*, to_char(p.created_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as created_text
    from (${select}
      where p.user_id = ${userId} and p.lifted_at is null
        ${after ? sql`and (p.created_at, p.suppression_id) < (${after.createdAt}::timestamptz, ${after.id}::uuid)` : sql``}
      order by p.created_at desc, p.suppression_id desc
      limit ${limit}) as p`.execute(tx)
  return rows
}

export async function findSuppressionRow(tx: Read, userId: string, id: string): Promise<SuppressionRow | undefined> {
  const { rows } = await sql<SuppressionRow>`
    ${select} where p.user_id = ${userId} and p.suppression_id = ${id} and p.lifted_at is null`.execute(tx)
  return rows[0]
}

export async function hasSource(tx: Read, userId: string, sourceId: string): Promise<boolean> {
  const { rows } = await sql`select 1 from sources where user_id = ${userId} and source_id = ${sourceId}`.execute(tx)
  return rows.length > 0
}
