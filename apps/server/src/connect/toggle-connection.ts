import { routes } from '@tributary/protocol'
import { handle } from '../platform/http/handle.ts'
import { must } from '../platform/must.ts'
import { Problem } from '../platform/problem.ts'
import { findConnection, setPaused } from './connections.queries.ts'
import { languageOf } from './language.ts'
import { showConnection } from './show-connection.ts'

export const toggleConnection = handle(routes.toggleConnection, async (call, { clock, runner }) => {
  const { userId } = call.caller
  const { connection_id: id } = call.params
  const language = languageOf(undefined, call.request.headers['accept-language'])
  const answer = await call.write(async (tx) => {
    const row = await findConnection(tx, userId, id)
    if (!row || row.status === 'ended') throw new Problem('not_found')
    const isActive = call.body.is_active ?? row.paused_at !== null
    if (isActive !== (row.paused_at === null)) await setPaused(tx, userId, id, isActive ? null : new Date(clock.now()))
    return showConnection(tx, must(await findConnection(tx, userId, id), 'it was there in this transaction'), language)
  })
  runner.wake()
  return answer
})
