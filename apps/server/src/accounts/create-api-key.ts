import { routes } from '@tributary/protocol'
import { uuidv7 } from 'uuidv7'
import { handle } from '../platform/http/handle.ts'
import { Problem } from '../platform/problem.ts'
import { hashToken, makeToken } from '../platform/tokens.ts'
import { insertApiKey } from './api-keys.queries.ts'
import { showApiKey } from './show.ts'

/** The key's first characters, enough to recognise it by and useless otherwise. */
const prefixLength = 12

export const createApiKey = handle(routes.createApiKey, async (call, { clock }) => {
  const { body, caller } = call
  const missing = body.scopes.filter((scope) => !caller.scopes.has(scope))
  if (missing.length) throw new Problem('not_allowed', `You do not hold ${missing.join(', ')} yourself`)
  const now = clock.now()
  const expiresAt = body.expires_at ? new Date(body.expires_at) : null
  if (expiresAt && expiresAt.getTime() <= now)
    throw new Problem('invalid_request', '/expires_at: is in the past', {
      errors: [{ pointer: '/expires_at', code: 'in_the_past', detail: 'is in the past' }],
    })
  const key = makeToken('apiKey')
  const row = {
    api_key_id: uuidv7(),
    name: body.name,
    scopes: [...new Set(body.scopes)],
    prefix: key.slice(0, prefixLength),
    created_at: new Date(now),
    expires_at: expiresAt,
  }
  return call.write(
    async (tx) => {
      await insertApiKey(tx, { ...row, user_id: caller.userId, key_hash: hashToken(key) })
      return { ...showApiKey({ ...row, last_used_at: null }), api_key: key }
    },
    { target: row.api_key_id },
  )
})
