import { sql } from 'kysely'
import type { Read, Write } from '../db/database.ts'

export interface HookSecret {
  secret: string
  /** What undoes the subscription of the app. */
  kept: Record<string, string>
}

export async function findHookSecret(writer: Read, provider: string): Promise<HookSecret | undefined> {
  const { rows } = await sql<HookSecret>`select secret, kept from hook_secrets where provider = ${provider}`.execute(
    writer,
  )
  return rows[0]
}

/** The last part of a provider's webhook path: `made` if there is none yet. */
export async function keepHookSecret(writer: Write, provider: string, made: string): Promise<HookSecret> {
  await sql`
    insert into hook_secrets (provider, secret) values (${provider}, ${made}) on conflict do nothing`.execute(writer)
  const found = await findHookSecret(writer, provider)
  if (!found) throw new Error('broken assumption: a secret that was just kept is there')
  return found
}

export async function keepSubscription(writer: Write, provider: string, kept: Record<string, string>): Promise<void> {
  await sql`update hook_secrets set kept = ${JSON.stringify(kept)} where provider = ${provider}`.execute(writer)
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
export async function listIdleSubscriptions(writer: Read): Promise<(HookSecret & { provider: string })[]> {
  const { rows } = await sql<HookSecret & { provider: string }>`
    select provider, secret, kept from hook_secrets h
    where kept <> '{}' and not exists (select from connections c where c.provider = h.provider and c.status <> 'ended')`.execute(
    writer,
  )
  return rows
}
