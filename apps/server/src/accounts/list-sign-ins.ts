import { routes } from '@tributary/protocol'
import { handle } from '../platform/http/handle.ts'
import { signInIsOver } from './sign-in-life.ts'
import { listLiveSignIns } from './sign-ins.queries.ts'

export const listSignIns = handle(routes.listSignIns, async (call, { clock }) => {
  const { userId, signInId } = call.caller
  const now = clock.now()
  const rows = await call.read((tx) => listLiveSignIns(tx, userId, new Date(now)))
  const items = rows
    .filter((row) => !signInIsOver({ ...row, disabled_at: null }, now))
    .map((row) => ({
      sign_in_id: row.sign_in_id,
      created_at: row.created_at.toISOString(),
      last_used_at: row.last_used_at.toISOString(),
      address: row.address,
      user_agent: row.user_agent,
      kind: row.kind,
      current: row.sign_in_id === signInId,
    }))
  return { items, next_cursor: null }
})
