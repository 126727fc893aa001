import { sql } from 'kysely'
import type { Read, Write } from '../platform/db/database.ts'

export interface Window {
  /** Failures that cost nothing. */
  free: number
  /** The wait after the first failure beyond; each further one doubles it. */
  firstMs: number
  maxMs: number
  /** After this long without a failure all is forgotten. */
  forgetMs: number
}

/**
 * Counts an attempt before it is made, so that a hundred at once are a hundred. False while the bucket is blocked.
 * Whoever gets through a window that has just ended starts the next one in the same statement.
 */
export async function countAttempt(tx: Write, bucket: Buffer, now: Date, window: Window): Promise<boolean> {
  const { free, firstMs, maxMs, forgetMs } = window
  const forgotten = sql`a.last_at < ${now}::timestamptz - ${forgetMs} * interval '1 millisecond'`
  const { rows } = await sql`
    insert into sign_in_attempts as a (bucket, failures, last_at)
    values (${bucket}, 1, ${now})
    on conflict (user_id, bucket) do update set
      failures = case when ${forgotten} then 1 else a.failures + 1 end,
      last_at = excluded.last_at,
      blocked_until = case
        when ${forgotten} or a.failures + 1 < ${free} then null
        else ${now}::timestamptz + least(${maxMs}::float8, ${firstMs}::float8 * power(2, least(a.failures + 1 - ${free}, 30))) * interval '1 millisecond'
      end
    where a.blocked_until is null or a.blocked_until <= ${now}
    returning 1`.execute(tx)
  return rows.length > 0
}

export async function findBlockedUntil(tx: Read, bucket: Buffer): Promise<Date | null> {
  const { rows } = await sql<{ blocked_until: Date | null }>`
    select blocked_until from sign_in_attempts where bucket = ${bucket}`.execute(tx)
  return rows[0]?.blocked_until ?? null
}

export async function clearAttempts(tx: Write, bucket: Buffer): Promise<void> {
  await sql`delete from sign_in_attempts where bucket = ${bucket}`.execute(tx)
}

/** It was no failure after all. The bucket's other failures stay, so that an account of one's own does not wash an address clean. */
export async function takeBackAttempt(tx: Write, bucket: Buffer): Promise<void> {
  await sql`
    update sign_in_attempts
    set failures = greatest(failures - 1, 0), blocked_until = null
    where bucket = ${bucket}`.execute(tx)
}

export async function forgetOldAttempts(writer: Write, before: Date): Promise<void> {
  await sql`delete from sign_in_attempts where last_at < ${before}`.execute(writer)
}
