/** What is known of lists that a provider only sends by itself: between which moments everything was asked for or heard. */
import { sql } from 'kysely'
import type { Write } from '../platform/db/database.ts'

interface OfConnection {
  userId: string
  connectionId: string
}

/** What was known already stays known. */
export async function noteHistoryAsked(
  tx: Write,
  { userId, connectionId }: OfConnection,
  feed: string,
  { from, to }: { from: Date; to: Date },
): Promise<void> {
  await sql`
    insert into feeds as f (user_id, connection_id, feed, history_from, read_until)
    values (${userId}, ${connectionId}, ${feed}, ${from}, ${to})
    on conflict (user_id, connection_id, feed) do update set
      history_from = least(f.history_from, excluded.history_from), read_until = greatest(f.read_until, excluded.read_until)`.execute(
    tx,
  )
}

/**
 * The provider reached us, so nothing was missed since it last did, unless that is longer ago than `silenceMs`: then the gap stays, to
 * be asked for. To the hour is enough, and spares a row a write for each of many notices.
 */
export async function noteHeard(
  tx: Write,
  { userId, connectionId }: OfConnection,
  feeds: readonly string[],
  { at, silenceMs }: { at: Date; silenceMs: number },
): Promise<void> {
  await sql`
    update feeds set read_until = ${at}
    where user_id = ${userId} and connection_id = ${connectionId} and feed = any (${[...feeds]}::text[])
      and read_until between ${at}::timestamptz - ${silenceMs} * interval '1 millisecond' and ${at}::timestamptz - interval '1 hour'`.execute(
    tx,
  )
}

/** A provider refused what it had told us was granted. */
export async function noteScopeGone(tx: Write, { userId, connectionId }: OfConnection, scope: string): Promise<void> {
  await sql`
    update connections set granted_scopes = array_remove(granted_scopes, ${scope}), updated_at = now()
    where user_id = ${userId} and connection_id = ${connectionId}`.execute(tx)
}
