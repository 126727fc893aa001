/** A person's connections as they see them. */
import { routes } from '@tributary/protocol'
import { handle } from '../platform/http/handle.ts'
import { Problem } from '../platform/problem.ts'
import { providersSeenBy } from './connect-sessions.ts'
import { findConnection, listConnections as listRows } from './connections.queries.ts'
import { languageOf } from './language.ts'
import { providerCalled } from './provider-called.ts'
import { connectionView, findBeside, showConnection } from './show-connection.ts'

export const listConnections = handle(routes.listConnections, async (call) => {
  const { userId } = call.caller
  const language = languageOf(call.query.language, call.request.headers['accept-language'])
  return call.read(async (tx) => {
    const isSeen = await providersSeenBy(tx, call.caller)
    const beside = await findBeside(tx, userId)
    const rows = (await listRows(tx, userId)).filter(({ provider }) => isSeen(provider))
    return rows.map((row) => connectionView(row, beside, language))
  })
})

export const getConnection = handle(routes.getConnection, async (call) => {
  const { userId } = call.caller
  const language = languageOf(call.query.language, call.request.headers['accept-language'])
  return call.read(async (tx) => {
    const row = await findConnection(tx, userId, call.params.connection_id)
    const isSeen = await providersSeenBy(tx, call.caller)
    if (!row || row.status === 'ended' || !isSeen(row.provider)) throw new Problem('not_found')
    return showConnection(tx, row, language)
  })
})

/** The oldest active one, else the oldest: a new sign-in is what it needs then. */
export const getConnectionOfProvider = handle(routes.getConnectionOfProvider, async (call) => {
  const { userId } = call.caller
  const { id } = providerCalled(call.params.provider)
  const language = languageOf(call.query.language, call.request.headers['accept-language'])
  return call.read(async (tx) => {
    if (!(await providersSeenBy(tx, call.caller))(id)) throw new Problem('not_found')
    const beside = await findBeside(tx, userId)
    const all = (await listRows(tx, userId, id)).map((row) => connectionView(row, beside, language))
    if (call.query.all) return all
    const one = all.find(({ is_active }) => is_active) ?? all[0]
    if (!one) throw new Problem('not_found')
    return one
  })
})
