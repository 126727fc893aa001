import { routes } from '@tributary/protocol'
import { handle } from '../platform/http/handle.ts'
import { disconnect } from './disconnect.ts'

export const deleteConnection = handle(routes.deleteConnection, async (call, parts) => {
  await call.repeatIfKept()
  return disconnect(call, parts, call.params.connection_id)
})
