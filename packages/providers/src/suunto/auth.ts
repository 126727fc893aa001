import type { OAuth2, TokenAnswer } from '../kit/auth.ts'
import { BadAnswer } from '../kit/errors.ts'
import { parseJson } from '../kit/parse-json.ts'
import { membersOf, readTokenAnswer } from '../kit/token-answer.ts'

export const auth: OAuth2 = {
  kind: 'oauth2',
  authorizeUrl: 'https://cloudapi-oauth.suunto.com/oauth/authorize',
  tokenUrl: 'https://cloudapi-oauth.suunto.com/oauth/token',
  scopes: {
    workout: {
      words: {
        en: 'Workouts, sleep, recovery and daily activity',
        de: 'Trainings, Schlaf, Erholung und Alltagsaktivität',
        fr: 'Entraînements, sommeil, récupération et activité quotidienne',
      },
    },
  },
  pkce: false,
  client: 'basic',
  readToken,
  refreshToken: 'rotates',
  refusedHours: 6, // in July 2026 an outage answered `invalid_grant` for good tokens
  accessSeconds: 86_400,
}

/** The account's name is what notices carry. It can be changed; `sub` of the token cannot, and is kept beside it. */
function readToken(answer: unknown): TokenAnswer {
  const token = readTokenAnswer(answer)
  const claims = claimsOf(token.accessToken)
  const user = membersOf(answer)['user'] ?? claims['user']
  if (typeof user !== 'string' || !user) throw new BadAnswer('the answer does not say whose account it is')
  const sub = claims['sub']
  return { ...token, account: user, profile: { user, ...(typeof sub === 'string' ? { sub } : {}) } }
}

/** What a JWT says of itself; nothing is proved by it, it came from Suunto over TLS. */
function claimsOf(jwt: string): Readonly<Record<string, unknown>> {
  try {
    return membersOf(parseJson(Buffer.from(jwt.split('.')[1] ?? '', 'base64url').toString()))
  } catch {
    return {} // an opaque token, which it may become: the answer itself names the account
  }
}
