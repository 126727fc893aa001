import { sql } from 'kysely'
import type { Read } from '../db/database.ts'

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
