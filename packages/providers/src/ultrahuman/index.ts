import { z } from 'zod'
import type { OAuth2 } from '../kit/auth.ts'
import { defineProvider } from '../kit/provider.ts'
import { readAnswer } from '../kit/read-answer.ts'
import { metrics } from './metrics.ts'

const auth: OAuth2 = {
  kind: 'oauth2',
  authorizeUrl: 'https://auth.ultrahuman.com/authorise',
  tokenUrl: 'https://partner.ultrahuman.com/api/partners/oauth/token',
  scopes: {
    profile: { words: { en: 'Who you are', de: 'Wer du bist', fr: 'Qui vous êtes' } },
    ring_data: {
      words: {
        en: 'What your ring measures: heart rate, temperature, steps, sleep',
        de: 'Was dein Ring misst: Puls, Temperatur, Schritte, Schlaf',
        fr: 'Ce que mesure votre bague : fréquence cardiaque, température, pas, sommeil',
      },
    },
    cgm_data: {
      words: {
        en: 'What your glucose sensor measures',
        de: 'Was dein Glukosesensor misst',
        fr: 'Ce que mesure votre capteur de glucose',
      },
      optional: true,
    },
  },
  pkce: false,
  client: 'body',
  refreshToken: 'rotates', // not said: whatever comes back is kept
  accessSeconds: 604_800,
}

const user = z.object({ user_id: z.union([z.string(), z.number()]) })

export const ultrahuman = defineProvider({
  id: 'ultrahuman',
  name: 'Ultrahuman',
  makers: ['ultrahuman'],
  arrives: 'cloud',
  auth,
  access: {
    en: 'Register an app in Ultrahuman’s developer dashboard with an account that has a ring.',
    de: 'Registriere eine App in Ultrahumans Developer Dashboard, mit einem Konto, zu dem ein Ring gehört.',
    fr: 'Enregistrez une application dans le tableau de bord développeur d’Ultrahuman, avec un compte qui possède une bague.',
  },
  appUrl: 'https://vision.ultrahuman.com/developer',
  api: 'https://partner.ultrahuman.com',
  limits: [], // not published
  async account(http) {
    const { body } = await http.get('/api/partners/v1/user_data/user_info')
    const wrapped = z.object({ data: user }).safeParse(body)
    return { account: String((wrapped.success ? wrapped.data.data : readAnswer(user, body)).user_id), profile: {} }
  },
  feeds: { metrics },
})
