import { z } from 'zod'
import type { OAuth2 } from '../kit/auth.ts'
import type { ProviderHttp } from '../kit/http.ts'
import type { ProviderAccount } from '../kit/provider.ts'
import { readAnswer } from '../kit/read-answer.ts'

export const auth = {
  kind: 'oauth2',
  authorizeUrl: 'https://cloud.ouraring.com/oauth/authorize',
  tokenUrl: 'https://api.ouraring.com/oauth/token',
  scopes: {
    daily: {
      words: {
        en: 'Sleep, activity and readiness of each day',
        de: 'Schlaf, Aktivität und Bereitschaft jedes Tages',
        fr: 'Sommeil, activité et forme de chaque jour',
      },
    },
    heartrate: {
      words: { en: 'Heart rate through the day', de: 'Puls über den Tag', fr: 'Fréquence cardiaque au fil du jour' },
      optional: true,
    },
    workout: { words: { en: 'Workouts', de: 'Trainings', fr: 'Entraînements' }, optional: true },
    session: {
      words: {
        en: 'Moments of breathing and meditation',
        de: 'Atemübungen und Meditationen',
        fr: 'Moments de respiration et de méditation',
      },
      optional: true,
    },
    spo2Daily: {
      words: { en: 'Blood oxygen at night', de: 'Blutsauerstoff in der Nacht', fr: 'Oxygène du sang la nuit' },
      optional: true,
    },
    tag: {
      words: { en: 'Your tags', de: 'Deine Tags', fr: 'Vos tags' },
      optional: true,
    },
    personal: {
      words: {
        en: 'Age, sex, height and weight',
        de: 'Alter, Geschlecht, Größe und Gewicht',
        fr: 'Âge, sexe, taille et poids',
      },
      optional: true,
    },
  },
  pkce: false,
  client: 'body',
  // People may untick scopes on Oura's page.
  scopesOfRedirect: (parameters) =>
    parameters
      .get('scope')
      ?.split(/[\s+]+/)
      .filter(Boolean),
  refreshToken: 'rotates', // single use: the old one used again loses the account
  accessSeconds: 86_400,
} as const satisfies OAuth2

/** Any token may ask who it is; what of it is there depends on the scopes. */
export async function account(http: ProviderHttp): Promise<ProviderAccount> {
  const { body } = await http.get('/v2/usercollection/personal_info')
  const { id, ...profile } = readAnswer(z.looseObject({ id: z.string() }), body)
  return { account: id, profile }
}

/** Oura's page shows GET, others POST: both are seen. */
export async function leave(http: ProviderHttp, { accessToken }: { accessToken: string }): Promise<void> {
  const options = { query: { access_token: accessToken }, withoutToken: true } as const
  const { status } = await http.post('/oauth/revoke', { form: {} }, { ...options, expects: [404, 405] })
  if (status === 404 || status === 405) await http.get('/oauth/revoke', undefined, options)
}
