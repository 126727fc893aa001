import type { CustomDefinition } from '@tributary/providers/custom'
import { sql } from 'kysely'
import type { Read, Write } from '../platform/db/database.ts'
import type { ConnectionRow } from './connections.queries.ts'

export interface CustomApiRow {
  custom_api_id: string
  connection_id: string
  short_id: string
  status: ConnectionRow['status']
  definition: CustomDefinition
  created_at: Date
  updated_at: Date
}

const select = sql`
  select a.custom_api_id, a.connection_id, c.short_id, c.status, a.definition, a.created_at, a.updated_at
  from custom_apis a
  join connections c on c.user_id = a.user_id and c.connection_id = a.connection_id`

/** One whose connection has ended is there as long as its data are being deleted. */
export async function findCustomApi(tx: Read, userId: string, id: string): Promise<CustomApiRow | undefined> {
  const { rows } = await sql<CustomApiRow>`
    ${select} where a.user_id = ${userId} and a.custom_api_id = ${id}`.execute(tx)
  return rows[0]
}

/** Newest first: its id is made of the time. */
export async function listCustomApiRows(
  tx: Read,
  userId: string,
  { before, limit }: { before: string | null; limit: number },
): Promise<CustomApiRow[]> {
  const { rows } = await sql<CustomApiRow>`
    ${select}
    where a.user_id = ${userId} and c.status <> 'ended' and (${before}::uuid is null or a.custom_api_id < ${before}::uuid)
    order by a.custom_api_id desc
    limit ${limit}`.execute(tx)
  return rows
}

/** With the connection that it is: its account is the definition's id. */
export async function insertCustomApi(
  tx: Write,
  {
    userId,
    customApiId,
    connectionId,
    definition,
  }: { userId: string; customApiId: string; connectionId: string; definition: CustomDefinition },
): Promise<void> {
  await sql`
    insert into connections (user_id, connection_id, provider, provider_account, short_id)
    values (${userId}, ${connectionId}, 'custom', ${customApiId}, next_short_id(${userId}, 'custom'))`.execute(tx)
  await sql`
    insert into custom_apis (user_id, custom_api_id, connection_id, definition)
    values (${userId}, ${customApiId}, ${connectionId}, ${JSON.stringify(definition)})`.execute(tx)
}

/** Until the transaction ends no run of it is asked for, and none that waits is begun. False while one is under way. */
export async function holdIdle(tx: Write, userId: string, connectionId: string): Promise<boolean> {
  await sql`select from connections where user_id = ${userId} and connection_id = ${connectionId} for update`.execute(
    tx,
  )
  const { rows } = await sql<{ status: string }>`
    select status from sync_runs
    where user_id = ${userId} and connection_id = ${connectionId} and status in ('pending', 'running') for update`.execute(
    tx,
  )
  return rows.every(({ status }) => status === 'pending')
}

export async function updateDefinition(
  tx: Write,
  userId: string,
  id: string,
  definition: CustomDefinition,
): Promise<void> {
  await sql`
    update custom_apis set definition = ${JSON.stringify(definition)}, updated_at = now()
    where user_id = ${userId} and custom_api_id = ${id}`.execute(tx)
}

/** Lists that are gone or read differently now are forgotten: those that stay begin again. */
export async function forgetFeedsBut(
  tx: Write,
  userId: string,
  connectionId: string,
  unchanged: readonly string[],
): Promise<void> {
  await sql`
    delete from feeds
    where user_id = ${userId} and connection_id = ${connectionId} and feed <> all(${[...unchanged]}::text[])`.execute(
    tx,
  )
}

/** Its connection has ended. */
export async function deleteDefinitionOf(tx: Write, userId: string, connectionId: string): Promise<void> {
  await sql`delete from custom_apis where user_id = ${userId} and connection_id = ${connectionId}`.execute(tx)
}
