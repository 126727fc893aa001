import { routes } from '@tributary/protocol'
import { uuidv7 } from 'uuidv7'
import type { Config } from '../config.ts'
import type { Parts } from '../parts.ts'
import { become, type Write } from '../platform/db/database.ts'
import type { Call } from '../platform/http/call.ts'
import { handle } from '../platform/http/handle.ts'
import { Problem } from '../platform/problem.ts'
import { hashToken } from '../platform/tokens.ts'
import { setSessionCookie } from './cookies.ts'
import { useInvite } from './invites.queries.ts'
import { type FoundInvite, findInvite } from './lookups.queries.ts'
import { type Opened, openSignIn } from './open-sign-in.ts'
import { assertStrong } from './password/strength.ts'
import { assertSafeTransport } from './transport.ts'
import { insertUser, setPassword, type UserRow } from './users.queries.ts'

type RegisterCall = Call<typeof routes.register>
/** What lets somebody in, and as what. */
type Ticket = { role: UserRow['role']; invite?: FoundInvite }

export const register = handle(routes.register, async (call, parts) => {
  const { body, request, reply } = call
  const { accounts, config } = parts
  assertSafeTransport(request, config)
  await call.repeatIfKept()
  assertStrong(body.password, body.email)
  const attempt = { address: request.ip }
  await accounts.attempts.count(attempt)
  const ticket = await admit(call, parts)
  const hash = await accounts.passwords.hash(body.password)
  const userId = uuidv7()
  let opened: Opened | undefined
  const answer = await call.write(
    async (tx) => {
      const user = await makeUser(tx, parts, call, userId, ticket)
      await setPassword(tx, userId, hash, user.created_at)
      opened = await openSignIn(tx, parts, user, request, body.session)
      return opened.answer
    },
    { as: userId, target: userId },
  )
  if (ticket.role === 'owner') await accounts.setup.close()
  await accounts.attempts.succeeded(attempt)
  accounts.knownBrowsers.remember(request, reply, body.email)
  if (opened?.cookie) setSessionCookie(request, reply, opened.cookie)
  return answer
})

async function admit({ body, request }: RegisterCall, { accounts, config, db, clock }: Parts): Promise<Ticket> {
  if (await accounts.setup.needsOwner()) {
    if (accounts.setup.mayCreateOwner(request, body.setup_token)) return { role: 'owner' }
    throw new Problem('setup_link_required')
  }
  if (config.SIGNUP === 'closed') throw new Problem('signup_closed')
  if (body.invite === undefined) return admitWithoutInvite(config)
  const invite = await findInvite(db.lookup, hashToken(body.invite))
  if (!invite || invite.used_at || invite.expires_at.getTime() <= clock.now()) throw new Problem('invite_invalid')
  return { role: invite.role, invite }
}

function admitWithoutInvite(config: Config): Ticket {
  if (config.SIGNUP === 'open') return { role: 'member' }
  throw new Problem('invite_required')
}

async function makeUser(
  tx: Write,
  { clock, accounts, config }: Parts,
  { body }: RegisterCall,
  userId: string,
  { role, invite }: Ticket,
): Promise<UserRow> {
  const now = new Date(clock.now())
  if (invite) {
    await become(tx, { userId: invite.user_id })
    if (!(await useInvite(tx, invite.user_id, invite.invite_id, userId, now))) throw new Problem('invite_invalid')
    await become(tx, { userId })
  }
  const user = await insertUser(tx, {
    user_id: userId,
    email: body.email,
    role,
    display_name: body.display_name ?? null,
    time_zone: body.time_zone ?? 'UTC',
    created_at: now,
  })
  if (user) return user
  // Somebody else became the owner a moment ago: what is left is what SIGNUP says.
  if (role === 'owner' && !(await accounts.setup.needsOwner()))
    throw new Problem(config.SIGNUP === 'closed' ? 'signup_closed' : 'invite_required')
  throw new Problem('email_taken')
}
