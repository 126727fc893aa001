import type { Scope } from '@tributary/protocol'
import { sql } from 'kysely'
import type { Read, Write } from '../platform/db/database.ts'

export interface ApiKeyRow {
  api_key_id: string
  name: string
  scopes: Scope[]
  prefix: string
  created_at: Date
  expires_at: Date | null
  last_used_at: Date | null
}

export interface NewApiKey extends Omit<ApiKeyRow, 'last_used_at'> {
  user_id: string
  key_hash: Buffer
}

export async function insertApiKey(tx: Write, key: NewApiKey): Promise<void> {
  await sql`
    insert into api_keys (user_id, api_key_id, name, scopes, prefix, key_hash, created_at, expires_at)
    values (${key.user_id}, ${key.api_key_id}, ${key.name}, ${key.scopes}, ${key.prefix}, ${key.key_hash}, ${key.created_at}, ${key.expires_at})`.execute(
    tx,
  )
}

/** Expired keys stay on the list, so that a person can see why something stopped. */
export async function listKeys(tx: Read, userId: string): Promise<ApiKeyRow[]> {
  const { rows } = await sql<ApiKeyRow>`
    select api_key_id, name, scopes, prefix, created_at, expires_at, last_used_at
    from api_keys
    where user_id = ${userId} and revoked_at is null
    order by created_at desc, api_key_id desc`.execute(tx)
  return rows
}

export async function revokeKey(tx: Write, userId: string, apiKeyId: string, at: Date): Promise<boolean> {
  const { rows } = await sql`
    update api_keys set revoked_at = ${at}
    where user_id = ${userId} and api_key_id = ${apiKeyId} and revoked_at is null
    returning 1`.execute(tx)
  return rows.length > 0
}

export async function touchApiKey(tx: Write, userId: string, apiKeyId: string, at: Date): Promise<void> {
  await sql`
    update api_keys set last_used_at = greatest(last_used_at, ${at})
    where user_id = ${userId} and api_key_id = ${apiKeyId} and (last_used_at is null or last_used_at < ${at}::timestamptz - interval '1 minute')`.execute(
    tx,
  )
}
