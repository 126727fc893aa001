import { routes } from '@tributary/protocol'
import type { Parts } from '../parts.ts'
import type { Write } from '../platform/db/database.ts'
import { insertAudit } from '../platform/http/audit.queries.ts'
import type { Call } from '../platform/http/call.ts'
import { handle } from '../platform/http/handle.ts'
import { must } from '../platform/must.ts'
import { Problem } from '../platform/problem.ts'
import { hashToken } from '../platform/tokens.ts'
import { findRefreshToken } from './lookups.queries.ts'
import { makeTokens, type SignedInAnswer } from './open-sign-in.ts'
import { endSignIn, lockSignIn, touchSignIn, useRefreshToken } from './sign-ins.queries.ts'
import { findUser } from './users.queries.ts'

type RefreshCall = Call<typeof routes.refresh>
type Family = { user_id: string; sign_in_id: string }

export const refresh = handle(routes.refresh, async (call, parts) => {
  const hash = hashToken(call.body.refresh_token)
  const family = await findRefreshToken(parts.db.lookup, hash)
  if (!family) throw new Problem('token_invalid')
  const { user_id: as, sign_in_id: target } = family
  try {
    return await call.write((tx) => rotate(tx, parts, family, hash), { as, target })
  } catch (error) {
    if (error instanceof Problem && error.code === 'refresh_token_reused') await endFamily(call, parts, family)
    throw error
  }
})

async function rotate(tx: Write, parts: Parts, family: Family, hash: Buffer): Promise<SignedInAnswer> {
  const { user_id: userId, sign_in_id: signInId } = family
  const now = new Date(parts.clock.now())
  const signIn = must(await lockSignIn(tx, userId, signInId), 'a refresh token belongs to a sign-in')
  const token = await useRefreshToken(tx, userId, hash, now)
  if (!token) throw new Problem('refresh_token_reused')
  const user = must(await findUser(tx, userId), 'a sign-in belongs to a person')
  if (signIn.ended_at || user.disabled_at || signIn.expires_at <= now || token.expires_at <= now)
    throw new Problem('token_invalid', 'This sign-in has ended')
  await touchSignIn(tx, userId, signInId, now)
  return makeTokens(tx, parts, user, signInId, signIn.expires_at.getTime())
}

/** Whoever was second, one of the two is not the person: nobody goes on with this sign-in. */
async function endFamily(call: RefreshCall, { db, clock, accounts }: Parts, family: Family): Promise<void> {
  const { user_id: userId, sign_in_id: signInId } = family
  await db.write({ userId }, async (tx) => {
    await endSignIn(tx, userId, signInId, 'reuse', new Date(clock.now()))
    await insertAudit(tx, call.auditEntry(userId, 'refresh_token_reused', signInId))
  })
  accounts.authenticator.forget((caller) => caller.signInId === signInId)
}
