import { routes } from '@tributary/protocol'
import { handle } from '../platform/http/handle.ts'
import { listKeys } from './api-keys.queries.ts'
import { showApiKey } from './show.ts'

export const listApiKeys = handle(routes.listApiKeys, async (call) => {
  const rows = await call.read((tx) => listKeys(tx, call.caller.userId))
  return { items: rows.map(showApiKey), next_cursor: null }
})
