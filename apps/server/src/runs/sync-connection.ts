import { routes } from '@tributary/protocol'
import { handle } from '../platform/http/handle.ts'
import { askRunOf } from './ask-run-of.ts'

export const syncConnection = handle(routes.syncConnection, async (call, { runner }) => {
  const answer = await call.write((tx) => askRunOf(tx, call.caller.userId, call.params.connection_id, 'manual'))
  runner.wake()
  return answer
})

export const replayConnection = handle(routes.replayConnection, async (call, { runner }) => {
  const answer = await call.write((tx) => askRunOf(tx, call.caller.userId, call.params.connection_id, 'retry'))
  runner.wake()
  return answer
})
