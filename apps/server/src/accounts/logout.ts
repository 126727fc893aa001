import { routes } from '@tributary/protocol'
import { handle } from '../platform/http/handle.ts'
import { must } from '../platform/must.ts'
import { clearSessionCookie } from './cookies.ts'
import { endSignIn } from './sign-ins.queries.ts'

export const logout = handle(routes.logout, async (call, { accounts, clock }) => {
  const { userId, signInId } = call.caller
  const ending = must(signInId, 'a person has a sign-in')
  await call.write(async (tx) => void (await endSignIn(tx, userId, ending, 'logout', new Date(clock.now()))), {
    target: ending,
  })
  accounts.authenticator.forget((caller) => caller.signInId === ending)
  clearSessionCookie(call.request, call.reply)
  return undefined
})
