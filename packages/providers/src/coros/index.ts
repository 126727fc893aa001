import { z } from 'zod'
import { ProviderError } from '../kit/errors.ts'
import { defineProvider } from '../kit/provider.ts'
import { readAnswer } from '../kit/read-answer.ts'
import { auth } from './auth.ts'
import { daily } from './daily.ts'
import { dataOf, isTokenEnded } from './envelope.ts'
import { webhook } from './webhook.ts'
import { workouts } from './workouts.ts'

export const coros = defineProvider({
  id: 'coros',
  name: 'COROS',
  makers: ['coros'],
  arrives: 'cloud',
  auth,
  access: {
    en: 'COROS gives access to partners who apply for it (free, by a form). It tells the last three months only; what is older, import as FIT files.',
    de: 'COROS gibt Partnern Zugang, die ihn beantragen (kostenlos, per Formular). Es gibt nur die letzten drei Monate her; Älteres importierst du als FIT-Dateien.',
    fr: 'COROS ouvre l’accès aux partenaires qui en font la demande (gratuite, par formulaire). Il ne donne que les trois derniers mois ; importez le reste en fichiers FIT.',
  },
  appUrl: 'https://support.coros.com/hc/en-us/articles/17085887816340',
  api: 'https://open.coros.com',
  origins: ['https://oss.coros.com', 'https://*.cloudfront.net'], // where its files lie
  limits: [{ requests: 1000, per: '1m', of: 'app' }],
  /** The token answer tells it, as a rule. */
  async account(http, token) {
    if (token?.account) return { account: token.account, profile: {} }
    const headers = token ? { authorization: `Bearer ${token.accessToken}` } : {}
    const { body } = await http.get('/v2/user', undefined, { headers })
    return { account: readAnswer(z.object({ openId: z.string() }), dataOf(body)).openId, profile: {} }
  },
  isTokenEnded,
  async leave(http, { accessToken }) {
    try {
      const { body } = await http.post('/oauth2/deauthorize', { form: {} }, { query: { token: accessToken } })
      dataOf(body ?? { result: '0' })
    } catch (error) {
      if (!(error instanceof ProviderError) || error.fault !== 'auth') throw error // it is gone already
    }
  },
  feeds: { workouts, daily },
  webhook,
})
