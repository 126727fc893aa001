import { z } from 'zod'
import type { OAuth2, TokenAnswer } from '../kit/auth.ts'
import type { ProviderHttp } from '../kit/http.ts'
import type { ProviderAccount } from '../kit/provider.ts'
import { readAnswer } from '../kit/read-answer.ts'
import { membersOf, readTokenAnswer } from '../kit/token-answer.ts'
import { accountData } from './account-data.ts'

export const auth = {
  kind: 'oauth2',
  authorizeUrl: 'https://auth.polar.com/oauth/authorize',
  tokenUrl: 'https://auth.polar.com/oauth/token',
  scopes: {
    'profile:read': {
      words: {
        en: 'Name, e-mail, weight and height',
        de: 'Name, E-Mail, Gewicht und Größe',
        fr: 'Nom, e-mail, poids et taille',
      },
    },
    'training_sessions:read': {
      words: {
        en: 'Your workouts, with their ways',
        de: 'Deine Trainings mit ihren Wegen',
        fr: 'Vos entraînements et leurs parcours',
      },
      optional: true,
    },
    'sports:read': {
      words: {
        en: 'Names of sports, without which workouts have none',
        de: 'Namen der Sportarten, ohne die Trainings keine haben',
        fr: 'Les noms des sports, sans lesquels les entraînements n’en ont pas',
      },
      optional: true,
    },
    'sleep:read': { words: { en: 'Your sleep', de: 'Dein Schlaf', fr: 'Votre sommeil' }, optional: true },
    'nightly_recharge:read': {
      words: {
        en: 'Nightly recharge, with heart rate variability',
        de: 'Erholung der Nacht mit der Variabilität des Pulses',
        fr: 'La récupération nocturne et la variabilité cardiaque',
      },
      optional: true,
    },
    'activity:read': {
      words: { en: 'Steps of the day', de: 'Schritte des Tages', fr: 'Les pas du jour' },
      optional: true,
    },
    'continuous_samples:read': {
      words: {
        en: 'Heart rate of the whole day',
        de: 'Puls des ganzen Tages',
        fr: 'La fréquence cardiaque de toute la journée',
      },
      optional: true,
    },
    'ppi_data:read': {
      words: { en: 'Every heart beat', de: 'Jeder Herzschlag', fr: 'Chaque battement du cœur' },
      optional: true,
    },
    'tests:read': { words: { en: 'Your tests', de: 'Deine Tests', fr: 'Vos tests' }, optional: true },
    'temperature_measurement:read': {
      words: { en: 'Temperature', de: 'Temperatur', fr: 'La température' },
      optional: true,
    },
    'devices:read': { words: { en: 'Your devices', de: 'Deine Geräte', fr: 'Vos appareils' }, optional: true },
  },
  pkce: false,
  client: 'basic',
  readToken(answer): TokenAnswer {
    const { scope, x_user_id: account } = membersOf(answer)
    return {
      ...readTokenAnswer(answer),
      ...(typeof scope === 'string' ? { scopes: scope.split(/\s+/).filter(Boolean) } : {}),
      ...(account === undefined ? {} : { account: String(account) }),
    }
  },
  refreshToken: 'rotates', // the old one is dead at once
  accessSeconds: 43_199,
} as const satisfies OAuth2

const Known = z.looseObject({ basicInfo: z.looseObject({ email: z.string().min(1) }) })

/** Polar's page names no id: the e-mail is one until some token brings the number that AccessLink v3 has too. */
export async function account(http: ProviderHttp, token?: TokenAnswer): Promise<ProviderAccount> {
  const data = await accountData(http)
  if (token?.account && !Known.safeParse(data).success) return { account: token.account, profile: {} }
  const { basicInfo } = readAnswer(Known, data)
  const email = basicInfo.email.toLowerCase()
  return token?.account
    ? { account: token.account, formerAccounts: [email], profile: basicInfo }
    : { account: email, profile: basicInfo }
}
