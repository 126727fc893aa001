import { sql } from 'kysely'
import type { Read, Write } from '../platform/db/database.ts'

export type EndReason = 'logout' | 'ended' | 'password' | 'reuse' | 'reset' | 'disabled'

export interface SignInRow {
  user_id: string
  sign_in_id: string
  kind: 'tokens' | 'cookie'
  address: string | null
  user_agent: string | null
  created_at: Date
  last_used_at: Date
  expires_at: Date
  ended_at: Date | null
}

export interface NewSignIn {
  user_id: string
  sign_in_id: string
  kind: 'tokens' | 'cookie'
  cookie_hash: Buffer | null
  address: string
  user_agent: string | null
  created_at: Date
  expires_at: Date
}

export async function insertSignIn(tx: Write, signIn: NewSignIn): Promise<void> {
  const { user_id, sign_in_id, kind, cookie_hash, address, user_agent, created_at, expires_at } = signIn
  await sql`
    insert into sign_ins (user_id, sign_in_id, kind, cookie_hash, address, user_agent, created_at, last_used_at, expires_at)
    values (${user_id}, ${sign_in_id}, ${kind}, ${cookie_hash}, ${address}, ${user_agent}, ${created_at}, ${created_at}, ${expires_at})`.execute(
    tx,
  )
}

/** Locks the row, so that a refresh and an ending of the same sign-in come one after the other. */
export async function lockSignIn(tx: Write, userId: string, signInId: string): Promise<SignInRow | undefined> {
  const { rows } = await sql<SignInRow>`
    select * from sign_ins where user_id = ${userId} and sign_in_id = ${signInId} for update`.execute(tx)
  return rows[0]
}

export async function listLiveSignIns(tx: Read, userId: string, now: Date): Promise<SignInRow[]> {
  const { rows } = await sql<SignInRow>`
    select * from sign_ins
    where user_id = ${userId} and ended_at is null and expires_at > ${now}
    order by last_used_at desc, sign_in_id desc`.execute(tx)
  return rows
}

export async function touchSignIn(tx: Write, userId: string, signInId: string, at: Date): Promise<void> {
  await sql`
    update sign_ins set last_used_at = greatest(last_used_at, ${at})
    where user_id = ${userId} and sign_in_id = ${signInId}`.execute(tx)
}

export async function endSignIn(
  tx: Write,
  userId: string,
  signInId: string,
  reason: EndReason,
  at: Date,
): Promise<number> {
  const { rows } = await sql`
    update sign_ins set ended_at = ${at}, ended_reason = ${reason}
    where user_id = ${userId} and sign_in_id = ${signInId} and ended_at is null
    returning 1`.execute(tx)
  return rows.length
}

/** Ends all of a person's sign-ins, or all but one. */
export async function endAllSignIns(
  tx: Write,
  userId: string,
  reason: EndReason,
  at: Date,
  except: string | null = null,
): Promise<number> {
  const { rows } = await sql`
    update sign_ins set ended_at = ${at}, ended_reason = ${reason}
    where user_id = ${userId} and ended_at is null and sign_in_id is distinct from ${except}::uuid
    returning 1`.execute(tx)
  return rows.length
}

/** What ended long ago is of no use to its person any more; its refresh tokens go with it. */
export async function forgetOldSignIns(tx: Write, userId: string, before: Date): Promise<void> {
  await sql`delete from sign_ins where user_id = ${userId} and (ended_at < ${before} or expires_at < ${before})`.execute(
    tx,
  )
}

export interface NewRefreshToken {
  user_id: string
  sign_in_id: string
  token_hash: Buffer
  created_at: Date
  expires_at: Date
}

export async function insertRefreshToken(tx: Write, token: NewRefreshToken): Promise<void> {
  await sql`
    insert into refresh_tokens (user_id, token_hash, sign_in_id, created_at, expires_at)
    values (${token.user_id}, ${token.token_hash}, ${token.sign_in_id}, ${token.created_at}, ${token.expires_at})`.execute(
    tx,
  )
}

/** Uses the token up. Undefined when it was used before: of two at the same moment, the row's lock lets one be first. */
export async function useRefreshToken(
  tx: Write,
  userId: string,
  hash: Buffer,
  at: Date,
): Promise<{ expires_at: Date } | undefined> {
  const { rows } = await sql<{ expires_at: Date }>`
    update refresh_tokens set used_at = ${at}
    where user_id = ${userId} and token_hash = ${hash} and used_at is null
    returning expires_at`.execute(tx)
  return rows[0]
}
