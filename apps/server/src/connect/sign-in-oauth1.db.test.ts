/** Signing in by OAuth 1.0a, as long as a brand still has it: at Garmin's emulated cloud, in 2026. */
import { clouds, type ServedCloud, serveCloud, signIn } from '@tributary/emulators/clouds'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { cookiesOf, type SignedInPerson, startServer, type TestServer } from '../../test/kit.ts'

let garmin: ServedCloud
let server: TestServer
let person: SignedInPerson
let now = Date.UTC(2026, 5, 1)
const clock = { now: () => now }
const path = '/api/v1/integrations/garmin'

beforeAll(async () => {
  garmin = await serveCloud((origin) => clouds.garmin({ clock, seed: 1, origin }))
  for (const name of ['Mira', 'Jon'])
    garmin.cloud.addAccount({ name, email: `${name}@example.org`, timeZone: 'UTC', recordings: [] })
  server = await startServer({ clock, env: { GARMIN_BASE_URL: garmin.origin, GARMIN_AUTH_URL: garmin.origin } })
  const { token } = await server.owner()
  const app = garmin.cloud.registerApp({ redirectUris: [`${server.url}${path}/callback`] })
  const body = { client_id: app.clientId, client_secret: app.clientSecret }
  await server.call('PUT', '/api/v1/provider-apps/garmin', { token, body })
  person = await server.person()
})
afterAll(async () => {
  await server?.stop()
  await garmin?.stop()
})

interface Shown {
  connection_id: string
  status: string
  granted_scopes: string[]
}

const begin = () => server.call('POST', `${path}/auth`, { token: person.token, body: { auth_kind: 'oauth1' } })

async function away() {
  const { status, headers, body } = await begin()
  expect(status, JSON.stringify(body)).toBe(200)
  return { ...(body as { authorization_url: string; state: string }), cookie: cookiesOf(headers) }
}

async function back({ search }: Pick<URL, 'search'>, cookie: string) {
  const { body } = await server.call('GET', `${path}/callback${search}`, { headers: { cookie } })
  return /<h1>(.*?)<\/h1>/.exec(body)?.[1]
}

const mine = async () =>
  (await server.call('GET', '/api/v1/providers/connections', { token: person.token })).body as Shown[]

const otherWays = async () => {
  const { body } = await server.call('GET', '/api/v1/providers/available-providers', { token: person.token })
  return (body as { provider: string; other_ways: object[] }[]).find(({ provider }) => provider === 'garmin')
    ?.other_ways
}

test('a person signs in by OAuth 1: every step is signed, the temporary secret is sealed, and the connection answers', async () => {
  expect(await otherWays()).toEqual([
    {
      auth_kind: 'oauth1',
      title: expect.stringContaining('31 December 2026'),
      ends_on: '2026-12-31',
      is_configured: true,
    },
  ])
  const { authorization_url, cookie } = await away()
  const url = new URL(authorization_url)
  expect([url.origin, url.pathname]).toEqual([garmin.origin, '/oauthConfirm'])
  const kept = await server.parts.db.read({ userId: person.userId }, (tx) =>
    sql<{ sealed_verifier: string }>`select sealed_verifier from oauth_states where auth_kind = 'oauth1'`.execute(tx),
  )
  expect(kept.rows).toHaveLength(1)
  expect(kept.rows[0]?.sealed_verifier).not.toContain(url.searchParams.get('oauth_token'))
  const home = await signIn(garmin.cloud, authorization_url, { account: 'Mira', without: ['MCT_EXPORT'] })
  expect(await back(home, cookie)).toBe('Garmin is connected')
  const [connection] = await mine()
  expect(connection).toMatchObject({ status: 'active', token_expires_at: '2026-12-31T00:00:00.000Z' })
  expect(connection?.granted_scopes.sort()).toEqual(['ACTIVITY_EXPORT', 'HEALTH_EXPORT', 'HISTORICAL_DATA_EXPORT'])
  const ref = { userId: person.userId, connectionId: connection?.connection_id ?? '' }
  const { http, account } = await server.parts.calls.open(ref)
  const { body } = await http.get('/wellness-api/rest/user/id', { asked: 'with (a query) & more' })
  expect(body).toEqual({ userId: account })
  expect(await back(home, cookie), 'the verifier comes twice').toBe('This page was opened before')
  expect(await mine()).toHaveLength(1)
})

