import { routes } from '@tributary/protocol'
import { handle } from '../platform/http/handle.ts'
import { listInvitesOf } from './invites.queries.ts'
import { showInvite } from './show.ts'

/** One's own invites: another admin's are theirs. */
export const listInvites = handle(routes.listInvites, async (call) => {
  const used = call.query.used === undefined ? null : call.query.used === 'true'
  const rows = await call.read((tx) => listInvitesOf(tx, call.caller.userId, used))
  return { items: rows.map(showInvite), next_cursor: null }
})
