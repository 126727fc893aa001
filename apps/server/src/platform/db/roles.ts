/**
 * The roles of the database. None is a superuser and none can read what it does not need:
 * trb_owner owns and migrates · trb_app answers requests, one person at a time · trb_writer flushes, compacts and imports for everybody ·
 * trb_lookup (no login) owns the functions that find a person before one is known · trb_audit reads the audit log ·
 * trb_reader and trb_reader_all (no login) are what logins for the documents' views are members of.
 */
import { createHmac } from 'node:crypto'
import pg from 'pg'

export const roles = [
  'trb_owner',
  'trb_app',
  'trb_writer',
  'trb_lookup',
  'trb_audit',
  'trb_reader',
  'trb_reader_all',
] as const
export type DatabaseRole = (typeof roles)[number]
export type LoginRole = Extract<DatabaseRole, 'trb_app' | 'trb_writer' | 'trb_audit'>

const logins: readonly DatabaseRole[] = ['trb_app', 'trb_writer', 'trb_audit']

/** Every role's password comes from one secret, so several processes need to share only that. */
export function rolePassword(secret: string, role: LoginRole): string {
  return createHmac('sha256', secret).update(`database role ${role}`).digest('base64url')
}

/** Makes the roles where they are missing, and sets a password only where ours does not work any more. */
export async function makeRoles(admin: pg.Client, secret: string): Promise<void> {
  for (const role of roles) await makeRole(admin, role)
  await quietly(admin, 'grant trb_owner to current_user')
  await quietly(admin, 'grant trb_lookup to trb_owner')
  for (const role of logins) {
    const password = rolePassword(secret, role as LoginRole)
    if (await canLogIn(admin, role, password)) continue
    await quietly(admin, `alter role ${role} login password '${password}'`)
  }
}

async function makeRole(admin: pg.Client, role: DatabaseRole): Promise<void> {
  const found = await admin.query('select 1 from pg_roles where rolname = $1', [role])
  if (found.rowCount) return
  await quietly(
    admin,
    `create role ${role} ${logins.includes(role) ? 'login' : 'nologin'} nosuperuser nocreatedb nocreaterole nobypassrls`,
  )
}

/** Roles belong to the whole cluster: another database's start may be making the same ones at this moment. */
async function quietly(admin: pg.Client, statement: string, attempt = 0): Promise<void> {
  try {
    await admin.query(statement)
  } catch (error) {
    const code = (error as { code?: string }).code
    const made = code === '42710' || code === '23505' // duplicate_object, unique_violation
    const raced = code === 'XX000' // "tuple concurrently updated"
    if (made) return
    if (!raced || attempt > 20) throw error
    await quietly(admin, statement, attempt + 1)
  }
}

async function canLogIn(admin: pg.Client, role: DatabaseRole, password: string): Promise<boolean> {
  const { host, port, database } = admin
  const probe = new pg.Client({
    host,
    port,
    ...(database ? { database } : {}),
    user: role,
    password,
    connectionTimeoutMillis: 10_000,
  })
  try {
    await probe.connect()
    return true
  } catch (error) {
    const code = (error as { code?: string }).code
    if (code === '28P01' || code === '28000') return false // wrong password, or not allowed to log in
    throw error
  } finally {
    await probe.end()
  }
}
