/** What the operator does to accounts at the command line (`tributary users …`): no request can, and each leaves its audit line. */
import { randomBytes } from 'node:crypto'
import type { Clock } from '../platform/clock.ts'
import type { Database, Write } from '../platform/db/database.ts'
import { insertAudit } from '../platform/http/audit.queries.ts'
import { must } from '../platform/must.ts'
import type { Secrets } from '../platform/secrets.ts'
import { createAttempts } from './attempts.ts'
import { findPerson, listPeople } from './lookups.queries.ts'
import { makeInvite } from './make-invite.ts'
import { createPasswords } from './password/hash.ts'
import { weaknessOf } from './password/strength.ts'
import { endAllSignIns } from './sign-ins.queries.ts'
import { findUser, disableUser as saveDisabled, setPassword } from './users.queries.ts'

export interface CommandEdges {
  db: Database
  clock: Clock
  secrets: Pick<Secrets, 'jwtKey'>
}

export interface ListedUser {
  user_id: string
  email: string
  display_name: string | null
  role: string
  disabled: boolean
  created_at: string
}

/** In the operator's words, for one line of output. */
export class CommandError extends Error {
  override name = 'CommandError'
}

export async function listUsers({ db }: Pick<CommandEdges, 'db'>): Promise<ListedUser[]> {
  const ids = await db.asWriter((tx) => listPeople(tx))
  const users: ListedUser[] = []
  for (const userId of ids) {
    const user = await db.read({ userId }, (tx) => findUser(tx, userId))
    if (!user) continue // erased in between
    const { user_id, email, display_name, role, disabled_at, created_at } = user
    users.push({
      user_id,
      email,
      display_name,
      role,
      disabled: disabled_at !== null,
      created_at: created_at.toISOString(),
    })
  }
  return users
}

/** Sets the password given, or makes one and answers it. Every sign-in ends, and guesses counted against the account are forgotten. */
export async function resetPassword(
  edges: CommandEdges,
  email: string,
  wanted?: string,
): Promise<{ password: string }> {
  const { db, clock, secrets } = edges
  const address = email.trim().toLowerCase()
  const weakness = wanted === undefined ? undefined : weaknessOf(wanted, address)
  if (weakness) throw new CommandError(`this password ${weakness}`)
  const password = wanted ?? makePassword()
  const hash = await createPasswords().hash(password)
  const now = new Date(clock.now())
  await change(edges, address, 'resetPassword', async (tx, userId) => {
    await setPassword(tx, userId, hash, now)
    await endAllSignIns(tx, userId, 'reset', now)
  })
  await createAttempts(db, secrets.jwtKey, clock).forgive(address)
  return { password }
}

/** A disabled account keeps its data; its sign-ins, API keys and device tokens are refused from now on. */
export async function disableUser(edges: CommandEdges, email: string): Promise<void> {
  const now = new Date(edges.clock.now())
  await change(edges, email, 'disableUser', async (tx, userId, role) => {
    if (role === 'owner') throw new CommandError('the owner cannot be disabled')
    await saveDisabled(tx, userId, now)
    await endAllSignIns(tx, userId, 'disabled', now)
  })
}

export async function enableUser(edges: CommandEdges, email: string): Promise<void> {
  await change(edges, email, 'enableUser', (tx, userId) => saveDisabled(tx, userId, null))
}

/** An invite in the owner's name. */
export async function inviteUser(
  edges: CommandEdges,
  role: 'admin' | 'member' | 'viewer' = 'member',
): Promise<{ invite: string; expires_at: string }> {
  const owner = (await listUsers(edges)).find((user) => user.role === 'owner')
  if (!owner) throw new CommandError('there is no owner yet: make the first account with the set-up link')
  return change(edges, owner.email, 'createInvite', async (tx, userId) => {
    const { row, code } = await makeInvite(tx, userId, { role, note: null, nowMs: edges.clock.now() })
    return { invite: code, expires_at: row.expires_at.toISOString() }
  })
}

async function change<T>(
  { db }: CommandEdges,
  email: string,
  action: string,
  work: (tx: Write, userId: string, role: string) => Promise<T>,
): Promise<T> {
  const person = await findPerson(db.lookup, email.trim().toLowerCase())
  if (!person) throw new CommandError(`there is no account with the address ${email}`)
  const userId = must(person.user_id, 'a person has an id')
  return db.write({ userId }, async (tx) => {
    const result = await work(tx, userId, person.role)
    await insertAudit(tx, { userId, actor: 'cli', action, target: userId, outcome: 'ok' })
    return result
  })
}

/** 80 random bits in groups that can be read out: no vowels, so no words, and nothing that looks alike. */
function makePassword(): string {
  const signs = 'bcdfghjkmnpqrstvwxyz23456789'
  const letters = [...randomBytes(64)].filter((byte) => byte < signs.length * 9).slice(0, 20)
  const text = letters.map((byte) => signs[byte % signs.length]).join('')
  return must(text.match(/.{5}/g), 'twenty signs were made').join('-')
}
