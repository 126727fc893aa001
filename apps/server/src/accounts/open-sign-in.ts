/** What signing in makes: a row in the list of sign-ins, and either tokens or a browser's cookie. */
import type { accounts } from '@tributary/protocol'
import type { FastifyRequest } from 'fastify'
import { uuidv7 } from 'uuidv7'
import type { z } from 'zod'
import type { Parts } from '../parts.ts'
import type { Write } from '../platform/db/database.ts'
import { hashToken, makeToken } from '../platform/tokens.ts'
import { accessTokenSeconds } from './access-token.ts'
import { showUser } from './show.ts'
import { absoluteMs, idleMs } from './sign-in-life.ts'
import { forgetOldSignIns, insertRefreshToken, insertSignIn } from './sign-ins.queries.ts'
import type { UserRow } from './users.queries.ts'

export type SignedInAnswer = z.input<typeof accounts.SignedIn>

/** How long ended sign-ins and their refresh tokens are kept, so that a stolen token is still recognised. */
const keptAfterEndMs = 30 * 86_400_000

export interface Opened {
  answer: SignedInAnswer
  /** For the browser; never part of the answer. */
  cookie?: string
}

export async function openSignIn(
  tx: Write,
  parts: Parts,
  user: UserRow,
  request: FastifyRequest,
  session: 'tokens' | 'cookie',
): Promise<Opened> {
  const nowMs = parts.clock.now()
  const signInId = uuidv7()
  const cookie = session === 'cookie' ? makeToken('cookie') : undefined
  await forgetOldSignIns(tx, user.user_id, new Date(nowMs - keptAfterEndMs))
  await insertSignIn(tx, {
    user_id: user.user_id,
    sign_in_id: signInId,
    kind: session,
    cookie_hash: cookie ? hashToken(cookie) : null,
    address: request.ip,
    user_agent: request.headers['user-agent']?.slice(0, 300) ?? null,
    created_at: new Date(nowMs),
    expires_at: new Date(nowMs + absoluteMs),
  })
  if (!cookie) return { answer: await makeTokens(tx, parts, user, signInId, nowMs + absoluteMs) }
  return { answer: { user: showUser(user), token_type: 'bearer', expires_in: absoluteMs / 1_000 }, cookie }
}

/** An access token and the one refresh token that follows it. Each refresh buys thirty days more, up to the sign-in's end. */
export async function makeTokens(
  tx: Write,
  { clock, accounts }: Parts,
  user: UserRow,
  signInId: string,
  signInEndsMs: number,
): Promise<SignedInAnswer> {
  const nowMs = clock.now()
  const refreshToken = makeToken('refresh')
  await insertRefreshToken(tx, {
    user_id: user.user_id,
    sign_in_id: signInId,
    token_hash: hashToken(refreshToken),
    created_at: new Date(nowMs),
    expires_at: new Date(Math.min(nowMs + idleMs, signInEndsMs)),
  })
  return {
    user: showUser(user),
    access_token: await accounts.accessTokens.make(user.user_id, signInId),
    refresh_token: refreshToken,
    token_type: 'bearer',
    expires_in: accessTokenSeconds,
  }
}
