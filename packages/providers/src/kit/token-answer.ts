/** RFC 6749's answer of a token endpoint, for providers whose answer is that and something more. */
import type { TokenAnswer } from './auth.ts'
import { BadAnswer } from './errors.ts'

/** Without scopes and account: whoever trusts what it says of them adds it. Throws `BadAnswer` for one without a token. */
export function readTokenAnswer(answer: unknown): TokenAnswer {
  const said = membersOf(answer)
  const { access_token: accessToken, refresh_token: refreshToken } = said
  if (typeof accessToken !== 'string' || !accessToken) throw new BadAnswer('the answer has no access token in it')
  const [expiresIn, refreshExpiresIn] = [Number(said['expires_in']), Number(said['refresh_token_expires_in'])]
  return {
    accessToken,
    ...(typeof refreshToken === 'string' && refreshToken ? { refreshToken } : {}),
    ...(expiresIn > 0 ? { expiresIn } : {}),
    ...(refreshExpiresIn > 0 ? { refreshExpiresIn } : {}),
  }
}

/** The members of what should be an object; none of anything else. */
export const membersOf = (value: unknown): Readonly<Record<string, unknown>> =>
  value !== null && typeof value === 'object' ? (value as Record<string, unknown>) : {}
