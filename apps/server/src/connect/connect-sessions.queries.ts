import { sql } from 'kysely'
import type { Read, Write } from '../platform/db/database.ts'

export interface ConnectSessionRow {
  connect_session_id: string
  providers: string[] | null
  theme: 'light' | 'dark' | 'auto'
  language: 'en' | 'de' | 'fr' | null
  return_to: string | null
  allowed_origins: string[]
  expires_at: Date
}

export async function insertSession(
  tx: Write,
  row: ConnectSessionRow & { user_id: string; token_hash: Buffer; created_at: Date },
): Promise<void> {
  await sql`
    insert into connect_sessions (user_id, connect_session_id, token_hash, providers, theme, language, return_to, allowed_origins, created_at, expires_at)
    values (${row.user_id}, ${row.connect_session_id}, ${row.token_hash}, ${row.providers}, ${row.theme}, ${row.language}, ${row.return_to},
      ${row.allowed_origins}, ${row.created_at}, ${row.expires_at})`.execute(tx)
}

export async function findSessionById(tx: Read, userId: string, id: string): Promise<ConnectSessionRow | undefined> {
  const { rows } = await sql<ConnectSessionRow>`
    select connect_session_id, providers, theme, language, return_to, allowed_origins, expires_at
    from connect_sessions where user_id = ${userId} and connect_session_id = ${id}`.execute(tx)
  return rows[0]
}
