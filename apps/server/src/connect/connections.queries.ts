import type { CustomDefinition } from '@tributary/providers/custom'
import { sql } from 'kysely'
import type { Read, Write } from '../platform/db/database.ts'

export interface ConnectionRow {
  user_id: string
  connection_id: string
  short_id: string
  provider: string
  provider_account: string
  provider_profile: Record<string, unknown>
  auth_kind: 'oauth2' | 'oauth1' | 'key' | 'none' | null
  status: 'pending' | 'active' | 'paused' | 'needs_reauth' | 'ended'
  granted_scopes: string[]
  region: string | null
  paused_at: Date | null
  error_code: string | null
  error_message: string | null
  token_expires_at: Date | null
  token_version: number
  last_sync_at: Date | null
  last_success_at: Date | null
  connected_at: Date | null
  created_at: Date
  updated_at: Date
  is_demo: boolean
  /** Of a custom API: what it leads to. */
  definition: CustomDefinition | null
}

const columns = sql.raw(
  [
    'user_id, connection_id, short_id, provider, provider_account, provider_profile, auth_kind, status, granted_scopes, region',
    'paused_at, error_code, error_message, token_expires_at, token_version, last_sync_at, last_success_at, connected_at',
    'created_at, updated_at, is_demo',
    '(select definition from custom_apis a where a.user_id = connections.user_id and a.connection_id = connections.connection_id) as definition',
  ].join(', '),
)

export async function findConnection(
  tx: Read,
  userId: string,
  connectionId: string,
): Promise<ConnectionRow | undefined> {
  const { rows } = await sql<ConnectionRow>`
    select ${columns} from connections where user_id = ${userId} and connection_id = ${connectionId}`.execute(tx)
  return rows[0]
}

/** Oldest first, without those that ended. */
export async function listConnections(
  tx: Read,
  userId: string,
  provider: string | null = null,
): Promise<ConnectionRow[]> {
  const { rows } = await sql<ConnectionRow>`
    select ${columns} from connections
    where user_id = ${userId} and status <> 'ended' and (${provider}::text is null or provider = ${provider})
    order by created_at, connection_id`.execute(tx)
  return rows
}

/** Of everybody, by the way they came in; those that end, or wait for their person, are left out. */
export async function listSignedInBy(
  writer: Read,
  provider: string,
  authKind: string,
): Promise<{ userId: string; connectionId: string; version: number }[]> {
  const { rows } = await sql<{ user_id: string; connection_id: string; token_version: number }>`
    select user_id, connection_id, token_version from connections
    where provider = ${provider} and auth_kind = ${authKind} and status in ('active', 'paused')
    order by user_id, connection_id`.execute(writer)
  return rows.map(({ user_id: userId, connection_id: connectionId, token_version: version }) => ({
    userId,
    connectionId,
    version,
  }))
}

export interface FeedRow {
  connection_id: string
  feed: string
  read_until: Date | null
  last_success_at: Date | null
  error_code: string | null
  error_message: string | null
}

export async function listFeeds(tx: Read, userId: string): Promise<FeedRow[]> {
  const { rows } = await sql<FeedRow>`
    select connection_id, feed, read_until, last_success_at, error_code, error_message from feeds where user_id = ${userId}`.execute(
    tx,
  )
  return rows
}

/** Those whose account another person here has too. */
export async function listShared(tx: Read, userId: string): Promise<Set<string>> {
  const { rows } = await sql<{ connection_id: string }>`
    select connection_id from connections
    where user_id = ${userId} and status <> 'ended' and is_account_taken(provider, provider_account, user_id)`.execute(
    tx,
  )
  return new Set(rows.map(({ connection_id }) => connection_id))
}

export async function countRecords(tx: Read, userId: string): Promise<Map<string, number>> {
  const { rows } = await sql<{ provider: string; records: number }>`
    select provider, sum(records_inserted)::float8 as records from sync_runs
    where user_id = ${userId} and connection_id is not null group by provider`.execute(tx)
  return new Map(rows.map(({ provider, records }) => [provider, records]))
}

/**
 * The person's connection to an account: the one they have, the one that was made before the account was known, or a new one. An
 * account that has another id by now (`former`) is still the same.
 */
export async function joinAccount(
  tx: Write,
  {
    userId,
    provider,
    account,
    former,
    newId,
  }: { userId: string; provider: string; account: string; former: readonly string[]; newId: string },
): Promise<string> {
  await sql`
    update connections set provider_account = ${account}
    where (user_id, connection_id) = (
      select user_id, connection_id from connections
      where user_id = ${userId} and provider = ${provider}
        and (provider_account = any(${[...former]}) or (provider_account = '' and status in ('pending', 'needs_reauth')))
      order by provider_account = '', created_at
      limit 1
    ) and not exists (
      select from connections where user_id = ${userId} and provider = ${provider} and provider_account = ${account}
    )`.execute(tx)
  const { rows } = await sql<{ connection_id: string }>`
    insert into connections (user_id, connection_id, provider, provider_account, short_id)
    values (${userId}, ${newId}, ${provider}, ${account}, next_short_id(${userId}, ${provider}))
    on conflict (user_id, provider, provider_account) do update set updated_at = now()
    returning connection_id`.execute(tx)
  return rows[0]?.connection_id ?? newId
}

export interface Connected {
  authKind: 'oauth2' | 'oauth1' | 'key'
  scopes: readonly string[]
  profile: Record<string, unknown>
  region: string | null
  expiresAt: Date | null
  renewIdleAt: Date | null
  isDemo: boolean
  at: Date
}

