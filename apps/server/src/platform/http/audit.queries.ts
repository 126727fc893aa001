import { sql } from 'kysely'
import { uuidv7 } from 'uuidv7'
import type { Write } from '../db/database.ts'

export interface AuditEntry {
  userId: string | null
  actor: string
  /** The route's name, e.g. `createDevice`. */
  action: string
  target?: string | null
  outcome: string
  /** Names of what was changed, never values. */
  fields?: readonly string[]
  address?: string | null
  requestId?: string | null
}

/** Adds one line to the audit log, in the transaction of what it tells about. */
export async function insertAudit(tx: Write, entry: AuditEntry): Promise<void> {
  await sql`
    insert into audit_log (audit_id, user_id, actor, action, target, outcome, fields, address, request_id)
    values (${uuidv7()}, ${entry.userId}, ${entry.actor}, ${entry.action}, ${entry.target ?? null}, ${entry.outcome},
      ${entry.fields ? [...entry.fields] : null}, ${entry.address ?? null}, ${entry.requestId ?? null})`.execute(tx)
}
