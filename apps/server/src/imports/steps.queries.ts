import { sql } from 'kysely'
import type { Read, Write } from '../platform/db/database.ts'
import type { FlushStatement } from '../platform/samples/flush.queries.ts'

/**
 * Comes first in the transaction of a step's samples: whoever finds the row there knows that they are stored. Of an import that
 * was cancelled no step begins any more: whoever cancels waits for those under way, and these for them.
 */
export const claimStep = {
  name: 'imports_claim_step',
  types: ['uuid', 'uuid', 'int4', 'int4'],
  text: `
    insert into import_steps (user_id, import_id, position, step)
    select n.* from unnest($1::uuid[], $2::uuid[], $3::int4[], $4::int4[]) as n (user_id, import_id, position, step)
    join imports i on i.user_id = n.user_id and i.import_id = n.import_id and i.status = 'reading'
    for key share of i
    on conflict do nothing
    returning import_id || '/' || position || '/' || step`,
} as const satisfies FlushStatement

/** Comes last in it. */
export const tallyStep = {
  name: 'imports_tally_step',
  types: ['uuid', 'uuid', 'int4', 'int4', 'int8', 'int8', 'int8', 'int8', 'int8', 'jsonb'],
  text: `
    update import_steps as s
    set accepted = n.accepted, changed = n.changed, duplicates = n.duplicates, suppressed = n.suppressed, rejected = n.rejected,
      rejections = n.rejections
    from unnest($1::uuid[], $2::uuid[], $3::int4[], $4::int4[], $5::int8[], $6::int8[], $7::int8[], $8::int8[], $9::int8[],
      $10::jsonb[]) as n (user_id, import_id, position, step, accepted, changed, duplicates, suppressed, rejected, rejections)
    where s.user_id = n.user_id and s.import_id = n.import_id and s.position = n.position and s.step = n.step`,
} as const satisfies FlushStatement

/** Which source a step fed, and over which times. */
export const noteFed = {
  name: 'imports_note_fed',
  types: ['uuid', 'uuid', 'int4', 'uuid', 'timestamptz', 'timestamptz'],
  text: `
    insert into import_sources as s (user_id, import_id, position, source_id, from_at, to_at)
    select user_id, import_id, position, source_id, min(from_at), max(to_at)
    from unnest($1::uuid[], $2::uuid[], $3::int4[], $4::uuid[], $5::timestamptz[], $6::timestamptz[])
      as n (user_id, import_id, position, source_id, from_at, to_at)
    group by user_id, import_id, position, source_id
    on conflict (user_id, import_id, position, source_id) do update
    set from_at = least(s.from_at, excluded.from_at), to_at = greatest(s.to_at, excluded.to_at)`,
} as const satisfies FlushStatement

export interface StepRow {
  accepted: number
  changed: number
  duplicates: number
  suppressed: number
  rejected: number
  sessions: number
  session_ids: string[]
  rejections: { index: number; code: string; detail: string }[]
}

export async function listSteps(tx: Read, userId: string, importId: string, position: number): Promise<StepRow[]> {
  const { rows } = await sql<StepRow>`
    select accepted, changed, duplicates, suppressed, rejected, sessions, session_ids, rejections from import_steps
    where user_id = ${userId} and import_id = ${importId} and position = ${position}
    order by step`.execute(tx)
  return rows
}

export async function listStepNumbers(tx: Read, userId: string, importId: string, position: number): Promise<number[]> {
  const { rows } = await sql<{ step: number }>`
    select step from import_steps
    where user_id = ${userId} and import_id = ${importId} and position = ${position}`.execute(tx)
  return rows.map(({ step }) => step)
}

export interface StepPlace {
  userId: string
  importId: string
  position: number
  step: number
}

/** False when it is there: what belongs to it has been done. */
export async function insertStep(tx: Write, { userId, importId, position, step }: StepPlace): Promise<boolean> {
  const { numAffectedRows } = await sql`
    insert into import_steps (user_id, import_id, position, step)
    values (${userId}, ${importId}, ${position}, ${step})
    on conflict do nothing`.execute(tx)
  return numAffectedRows === 1n
}

export async function noteSessionsOfStep(
  tx: Write,
  { userId, importId, position, step }: StepPlace,
  { sessions, suppressed, sessionIds }: { sessions: number; suppressed: number; sessionIds: readonly string[] },
): Promise<void> {
  await sql`
    update import_steps set sessions = ${sessions}, suppressed = ${suppressed}, session_ids = ${[...sessionIds]}::uuid[]
    where user_id = ${userId} and import_id = ${importId} and position = ${position} and step = ${step}`.execute(tx)
}

/** A step of which nothing could be used. */
export async function noteRefusedOfStep(
  tx: Write,
  { userId, importId, position, step }: StepPlace,
  { rejected, rejections }: { rejected: number; rejections: readonly unknown[] },
): Promise<void> {
  await sql`
    update import_steps set rejected = ${rejected}, rejections = ${JSON.stringify(rejections)}::jsonb
    where user_id = ${userId} and import_id = ${importId} and position = ${position} and step = ${step}`.execute(tx)
}
