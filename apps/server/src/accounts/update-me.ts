import { routes } from '@tributary/protocol'
import { handle } from '../platform/http/handle.ts'
import { must } from '../platform/must.ts'
import { Problem } from '../platform/problem.ts'
import { showUser } from './show.ts'
import { type UserChange, updateUser } from './users.queries.ts'

/** Only the keys that were given change; the contract has refused all others. */
export const updateMe = handle(routes.updateMe, async (call, { clock }) => {
  const { userId } = call.caller
  if ((call.body.birth_on ?? '') > today(clock.now()))
    throw new Problem('invalid_request', '/birth_on: lies in the future', {
      errors: [{ pointer: '/birth_on', code: 'in_the_future', detail: 'lies in the future' }],
    })
  return call.write(
    async (tx) => showUser(must(await updateUser(tx, userId, call.body as UserChange), 'a caller is a person')),
    { target: userId },
  )
})

/** The latest date anywhere on earth, which is 14 hours ahead of UTC at most. */
const today = (now: number): string => new Date(now + 14 * 3_600_000).toISOString().slice(0, 10)
