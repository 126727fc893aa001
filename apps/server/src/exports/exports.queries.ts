import type { AnswerOf, routes } from '@tributary/protocol'
import { sql } from 'kysely'
import type { Read, Write } from '../platform/db/database.ts'
import { LeaseGone } from '../platform/leased-work.ts'

export type ExportFormat = AnswerOf<(typeof routes)['getExport']>['format']

export interface ExportRow {
  export_id: string
  user_id: string
  format: ExportFormat
  status: 'queued' | 'writing' | 'done' | 'failed'
  progress: number
  bytes: number
  samples: number
  sessions: number
  file_name: string
  content_hash: Buffer | null
  reason: string | null
  created_at: Date
  finished_at: Date | null
  expires_at: Date | null
}

export interface NewExport {
  userId: string
  exportId: string
  format: ExportFormat
  from: Date | null
  to: Date | null
  metrics: string[] | null
  fileName: string
}

const columns = sql.raw(
  'export_id, user_id, format, status, progress, bytes, samples, sessions, file_name, content_hash, reason, created_at, finished_at, expires_at',
)

export async function insertExport(tx: Write, made: NewExport): Promise<ExportRow> {
  const { rows } = await sql<ExportRow>`
    insert into exports (user_id, export_id, format, from_at, to_at, metrics, file_name)
    values (${made.userId}, ${made.exportId}, ${made.format}, ${made.from}, ${made.to}, ${made.metrics}, ${made.fileName})
    returning ${columns}`.execute(tx)
  return rows[0] as ExportRow
}

/** How many wait or are being written, and how many are kept at all. Two requests at once may both see the last place free. */
export async function countExports(tx: Read, userId: string): Promise<{ open: number; kept: number }> {
  const { rows } = await sql<{ open: number; kept: number }>`
    select count(*) filter (where status in ('queued', 'writing'))::int as open, count(*)::int as kept
    from exports where user_id = ${userId}`.execute(tx)
  return rows[0] ?? { open: 0, kept: 0 }
}

/** Newest first: export ids begin with their time. */
export async function listExportRows(tx: Read, userId: string): Promise<ExportRow[]> {
  const { rows } = await sql<ExportRow>`
    select ${columns} from exports where user_id = ${userId} order by export_id desc limit 200`.execute(tx)
  return rows
}

export async function findExport(tx: Read, userId: string, exportId: string): Promise<ExportRow | undefined> {
  const { rows } = await sql<ExportRow>`
    select ${columns} from exports where user_id = ${userId} and export_id = ${exportId}`.execute(tx)
  return rows[0]
}

export async function deleteExportRow(tx: Write, userId: string, exportId: string): Promise<boolean> {
  const { numAffectedRows = 0n } = await sql`
    delete from exports where user_id = ${userId} and export_id = ${exportId}`.execute(tx)
  return numAffectedRows > 0n
}

export async function deleteExpired(tx: Write, now: Date): Promise<number> {
  const { numAffectedRows = 0n } = await sql`delete from exports where expires_at <= ${now}`.execute(tx)
  return Number(numAffectedRows)
}

export async function readExportPart(
  tx: Read,
  userId: string,
  exportId: string,
  part: number,
): Promise<Buffer | undefined> {
  const { rows } = await sql<{ data: Buffer }>`
    select data from export_parts where user_id = ${userId} and export_id = ${exportId} and part = ${part}`.execute(tx)
  return rows[0]?.data
}

/** An export in the hands of a living worker. */
export interface HeldExport {
  userId: string
  exportId: string
  format: ExportFormat
  /** ms; infinite where open. */
  from: number
  to: number
  metrics: string[] | null
  /** How often it was begun, this time among them. */
  attempts: number
  lease: string
}

