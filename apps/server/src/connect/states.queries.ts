import { sql } from 'kysely'
import type { Read, Write } from '../platform/db/database.ts'

export interface StateRow {
  user_id: string
  state_hash: Buffer
  provider: string
  region: string | null
  redirect_uri: string
  return_to: string | null
  scopes: string[]
  asked_by: 'cookie' | 'bearer' | 'connect'
  browser_hash: Buffer
  auth_kind: 'oauth2' | 'oauth1'
  sealed_verifier: string
  expires_at: Date
  used_at: Date | null
  confirm_hash: Buffer | null
  confirm_reason: 'other_browser' | 'shared_account' | null
  sealed_answer: string | null
}

const columns = sql.raw(
  'user_id, state_hash, provider, region, redirect_uri, return_to, scopes, asked_by, browser_hash, auth_kind, sealed_verifier, expires_at, used_at, confirm_hash, confirm_reason, sealed_answer',
)

export async function insertState(
  tx: Write,
  row: Omit<StateRow, 'used_at' | 'confirm_hash' | 'confirm_reason' | 'sealed_answer'>,
): Promise<void> {
  await sql`
    insert into oauth_states (user_id, state_hash, provider, region, redirect_uri, return_to, scopes, asked_by, browser_hash, auth_kind, sealed_verifier, expires_at)
    values (${row.user_id}, ${row.state_hash}, ${row.provider}, ${row.region}, ${row.redirect_uri}, ${row.return_to}, ${row.scopes},
      ${row.asked_by}, ${row.browser_hash}, ${row.auth_kind}, ${row.sealed_verifier}, ${row.expires_at})`.execute(tx)
}

/** Whose it is, before anybody is known. */
export async function findStateOwner(lookup: Read, hash: Buffer): Promise<string | undefined> {
  const { rows } = await sql<{ owner: string | null }>`select find_oauth_state(${hash}) as owner`.execute(lookup)
  return rows[0]?.owner ?? undefined
}

export async function findState(tx: Read, userId: string, hash: Buffer): Promise<StateRow | undefined> {
  const { rows } = await sql<StateRow>`
    select ${columns} from oauth_states where user_id = ${userId} and state_hash = ${hash}`.execute(tx)
  return rows[0]
}

/** Undefined when somebody was here before: a state is good once. */
export async function useState(tx: Write, userId: string, hash: Buffer, at: Date): Promise<StateRow | undefined> {
  const { rows } = await sql<StateRow>`
    update oauth_states set used_at = ${at} where user_id = ${userId} and state_hash = ${hash} and used_at is null
    returning ${columns}`.execute(tx)
  return rows[0]
}

/** The answer waits for the person's yes, as long as the state would have, and in the browser that it came to. */
export async function keepForConfirmation(
  tx: Write,
  row: {
    userId: string
    stateHash: Buffer
    confirmHash: Buffer
    reason: string
    sealed: string
    browserHash: Buffer
    expiresAt: Date
  },
): Promise<void> {
  await sql`
    update oauth_states set confirm_hash = ${row.confirmHash}, confirm_reason = ${row.reason}, sealed_answer = ${row.sealed},
      browser_hash = ${row.browserHash}, expires_at = ${row.expiresAt}
    where user_id = ${row.userId} and state_hash = ${row.stateHash}`.execute(tx)
}

export async function findPending(
  tx: Read,
  userId: string,
  confirmHash: Buffer,
  provider: string,
  now: Date,
): Promise<StateRow | undefined> {
  const { rows } = await sql<StateRow>`
    select ${columns} from oauth_states
    where user_id = ${userId} and confirm_hash = ${confirmHash} and provider = ${provider} and expires_at > ${now}`.execute(
    tx,
  )
  return rows[0]
}

/** With its row goes what was kept of the answer. False when another request was first. */
export async function deleteState(tx: Write, userId: string, stateHash: Buffer): Promise<boolean> {
  const { rows } = await sql`
    delete from oauth_states where user_id = ${userId} and state_hash = ${stateHash} returning 1`.execute(tx)
  return rows.length > 0
}

export async function forgetOldStates(writer: Write): Promise<void> {
  await sql`delete from oauth_states where created_at < now() - interval '1 day'`.execute(writer)
  await sql`delete from connect_sessions where expires_at < now() - interval '1 day'`.execute(writer)
}
