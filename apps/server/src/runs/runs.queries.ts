import { type RawBuilder, sql } from 'kysely'
import type { Read, Write } from '../platform/db/database.ts'

export interface RunRow {
  user_id: string
  sync_id: string
  device_id: string | null
  provider: string | null
  trigger: string
  status: string
  started_at: Date
  ended_at: Date | null
  window_from: Date | null
  window_to: Date | null
  records_fetched: number
  records_inserted: number
  records_updated: number
  records_skipped: number
  records_failed: number
  error_code: string | null
  error_message: string | null
  error_details: unknown
  connection_id: string | null
  feeds: unknown
}

export interface RunFilter {
  connection_id?: string | undefined
  device_id?: string | undefined
  provider?: string | undefined
  status?: string | undefined
  trigger?: string | undefined
  from?: string | undefined
  to?: string | undefined
}

/** The one run under way of a device: the index decides between two that ask at once. Null when there is no such device. */
export async function askForRun(
  tx: Write,
  run: { userId: string; deviceId: string; syncId: string; provider: string | null; now: Date },
): Promise<{ sync_id: string; status: string } | null> {
  const { rows } = await sql<{ sync_id: string; status: string }>`
    insert into sync_runs as r (user_id, sync_id, device_id, provider, trigger, status, started_at)
    select user_id, ${run.syncId}, device_id, ${run.provider}, 'manual', 'pending', ${run.now}
    from devices where user_id = ${run.userId} and device_id = ${run.deviceId}
    on conflict (user_id, device_id) where status in ('pending', 'running') do update set trigger = r.trigger
    returning sync_id, status`.execute(tx)
  if (rows[0]) await setSyncStatus(tx, run.userId, run.deviceId, rows[0].status)
  return rows[0] ?? null
}

/** Held until the transaction ends; what another process holds is left to it. */
export async function takePendingRuns(tx: Write, most: number): Promise<RunRow[]> {
  const { rows } = await sql<RunRow>`
    select * from sync_runs where status = 'pending' and connection_id is null order by started_at limit ${most} for update skip locked`.execute(
    tx,
  )
  return rows
}

export async function failRun(tx: Write, run: RunRow, now: Date, code: string, message: string): Promise<void> {
  await sql`
    update sync_runs set status = 'failed', ended_at = greatest(${now}, started_at), error_code = ${code}, error_message = ${message}
    where user_id = ${run.user_id} and sync_id = ${run.sync_id}`.execute(tx)
  if (run.device_id) await setSyncStatus(tx, run.user_id, run.device_id, 'failed')
}

async function setSyncStatus(tx: Write, userId: string, deviceId: string, status: string): Promise<void> {
  await sql`update devices set sync_status = ${status} where user_id = ${userId} and device_id = ${deviceId}`.execute(
    tx,
  )
}

export async function findRun(tx: Read, userId: string, syncId: string): Promise<RunRow | null> {
  const { rows } = await sql<RunRow>`select * from sync_runs where user_id = ${userId} and sync_id = ${syncId}`.execute(
    tx,
  )
  return rows[0] ?? null
}

export async function listRuns(
  tx: Read,
  userId: string,
  filter: RunFilter,
  { limit, offset }: { limit: number; offset: number },
): Promise<RunRow[]> {
  const { rows } = await sql<RunRow>`
    select * from sync_runs where ${matches(userId, filter)}
    order by started_at desc, sync_id desc
    limit ${limit} offset ${offset}`.execute(tx)
  return rows
}

export async function countRuns(tx: Read, userId: string, filter: RunFilter): Promise<number> {
  const { rows } = await sql<{
    n: number
  }>`select count(*) as n from sync_runs where ${matches(userId, filter)}`.execute(tx)
  return rows[0]?.n ?? 0
}

/** `from` and `to` are about when a run began. */
function matches(
  userId: string,
  { device_id, connection_id, provider, status, trigger, from, to }: RunFilter,
): RawBuilder<unknown> {
  const conditions = [sql`user_id = ${userId}`]
  if (device_id !== undefined)
    conditions.push(sql`(device_id = ${device_id} or connection_id = (
      select d.connection_id from devices d where d.user_id = ${userId} and d.device_id = ${device_id}))`)
  if (connection_id !== undefined) conditions.push(sql`connection_id = ${connection_id}`)
  if (provider !== undefined) conditions.push(sql`provider = ${provider}`)
  if (status !== undefined) conditions.push(sql`status = ${status}`)
  if (trigger !== undefined) conditions.push(sql`trigger = ${trigger}`)
  if (from !== undefined) conditions.push(sql`started_at >= ${new Date(from)}`)
  if (to !== undefined) conditions.push(sql`started_at < ${new Date(to)}`)
  return sql.join(conditions, sql` and `)
}

export interface DeviceSyncRow {
  device_id: string
  device_name: string
  device_type: string
  manufacturer: string | null
  sync_status: string
  last_sync_at: Date | null
  created_at: Date
  auto_sync: boolean
  sync_interval_minutes: number
}

export async function findDeviceSyncs(tx: Read, userId: string): Promise<DeviceSyncRow[]> {
  const { rows } = await sql<DeviceSyncRow>`
    select device_id, device_name, device_type, manufacturer, sync_status, last_sync_at, created_at, auto_sync, sync_interval_minutes
    from devices where user_id = ${userId}
    order by created_at, device_id`.execute(tx)
  return rows
}

/** What a provider's name is made of. */
export async function findMaker(
  tx: Read,
  userId: string,
  deviceId: string,
): Promise<{ device_type: string; manufacturer: string | null; connection_id: string | null } | null> {
  const { rows } = await sql<{ device_type: string; manufacturer: string | null; connection_id: string | null }>`
    select device_type, manufacturer, connection_id from devices where user_id = ${userId} and device_id = ${deviceId}`.execute(
    tx,
  )
  return rows[0] ?? null
}

/** Of each device its newest run and the one under way. */
export async function findNewestRuns(tx: Read, userId: string): Promise<(RunRow & { of_device: string })[]> {
  const { rows } = await sql<RunRow & { of_device: string }>`
    select r.*, d.device_id as of_device from devices d
    cross join lateral (
      select * from sync_runs s
      where s.user_id = d.user_id and (s.device_id = d.device_id or s.connection_id = d.connection_id)
      order by started_at desc, sync_id desc limit 1
    ) r
    where d.user_id = ${userId}`.execute(tx)
  return rows
}
