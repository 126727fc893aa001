import { sql } from 'kysely'
import type { Read, Write } from '../platform/db/database.ts'

export interface UserRow {
  user_id: string
  email: string
  display_name: string | null
  role: 'owner' | 'admin' | 'member' | 'viewer'
  time_zone: string
  locale: string
  units: 'metric' | 'imperial'
  birth_on: string | null
  sex: 'female' | 'male' | 'other' | null
  body_height: number | null
  disabled_at: Date | null
  created_at: Date
}

export type UserChange = Partial<
  Pick<UserRow, 'display_name' | 'time_zone' | 'locale' | 'units' | 'birth_on' | 'sex' | 'body_height'>
>

export interface NewUser {
  user_id: string
  email: string
  role: UserRow['role']
  display_name: string | null
  time_zone: string
  created_at: Date
}

/** Undefined when the address is taken, or when there is an owner already: the constraints decide, not a look before. */
export async function insertUser(tx: Write, user: NewUser): Promise<UserRow | undefined> {
  const { rows } = await sql<UserRow>`
    insert into users (user_id, email, role, display_name, time_zone, created_at, updated_at)
    values (${user.user_id}, ${user.email}, ${user.role}, ${user.display_name}, ${user.time_zone}, ${user.created_at}, ${user.created_at})
    on conflict do nothing
    returning *`.execute(tx)
  return rows[0]
}

export async function findUser(tx: Read, userId: string): Promise<UserRow | undefined> {
  return (await sql<UserRow>`select * from users where user_id = ${userId}`.execute(tx)).rows[0]
}

export async function updateUser(tx: Write, userId: string, change: UserChange): Promise<UserRow | undefined> {
  const rows = await tx
    .updateTable('users')
    .set({ ...change, updated_at: sql<Date>`now()` })
    .where('user_id', '=', userId)
    .returningAll()
    .execute()
  return rows[0] as UserRow | undefined
}

export async function disableUser(tx: Write, userId: string, at: Date | null): Promise<void> {
  await sql`update users set disabled_at = ${at}, updated_at = now() where user_id = ${userId}`.execute(tx)
}

export async function setPassword(tx: Write, userId: string, hash: string, at: Date): Promise<void> {
  await sql`
    insert into identities (user_id, kind, secret_hash, changed_at)
    values (${userId}, 'password', ${hash}, ${at})
    on conflict (user_id, kind) do update
      set secret_hash = excluded.secret_hash, changed_at = excluded.changed_at`.execute(tx)
}

/** Locked against a change: whoever signs in and whoever changes the password come one after the other. */
export async function isStillThePassword(tx: Write, userId: string, hash: string): Promise<boolean> {
  const { rows } = await sql<{ secret_hash: string }>`
    select secret_hash from identities where user_id = ${userId} and kind = 'password' for share`.execute(tx)
  return rows[0]?.secret_hash === hash
}

export async function findPasswordHash(tx: Read, userId: string): Promise<string | null> {
  const { rows } = await sql<{ secret_hash: string }>`
    select secret_hash from identities where user_id = ${userId} and kind = 'password'`.execute(tx)
  return rows[0]?.secret_hash ?? null
}
