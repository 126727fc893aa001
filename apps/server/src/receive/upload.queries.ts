/** Rows that are written in the transaction of an upload's values. Each takes one array a column. */
import type { FlushStatement } from '../platform/samples/flush.queries.ts'

/**
 * A batch, and with the first batch of a request its audit line: one statement, because each costs every flush a part of a
 * millisecond. The line's id is the request's, which is as unique and as ordered as any.
 */
export const insertBatch = {
  name: 'receive_insert_batch',
  types: [
    'uuid',
    'uuid',
    'uuid',
    'text',
    'timestamptz',
    'int4',
    'int4',
    'int4',
    'int4',
    'int4',
    'int4',
    'float8',
    'int4',
    'jsonb',
    'timestamptz',
    'uuid',
    'text',
    'text',
    'text',
  ],
  text: `
    with batch as (
      select * from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::text[], $5::timestamptz[], $6::int4[], $7::int4[], $8::int4[],
        $9::int4[], $10::int4[], $11::int4[], $12::float8[], $13::int4[], $14::jsonb[], $15::timestamptz[], $16::uuid[], $17::text[],
        $18::text[], $19::text[])
      as b (user_id, device_id, batch_id, metric, t0, received, accepted, duplicates, changed, suppressed, rejected, quality, flags,
        metadata, created_at, request_id, actor, action, address)
    ), audited as (
      insert into audit_log (audit_id, user_id, actor, action, target, outcome, address, request_id)
      select request_id, user_id, actor, action, device_id::text, 'ok', address, request_id::text from batch where request_id is not null
    )
    insert into batches (user_id, device_id, batch_id, metric, t0, received, accepted, duplicates, changed, suppressed, rejected,
      quality, flags, metadata, created_at)
    select user_id, device_id, batch_id, metric, t0, received, accepted, duplicates, changed, suppressed, rejected, quality, flags,
      metadata, created_at
    from batch`,
} as const satisfies FlushStatement

export const insertAuditLine = {
  name: 'receive_insert_audit',
  types: ['uuid', 'uuid', 'text', 'text', 'text', 'text', 'text', 'text'],
  text: `
    insert into audit_log (audit_id, user_id, actor, action, target, outcome, address, request_id)
    select * from unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[])`,
} as const satisfies FlushStatement

/** A key whose 24 hours are over is as good as new. Answers the keys that were taken up. */
export const claimUploadKey = {
  name: 'receive_claim_key',
  types: ['uuid', 'text', 'bytea'],
  text: `
    insert into idempotency_keys as held (user_id, key, fingerprint)
    select * from unnest($1::uuid[], $2::text[], $3::bytea[])
    on conflict (user_id, key) do update
      set fingerprint = excluded.fingerprint, status = null, answer = null, created_at = now()
      where held.created_at < now() - interval '24 hours'
    returning user_id || ' ' || key`,
} as const satisfies FlushStatement

export const keepUploadAnswer = {
  name: 'receive_keep_answer',
  types: ['uuid', 'text', 'int4', 'text'],
  text: `
    update idempotency_keys k
    set status = a.status, answer = a.answer
    from unnest($1::uuid[], $2::text[], $3::int4[], $4::text[]) as a (user_id, key, status, answer)
    where k.user_id = a.user_id and k.key = a.key`,
} as const satisfies FlushStatement
