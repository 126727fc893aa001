import { sql } from 'kysely'
import type { Read, Write } from '../db/database.ts'

export interface HookSecretRow {
  provider: string
  sealed_secret: string
  /** Null when the app has no subscription. */
  sealed_kept: string | null
}

export async function findHookRow(writer: Read, provider: string): Promise<HookSecretRow | undefined> {
  const { rows } = await sql<HookSecretRow>`
    select provider, sealed_secret, sealed_kept from hook_secrets
    where provider = ${provider} and sealed_secret is not null`.execute(writer)
  return rows[0]
}

export async function listHookRows(writer: Read): Promise<HookSecretRow[]> {
  const { rows } = await sql<HookSecretRow>`
    select provider, sealed_secret, sealed_kept from hook_secrets where sealed_secret is not null`.execute(writer)
  return rows
}

/** Those that have a secret keep it. */
export async function insertHookRows(
  writer: Write,
  made: readonly Pick<HookSecretRow, 'provider' | 'sealed_secret'>[],
): Promise<void> {
  await sql`
    insert into hook_secrets (provider, sealed_secret)
    select * from unnest(${made.map(({ provider }) => provider)}::text[], ${made.map((row) => row.sealed_secret)}::text[])
    on conflict do nothing`.execute(writer)
}

export async function putSealedKept(writer: Write, provider: string, sealed: string | null): Promise<void> {
  await sql`update hook_secrets set sealed_kept = ${sealed} where provider = ${provider}`.execute(writer)
}

/** Only over what was read: a subscription may have been renewed meanwhile. */
export async function resealHookRow(
  writer: Write,
  read: HookSecretRow,
  sealed: Pick<HookSecretRow, 'sealed_secret' | 'sealed_kept'>,
): Promise<void> {
  await sql`
    update hook_secrets set sealed_secret = ${sealed.sealed_secret}, sealed_kept = ${sealed.sealed_kept}
    where provider = ${read.provider} and sealed_secret = ${read.sealed_secret}
      and sealed_kept is not distinct from ${read.sealed_kept}`.execute(writer)
}

/** As versions before 0016 left it. */
export interface ClearHookRow {
  provider: string
  secret: string
  kept: Record<string, string>
}

export async function lockClearHookRows(writer: Write): Promise<ClearHookRow[]> {
  const { rows } = await sql<ClearHookRow>`
    select provider, secret, kept from hook_secrets where secret is not null for update`.execute(writer)
  return rows
}

export async function sealClearHookRow(writer: Write, row: HookSecretRow): Promise<void> {
  await sql`
    update hook_secrets set secret = null, kept = '{}', sealed_secret = ${row.sealed_secret}, sealed_kept = ${row.sealed_kept}
    where provider = ${row.provider}`.execute(writer)
}

/** How a connection was last subscribed by its own token. */
export async function findConnectionHook(
  tx: Read,
  { userId, connectionId }: { userId: string; connectionId: string },
): Promise<{ sealed: string; updated_at: Date } | undefined> {
  const { rows } = await sql<{ sealed: string; updated_at: Date }>`
    select sealed, updated_at from connection_secrets
    where user_id = ${userId} and connection_id = ${connectionId} and name = 'hook'`.execute(tx)
  return rows[0]
}

export async function keepConnectionHook(
  tx: Write,
  { userId, connectionId }: { userId: string; connectionId: string },
  sealed: string,
  at: Date,
): Promise<void> {
  await sql`
    insert into connection_secrets (user_id, connection_id, name, sealed, updated_at)
    values (${userId}, ${connectionId}, 'hook', ${sealed}, ${at})
    on conflict (user_id, connection_id, name) do update set sealed = excluded.sealed, updated_at = excluded.updated_at`.execute(
    tx,
  )
}

export async function listActiveConnections(
  writer: Read,
  provider: string,
): Promise<{ userId: string; connectionId: string }[]> {
  const { rows } = await sql<{ user_id: string; connection_id: string }>`
    select user_id, connection_id from connections where provider = ${provider} and status = 'active'`.execute(writer)
  return rows.map(({ user_id: userId, connection_id: connectionId }) => ({ userId, connectionId }))
}

/** Providers that somebody is connected to. */
export async function listConnectedProviders(writer: Read): Promise<string[]> {
  const { rows } = await sql<{ provider: string }>`
    select distinct provider from connections where status = 'active'`.execute(writer)
  return rows.map(({ provider }) => provider)
}

/** Providers that were asked to tell us for the whole app, and that nobody is connected to any more. */
export async function listIdleSubscriptions(writer: Read): Promise<string[]> {
  const { rows } = await sql<{ provider: string }>`
    select provider from hook_secrets h
    where sealed_kept is not null and not exists (select from connections c where c.provider = h.provider and c.status <> 'ended')`.execute(
    writer,
  )
  return rows.map(({ provider }) => provider)
}
