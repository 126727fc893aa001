import { sql } from 'kysely'
import type { Write } from '../platform/db/database.ts'
import type { Note } from './devices.queries.ts'

/** What a device says of itself; null where it says nothing. */
export interface Report {
  at: Date
  battery_level: number | null
  signal_strength: string | null
  temperature: number | null
  firmware_version: string | null
  errors: Note[] | null
  warnings: Note[] | null
}

export async function insertReport(
  tx: Write,
  userId: string,
  deviceId: string,
  reportId: string,
  report: Report,
): Promise<void> {
  const texts = (notes: Note[] | null) => notes?.map((note) => note.text) ?? []
  await sql`
    insert into device_health (user_id, device_id, report_id, at, battery_level, signal_strength, temperature, firmware_version, errors, warnings)
    values (${userId}, ${deviceId}, ${reportId}, ${report.at}, ${report.battery_level}, ${report.signal_strength},
      ${report.temperature}, ${report.firmware_version}, ${texts(report.errors)}, ${texts(report.warnings)})`.execute(
    tx,
  )
}

/** The device shows its newest report; one that arrives late is kept in its history only. What a report leaves out stays. */
export async function applyReport(tx: Write, userId: string, deviceId: string, report: Report): Promise<void> {
  const json = (notes: Note[] | null) => (notes ? JSON.stringify(notes) : null)
  await sql`
    update devices d set
      battery_level = coalesce(${report.battery_level}, battery_level),
      signal_strength = coalesce(${report.signal_strength}, signal_strength),
      temperature = coalesce(${report.temperature}, temperature),
      firmware_version = coalesce(${report.firmware_version}, firmware_version),
      errors = coalesce(${json(report.errors)}::jsonb, errors),
      warnings = coalesce(${json(report.warnings)}::jsonb, warnings),
      updated_at = now()
    where user_id = ${userId} and device_id = ${deviceId}
      and not exists (
        select from device_health h
        where h.user_id = d.user_id and h.device_id = d.device_id and h.at > ${report.at}
      )`.execute(tx)
}
