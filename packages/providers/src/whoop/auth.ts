import { z } from 'zod'
import type { OAuth2 } from '../kit/auth.ts'
import type { ProviderHttp } from '../kit/http.ts'
import type { ProviderAccount } from '../kit/provider.ts'
import { readAnswer } from '../kit/read-answer.ts'

export const auth = {
  kind: 'oauth2',
  authorizeUrl: 'https://api.prod.whoop.com/oauth/oauth2/auth',
  tokenUrl: 'https://api.prod.whoop.com/oauth/oauth2/token',
  scopes: {
    'read:sleep': { words: { en: 'Your sleep', de: 'Dein Schlaf', fr: 'Votre sommeil' } },
    'read:recovery': {
      words: {
        en: 'Recovery, with resting heart rate and its variability',
        de: 'Erholung, mit Ruhepuls und seiner Variabilität',
        fr: 'La récupération, avec la fréquence au repos et sa variabilité',
      },
    },
    'read:cycles': {
      words: {
        en: 'Strain and energy of each day',
        de: 'Belastung und Energie jedes Tages',
        fr: 'L’effort et l’énergie de chaque jour',
      },
    },
    'read:workout': { words: { en: 'Your workouts', de: 'Deine Trainings', fr: 'Vos entraînements' } },
    'read:profile': { words: { en: 'Name and e-mail', de: 'Name und E-Mail', fr: 'Nom et e-mail' } },
    'read:body_measurement': {
      words: { en: 'Height and weight', de: 'Größe und Gewicht', fr: 'Taille et poids' },
      optional: true,
    },
    offline: {
      words: {
        en: 'To go on reading without a new sign-in each hour',
        de: 'Weiterlesen, ohne jede Stunde neu anzumelden',
        fr: 'Continuer à lire sans nouvelle connexion chaque heure',
      },
    },
  },
  pkce: false,
  client: 'body',
  // The grant has no refresh token in it unless each refresh asks for one.
  tokenParameters: (grant): Record<string, string> => (grant === 'refresh_token' ? { scope: 'offline' } : {}),
  refreshToken: 'rotates',
  accessSeconds: 3_600,
} as const satisfies OAuth2

export async function account(http: ProviderHttp): Promise<ProviderAccount> {
  const { body } = await http.get('/v2/user/profile/basic')
  const { user_id, ...profile } = readAnswer(z.looseObject({ user_id: z.number() }), body)
  return { account: String(user_id), profile }
}
