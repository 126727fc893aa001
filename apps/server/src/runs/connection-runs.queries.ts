/** Runs of connections: claimed with a lease, counted as they go, ended once. */
import { sql } from 'kysely'
import type { Read, Write } from '../platform/db/database.ts'
import type { FlushStatement } from '../platform/samples/flush.queries.ts'

export interface HeldRun {
  userId: string
  syncId: string
  connectionId: string
  provider: string
  trigger: string
  /** The claim: another one in the row means that the run is somebody else's. */
  worker: string
  startedAt: Date
}

interface ClaimedRow {
  user_id: string
  sync_id: string
  connection_id: string
  provider: string
  trigger: string
  started_at: Date
}

/** The oldest that is pending; what another process holds is left to it. */
export async function claimRun(tx: Write, worker: string, leaseMs: number): Promise<HeldRun | undefined> {
  const { rows } = await sql<ClaimedRow>`
    update sync_runs set status = 'running', worker = ${worker}, lease_until = now() + ${leaseMs} * interval '1 millisecond'
    where (user_id, sync_id) in (
      select user_id, sync_id from sync_runs
      where status = 'pending' and connection_id is not null and (lease_until is null or lease_until <= now())
      order by started_at
      limit 1
      for update skip locked
    )
    returning user_id, sync_id, connection_id, provider, trigger, started_at`.execute(tx)
  const [row] = rows
  if (!row) return undefined
  const {
    user_id: userId,
    sync_id: syncId,
    connection_id: connectionId,
    provider,
    trigger,
    started_at: startedAt,
  } = row
  await setDevicesStatus(tx, userId, connectionId, 'running')
  return { userId, syncId, connectionId, provider, trigger, startedAt, worker }
}

/** Runs whose worker died: nobody goes on with them, and a new one may be asked for. */
export async function failDeadRuns(
  tx: Write,
  alive: readonly string[],
  code: string,
  message: string,
): Promise<{ provider: string; trigger: string }[]> {
  const { rows } = await sql<{ user_id: string; connection_id: string; provider: string; trigger: string }>`
    update sync_runs set status = 'failed', ended_at = greatest(now(), started_at), lease_until = null, error_code = ${code}, error_message = ${message}
    where (user_id, sync_id) in (
      select user_id, sync_id from sync_runs
      where status = 'running' and connection_id is not null and lease_until < now() and worker <> all (${[...alive]}::uuid[])
      limit 100
      for update skip locked
    )
    returning user_id, connection_id, provider, trigger`.execute(tx)
  for (const row of rows) await setDevicesStatus(tx, row.user_id, row.connection_id, 'failed')
  return rows
}

const held = ({ userId, syncId, worker }: HeldRun) =>
  sql`user_id = ${userId} and sync_id = ${syncId} and status = 'running' and worker = ${worker}`

export async function renewRun(tx: Write, run: HeldRun, leaseMs: number): Promise<boolean> {
  const { numAffectedRows } = await sql`
    update sync_runs set lease_until = now() + ${leaseMs} * interval '1 millisecond' where ${held(run)}`.execute(tx)
  return numAffectedRows === 1n
}

export async function handBackRun(tx: Write, run: HeldRun, pauseMs: number): Promise<void> {
  await sql`
    update sync_runs set status = 'pending', worker = null, lease_until = now() + ${pauseMs} * interval '1 millisecond'
    where ${held(run)}`.execute(tx)
}

/** What a transaction stored is counted in it. A run that was closed meanwhile counts nothing more. */
export const countOnRun = {
  name: 'runs_count_on_run',
  types: ['uuid', 'uuid', 'uuid', 'int4', 'int4', 'int4', 'int4', 'int4'],
  text: `
    update sync_runs r set
      records_fetched = records_fetched + n.fetched, records_inserted = records_inserted + n.inserted,
      records_updated = records_updated + n.updated, records_skipped = records_skipped + n.skipped,
      records_failed = records_failed + n.failed
    from (
      select user_id, sync_id, worker, sum(fetched)::int4 as fetched, sum(inserted)::int4 as inserted, sum(updated)::int4 as updated,
        sum(skipped)::int4 as skipped, sum(failed)::int4 as failed
      from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::int4[], $5::int4[], $6::int4[], $7::int4[], $8::int4[])
        as c (user_id, sync_id, worker, fetched, inserted, updated, skipped, failed)
      group by user_id, sync_id, worker
    ) n
    where r.user_id = n.user_id and r.sync_id = n.sync_id and r.worker = n.worker and r.status = 'running'`,
} as const satisfies FlushStatement

