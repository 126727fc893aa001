import { sql } from 'kysely'
import type { Read, Write } from '../platform/db/database.ts'

export interface RawRow {
  userId: string
  payloadId: string
  connectionId: string
  syncId: string | null
  provider: string
  feed: string
  at: Date
  records: number
  bytes: number
  sealed: Buffer
}

export async function insertRaw(tx: Write, row: RawRow): Promise<void> {
  await sql`
    insert into raw_payloads (user_id, payload_id, connection_id, sync_id, provider, feed, fetched_at, records, bytes, sealed)
    values (${row.userId}, ${row.payloadId}, ${row.connectionId}, ${row.syncId}, ${row.provider}, ${row.feed}, ${row.at}, ${row.records},
      ${row.bytes}, ${row.sealed})`.execute(tx)
}

export interface KeptRaw {
  payload_id: string
  provider: string
  feed: string
  fetched_at: Date
  sealed: Buffer
}

/** The next one, in the order they came. */
export async function findRawAfter(
  tx: Read,
  { userId, connectionId, feed }: { userId: string; connectionId: string; feed: string },
  after: string | null,
): Promise<KeptRaw | undefined> {
  const { rows } = await sql<KeptRaw>`
    select payload_id, provider, feed, fetched_at, sealed from raw_payloads
    where user_id = ${userId} and connection_id = ${connectionId} and feed = ${feed} ${after ? sql`and payload_id > ${after}` : sql``}
    order by payload_id
    limit 1`.execute(tx)
  return rows[0]
}

export async function listRawFeeds(
  tx: Read,
  { userId, connectionId }: { userId: string; connectionId: string },
): Promise<string[]> {
  const { rows } = await sql<{ feed: string }>`
    select distinct feed from raw_payloads
    where user_id = ${userId} and connection_id = ${connectionId}
    order by feed`.execute(tx)
  return rows.map(({ feed }) => feed)
}

export async function deleteRawBefore(tx: Write, before: Date): Promise<void> {
  await sql`delete from raw_payloads where fetched_at < ${before}`.execute(tx)
}