/** Whatever an earlier attempt wrote goes: an export is begun anew. */
export async function claimExport(tx: Write, lease: string, leaseMs: number): Promise<HeldExport | undefined> {
  const { rows } = await sql<{
    user_id: string
    export_id: string
    format: ExportFormat
    from_at: Date | null
    to_at: Date | null
    metrics: string[] | null
    attempts: number
  }>`
    update exports as e
    set status = 'writing', progress = 0, bytes = 0, samples = 0, sessions = 0, attempts = attempts + 1,
      leased_by = ${lease}, leased_until = now() + ${leaseMs} * interval '1 ms'
    from (
      select user_id, export_id from exports
      where status in ('queued', 'writing') and (leased_until is null or leased_until < now())
      order by created_at
      limit 1
      for update skip locked
    ) as next
    where e.user_id = next.user_id and e.export_id = next.export_id
    returning e.user_id, e.export_id, e.format, e.from_at, e.to_at, e.metrics, e.attempts`.execute(tx)
  const [row] = rows
  if (!row) return undefined
  await sql`delete from export_parts where user_id = ${row.user_id} and export_id = ${row.export_id}`.execute(tx)
  return {
    userId: row.user_id,
    exportId: row.export_id,
    format: row.format,
    from: row.from_at?.getTime() ?? Number.NEGATIVE_INFINITY,
    to: row.to_at?.getTime() ?? Number.POSITIVE_INFINITY,
    metrics: row.metrics,
    attempts: row.attempts,
    lease,
  }
}

export async function renewLease(
  tx: Write,
  { userId, exportId, lease }: HeldExport,
  leaseMs: number,
): Promise<boolean> {
  const { numAffectedRows } = await sql`
    update exports set leased_until = now() + ${leaseMs} * interval '1 ms'
    where user_id = ${userId} and export_id = ${exportId} and leased_by = ${lease}`.execute(tx)
  return numAffectedRows === 1n
}

export async function handBack(tx: Write, { userId, exportId, lease }: HeldExport, pauseMs: number): Promise<void> {
  await sql`
    update exports set leased_by = null, leased_until = now() + ${pauseMs} * interval '1 ms'
    where user_id = ${userId} and export_id = ${exportId} and leased_by = ${lease}`.execute(tx)
}

export interface Written {
  bytes: number
  samples: number
  sessions: number
  progress: number
}

/** A part and how far the export is, unless it was deleted or taken over. */
export async function putPart(
  tx: Write,
  held: HeldExport,
  part: number,
  data: Buffer,
  { bytes, samples, sessions, progress }: Written,
): Promise<void> {
  const { userId, exportId, lease } = held
  const { numAffectedRows } = await sql`
    update exports set bytes = ${bytes}, samples = ${samples}, sessions = ${sessions}, progress = ${progress}
    where user_id = ${userId} and export_id = ${exportId} and leased_by = ${lease}`.execute(tx)
  if (!numAffectedRows) throw leaseGone()
  await sql`
    insert into export_parts (user_id, export_id, part, data)
    values (${userId}, ${exportId}, ${part}, ${data})`.execute(tx)
}

export async function finishExport(
  tx: Write,
  { userId, exportId, lease }: HeldExport,
  { bytes, samples, sessions }: Written,
  hash: Buffer,
  expiresAt: Date,
): Promise<void> {
  const { numAffectedRows } = await sql`
    update exports
    set status = 'done', progress = 1, bytes = ${bytes}, samples = ${samples}, sessions = ${sessions}, content_hash = ${hash},
      finished_at = now(), expires_at = ${expiresAt}, leased_by = null, leased_until = null
    where user_id = ${userId} and export_id = ${exportId} and leased_by = ${lease}`.execute(tx)
  if (!numAffectedRows) throw leaseGone()
}

export async function failExport(
  tx: Write,
  { userId, exportId, lease }: HeldExport,
  reason: string,
  expiresAt: Date,
): Promise<void> {
  const { numAffectedRows } = await sql`
    update exports
    set status = 'failed', reason = ${reason}, bytes = 0, finished_at = now(), expires_at = ${expiresAt}, leased_by = null, leased_until = null
    where user_id = ${userId} and export_id = ${exportId} and leased_by = ${lease}`.execute(tx)
  if (!numAffectedRows) throw leaseGone() // whoever has taken it over has parts of its own by now
  await sql`delete from export_parts where user_id = ${userId} and export_id = ${exportId}`.execute(tx)
}

const leaseGone = () => new LeaseGone('the export was deleted, or another worker writes it')
