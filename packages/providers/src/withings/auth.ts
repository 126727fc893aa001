import { z } from 'zod'
import type { AppKeys, OAuth2, TokenAnswer } from '../kit/auth.ts'
import { BadAnswer } from '../kit/errors.ts'
import type { ProviderHttp } from '../kit/http.ts'
import { hmac } from '../kit/proof.ts'
import { readAnswer } from '../kit/read-answer.ts'
import { membersOf, readTokenAnswer } from '../kit/token-answer.ts'
import { call } from './call.ts'
import { refusedPart } from './statuses.ts'

export const auth = {
  kind: 'oauth2',
  authorizeUrl: 'https://account.withings.com/oauth2_user/authorize2',
  tokenUrl: 'https://wbsapi.withings.net/v2/oauth2',
  scopes: {
    'user.info': {
      words: {
        en: 'Your profile and your devices',
        de: 'Dein Profil und deine Geräte',
        fr: 'Votre profil et vos appareils',
      },
    },
    'user.metrics': {
      words: {
        en: 'Weight, blood pressure, temperature, oxygen and ECG',
        de: 'Gewicht, Blutdruck, Temperatur, Sauerstoff und EKG',
        fr: 'Poids, tension, température, oxygène et ECG',
      },
    },
    'user.activity': {
      words: {
        en: 'Steps, workouts and sleep',
        de: 'Schritte, Trainings und Schlaf',
        fr: 'Pas, entraînements et sommeil',
      },
    },
    'user.sleepevents': {
      words: {
        en: 'When you lie down and get up',
        de: 'Wann du dich hinlegst und aufstehst',
        fr: 'Vos heures de coucher et de lever',
      },
      optional: true,
    },
  },
  scopeSeparator: ',', // RFC 6749 says a space
  pkce: false,
  client: 'body',
  tokenParameters: () => ({ action: 'requesttoken' }),
  readToken,
  refusesGrant: (_status, answer) => refusedPart(answer) === 'grant',
  refusesApp: (_status, answer) => refusedPart(answer) === 'app',
  refreshToken: 'rotates', // the old one dies with the first use of the new access token
  accessSeconds: 10_800,
  refreshSeconds: 365 * 86_400,
} as const satisfies OAuth2

/** `{"status":0,"body":{…}}`; HTTP says 200 for a refused grant too. */
function readToken(answer: unknown): TokenAnswer {
  const { status, body } = membersOf(answer)
  if (status !== 0) throw new BadAnswer(`Withings gave no token: its status is ${Number(status)}`)
  const { userid, scope } = membersOf(body)
  return {
    ...readTokenAnswer(body),
    ...(userid === undefined ? {} : { account: String(userid) }),
    ...(typeof scope === 'string' ? { scopes: scope.split(/[\s,]+/).filter(Boolean) } : {}),
  }
}

/** Signed with a number that may be used once; it ends the person's notices too. */
export async function leave(
  http: ProviderHttp,
  { account }: { accessToken: string; account?: string },
  app: AppKeys,
  now = Date.now(),
): Promise<void> {
  const nonce = await nonceFor(http, app, now)
  const form = { client_id: app.clientId, nonce, signature: sign(app, 'revoke', nonce), userid: account }
  await call(http, '/v2/oauth2', 'revoke', form, { withoutToken: true })
}

/** Only who signs with the secret is given a number. */
export async function proveApp(http: ProviderHttp, app: AppKeys, now: number): Promise<void> {
  await nonceFor(http, app, now)
}

async function nonceFor(http: ProviderHttp, app: AppKeys, now: number): Promise<string> {
  const timestamp = String(Math.floor(now / 1_000))
  const ask = { client_id: app.clientId, timestamp, signature: sign(app, 'getnonce', timestamp) }
  const { nonce } = readAnswer(Nonce, await call(http, '/v2/signature', 'getnonce', ask, { withoutToken: true }))
  return nonce
}

const Nonce = z.object({ nonce: z.string().min(1) })

const sign = ({ clientId, clientSecret }: AppKeys, action: string, last: string) =>
  hmac('sha256', clientSecret, [action, clientId, last].join(','))