export async function setConnected(tx: Write, userId: string, connectionId: string, now: Connected): Promise<void> {
  await sql`
    update connections set status = 'active', auth_kind = ${now.authKind}, granted_scopes = ${[...now.scopes]},
      provider_profile = ${JSON.stringify(now.profile)}, region = ${now.region}, token_expires_at = ${now.expiresAt}, is_demo = ${now.isDemo},
      paused_at = null, error_code = null, error_message = null, connected_at = ${now.at}, updated_at = ${now.at},
      token_version = token_version + 1, refresh_lease = null, refresh_until = null, renew_idle_at = ${now.renewIdleAt}, refused_at = null
    where user_id = ${userId} and connection_id = ${connectionId}`.execute(tx)
}

export interface BroughtState {
  status: 'active' | 'needs_reauth' | 'pending'
  authKind: NonNullable<ConnectionRow['auth_kind']>
  scopes: readonly string[]
  expiresAt: Date | null
  renewIdleAt: Date | null
  code: 'sign_in_replaced' | 'no_sign_in' | null
  message: string | null
}

/** Nobody has signed in here: `connected_at` stays as it was. One that is paused stays so, and what opens nothing takes nothing from what does. */
export async function setBrought(
  tx: Write,
  { userId, connectionId }: { userId: string; connectionId: string },
  now: BroughtState,
): Promise<void> {
  await sql`
    update connections set status = case when ${now.status} = 'active' and paused_at is not null then 'paused' else ${now.status} end,
      auth_kind = ${now.authKind}, granted_scopes = ${[...now.scopes]}, token_expires_at = ${now.expiresAt},
      error_code = ${now.code}, error_message = ${now.message}, token_version = token_version + 1,
      refresh_lease = null, refresh_until = null, renew_idle_at = ${now.renewIdleAt}, refused_at = null, updated_at = now()
    where user_id = ${userId} and connection_id = ${connectionId} and (${now.status} = 'active' or not exists (
      select from connection_secrets s where s.user_id = connections.user_id and s.connection_id = connections.connection_id
        and s.name in ('tokens', 'credentials')
    ))`.execute(tx)
}

/** False when the person has another connection to that account. */
export async function nameAccount(
  tx: Write,
  { userId, connectionId }: { userId: string; connectionId: string },
  { account, profile, scopes }: { account: string; profile: Record<string, unknown>; scopes?: readonly string[] },
): Promise<boolean> {
  const { rows } = await sql`
    update connections c set provider_account = ${account}, provider_profile = provider_profile || ${JSON.stringify(profile)}::jsonb,
      granted_scopes = coalesce(${scopes ? [...scopes] : null}::text[], granted_scopes), updated_at = now()
    where user_id = ${userId} and connection_id = ${connectionId} and not exists (
      select from connections o where o.user_id = c.user_id and o.provider = c.provider and o.provider_account = ${account}
        and o.connection_id <> c.connection_id
    )
    returning 1`.execute(tx)
  return rows.length > 0
}

/** What hung from one connection hangs from the other, and the first is gone; its run that is under way finds itself closed. */
export async function moveToConnection(tx: Write, userId: string, from: string, to: string): Promise<void> {
  await sql`update devices set connection_id = ${to} where user_id = ${userId} and connection_id = ${from}`.execute(tx)
  await sql`
    update sync_runs set connection_id = ${to}, lease_until = null, ended_at = coalesce(ended_at, greatest(now(), started_at)),
      status = case when status in ('pending', 'running') then 'cancelled' else status end,
      error_code = case when status in ('pending', 'running') then 'account_known' else error_code end,
      error_message = case when status in ('pending', 'running') then 'This account was connected already: the other connection goes on' else error_message end
    where user_id = ${userId} and connection_id = ${from}`.execute(tx)
  await sql`delete from connections where user_id = ${userId} and connection_id = ${from}`.execute(tx)
}

export async function addFeeds(
  tx: Write,
  userId: string,
  connectionId: string,
  feeds: readonly string[],
): Promise<void> {
  await sql`
    insert into feeds (user_id, connection_id, feed)
    select ${userId}, ${connectionId}, feed from unnest(${[...feeds]}::text[]) as feed
    on conflict do nothing`.execute(tx)
}

/** Pausing also ends the sync that is under way, whose worker finds it closed; what is read anew from what was kept goes on. */
export async function setPaused(tx: Write, userId: string, connectionId: string, at: Date | null): Promise<void> {
  await sql`
    update connections set paused_at = ${at}, updated_at = now(),
      status = case when ${at}::timestamptz is not null and status = 'active' then 'paused'
        when ${at}::timestamptz is null and status = 'paused' then 'active' else status end
    where user_id = ${userId} and connection_id = ${connectionId}`.execute(tx)
  if (!at) return
  await sql`
    with ended as (
      update sync_runs set status = 'cancelled', ended_at = greatest(now(), started_at), lease_until = null, error_code = 'paused',
        error_message = 'The connection was paused'
      where user_id = ${userId} and connection_id = ${connectionId} and status in ('pending', 'running') and trigger <> 'retry'
      returning 1
    )
    update devices set sync_status = 'cancelled'
    where user_id = ${userId} and connection_id = ${connectionId} and exists (select from ended)`.execute(tx)
}

/** Whoever joins or leaves an account that several people here may share waits here for the one before. Nobody asks a provider anything while they have it. */
export async function lockAccount(tx: Write, provider: string, account: string): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended('account ' || ${provider} || ' ' || ${account}, 0))`.execute(
    tx,
  )
}

export async function isAccountTaken(tx: Read, provider: string, account: string, userId: string): Promise<boolean> {
  const { rows } = await sql<{
    taken: boolean
  }>`select is_account_taken(${provider}, ${account}, ${userId}) as taken`.execute(tx)
  return rows[0]?.taken === true
}
