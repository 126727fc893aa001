/** A subscriber is made for the whole Google Cloud project, in the name of a service account and not of a person. */
import { createPrivateKey, sign } from 'node:crypto'
import { z } from 'zod'
import { ProviderError } from '../kit/errors.ts'
import type { ProviderHttp } from '../kit/http.ts'
import { digestOf } from '../kit/proof.ts'
import { readTokenAnswer } from '../kit/token-answer.ts'
import type { HookKeys, Webhook } from '../kit/webhook.ts'

/** All that Google notifies of: all of them are read. */
// biome-ignore format: a list.
export const notifying = [
  'active-zone-minutes', 'activity-level', 'altitude', 'blood-glucose', 'body-fat', 'calories-in-heart-rate-zone', 'daily-heart-rate-variability',
  'daily-heart-rate-zones', 'daily-oxygen-saturation', 'daily-respiratory-rate', 'daily-resting-heart-rate', 'daily-sleep-temperature-derivations',
  'distance', 'exercise', 'floors', 'heart-rate', 'heart-rate-variability', 'height', 'hydration-log', 'nutrition-log', 'respiratory-rate-sleep-summary',
  'run-vo2-max', 'sedentary-period', 'sleep', 'steps', 'time-in-heart-rate-zone', 'total-calories', 'weight',
]

const tokenUrl = 'https://oauth2.googleapis.com/token'

export const subscribe: NonNullable<Webhook['subscribe']> = {
  per: 'app',
  /** Without a project's number and a service account the operator does it by hand, as `setUp` says. */
  async begin(http, url, keys) {
    const { project_number: project, service_account: account } = keys.app?.extra ?? {}
    if (!project || !account) return {}
    const subscriberId = `tributary-${digestOf(url).slice(0, 12)}` // the address has the secret in it: the same id is the same subscriber
    const json = {
      endpointUri: url,
      subscriberConfigs: [{ dataTypes: notifying, subscriptionCreatePolicy: 'AUTOMATIC' }],
      endpointAuthorization: { secret: `Bearer ${keys.secret}` },
    }
    const parent = `projects/${encodeURIComponent(project)}`
    const headers = await asService(http, account, keys)
    await http.post(`/v4/${parent}/subscribers`, { json }, { query: { subscriberId }, headers, expects: [409] })
    return { subscriber: `${parent}/subscribers/${subscriberId}` }
  },
  async end(http, { subscriber }, keys) {
    const account = keys.app?.extra['service_account']
    if (!subscriber || !account) return
    const headers = await asService(http, account, keys)
    await http.delete(`/v4/${subscriber}`, { query: { force: true }, headers, expects: [404] })
  },
}

const serviceAccount = z.object({ client_email: z.string(), private_key: z.string() })

/** RFC 7523: the account's key signs who asks for what, for an hour. */
async function asService(
  http: ProviderHttp,
  account: string,
  { now = Date.now() }: HookKeys,
): Promise<{ authorization: string }> {
  const { client_email, private_key } = readAccount(account)
  const iat = Math.floor(now / 1000)
  const scope = 'https://www.googleapis.com/auth/cloud-platform'
  const claims = { iss: client_email, scope, aud: tokenUrl, iat, exp: iat + 3600 }
  const text = [{ alg: 'RS256', typ: 'JWT' }, claims]
    .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
    .join('.')
  const assertion = `${text}.${sign('sha256', Buffer.from(text), createPrivateKey(private_key)).toString('base64url')}`
  const form = { grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer', assertion }
  const { body } = await http.post(tokenUrl, { form }, { withoutToken: true })
  return { authorization: `Bearer ${readTokenAnswer(body).accessToken}` }
}

/** The JSON file that Google gave the operator. Nothing of it is in the error: it holds a private key. */
function readAccount(text: string): z.infer<typeof serviceAccount> {
  try {
    return serviceAccount.parse(JSON.parse(text))
  } catch {
    throw new ProviderError('bad_data', 'the service account is not the JSON file that Google Cloud gives')
  }
}