test('a no at the provider, a yes to another request, and an app that it does not know connect nothing', async () => {
  const before = (await mine()).length
  const [first, second] = [await away(), await away()]
  const declined = await signIn(garmin.cloud, first.authorization_url, { button: 'cancel' })
  expect(await back(declined, first.cookie)).toBe('Garmin was not connected')
  const yes = await signIn(garmin.cloud, second.authorization_url, { account: 'Jon' })
  const third = await away()
  yes.searchParams.set('state', third.state)
  expect(await back(yes, third.cookie), 'with the state of another').toBe('This answer does not belong here')
  const forged = await away()
  const home = await signIn(garmin.cloud, forged.authorization_url, { account: 'Jon' })
  home.searchParams.set('oauth_verifier', 'guessed')
  expect(await back(home, forged.cookie)).toBe('Garmin did not let us in')
  garmin.cloud.failNext('/oauth-service/oauth/request_token', { kind: 'status', status: 401 })
  expect(await begin()).toMatchObject({ status: 503, body: { code: 'provider_unavailable' } })
  expect(await mine()).toHaveLength(before)
})

test('from the day that Garmin ends it nobody is offered it, and whoever came in by it is told why to sign in again', async () => {
  const [connection] = await mine()
  const ref = { userId: person.userId, connectionId: connection?.connection_id ?? '' }
  now = Date.UTC(2026, 11, 31)
  const { email, password } = person
  const login = await server.call('POST', '/api/v1/auth/login', { body: { email, password } })
  person = { ...person, token: (login.body as { access_token: string }).access_token }
  expect(await otherWays()).toEqual([])
  expect(await begin()).toMatchObject({ status: 400, body: { code: 'sign_in_not_taken' } })
  const before = garmin.cloud.log.length
  const asked = server.parts.calls.open(ref).then(({ http }) => http.get('/wellness-api/rest/user/id'))
  await expect(asked).rejects.toMatchObject({ fault: 'auth', message: expect.stringContaining('31 December 2026') })
  expect(garmin.cloud.log, 'before a call fails').toHaveLength(before)
  expect(await mine()).toMatchObject([{ status: 'needs_reauth', error_code: 'sign_in_replaced' }])
})

test('a connection that is never asked says so from that day too, in the language of its person, and one by the new way goes on', async () => {
  now = Date.UTC(2026, 11, 30, 23, 59, 59)
  const { userId, token } = person
  await server.parts.db.write({ userId }, async (tx) => {
    await sql`update connections set status = 'active', error_code = null, error_message = null`.execute(tx)
    await sql`
      insert into connections (user_id, connection_id, provider, provider_account, short_id, status, auth_kind)
      values (${userId}, gen_random_uuid(), 'garmin', 'new', 'garmin-2', 'active', 'oauth2')`.execute(tx)
  })
  const inGerman = async () => {
    const headers = { 'accept-language': 'de' }
    return (await server.call('GET', '/api/v1/providers/connections', { token, headers })).body
  }
  const isNew = { status: 'active', error_code: null, token_expires_at: null }
  await server.parts.connect.endOldWays()
  const end = '2026-12-31T00:00:00.000Z'
  expect(await inGerman(), 'the day before').toMatchObject([{ status: 'active', token_expires_at: end }, isNew])
  now += 1_000
  await server.parts.connect.endOldWays()
  const error_message = expect.stringContaining('Melde dich neu an')
  expect(await inGerman()).toMatchObject([
    { status: 'needs_reauth', error_code: 'sign_in_replaced', error_message, token_expires_at: null },
    isNew,
  ])
})
