import { routes } from '@tributary/protocol'
import type { Parts } from '../parts.ts'
import { nobody } from '../platform/db/database.ts'
import { insertAudit } from '../platform/http/audit.queries.ts'
import type { Call } from '../platform/http/call.ts'
import { handle } from '../platform/http/handle.ts'
import { must } from '../platform/must.ts'
import { Problem } from '../platform/problem.ts'
import { setSessionCookie } from './cookies.ts'
import { type FoundPerson, findPerson } from './lookups.queries.ts'
import { type Opened, openSignIn } from './open-sign-in.ts'
import { assertSafeTransport } from './transport.ts'
import { findUser, isStillThePassword } from './users.queries.ts'

/** An unknown address, a wrong password and a closed account take the same steps and get the same answer. */
export const login = handle(routes.login, async (call, parts) => {
  const { body, request, reply } = call
  const { accounts, config, db } = parts
  assertSafeTransport(request, config)
  const browser = accounts.knownBrowsers.nameOf(request, body.email)
  const attempt = { account: body.email, address: request.ip, browser }
  await accounts.attempts.count(attempt)
  const person = await findPerson(db.lookup, body.email)
  const kept = person && !person.disabled_at ? person.secret_hash : null
  if (!(await accounts.passwords.verify(body.password, kept)) || !person || kept === null)
    return refuse(call, parts, person)
  await accounts.attempts.succeeded(attempt)
  const userId = person.user_id
  let opened: Opened | undefined
  const answer = await call.write(
    async (tx) => {
      if (!(await isStillThePassword(tx, userId, kept))) throw new Problem('credentials_wrong')
      const user = must(await findUser(tx, userId), 'a person who was found is there')
      opened = await openSignIn(tx, parts, user, request, body.session)
      return opened.answer
    },
    { as: userId, target: userId },
  )
  accounts.knownBrowsers.remember(request, reply, body.email)
  if (opened?.cookie) setSessionCookie(request, reply, opened.cookie)
  return answer
})

async function refuse(call: Call<typeof routes.login>, { db }: Parts, person: FoundPerson | undefined): Promise<never> {
  const userId = person?.user_id ?? nobody
  await db.write({ userId }, (tx) => insertAudit(tx, call.auditEntry(userId, 'credentials_wrong')))
  throw new Problem('credentials_wrong')
}
