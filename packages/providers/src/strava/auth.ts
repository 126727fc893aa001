import type { AppKeys, OAuth2, TokenAnswer } from '../kit/auth.ts'
import type { ProviderHttp } from '../kit/http.ts'
import { membersOf, readTokenAnswer } from '../kit/token-answer.ts'

export const auth = {
  kind: 'oauth2',
  authorizeUrl: 'https://www.strava.com/oauth/authorize',
  tokenUrl: 'https://www.strava.com/oauth/token',
  scopes: {
    read: {
      words: {
        en: 'Your public profile',
        de: 'Dein öffentliches Profil',
        fr: 'Votre profil public',
      },
    },
    'activity:read': {
      words: {
        en: 'Activities that everyone or your followers can see, without the ends that you hide',
        de: 'Aktivitäten, die alle oder deine Follower sehen, ohne die Enden, die du verbirgst',
        fr: 'Les activités visibles par tous ou par vos abonnés, sans les extrémités que vous masquez',
      },
    },
    'activity:read_all': {
      words: {
        en: 'All your activities, with those that only you can see and their whole way',
        de: 'Alle deine Aktivitäten, auch die nur für dich sichtbaren, mit dem ganzen Weg',
        fr: 'Toutes vos activités, même celles visibles par vous seul, avec le parcours entier',
      },
      optional: true,
    },
    read_all: {
      words: {
        en: 'All your routes, with those that only you can see',
        de: 'Alle deine Routen, auch die nur für dich sichtbaren',
        fr: 'Tous vos itinéraires, même ceux visibles par vous seul',
      },
      optional: true,
    },
    'profile:read_all': {
      words: {
        en: 'Your whole profile: weight, zones, bikes and shoes',
        de: 'Dein ganzes Profil: Gewicht, Zonen, Räder und Schuhe',
        fr: 'Votre profil entier : poids, zones, vélos et chaussures',
      },
      optional: true,
    },
  },
  scopeSeparator: ',', // RFC 6749 says a space
  pkce: false,
  client: 'body',
  authorizeParameters: { approval_prompt: 'auto' },
  // People may untick scopes on Strava's page, and only the redirect tells which are left.
  scopesOfRedirect: (parameters) => parameters.get('scope')?.split(',').filter(Boolean),
  readToken,
  refusesGrant,
  refusesApp,
  refreshToken: 'rotates', // the previous one is dead at once
  accessSeconds: 21_600,
} as const satisfies OAuth2

/** The first answer tells who it is; refreshed ones do not. */
function readToken(answer: unknown): TokenAnswer {
  const { id, resource_state: _, ...profile } = membersOf(membersOf(answer)['athlete'])
  return { ...readTokenAnswer(answer), ...(id === undefined ? {} : { account: String(id), profile }) }
}

/** Strava says no `invalid_grant`: its errors have the one shape of its API, and those of a grant name the thing that is no good. */
function refusesGrant(status: number, answer: unknown): boolean {
  return isInvalid(status, answer, ({ field }) => field === 'refresh_token' || field === 'code' || field === 'grant')
}

/** Says nothing of the grant. */
function refusesApp(status: number, answer: unknown): boolean {
  return isInvalid(status, answer, ({ resource, field }) => resource === 'Application' || field === 'client_id')
}

function isInvalid(
  status: number,
  answer: unknown,
  isOf: (error: Readonly<Record<string, unknown>>) => boolean,
): boolean {
  const { errors } = membersOf(answer)
  if ((status !== 400 && status !== 401) || !Array.isArray(errors)) return false
  return errors.map(membersOf).some((error) => error['code'] === 'invalid' && isOf(error))
}

/** Both tokens: RFC 7009 lets a server keep the one when only the other is revoked. */
export async function leave(
  http: ProviderHttp,
  { accessToken, refreshToken }: { accessToken: string; refreshToken?: string },
  { clientId, clientSecret }: AppKeys,
): Promise<void> {
  const authorization = `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString('base64')}`
  const revoke = (token: string, token_type_hint: string) =>
    http.post(
      'https://www.strava.com/oauth/revoke',
      { form: { token, token_type_hint } },
      { headers: { authorization }, withoutToken: true },
    )
  if (refreshToken) await revoke(refreshToken, 'refresh_token')
  await revoke(accessToken, 'access_token')
}
