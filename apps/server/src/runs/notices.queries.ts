/** What providers posted, from when it was kept until it is dealt with. */
import { sql } from 'kysely'
import { uuidv7 } from 'uuidv7'
import type { Write } from '../platform/db/database.ts'
import type { FeedCounts } from './fetch-feed.ts'

export interface HeldNotice {
  userId: string
  connectionId: string
  hash: Buffer
  provider: string
  account: string
  kind: 'changed' | 'records' | 'deleted' | 'left' | 'scopes'
  feed: string | null
  notice: { record?: string; window?: { from: number; to: number } }
  sealed: Buffer | null
  receivedAt: Date
  /** With this one. */
  attempts: number
}

interface ClaimedRow {
  user_id: string
  connection_id: string
  notice_hash: Buffer
  provider: string
  provider_account: string
  kind: HeldNotice['kind']
  feed: string | null
  notice: HeldNotice['notice']
  sealed: Buffer | null
  received_at: Date
  attempts: number
}

/**
 * The oldest that is due: one that failed waits by itself, and those behind it go on. While a connection is paused its provider is
 * asked nothing and nothing is stored, so what would be waits until it goes on; that something was deleted, or access ended, is
 * followed at once.
 */
export async function claimNotice(tx: Write, leaseMs: number): Promise<HeldNotice | undefined> {
  const { rows } = await sql<ClaimedRow>`
    update hook_notices h set taken_until = now() + ${leaseMs} * interval '1 millisecond', attempts = attempts + 1
    from connections c
    where c.user_id = h.user_id and c.connection_id = h.connection_id and (h.user_id, h.connection_id, h.notice_hash) in (
      select n.user_id, n.connection_id, n.notice_hash from hook_notices n
      join connections p on p.user_id = n.user_id and p.connection_id = n.connection_id
      where n.done_at is null and (n.taken_until is null or n.taken_until <= now())
        and (p.paused_at is null or n.kind in ('deleted', 'left'))
      order by n.received_at
      limit 1
      for update of n skip locked
    )
    returning h.user_id, h.connection_id, h.notice_hash, h.provider, c.provider_account, h.kind, h.feed, h.notice, h.sealed, h.received_at,
      h.attempts`.execute(tx)
  const [row] = rows
  if (!row) return undefined
  const {
    user_id: userId,
    connection_id: connectionId,
    notice_hash: hash,
    provider_account: account,
    received_at,
  } = row
  const { provider, kind, feed, notice, sealed, attempts } = row
  return {
    userId,
    connectionId,
    hash,
    provider,
    account,
    kind,
    feed,
    notice,
    sealed,
    receivedAt: received_at,
    attempts,
  }
}

type Key = Pick<HeldNotice, 'userId' | 'connectionId' | 'hash'>

const open = ({ userId, connectionId, hash }: Key) =>
  sql`user_id = ${userId} and connection_id = ${connectionId} and notice_hash = ${hash} and done_at is null`

export async function holdNotice(tx: Write, notice: Key, forMs: number): Promise<boolean> {
  const { numAffectedRows } = await sql`
    update hook_notices set taken_until = now() + ${forMs} * interval '1 millisecond' where ${open(notice)}`.execute(tx)
  return numAffectedRows === 1n
}

/** Tried again after a while. */
export async function postponeNotice(tx: Write, notice: Key, forMs: number, why: string): Promise<void> {
  await sql`
    update hook_notices set taken_until = now() + ${forMs} * interval '1 millisecond', error_message = ${why}
    where ${open(notice)}`.execute(tx)
}

/** The row stays as long as the same may be delivered again; the records in it go. False when somebody else was first, or it is gone. */
export async function finishNotice(tx: Write, notice: Key, why: string | null): Promise<boolean> {
  const { numAffectedRows } = await sql`
    update hook_notices set done_at = now(), taken_until = null, sealed = null, error_message = ${why}
    where ${open(notice)}`.execute(tx)
  return numAffectedRows === 1n
}

export async function deleteDoneBefore(tx: Write, before: Date): Promise<void> {
  await sql`delete from hook_notices where done_at < ${before}`.execute(tx)
}

/** What a notice brought, as a run that is over. */
export async function insertHookRun(
  tx: Write,
  run: {
    userId: string
    connectionId: string
    provider: string
    from: Date
    to: Date
    feed: string
    counts: FeedCounts
  },
): Promise<void> {
  const { counts } = run
  const feeds = [{ feed: run.feed, from: null, to: null, ...counts, error_code: null, error_message: null }]
  await sql`
    insert into sync_runs (user_id, sync_id, connection_id, provider, trigger, status, started_at, ended_at, records_fetched,
      records_inserted, records_updated, records_skipped, records_failed, feeds)
    values (${run.userId}, ${uuidv7()}, ${run.connectionId}, ${run.provider}, 'webhook', 'completed', ${run.from}, greatest(${run.to}::timestamptz, ${run.from}::timestamptz),
      ${counts.fetched}, ${counts.inserted}, ${counts.updated}, ${counts.skipped}, ${counts.failed}, ${JSON.stringify(feeds)})`.execute(
    tx,
  )
  await sql`
    update connections set last_sync_at = ${run.to}, last_success_at = ${run.to}
    where user_id = ${run.userId} and connection_id = ${run.connectionId}`.execute(tx)
}

/** Whether anything is granted that was not `before`, unless that is not what is known any more: then nothing is noted. */
export async function noteScopes(
  tx: Write,
  { userId, connectionId }: Key,
  { before, granted }: { before: readonly string[]; granted: readonly string[] },
): Promise<'gained' | 'noted' | 'changed_meanwhile'> {
  const { rows } = await sql<{ has_gained: boolean }>`
    update connections set granted_scopes = ${[...granted]}::text[], updated_at = now()
    where user_id = ${userId} and connection_id = ${connectionId} and granted_scopes = ${[...before]}::text[]
    returning not granted_scopes <@ ${[...before]}::text[] as has_gained`.execute(tx)
  if (!rows[0]) return 'changed_meanwhile'
  return rows[0].has_gained ? 'gained' : 'noted'
}
