import { sql } from 'kysely'
import type { Read, Write } from '../platform/db/database.ts'

export interface HookConnection {
  user_id: string
  connection_id: string
  provider_account: string
}

/** All that hang from these accounts: two people who share one are both told. */
export async function findConnectionsOfAccounts(
  writer: Read,
  provider: string,
  accounts: readonly string[],
): Promise<HookConnection[]> {
  const { rows } = await sql<HookConnection>`
    select user_id, connection_id, provider_account from connections
    where provider = ${provider} and provider_account <> '' and provider_account = any (${[...accounts]}::text[]) and status <> 'ended'
    order by user_id, connection_id`.execute(writer)
  return rows
}

export interface NoticeRow {
  userId: string
  connectionId: string
  hash: Buffer
  provider: string
  kind: string
  feed: string | null
  notice: Record<string, unknown>
  sealed: Buffer | null
  at: Date
}

/** Whether it was told before: sealing it once more would be for nothing. */
export async function isNoticeKnown(
  tx: Read,
  { userId, connectionId, hash }: Pick<NoticeRow, 'userId' | 'connectionId' | 'hash'>,
): Promise<boolean> {
  const { rows } = await sql`
    select 1 from hook_notices
    where user_id = ${userId} and connection_id = ${connectionId} and notice_hash = ${hash}`.execute(tx)
  return rows.length > 0
}

/** False when it was told before. */
export async function insertNotice(tx: Write, row: NoticeRow): Promise<boolean> {
  const { numAffectedRows } = await sql`
    insert into hook_notices (user_id, connection_id, notice_hash, provider, received_at, kind, feed, notice, sealed)
    values (${row.userId}, ${row.connectionId}, ${row.hash}, ${row.provider}, ${row.at}, ${row.kind}, ${row.feed},
      ${JSON.stringify(row.notice)}, ${row.sealed})
    on conflict do nothing`.execute(tx)
  return numAffectedRows === 1n
}
