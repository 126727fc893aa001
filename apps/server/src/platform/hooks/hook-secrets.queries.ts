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
export async function keepHookSecret(writer: Write, provider: string, made: string): Promise<string> {
  await sql`
    insert into hook_secrets (provider, secret) values (${provider}, ${made}) on conflict do nothing`.execute(writer)
  return (await findHookSecret(writer, provider))?.secret ?? made
}
