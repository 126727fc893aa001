import { routes } from '@tributary/protocol'
import { handle } from '../platform/http/handle.ts'
import { Problem } from '../platform/problem.ts'
import { makeInvite } from './make-invite.ts'
import { showInvite } from './show.ts'

export const createInvite = handle(routes.createInvite, async (call, { clock, config }) => {
  const { body, caller, request } = call
  if (body.role === 'admin' && caller.role !== 'owner')
    throw new Problem('not_allowed', 'Only the owner can invite an admin')
  const origin = config.PUBLIC_URL?.replace(/\/+$/, '') ?? `${request.protocol}://${request.host}`
  return call.write(async (tx) => {
    const { row, code } = await makeInvite(tx, caller.userId, {
      role: body.role,
      note: body.note || null,
      nowMs: clock.now(),
    })
    return { ...showInvite(row), invite: code, url: `${origin}/register?invite=${code}` }
  })
})
