import { routes } from '@tributary/protocol'
import { handle } from '../platform/http/handle.ts'
import { must } from '../platform/must.ts'
import { Problem } from '../platform/problem.ts'
import { assertStrong } from './password/strength.ts'
import { endAllSignIns } from './sign-ins.queries.ts'
import { assertSafeTransport } from './transport.ts'
import { findPasswordHash, findUser, setPassword } from './users.queries.ts'

/** Whoever knew the old password is out: every other sign-in ends with it. */
export const changePassword = handle(routes.changePassword, async (call, { accounts, clock, config }) => {
  const { body, request } = call
  const { userId, signInId } = call.caller
  assertSafeTransport(request, config)
  await call.repeatIfKept()
  // A found, unlocked phone must not become a place to guess from; its own count keeps strangers' guesses out of it.
  const attempt = { account: userId, address: request.ip, browser: 'password change' }
  await accounts.attempts.count(attempt)
  const [kept, user] = await call.read(async (tx) => [await findPasswordHash(tx, userId), await findUser(tx, userId)])
  if (!(await accounts.passwords.verify(body.current_password, kept))) throw new Problem('credentials_wrong')
  await accounts.attempts.succeeded(attempt)
  assertStrong(body.new_password, must(user, 'a caller is a person').email)
  const hash = await accounts.passwords.hash(body.new_password)
  const now = new Date(clock.now())
  await call.write(
    async (tx) => {
      await setPassword(tx, userId, hash, now)
      await endAllSignIns(tx, userId, 'password', now, signInId)
    },
    { target: userId },
  )
  accounts.authenticator.forget(
    (caller) => caller.kind === 'person' && caller.userId === userId && caller.signInId !== signInId,
  )
  return undefined
})
