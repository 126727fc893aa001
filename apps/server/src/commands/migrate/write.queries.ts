import { sql } from 'kysely'
import { uuidv7 } from 'uuidv7'
import type { Read, Write } from '../../platform/db/database.ts'
import type { OldConnection, OldDevice, OldReport, OldRun } from './shapes.ts'

/** As one without tokens, which may be brought next. False for one that is here already, by its id or by the account it leads to: it stays as it is. */
export async function putConnection(
  tx: Write,
  userId: string,
  connectionId: string,
  of: OldConnection,
): Promise<boolean> {
  const at = of.connectedAt ?? new Date()
  const { rows } = await sql`
    insert into connections (user_id, connection_id, provider, provider_account, short_id, status, granted_scopes, provider_profile,
      paused_at, last_sync_at, last_success_at, connected_at, created_at, error_code, error_message)
    values (${userId}, ${connectionId}, ${of.provider}, ${of.account}, next_short_id(${userId}, ${of.provider}),
      'needs_reauth', ${of.scopes}, ${JSON.stringify(of.profile)}::jsonb, ${of.isActive ? null : new Date()}, ${of.lastSyncAt}, ${of.lastSyncAt}, ${at}, ${at},
      'token_missing', 'It came from another program without a token: sign in once')
    on conflict do nothing
    returning 1`.execute(tx)
  return rows.length > 0
}

export async function findConnection(tx: Read, userId: string, provider: string): Promise<string | null> {
  const { rows } = await sql<{ connection_id: string }>`
    select connection_id from connections where user_id = ${userId} and provider = ${provider} order by created_at limit 1`.execute(
    tx,
  )
  return rows[0]?.connection_id ?? null
}

/** A device that is here already, by its id or by maker and serial, stays as it is. */
export async function putDevice(
  tx: Write,
  userId: string,
  deviceId: string,
  of: OldDevice & { intervalMinutes: number },
): Promise<{ deviceId: string; added: boolean }> {
  const { rows } = await sql`
    insert into devices (user_id, device_id, device_type, device_name, manufacturer, model, serial_number, firmware_version, capabilities,
      integration_type, auto_sync, sync_interval_minutes, sync_historical_days, last_seen_at, last_sync_at)
    values (${userId}, ${deviceId}, ${of.type}, ${of.name}, ${of.manufacturer}, ${of.model}, ${of.serial}, ${of.firmware}, ${of.capabilities},
      ${of.integration}, ${of.autoSync}, ${of.intervalMinutes}, ${of.historicalDays}, ${of.lastSeenAt}, ${of.lastSyncAt})
    on conflict do nothing
    returning 1`.execute(tx)
  if (rows.length) {
    await sql`insert into sources (user_id, source_id, kind, device_id, name) values (${userId}, ${uuidv7()}, 'device', ${deviceId}, ${of.name})`.execute(
      tx,
    )
    return { deviceId, added: true }
  }
  const { rows: known } = await sql<{ device_id: string }>`
    select device_id from devices
    where user_id = ${userId} and (device_id = ${deviceId}
      or (serial_number = ${of.serial} and lower(coalesce(manufacturer, '')) = lower(coalesce(${of.manufacturer}::text, ''))))
    limit 1`.execute(tx)
  return { deviceId: known[0]?.device_id ?? deviceId, added: false }
}

/** A device that was joined here by its serial may have come from a file, and has its source from there. */
export async function sourceOf(tx: Write, userId: string, deviceId: string): Promise<string> {
  const { rows } = await sql<{ source_id: string }>`
    with made as (
      insert into sources (user_id, source_id, kind, device_id, name)
      select ${userId}, ${uuidv7()}, 'device', device_id, device_name from devices where user_id = ${userId} and device_id = ${deviceId}
      on conflict (user_id, device_id) where device_id is not null do nothing
      returning source_id
    )
    select source_id from made
    union all
    select source_id from sources where user_id = ${userId} and device_id = ${deviceId}`.execute(tx)
  const [found] = rows
  if (!found) throw new Error('broken assumption: a device that was put there has a source')
  return found.source_id
}

export interface RunPlace {
  userId: string
  syncId: string
  deviceId: string | null
  connectionId: string | null
  provider: string | null
}

export async function putRun(
  tx: Write,
  { userId, syncId, deviceId, connectionId, provider }: RunPlace,
  run: OldRun,
): Promise<boolean> {
  const { counts } = run
  const { rows } = await sql`
    insert into sync_runs (user_id, sync_id, device_id, connection_id, provider, trigger, status, started_at, ended_at, window_from, window_to,
      records_fetched, records_inserted, records_updated, records_skipped, records_failed, error_code, error_message)
    values (${userId}, ${syncId}, ${deviceId}, ${connectionId}, ${provider}, ${run.trigger}, ${run.status}, ${run.startedAt}, ${run.endedAt},
      ${run.from}, ${run.to}, ${counts.fetched}, ${counts.inserted}, ${counts.updated}, ${counts.skipped}, ${counts.failed},
      ${run.errorCode}, ${run.errorMessage})
    on conflict do nothing
    returning 1`.execute(tx)
  return rows.length > 0
}

export async function putReport(
  tx: Write,
  { userId, deviceId, reportId }: { userId: string; deviceId: string; reportId: string },
  of: OldReport,
): Promise<boolean> {
  const { rows } = await sql`
    insert into device_health (user_id, device_id, report_id, at, battery_level, signal_strength, temperature, errors, warnings)
    values (${userId}, ${deviceId}, ${reportId}, ${of.at}, ${of.batteryLevel}, ${of.signalStrength}, ${of.temperature}, ${of.errors}, ${of.warnings})
    on conflict do nothing
    returning 1`.execute(tx)
  return rows.length > 0
}
