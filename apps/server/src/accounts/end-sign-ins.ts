import { routes } from '@tributary/protocol'
import { handle } from '../platform/http/handle.ts'
import { must } from '../platform/must.ts'
import { Problem } from '../platform/problem.ts'
import { endAllSignIns, endSignIn } from './sign-ins.queries.ts'

/** With an id that one, without one all but the one that asks. */
export const endSignIns = handle(routes.endSignIns, async (call, { accounts, clock }) => {
  const { userId, signInId } = call.caller
  const own = must(signInId, 'a person has a sign-in')
  const { sign_in_id: one } = call.query
  const now = new Date(clock.now())
  const answer = await call.write(
    async (tx) => {
      if (!one) return { ended: await endAllSignIns(tx, userId, 'ended', now, own) }
      const ended = await endSignIn(tx, userId, one, 'ended', now)
      if (!ended) throw new Problem('not_found')
      return { ended }
    },
    { target: one ?? userId },
  )
  accounts.authenticator.forget((caller) =>
    one ? caller.signInId === one : caller.kind === 'person' && caller.userId === userId && caller.signInId !== own,
  )
  return answer
})
