import { z } from 'zod'
import { ProviderError, type ProviderFault } from '../kit/errors.ts'
import { defineProvider } from '../kit/provider.ts'
import { readAnswer } from '../kit/read-answer.ts'
import { given } from '../kit/tell.ts'
import { auth, legacy, scope } from './auth.ts'
import { days } from './days.ts'
import { electrocardiogram } from './electrocardiogram.ts'
import { irregular_rhythm, moods, ovulation_tests, symptoms } from './entries.ts'
import { exercise } from './exercise.ts'
import { nutrition } from './nutrition.ts'
import { paired_devices } from './paired-devices.ts'
import { pointFeeds } from './point-types.ts'
import { sleep } from './sleep.ts'
import { webhook } from './webhook.ts'
import { civilDate, dateOf } from './wire.ts'
import { listsWithoutMetric } from './without-metric.ts'

const identity = z.object({ healthUserId: z.string(), legacyUserId: z.string().nullish() })
const since = z.object({ membershipStartDate: civilDate.nullish() })

/** By a word of the answer that status alone does not tell. */
const faults: readonly (readonly [word: RegExp, fault: ProviderFault, message: string])[] = [
  [
    /ACCOUNT_NOT_LINKED/,
    'scope',
    'this Google account has no Fitbit or Google Health data: move the Fitbit account to Google in its app first',
  ],
  [
    /SERVICE_DISABLED|accessNotConfigured/,
    'unavailable',
    'the Health API is switched off in the operator’s Google Cloud project',
  ],
  [/ACCESS_TOKEN_SCOPE_INSUFFICIENT/, 'scope', 'this was not granted when signing in'],
]

export const fitbit = defineProvider({
  id: 'fitbit',
  name: 'Fitbit',
  makers: ['fitbit'],
  arrives: 'cloud',
  auth,
  otherAuth: [legacy],
  access: {
    en: 'Fitbit and Pixel Watch data come from the Google Health API. It needs a Google Cloud project with that API; until Google has verified it, at most 100 people can sign in, and while its consent screen is in “Testing” each must sign in again every 7 days.',
    de: 'Daten von Fitbit und Pixel Watch kommen über die Google Health API. Sie braucht ein Google-Cloud-Projekt mit dieser API; bis Google es geprüft hat, können sich höchstens 100 Personen anmelden, und solange der Zustimmungsbildschirm auf „Testing“ steht, muss sich jede alle 7 Tage neu anmelden.',
    fr: 'Les données de Fitbit et de la Pixel Watch viennent de l’API Google Health. Il faut un projet Google Cloud avec cette API ; avant sa vérification par Google, 100 personnes au plus peuvent se connecter, et tant que l’écran de consentement est en « Testing », chacune doit se reconnecter tous les 7 jours.',
  },
  appUrl: 'https://console.cloud.google.com/apis/credentials',
  appSettings: [
    {
      name: 'project_number',
      title: {
        en: 'Number of the Google Cloud project, for notices (optional)',
        de: 'Nummer des Google-Cloud-Projekts, für Mitteilungen (freiwillig)',
        fr: 'Numéro du projet Google Cloud, pour les notifications (facultatif)',
      },
    },
    {
      name: 'service_account',
      title: {
        en: 'Key of a service account as JSON, for notices (optional)',
        de: 'Schlüssel eines Dienstkontos als JSON, für Mitteilungen (freiwillig)',
        fr: 'Clé d’un compte de service en JSON, pour les notifications (facultatif)',
      },
      secret: true,
    },
  ],
  api: 'https://health.googleapis.com',
  origins: ['https://oauth2.googleapis.com', 'https://www.gstatic.com'], // where the keys lie that notices are signed with
  limits: [
    { requests: 120_000, per: '1m', of: 'app' },
    { requests: 86_400_000, per: '1d', of: 'app' },
    { requests: 150, per: '1m', of: 'person' }, // 2.5 a second of an app that Google has not verified, 5 of one that it has
  ],
  fault(status, body) {
    const said = status === 403 || status === 400 ? JSON.stringify(body ?? '') : ''
    const known = faults.find(([word]) => word.test(said))
    if (known) return new ProviderError(known[1], `Google: ${known[2]}`, { status })
    if (status === 410)
      return new ProviderError('bad_data', 'Google has taken this out of service for good', { status })
    return undefined
  },
  /** `legacyUserId` is what Fitbit itself called the account: a connection from before is found by it. */
  async account(http, token) {
    const { body } = await http.get('/v4/users/me/identity')
    const { healthUserId, legacyUserId } = readAnswer(identity, body)
    const about = token?.scopes?.includes(scope.profile)
      ? (await http.get('/v4/users/me/profile', {}, { expects: [403, 404] })).body
      : {}
    const { membershipStartDate: joined } = readAnswer(since, about ?? {})
    return {
      account: healthUserId,
      profile: given({ fitbit_user: legacyUserId, member_since: joined ? dateOf(joined) : undefined }),
      ...(legacyUserId ? { formerAccounts: [legacyUserId] } : {}),
    }
  },
  /** Revoking a refresh token ends its access tokens too. A token that is gone already answers 400. */
  async leave(http, { accessToken, refreshToken }) {
    const query = { token: refreshToken ?? accessToken }
    await http.post('https://oauth2.googleapis.com/revoke', { form: {} }, { query, expects: [400], withoutToken: true })
  },
  feeds: {
    ...pointFeeds,
    days,
    sleep,
    exercise,
    nutrition,
    electrocardiogram,
    irregular_rhythm,
    moods,
    symptoms,
    ovulation_tests,
    ...listsWithoutMetric,
    paired_devices,
  },
  webhook,
})
