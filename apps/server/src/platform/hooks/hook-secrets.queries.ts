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

/** The one there is, or this. */
export async function keepHookSecret(writer: Write, provider: string, made: string): Promise<HookSecret | undefined> {
  await sql`
    insert into hook_secrets (provider, secret) values (${provider}, ${made}) on conflict do nothing`.execute(writer)
  return findHookSecret(writer, provider)
}

export async function keepSubscription(writer: Write, provider: string, kept: Record<string, string>): Promise<void> {
  await sql`update hook_secrets set kept = ${JSON.stringify(kept)} where provider = ${provider}`.execute(writer)
}

/** Providers that somebody is connected to. */
export async function listConnectedProviders(writer: Read): Promise<string[]> {
  const { rows } = await sql<{ provider: string }>`
    select distinct provider from connections where status = 'active'`.execute(writer)
  return rows.map(({ provider }) => provider)
}
