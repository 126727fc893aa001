/** Devices that are connected by their own API: each is a connection, and a definition beside it. */
import { type AnswerOf, type Routes, routes } from '@tributary/protocol'
import type { CustomDefinition } from '@tributary/providers/custom'
import { uuidv7 } from 'uuidv7'
import { isUuid, readCursor, writeCursor } from '../platform/http/cursor.ts'
import { handle } from '../platform/http/handle.ts'
import { must } from '../platform/must.ts'
import { Problem } from '../platform/problem.ts'
import { askConnectionRun } from '../platform/runs/ask-run.queries.ts'
import { addFeeds } from './connections.queries.ts'
import {
  type CustomApiRow,
  findCustomApi,
  forgetFeedsBut,
  holdIdle,
  insertCustomApi,
  listCustomApiRows,
  updateDefinition,
} from './custom-apis.queries.ts'
import { inOrder, readDefinition, unchangedFeeds, wantsNewCredentials } from './custom-definition.ts'
import { disconnect } from './disconnect.ts'
import { type SignedIn, saveConnection } from './save-connection.ts'
import { takeCredentials } from './take-credentials.ts'

export const createCustomApi = handle(routes.createCustomApi, async (call, { connect, clock, runner }) => {
  const { userId } = call.caller
  const { definition, provider, auth } = readDefinition(call.body.definition)
  const credentials = takeCredentials(auth, call.body.credentials ?? {})
  const answer = await call.write(
    async (tx) => {
      const customApiId = uuidv7()
      await insertCustomApi(tx, { userId, customApiId, connectionId: uuidv7(), definition })
      const signedIn = signedInTo(customApiId, definition, credentials)
      await saveConnection(tx, connect.vault, { userId, provider, signedIn, at: new Date(clock.now()) })
      return customApiView(must(await findCustomApi(tx, userId, customApiId), 'what was just written is there'))
    },
    { target: 'custom' },
  )
  runner.wake()
  return answer
})

export const listCustomApis = handle(routes.listCustomApis, async (call) => {
  const { limit, cursor } = call.query
  const [before = null] = cursor ? readCursor(cursor, isUuid) : []
  const rows = await call.read((tx) => listCustomApiRows(tx, call.caller.userId, { before, limit: limit + 1 }))
  const items = rows.slice(0, limit)
  const last = items.at(-1)
  return {
    items: items.map(customApiView),
    next_cursor: rows.length > limit && last ? writeCursor([last.custom_api_id]) : null,
  }
})

export const getCustomApi = handle(routes.getCustomApi, (call) =>
  call.read(async (tx) => {
    const row = await findCustomApi(tx, call.caller.userId, call.params.custom_api_id)
    if (!row || row.status === 'ended') throw new Problem('not_found')
    return customApiView(row)
  }),
)

export const putCustomApi = handle(routes.putCustomApi, async (call, { connect, clock, runner }) => {
  const { userId } = call.caller
  const { custom_api_id: id } = call.params
  const { definition, provider, auth } = readDefinition(call.body.definition)
  const given = call.body.credentials && takeCredentials(auth, call.body.credentials)
  const answer = await call.write(async (tx) => {
    const row = await findCustomApi(tx, userId, id)
    if (!row || row.status === 'ended') throw new Problem('not_found')
    const { connection_id: connectionId } = row
    if (!(await holdIdle(tx, userId, connectionId)))
      throw new Problem('busy', 'A sync of it is under way', { retryAfterSeconds: 5 })
    const credentials = given ?? (wantsNewCredentials(row.definition, definition) ? takeCredentials(auth, {}) : null)
    await updateDefinition(tx, userId, id, definition)
    await forgetFeedsBut(tx, userId, connectionId, unchangedFeeds(row.definition, definition))
    if (credentials) {
      const signedIn = signedInTo(id, definition, credentials)
      await saveConnection(tx, connect.vault, { userId, provider, signedIn, at: new Date(clock.now()) })
    } else {
      await addFeeds(tx, userId, connectionId, Object.keys(provider.feeds))
      if (row.status === 'active')
        await askConnectionRun(tx, { userId, connectionId, provider: provider.id, trigger: 'automatic' })
    }
    return customApiView(must(await findCustomApi(tx, userId, id), 'it was there in this transaction'))
  })
  runner.wake()
  return answer
})

export const deleteCustomApi = handle(routes.deleteCustomApi, async (call, parts) => {
  await call.repeatIfKept()
  const row = await call.read((tx) => findCustomApi(tx, call.caller.userId, call.params.custom_api_id))
  if (!row) throw new Problem('not_found')
  return disconnect(call, parts, row.connection_id)
})

const signedInTo = (
  account: string,
  { base_url }: CustomDefinition,
  credentials: Readonly<Record<string, string>>,
): SignedIn => ({
  authKind: 'key',
  account,
  former: [],
  profile: { name: new URL(base_url).host },
  scopes: [],
  region: null,
  isDemo: false,
  credentials,
})

const customApiView = (row: CustomApiRow): AnswerOf<Routes['getCustomApi']> => ({
  custom_api_id: row.custom_api_id,
  name: row.definition.name,
  connection_id: row.connection_id,
  short_id: row.short_id,
  status: row.status,
  definition: inOrder(row.definition),
  created_at: row.created_at.toISOString(),
  updated_at: row.updated_at.toISOString(),
})
