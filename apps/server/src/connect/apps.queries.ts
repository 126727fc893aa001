import { sql } from 'kysely'
import type { Read, Write } from '../platform/db/database.ts'

export interface ProviderAppRow {
  provider: string
  client_id: string | null
  sealed_secret: string | null
  extra: Record<string, string>
  sealed_extra: string | null
  updated_at: Date
}

export async function findProviderApp(writer: Read, provider: string): Promise<ProviderAppRow | undefined> {
  const { rows } = await sql<ProviderAppRow>`
    select provider, client_id, sealed_secret, extra, sealed_extra, updated_at
    from provider_apps where provider = ${provider}`.execute(writer)
  return rows[0]
}

export async function listProviderApps(writer: Read): Promise<ProviderAppRow[]> {
  const { rows } = await sql<ProviderAppRow>`
    select provider, client_id, sealed_secret, extra, sealed_extra, updated_at from provider_apps`.execute(writer)
  return rows
}

export async function putProviderApp(writer: Write, row: Omit<ProviderAppRow, 'updated_at'>): Promise<void> {
  await sql`
    insert into provider_apps (provider, client_id, sealed_secret, extra, sealed_extra)
    values (${row.provider}, ${row.client_id}, ${row.sealed_secret}, ${JSON.stringify(row.extra)}, ${row.sealed_extra})
    on conflict (provider) do update set client_id = excluded.client_id, sealed_secret = excluded.sealed_secret,
      extra = excluded.extra, sealed_extra = excluded.sealed_extra, updated_at = now()`.execute(writer)
}

export async function deleteProviderApp(writer: Write, provider: string): Promise<void> {
  await sql`delete from provider_apps where provider = ${provider}`.execute(writer)
}

export async function countConnections(writer: Read): Promise<Map<string, number>> {
  const { rows } = await sql<{ provider: string; connections: number }>`
    select provider, count(*)::integer as connections from connections where status <> 'ended' group by provider`.execute(
    writer,
  )
  return new Map(rows.map(({ provider, connections }) => [provider, connections]))
}

/** Only over what was read: an operator may have changed it meanwhile. */
export async function resealApp(
  writer: Write,
  read: ProviderAppRow,
  sealed: Pick<ProviderAppRow, 'sealed_secret' | 'sealed_extra'>,
): Promise<void> {
  await sql`
    update provider_apps set sealed_secret = ${sealed.sealed_secret}, sealed_extra = ${sealed.sealed_extra}
    where provider = ${read.provider} and sealed_secret is not distinct from ${read.sealed_secret}
      and sealed_extra is not distinct from ${read.sealed_extra}`.execute(writer)
}
