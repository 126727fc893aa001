import { sql } from 'kysely'
import type { Read, Write } from '../platform/db/database.ts'

/** `tokens` of a sign-in, `credentials` that a person pasted; a device's own lie beside them under its id. */
export type SecretName = 'tokens' | 'credentials'

export async function findSecret(
  tx: Read,
  userId: string,
  connectionId: string,
  name: SecretName,
): Promise<string | undefined> {
  const { rows } = await sql<{ sealed: string }>`
    select sealed from connection_secrets
    where user_id = ${userId} and connection_id = ${connectionId} and name = ${name}`.execute(tx)
  return rows[0]?.sealed
}

export async function putSecret(
  tx: Write,
  userId: string,
  connectionId: string,
  name: SecretName,
  sealed: string,
): Promise<void> {
  await sql`
    insert into connection_secrets (user_id, connection_id, name, sealed)
    values (${userId}, ${connectionId}, ${name}, ${sealed})
    on conflict (user_id, connection_id, name) do update set sealed = excluded.sealed, updated_at = now()`.execute(tx)
}

/** Of a sign-in; without `names` all there are, those of devices among them. */
export async function deleteSecrets(
  tx: Write,
  userId: string,
  connectionId: string,
  names: readonly SecretName[] | null = null,
): Promise<void> {
  await sql`
    delete from connection_secrets
    where user_id = ${userId} and connection_id = ${connectionId}
      and (${names ? [...names] : null}::text[] is null or name = any(${names ? [...names] : null}::text[]))`.execute(
    tx,
  )
}

/** By the database's clock, which all processes share. */
export async function claimRefresh(
  tx: Write,
  {
    userId,
    connectionId,
    version,
    lease,
    seconds,
  }: { userId: string; connectionId: string; version: number; lease: string; seconds: number },
): Promise<boolean> {
  const { rows } = await sql`
    update connections set refresh_lease = ${lease}, refresh_until = now() + make_interval(secs => ${seconds})
    where user_id = ${userId} and connection_id = ${connectionId} and token_version = ${version}
      and (refresh_until is null or refresh_until < now())
    returning 1`.execute(tx)
  return rows.length > 0
}

export async function endRefresh(tx: Write, userId: string, connectionId: string, lease: string): Promise<void> {
  await sql`
    update connections set refresh_lease = null, refresh_until = null
    where user_id = ${userId} and connection_id = ${connectionId} and refresh_lease = ${lease}`.execute(tx)
}

/** Over the version that was renewed and no other. A connection that was given up meanwhile for want of this answer lives again. */
export async function advanceTokens(
  tx: Write,
  {
    userId,
    connectionId,
    version,
    expiresAt,
    renewIdleAt,
    scopes,
  }: {
    userId: string
    connectionId: string
    version: number
    expiresAt: Date | null
    renewIdleAt: Date | null
    scopes: readonly string[] | undefined
  },
): Promise<boolean> {
  const { rows } = await sql`
    update connections set token_version = token_version + 1, token_expires_at = ${expiresAt}, renew_idle_at = ${renewIdleAt},
      refused_at = null, granted_scopes = coalesce(${scopes ? [...scopes] : null}::text[], granted_scopes),
      status = case when status <> 'needs_reauth' then status when paused_at is null then 'active' else 'paused' end,
      error_code = case when status = 'needs_reauth' then null else error_code end,
      error_message = case when status = 'needs_reauth' then null else error_message end,
      updated_at = now()
    where user_id = ${userId} and connection_id = ${connectionId} and token_version = ${version} and status <> 'ended'
    returning 1`.execute(tx)
  return rows.length > 0
}

/** The first refusal of these tokens stays. */
export async function noteRefusal(
  tx: Write,
  { userId, connectionId, version, at }: { userId: string; connectionId: string; version: number; at: Date },
): Promise<Date | undefined> {
  const { rows } = await sql<{ refused_at: Date }>`
    update connections set refused_at = coalesce(refused_at, ${at})
    where user_id = ${userId} and connection_id = ${connectionId} and token_version = ${version}
    returning refused_at`.execute(tx)
  return rows[0]?.refused_at
}

export interface IdleTokens {
  userId: string
  connectionId: string
  version: number
}

/** That are to be renewed by now. Of `providers` also those of which nobody knows how long they have been lying. */
export async function listIdleTokens(writer: Read, providers: readonly string[], now: Date): Promise<IdleTokens[]> {
  const { rows } = await sql<{ user_id: string; connection_id: string; token_version: number }>`
    select user_id, connection_id, token_version from connections
    where status in ('active', 'paused') and auth_kind = 'oauth2' and not is_demo
      and (renew_idle_at <= ${now} or (renew_idle_at is null and provider = any(${[...providers]}::text[])))
    order by renew_idle_at, connection_id`.execute(writer)
  return rows.map(({ user_id: userId, connection_id: connectionId, token_version: version }) => ({
    userId,
    connectionId,
    version,
  }))
}