/** In the transaction of the last data that it covers. */
export const moveCursor = {
  name: 'runs_move_cursor',
  types: ['uuid', 'uuid', 'text', 'timestamptz', 'timestamptz'],
  text: `
    insert into feeds as f (user_id, connection_id, feed, history_from, read_until, last_success_at)
    select user_id, connection_id, feed, min(read_from), max(read_until), max(read_until)
    from unnest($1::uuid[], $2::uuid[], $3::text[], $4::timestamptz[], $5::timestamptz[])
      as n (user_id, connection_id, feed, read_from, read_until)
    group by user_id, connection_id, feed
    on conflict (user_id, connection_id, feed) do update set
      read_until = greatest(f.read_until, excluded.read_until), history_from = least(f.history_from, excluded.history_from)`,
} as const satisfies FlushStatement

export interface FeedState {
  feed: string
  read_until: Date | null
  history_from: Date | null
}

export async function listFeedStates(tx: Read, userId: string, connectionId: string): Promise<FeedState[]> {
  const { rows } = await sql<FeedState>`
    select feed, read_until, history_from from feeds
    where user_id = ${userId} and connection_id = ${connectionId}`.execute(tx)
  return rows
}

export async function noteFeed(
  tx: Write,
  { userId, connectionId }: Pick<HeldRun, 'userId' | 'connectionId'>,
  feed: string,
  fault: { code: string; message: string } | null,
  now: Date,
): Promise<void> {
  const at = fault ? null : now
  await sql`
    insert into feeds as f (user_id, connection_id, feed, last_success_at, error_code, error_message)
    values (${userId}, ${connectionId}, ${feed}, ${at}, ${fault?.code ?? null}, ${fault?.message ?? null})
    on conflict (user_id, connection_id, feed) do update set
      last_success_at = coalesce(excluded.last_success_at, f.last_success_at),
      error_code = excluded.error_code, error_message = excluded.error_message`.execute(tx)
}

/** How many days back a connection is read: what the person said of a device that hangs from the connection. */
export async function findHistoricalDays(tx: Read, userId: string, connectionId: string): Promise<number | null> {
  const { rows } = await sql<{ days: number | null }>`
    select max(sync_historical_days) as days from devices
    where user_id = ${userId} and connection_id = ${connectionId}`.execute(tx)
  return rows[0]?.days ?? null
}

export interface RunEnd {
  status: 'completed' | 'partial' | 'failed'
  feeds: readonly unknown[]
  windowFrom: Date | null
  windowTo: Date | null
  code: string | null
  message: string | null
  details: Record<string, unknown> | null
}

/** False when the run is not ours any more. */
export async function endRun(tx: Write, run: HeldRun, end: RunEnd, now: Date): Promise<boolean> {
  const { userId, connectionId } = run
  // The connection before its runs, as pausing, disconnecting and storing take them: otherwise two of them wait for each other.
  await sql`select from connections where user_id = ${userId} and connection_id = ${connectionId} for no key update`.execute(
    tx,
  )
  const { numAffectedRows } = await sql`
    update sync_runs set status = ${end.status}, ended_at = greatest(${now}, started_at), lease_until = null, feeds = ${JSON.stringify(end.feeds)},
      window_from = ${end.windowFrom}, window_to = ${end.windowTo}, error_code = ${end.code}, error_message = ${end.message},
      error_details = ${end.details ? JSON.stringify(end.details) : null}
    where ${held(run)}`.execute(tx)
  if (numAffectedRows !== 1n) return false
  const succeeded = end.status !== 'failed'
  await sql`
    update connections set last_sync_at = ${now}, last_success_at = case when ${succeeded} then ${now}::timestamptz else last_success_at end,
      error_code = case when status = 'needs_reauth' and error_code is not null then error_code else ${end.code} end,
      error_message = case when status = 'needs_reauth' and error_code is not null then error_message else ${end.message} end, updated_at = now()
    where user_id = ${userId} and connection_id = ${connectionId}`.execute(tx)
  await setDevicesStatus(tx, userId, connectionId, end.status)
  if (succeeded)
    await sql`
      update devices set last_sync_at = ${now} where user_id = ${userId} and connection_id = ${connectionId}`.execute(
      tx,
    )
  return true
}

/** Whether nothing may be fetched for it: its person paused it. */
export async function isPaused(tx: Read, { userId, connectionId }: HeldRun): Promise<boolean> {
  const { rows } = await sql`
    select 1 from connections where user_id = ${userId} and connection_id = ${connectionId} and paused_at is not null`.execute(
    tx,
  )
  return rows.length > 0
}

/** Ended before anything was asked; nothing is said about the connection itself. */
export async function cancelRun(tx: Write, run: HeldRun, code: string, message: string): Promise<void> {
  const { numAffectedRows } = await sql`
    update sync_runs set status = 'cancelled', ended_at = greatest(now(), started_at), lease_until = null, error_code = ${code}, error_message = ${message}
    where ${held(run)}`.execute(tx)
  if (numAffectedRows === 1n) await setDevicesStatus(tx, run.userId, run.connectionId, 'cancelled')
}

export async function setDevicesStatus(tx: Write, userId: string, connectionId: string, status: string): Promise<void> {
  await sql`
    update devices set sync_status = ${status} where user_id = ${userId} and connection_id = ${connectionId}`.execute(
    tx,
  )
}
