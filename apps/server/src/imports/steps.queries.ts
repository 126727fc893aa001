import { sql } from 'kysely'
import type { Read } from '../platform/db/database.ts'
import type { FlushStatement } from '../platform/samples/flush.queries.ts'

/** Comes first in the transaction of a step's samples: whoever finds the row there knows that they are stored. */
export const claimStep = {
  name: 'imports_claim_step',
  types: ['uuid', 'uuid', 'int4', 'int4'],
  text: `
    insert into import_steps (user_id, import_id, position, step)
    select * from unnest($1::uuid[], $2::uuid[], $3::int4[], $4::int4[])
    on conflict do nothing
    returning import_id || '/' || position || '/' || step`,
} as const satisfies FlushStatement

/** Comes last in it. */
export const tallyStep = {
  name: 'imports_tally_step',
  types: ['uuid', 'uuid', 'int4', 'int4', 'int8', 'int8', 'int8', 'int8', 'jsonb'],
  text: `
    update import_steps as s
    set accepted = n.accepted, changed = n.changed, duplicates = n.duplicates, rejected = n.rejected, rejections = n.rejections
    from unnest($1::uuid[], $2::uuid[], $3::int4[], $4::int4[], $5::int8[], $6::int8[], $7::int8[], $8::int8[], $9::jsonb[])
      as n (user_id, import_id, position, step, accepted, changed, duplicates, rejected, rejections)
    where s.user_id = n.user_id and s.import_id = n.import_id and s.position = n.position and s.step = n.step`,
} as const satisfies FlushStatement

export interface StepRow {
  accepted: number
  changed: number
  duplicates: number
  rejected: number
  rejections: { index: number; code: string; detail: string }[]
}

export async function listSteps(tx: Read, userId: string, importId: string, position: number): Promise<StepRow[]> {
  const { rows } = await sql<StepRow>`
    select accepted, changed, duplicates, rejected, rejections from import_steps
    where user_id = ${userId} and import_id = ${importId} and position = ${position}
    order by step`.execute(tx)
  return rows
}
