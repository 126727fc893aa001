import { sql } from 'kysely'
import { uuidv7 } from 'uuidv7'
import type { Write } from '../platform/db/database.ts'
import type { Of } from './tally.ts'

export async function findHour(tx: Write, { userId, sourceId }: Of, start: number): Promise<Buffer | null> {
  const { rows } = await sql<{ data: Buffer }>`
    select data from tracks
    where user_id = ${userId} and source_id = ${sourceId} and session_id is null and start_at = ${new Date(start)}`.execute(
    tx,
  )
  return rows[0]?.data ?? null
}

export async function putHour(
  tx: Write,
  { userId, sourceId }: Of,
  start: number,
  { last, n, data }: { last: number; n: number; data: Buffer },
): Promise<void> {
  await sql`
    insert into tracks (user_id, track_id, source_id, start_at, end_at, n, data)
    values (${userId}, ${uuidv7()}, ${sourceId}, ${new Date(start)}, ${new Date(last)}, ${n}, ${data})
    on conflict (user_id, source_id, start_at) where session_id is null do update
      set end_at = excluded.end_at, n = excluded.n, data = excluded.data`.execute(tx)
}

/** Hours that any of [from, to) falls into; infinite bounds reach everywhere. */
export async function findHours(
  tx: Write,
  { userId, sourceId }: Of,
  from: number,
  to: number,
): Promise<{ start_at: Date; data: Buffer }[]> {
  const { rows } = await sql<{ start_at: Date; data: Buffer }>`
    select start_at, data from tracks
    where user_id = ${userId} and source_id = ${sourceId} and session_id is null
      and ${Number.isFinite(from) ? sql`end_at >= ${new Date(from)}` : sql`true`}
      and ${Number.isFinite(to) ? sql`start_at < ${new Date(to)}` : sql`true`}
    order by start_at`.execute(tx)
  return rows
}

export async function deleteHour(tx: Write, { userId, sourceId }: Of, start: Date): Promise<void> {
  await sql`
    delete from tracks
    where user_id = ${userId} and source_id = ${sourceId} and session_id is null and start_at = ${start}`.execute(tx)
}
