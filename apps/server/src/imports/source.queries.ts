import { sql } from 'kysely'
import { uuidv7 } from 'uuidv7'
import type { Read, Write } from '../platform/db/database.ts'

/** Where the samples of these very bytes went before: they go there again, whatever became of the device since. */
export async function findSourceOfFile(tx: Read, userId: string, fileId: string): Promise<string | undefined> {
  const { rows } = await sql<{ source_id: string }>`
    select source_id from sessions
    where user_id = ${userId} and file_id = ${fileId}
    limit 1`.execute(tx)
  return rows[0]?.source_id
}

/** The source that was chosen when the file was begun before, if it is still there. */
export async function findChosenSource(
  tx: Read,
  userId: string,
  importId: string,
  position: number,
): Promise<string | undefined> {
  const { rows } = await sql<{ source_id: string }>`
    select s.source_id
    from import_files f join sources s on s.user_id = f.user_id and s.source_id = f.source_id
    where f.user_id = ${userId} and f.import_id = ${importId} and f.position = ${position}`.execute(tx)
  return rows[0]?.source_id
}

export async function noteChosenSource(
  tx: Write,
  place: { userId: string; importId: string; position: number },
  sourceId: string,
  notes: readonly unknown[],
): Promise<void> {
  await sql`
    update import_files
    set source_id = ${sourceId}, warnings = warnings || ${JSON.stringify(notes)}::jsonb
    where user_id = ${place.userId} and import_id = ${place.importId} and position = ${place.position}`.execute(tx)
}

export async function noteOnFile(
  tx: Write,
  place: { userId: string; importId: string; position: number },
  notes: readonly unknown[],
): Promise<void> {
  await sql`
    update import_files set warnings = warnings || ${JSON.stringify(notes)}::jsonb
    where user_id = ${place.userId} and import_id = ${place.importId} and position = ${place.position}`.execute(tx)
}

export interface FileDevice {
  manufacturer: string
  model: string | null
  serial: string
  firmware: string | null
  deviceType: string
  deviceName: string
  capabilities: readonly string[]
  syncIntervalMinutes: number
}

export interface SettledDevice {
  device_id: string
  device_name: string
}

/** By maker and serial, as the unique index sees them. What the device did not know of itself it learns. */
export async function joinDevice(tx: Write, userId: string, device: FileDevice): Promise<SettledDevice | undefined> {
  const { rows } = await sql<SettledDevice>`
    update devices
    set model = coalesce(model, ${device.model}), firmware_version = coalesce(firmware_version, ${device.firmware})
    where user_id = ${userId} and lower(coalesce(manufacturer, '')) = lower(${device.manufacturer}) and serial_number = ${device.serial}
    returning device_id, device_name`.execute(tx)
  return rows[0]
}

/** Undefined when somebody else made the same device at this moment. */
export async function makeDevice(tx: Write, userId: string, device: FileDevice): Promise<SettledDevice | undefined> {
  const { rows } = await sql<SettledDevice>`
    insert into devices (user_id, device_id, device_type, device_name, manufacturer, model, serial_number, firmware_version,
      capabilities, integration_type, auto_sync, sync_interval_minutes, status)
    values (${userId}, ${uuidv7()}, ${device.deviceType}, ${device.deviceName}, ${device.manufacturer}, ${device.model}, ${device.serial},
      ${device.firmware}, ${[...device.capabilities]}::text[], 'file', false, ${device.syncIntervalMinutes}, 'active')
    on conflict (user_id, lower(coalesce(manufacturer, '')), serial_number) where serial_number is not null do nothing
    returning device_id, device_name`.execute(tx)
  return rows[0]
}

export async function sourceOfDevice(
  tx: Write,
  userId: string,
  { device_id, device_name }: SettledDevice,
): Promise<string> {
  await sql`
    insert into sources (user_id, source_id, kind, device_id, name)
    values (${userId}, ${uuidv7()}, 'device', ${device_id}, ${device_name})
    on conflict (user_id, device_id) where device_id is not null do nothing`.execute(tx)
  return oneSource(tx, sql`user_id = ${userId} and device_id = ${device_id}`)
}

/** For files that do not say what recorded them. */
export async function sourceOfFiles(tx: Write, userId: string): Promise<string> {
  await sql`
    insert into sources (user_id, source_id, kind, name)
    values (${userId}, ${uuidv7()}, 'file', 'Files')
    on conflict (user_id, kind) where kind in ('file', 'manual') do nothing`.execute(tx)
  return oneSource(tx, sql`user_id = ${userId} and kind = 'file'`)
}

/** Of an app or thing inside an archive. */
export async function sourceOfApp(
  tx: Write,
  userId: string,
  { archive, key, name }: { archive: string; key: string; name: string },
): Promise<string> {
  await sql`
    insert into sources (user_id, source_id, kind, archive, external_key, name)
    values (${userId}, ${uuidv7()}, 'app', ${archive}, ${key}, ${name})
    on conflict (user_id, archive, external_key) where kind = 'app' do nothing`.execute(tx)
  return oneSource(tx, sql`user_id = ${userId} and kind = 'app' and archive = ${archive} and external_key = ${key}`)
}

/** Of an account's own export, read in that account. */
export async function findOwnSource(tx: Read, userId: string, key: string): Promise<string | undefined> {
  const { rows } = await sql<{ source_id: string }>`
    select source_id from sources where user_id = ${userId} and source_id::text = ${key}`.execute(tx)
  return rows[0]?.source_id
}

async function oneSource(tx: Read, where: ReturnType<typeof sql>): Promise<string> {
  const { rows } = await sql<{ source_id: string }>`select source_id from sources where ${where}`.execute(tx)
  const [found] = rows
  if (!found) throw new Error('broken assumption: a source that could not be inserted is there')
  return found.source_id
}

/** A recording shows when the device was last at work; a later sight of it stays. */
export async function noteDeviceSeen(tx: Write, userId: string, sourceId: string, at: Date): Promise<void> {
  await sql`
    update devices as d set last_seen_at = ${at}
    from sources as s
    where s.user_id = ${userId} and s.source_id = ${sourceId} and d.user_id = s.user_id and d.device_id = s.device_id
      and (d.last_seen_at is null or d.last_seen_at < ${at})`.execute(tx)
}
