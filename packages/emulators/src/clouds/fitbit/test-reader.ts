/** Somebody who signed in at Google, and what their token reads. */
import { consent, type TestCloud, type TestCloudOptions, testCloud } from '../kit/test-cloud.ts'
import { day, night, run } from '../kit/test-recordings.ts'
import type { Choice } from '../sign-in.ts'
import { fitbit } from './index.ts'

const prefix = 'https://www.googleapis.com/auth/googlehealth.'
export const scopesOf = (...names: string[]) => names.map((name) => `${prefix}${name}`).join(' ')
export const scope = scopesOf(
  'activity_and_fitness.readonly',
  'health_metrics_and_measurements.readonly',
  'sleep.readonly',
  'settings.readonly',
)
export const offline = { scope, access_type: 'offline' }

export const begin = (options: TestCloudOptions = {}) =>
  testCloud(fitbit, { account: { recordings: [night(), day(), run()] }, ...options })

export const tokenOf = ({ ask, app }: TestCloud, form: Record<string, string>) =>
  ask('POST', '/token', {
    form: {
      client_id: app.clientId,
      client_secret: app.clientSecret,
      redirect_uri: 'https://hub.example/callback',
      ...form,
    },
  })

export async function connect(test: TestCloud, asked: Record<string, string> = offline, choice: Choice = {}) {
  const { code = '' } = await consent(test, '/o/oauth2/v2/auth', asked, choice)
  return (await tokenOf(test, { grant_type: 'authorization_code', code })).body
}

export async function reader(test: TestCloud, asked?: Record<string, string>) {
  const { access_token: token } = await connect(test, asked)
  const ask = (method: string, path: string, json?: unknown) => test.ask(method, `/v4/users/me${path}`, { token, json })
  const get = (path: string) => ask('GET', path)
  const points = async (type: string, more = '') => (await get(`/dataTypes/${type}/dataPoints${more}`)).body.dataPoints
  return { ask, get, points }
}

export const filter = (text: string) => `?filter=${encodeURIComponent(text)}`
