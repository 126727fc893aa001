/** Finding a person before one is known. The functions answer one row to whoever knows the exact value (migration 0005). */
import type { Role, Scope } from '@tributary/protocol'
import { sql } from 'kysely'
import type { Read } from '../platform/db/database.ts'

export interface FoundPerson {
  user_id: string
  role: Role
  disabled_at: Date | null
  secret_hash: string | null
}

export interface FoundSignIn {
  user_id: string
  sign_in_id: string
  kind: 'tokens' | 'cookie'
  role: Role
  last_used_at: Date
  expires_at: Date
  ended_at: Date | null
  disabled_at: Date | null
}

export interface FoundApiKey {
  user_id: string
  api_key_id: string
  scopes: Scope[]
  role: Role
  expires_at: Date | null
  ended_at: Date | null
  disabled_at: Date | null
}

export interface FoundDevice {
  user_id: string
  device_id: string
  role: Role
  disabled_at: Date | null
}

export interface FoundInvite {
  user_id: string
  invite_id: string
  role: 'admin' | 'member' | 'viewer'
  expires_at: Date
  used_at: Date | null
}

export async function hasOwner(db: Read): Promise<boolean> {
  const { rows } = await sql<{ has_owner: boolean }>`select has_owner()`.execute(db)
  return rows[0]?.has_owner ?? false
}

export async function findPerson(db: Read, email: string): Promise<FoundPerson | undefined> {
  return (await sql<FoundPerson>`select * from find_person(${email})`.execute(db)).rows[0]
}

export async function findSignIn(db: Read, signInId: string): Promise<FoundSignIn | undefined> {
  return (await sql<FoundSignIn>`select * from find_sign_in(${signInId})`.execute(db)).rows[0]
}

export async function findCookie(db: Read, hash: Buffer): Promise<FoundSignIn | undefined> {
  return (await sql<FoundSignIn>`select * from find_cookie(${hash})`.execute(db)).rows[0]
}

export async function findRefreshToken(
  db: Read,
  hash: Buffer,
): Promise<{ user_id: string; sign_in_id: string } | undefined> {
  const { rows } = await sql<{
    user_id: string
    sign_in_id: string
  }>`select * from find_refresh_token(${hash})`.execute(db)
  return rows[0]
}

export async function findApiKey(db: Read, hash: Buffer): Promise<FoundApiKey | undefined> {
  return (await sql<FoundApiKey>`select * from find_api_key(${hash})`.execute(db)).rows[0]
}

export async function findDeviceToken(db: Read, hash: Buffer): Promise<FoundDevice | undefined> {
  return (await sql<FoundDevice>`select * from find_device_token(${hash})`.execute(db)).rows[0]
}

export async function findInvite(db: Read, hash: Buffer): Promise<FoundInvite | undefined> {
  return (await sql<FoundInvite>`select * from find_invite(${hash})`.execute(db)).rows[0]
}

/** For the operator's commands; requests may not call it. */
export async function listPeople(writer: Read): Promise<string[]> {
  const { rows } = await sql<{ user_id: string }>`select list_people() as user_id`.execute(writer)
  return rows.map((row) => row.user_id)
}

export interface FoundConnectSession {
  user_id: string
  connect_session_id: string
  role: Role
  expires_at: Date
  disabled_at: Date | null
}

export async function findConnectSession(lookup: Read, tokenHash: Buffer): Promise<FoundConnectSession | undefined> {
  const { rows } = await sql<FoundConnectSession>`select * from find_connect_session(${tokenHash})`.execute(lookup)
  return rows[0]
}
