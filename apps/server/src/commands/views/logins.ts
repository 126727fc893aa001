/** What the operator does about logins for SQL; each change leaves its audit line with the person whose rows it is about. */
import { randomBytes } from 'node:crypto'
import type pg from 'pg'
import { CommandError } from '../../accounts/commands.ts'
import { findPerson } from '../../accounts/lookups.queries.ts'
import { addressOf } from '../../platform/db/address.ts'
import type { Database } from '../../platform/db/database.ts'
import { insertAudit } from '../../platform/http/audit.queries.ts'
import { endLogin, listLogins, makeLogin, type ViewLogin } from './logins.queries.ts'

export interface ViewEdges {
  admin: pg.ClientConfig
  db: Pick<Database, 'lookup' | 'asWriter'>
}

export interface MadeLogin {
  login: string
  password: string
  /** With the password in it, as psql and others take it. */
  url: string
}

/** `email`: of the person whose rows it reads; null for everybody's. The password is told here and nowhere else. */
export async function addLogin({ admin, db }: ViewEdges, email: string | null): Promise<MadeLogin> {
  const reads = email === null ? null : await personAt(db, email)
  const login = `views_${randomBytes(5).toString('hex')}`
  const password = randomBytes(24).toString('base64url')
  await makeLogin(admin, { login, password, reads })
  await note(db, 'addViewLogin', reads, login)
  return { login, password, url: urlOf(addressOf(admin), login, password) }
}

export async function removeLogin({ admin, db }: ViewEdges, login: string): Promise<void> {
  const ended = await endLogin(admin, login)
  if (!ended) throw new CommandError(`there is no login ${login}: \`tributary views list\` names them`)
  await note(db, 'removeViewLogin', ended.reads, login)
}

export const showLogins = ({ admin }: Pick<ViewEdges, 'admin'>): Promise<ViewLogin[]> => listLogins(admin)

async function personAt(db: ViewEdges['db'], email: string): Promise<string> {
  const person = await findPerson(db.lookup, email.trim().toLowerCase())
  if (!person) throw new CommandError(`there is no account with the address ${email}`)
  return person.user_id
}

const note = (db: ViewEdges['db'], action: string, userId: string | null, target: string) =>
  db.asWriter((tx) => insertAudit(tx, { userId, actor: 'cli', action, target, outcome: 'ok' }))

/** A socket's directory cannot stand where a host does. */
function urlOf({ host = 'localhost', port, database, ssl }: pg.ClientConfig, login: string, password: string): string {
  const isSocket = host.startsWith('/')
  const asked = new URLSearchParams({
    ...(isSocket ? { host, port: String(port) } : {}),
    ...(ssl ? { sslmode: 'require' } : {}),
  })
  const place = isSocket ? '' : `${host.includes(':') ? `[${host}]` : host}:${port}`
  return `postgresql://${login}:${password}@${place}/${encodeURIComponent(database ?? '')}${asked.size ? `?${asked}` : ''}`
}
