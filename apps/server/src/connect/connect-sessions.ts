/** For apps that embed the connect page: a token for a quarter of an hour, and a link to the page. */
import { routes } from '@tributary/protocol'
import { uuidv7 } from 'uuidv7'
import type { Read } from '../platform/db/database.ts'
import type { Caller } from '../platform/http/caller.ts'
import { handle } from '../platform/http/handle.ts'
import { must } from '../platform/must.ts'
import { Problem } from '../platform/problem.ts'
import { hashToken, makeToken } from '../platform/tokens.ts'
import { isPlaceToReturnTo, originOf } from './addresses.ts'
import { type ConnectSessionRow, findSessionById, insertSession } from './connect-sessions.queries.ts'
import { providerCalled } from './provider-called.ts'

const goodForMs = 900_000

const view = ({ expires_at, ...row }: ConnectSessionRow) => ({ ...row, expires_at: expires_at.toISOString() })

export const createConnectSession = handle(routes.createConnectSession, async (call, { clock, config }) => {
  const { body, caller } = call
  const ours = originOf(call.request, config)
  const allowedOrigins = [...new Set((body.allowed_origins ?? []).map(originGiven))]
  if (body.return_to !== undefined && !isPlaceToReturnTo(body.return_to, ours, allowedOrigins))
    throw new Problem('return_to_not_allowed', 'return_to is a path of ours or lies at one of allowed_origins')
  const now = clock.now()
  const token = makeToken('connect')
  const row: ConnectSessionRow = {
    connect_session_id: uuidv7(),
    providers: body.providers?.map((id) => providerCalled(id).id) ?? null,
    theme: body.theme ?? 'auto',
    language: body.language ?? null,
    return_to: body.return_to ?? null,
    allowed_origins: allowedOrigins,
    expires_at: new Date(now + goodForMs),
  }
  return call.write(
    async (tx) => {
      await insertSession(tx, {
        ...row,
        user_id: caller.userId,
        token_hash: hashToken(token),
        created_at: new Date(now),
      })
      // The token stands behind the #: it reaches no server's log and no Referer. The id tells who may frame the page.
      return { ...view(row), token, url: `${ours}/connect?session=${row.connect_session_id}#${token}` }
    },
    { target: row.connect_session_id },
  )
})

/** Scheme, host and port; whoever writes a path means something else. Plain HTTP is for developing on one's own machine. */
function originGiven(text: string): string {
  const url = new URL(text)
  // A host and nothing else: the list becomes a header of the page, where a star or a semicolon would say more than an origin.
  const isHost = /^(?:[a-z0-9-]+\.)*[a-z0-9-]+$|^\[[0-9a-f:.]+\]$/.test(url.hostname)
  const isLocal = url.hostname === 'localhost' || url.hostname === '127.0.0.1'
  const isSafe = url.protocol === 'https:' || (url.protocol === 'http:' && isLocal)
  if (isSafe && isHost && `${url.origin}/` === url.href) return url.origin
  throw new Problem('invalid_request', '/allowed_origins: takes https origins without a path', {
    errors: [{ pointer: '/allowed_origins', detail: 'takes https origins without a path' }],
  })
}

export const getConnectSession = handle(routes.getConnectSession, async (call) => {
  const { connectSessionId, userId } = call.caller
  if (!connectSessionId) throw new Problem('not_found', 'This takes the token of a connect session')
  return call.read(async (tx) =>
    view(must(await findSessionById(tx, userId, connectSessionId), 'its caller was found by it')),
  )
})

/** Which providers a caller may see anything of: those of their connect session, or all. */
export async function providersSeenBy(
  tx: Read,
  { connectSessionId, userId }: Caller,
): Promise<(provider: string) => boolean> {
  if (!connectSessionId) return () => true
  const { providers } = must(await findSessionById(tx, userId, connectSessionId), 'its caller was found by it')
  return (provider) => !providers || providers.includes(provider)
}
