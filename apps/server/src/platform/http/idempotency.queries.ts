import { sql } from 'kysely'
import type { Read, Write } from '../db/database.ts'

export interface KeptAnswer {
  fingerprint: Buffer
  status: number | null
  /** As it was sent, byte for byte. */
  answer: string | null
}

/**
 * Claims the key in the transaction of its effect. A concurrent holder makes this wait (lock_timeout), then lets it see what was kept.
 * Null when the claim is ours.
 */
export async function claimKey(
  tx: Write,
  userId: string,
  key: string,
  fingerprint: Buffer,
): Promise<KeptAnswer | null> {
  const claimed = await sql`
    insert into idempotency_keys as held (user_id, key, fingerprint)
    values (${userId}, ${key}, ${fingerprint})
    on conflict (user_id, key) do update
      set fingerprint = excluded.fingerprint, status = null, answer = null, created_at = now()
      where held.created_at < now() - interval '24 hours'
    returning 1`.execute(tx)
  if (claimed.rows.length) return null
  return findKeptAnswer(tx, userId, key)
}

/** Null when the key is unknown, or its 24 hours are over. */
export async function findKeptAnswer(tx: Read, userId: string, key: string): Promise<KeptAnswer | null> {
  const { rows } = await sql<KeptAnswer>`
    select fingerprint, status, answer
    from idempotency_keys
    where user_id = ${userId} and key = ${key} and created_at >= now() - interval '24 hours'`.execute(tx)
  return rows[0] ?? null
}

/** `answer` null: it held a secret, so only the fact that it was given is kept. */
export async function keepAnswer(
  tx: Write,
  userId: string,
  key: string,
  status: number,
  answer: string | null,
): Promise<void> {
  await sql`
    update idempotency_keys
    set status = ${status}, answer = ${answer}
    where user_id = ${userId} and key = ${key}`.execute(tx)
}

/** Every person's, once their 24 hours are over. */
export async function forgetOldKeys(writer: Write): Promise<void> {
  await sql`delete from idempotency_keys where created_at < now() - interval '24 hours'`.execute(writer)
}
