import { sql } from 'kysely'
import type { Read, Write } from './db/database.ts'

export interface DataKeyRow {
  data_key_id: string
  wrapped: string
}

export async function findNewestDataKey(tx: Read, userId: string): Promise<DataKeyRow | undefined> {
  const { rows } = await sql<DataKeyRow>`
    select data_key_id, wrapped from data_keys
    where user_id = ${userId}
    order by created_at desc, data_key_id desc
    limit 1`.execute(tx)
  return rows[0]
}

export async function findDataKey(tx: Read, userId: string, dataKeyId: string): Promise<DataKeyRow | undefined> {
  const { rows } = await sql<DataKeyRow>`
    select data_key_id, wrapped from data_keys
    where user_id = ${userId} and data_key_id = ${dataKeyId}`.execute(tx)
  return rows[0]
}

export async function insertDataKey(tx: Write, userId: string, key: DataKeyRow): Promise<void> {
  await sql`
    insert into data_keys (user_id, data_key_id, wrapped)
    values (${userId}, ${key.data_key_id}, ${key.wrapped})`.execute(tx)
}

/** The value that stands after this, whether it was ours or there before: two first starts at once agree. */
export async function keepFact(writer: Write, name: string, value: string): Promise<string> {
  await sql`insert into installation (name, value) values (${name}, ${value}) on conflict do nothing`.execute(writer)
  const { rows } = await sql<{ value: string }>`select value from installation where name = ${name}`.execute(writer)
  return rows[0]?.value ?? value
}

export async function replaceFact(writer: Write, name: string, value: string): Promise<void> {
  await sql`update installation set value = ${value} where name = ${name}`.execute(writer)
}

export async function listDataKeys(tx: Read, userId: string): Promise<DataKeyRow[]> {
  const { rows } = await sql<DataKeyRow>`select data_key_id, wrapped from data_keys where user_id = ${userId}`.execute(
    tx,
  )
  return rows
}

/** Only over what was read: another process may have wrapped it meanwhile. */
export async function rewrapDataKey(tx: Write, userId: string, read: DataKeyRow, wrapped: string): Promise<void> {
  await sql`
    update data_keys set wrapped = ${wrapped}
    where user_id = ${userId} and data_key_id = ${read.data_key_id} and wrapped = ${read.wrapped}`.execute(tx)
}

export async function listWrappedOtherwise(writer: Read, keyId: string, most: number): Promise<string[]> {
  const { rows } = await sql<{ user_id: string }>`
    select list_people_wrapped_otherwise as user_id from list_people_wrapped_otherwise(${keyId}, ${most})`.execute(
    writer,
  )
  return rows.map(({ user_id }) => user_id)
}
