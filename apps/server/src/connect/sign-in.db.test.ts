import { createHash, randomUUID } from 'node:crypto'
import { pino } from 'pino'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { asAdmin, cookiesOf, type SignedInPerson, startServer, type TestServer } from '../../test/kit.ts'
import { dumpOf } from '../../test/secrets.ts'
import { startTestCloud, type TestCloud } from './test-cloud.ts'
import { type Away, type Shown, signingIn } from './test-sign-in.ts'

let cloud: TestCloud
let server: TestServer
let ada: SignedInPerson
let late = 0
/** All that was logged, at the lowest level. */
let logged = ''
const secrets: string[] = []
let accounts = 100
const { away, back, mine, connect } = signingIn(() => server, secrets)

beforeAll(async () => {
  cloud = await startTestCloud()
  const write = (line: string) => {
    logged += line
  }
  const log = pino({ level: 'trace' }, { write })
  server = await startServer({
    env: {
      ...cloud.env,
      STRAVA_WEBHOOK_SIGNATURE: 'require',
      SUUNTO_NOTIFICATION_SECRET: 'of-the-environment',
    },
    clock: { now: () => Date.now() + late },
    log,
  })
  ada = await server.owner()
})
afterAll(async () => {
  await server?.stop()
  await cloud?.close()
})

test('a person is sent to the provider with PKCE or without as it takes it, and comes back connected, with a first run', async () => {
  const person = await server.person()
  const { authorization_url, state, cookie } = await away(person, { return_to: '/connections?from=here' })
  const url = new URL(authorization_url)
  expect(url.origin).toBe(cloud.origin)
  expect(Object.fromEntries(url.searchParams)).toEqual({
    response_type: 'code',
    client_id: 'our-id-at-wahoo',
    redirect_uri: `${server.url}/api/v1/integrations/wahoo/callback`,
    scope: 'user_read workouts_read power_zones_read plans_read routes_read offline_data',
    state,
  })
  const account = accounts++
  const page = await back({ code: `account-${account}`, state }, cookie)
  expect(page.title).toBe('Wahoo is connected')
  expect(page.href).toBe('/connections?from=here&connect=connected&provider=wahoo')
  const [connection] = await mine(person)
  expect(connection).toMatchObject({
    provider_account: String(account),
    status: 'active',
    short_id: 'wahoo',
    provider_profile: { name: 'Ada Byron' },
  })
  expect(connection?.granted_scopes).toEqual(['user_read', 'workouts_read']) // as granted, not as asked
  expect(Object.fromEntries(connection?.feeds.map(({ feed, is_on }) => [feed, is_on]) ?? [])).toMatchObject({
    workouts: true,
    power_zones: false,
  })
  expect(cloud.forms.at(-1)?.get('redirect_uri')).toBe(url.searchParams.get('redirect_uri'))
  const runs = await asAdmin(
    server.database.admin,
    async (client) =>
      (await client.query('select connection_id from tributary.sync_runs where user_id = $1', [person.userId])).rows,
  )
  expect(runs).toEqual([{ connection_id: connection?.connection_id }])
})

const addDevice = async (person: SignedInPerson, device_type: string, credentials: object, name = 'Computer') => {
  const body = { device_type, device_name: name, integration_type: 'api', credentials }
  const made = await server.call('POST', '/api/v1/devices', { token: person.token, body })
  expect(made.status).toBe(201)
  return (made.body as { device_id: string }).device_id
}
const connectionsOfDevices = (person: SignedInPerson) =>
  server.parts.db.read({ userId: person.userId }, (tx) =>
    tx.selectFrom('devices').select('connection_id').orderBy('created_at').execute(),
  )

const soon = { timeout: 10_000 }

test('tokens that come with a device open a connection: it learns whose account they are of, and fetches', async () => {
  const person = await server.person()
  const account = String(accounts++)
  const tokens = { access_token: `a-${account}`, refresh_token: `r-${account}`, expires_at: '2099-01-01T00:00:00Z' }
  secrets.push(...Object.values(tokens).slice(0, 2))
  const before = cloud.asked.length
  const device = await addDevice(person, 'wahoo_elemnt', tokens)
  await expect
    .poll(() => mine(person), soon)
    .toMatchObject([{ status: 'active', provider_account: account, short_id: 'wahoo' }])
  await expect.poll(() => cloud.asked.slice(before), soon).toContain('GET /v1/workouts')
  const shown = await server.call('GET', `/api/v1/devices/${device}`, { token: person.token })
  expect(shown.body).toMatchObject({ has_credentials: true })
  expect(JSON.stringify(shown.body)).not.toContain(`a-${account}`)

  // Another device of the same account, and one of another.
  const other = String(accounts++)
  await addDevice(person, 'wahoo_tickr', { access_token: `a-${account}` })
  await expect.poll(() => mine(person), soon).toHaveLength(1)
  await expect
    .poll(async () => new Set((await connectionsOfDevices(person)).map((of) => of.connection_id)).size, soon)
    .toBe(1)
  await addDevice(person, 'wahoo_rival', { access_token: `a-${other}` })
  await expect
    .poll(async () => (await mine(person)).map(({ provider_account }) => provider_account), soon)
    .toEqual([account, other])

  // Given later, and taken back before anything was fetched with them.
  const late = await addDevice(person, 'intervals_icu', {})
  const change = (credentials: object | null) =>
    server.call('PUT', `/api/v1/devices/${late}`, { token: person.token, body: { credentials } })
  expect((await change({ api_key: `key-${other}` })).body).toMatchObject({ has_credentials: true })
  await expect
    .poll(async () => (await mine(person)).map(({ provider_account }) => provider_account), soon)
    .toEqual([account, other, `i${other}`])
  expect((await change(null)).body).toMatchObject({ has_credentials: false })
  expect(await mine(person)).toHaveLength(2)
})

test('a token of a way in that a provider has closed is told in the provider’s words, in the reader’s language, and no sync covers them', async () => {
  const person = await server.person()
  const device = await addDevice(person, 'fitbit_charge_5', { access_token: 'eyJ.old.fitbit', refresh_token: 'old' })
  secrets.push('eyJ.old.fitbit')
  const told = async (language: string) => {
    const path = `/api/v1/providers/connections?language=${language}`
    return (await server.call('GET', path, { token: person.token })).body
  }
  const expected = { status: 'needs_reauth', error_code: 'sign_in_replaced' }
  expect(await told('en')).toMatchObject([
    { ...expected, error_message: expect.stringMatching(/^Fitbit’s own sign-in has ended/) },
  ])
  await server.call('POST', `/api/v1/devices/${device}/sync`, { token: person.token })
  await expect
    .poll(async () => (await server.call('GET', '/api/v1/sync/history', { token: person.token })).body, soon)
    .toMatchObject([{ status: 'failed', error_code: 'auth' }])
  expect(await told('de')).toMatchObject([
    { ...expected, error_message: expect.stringMatching(/^Fitbits eigene Anmeldung/) },
  ])
})

test('optional scopes that a person leaves out are not asked for, those that are needed are', async () => {
  const { authorization_url } = await away(ada, { scopes: ['workouts_read'] })
  expect(new URL(authorization_url).searchParams.get('scope')).toBe('user_read workouts_read offline_data')
})

test('S256 is used where a provider takes it, and the verifier never leaves us before the code comes', async () => {
  const admin = { token: ada.token, body: { client_id: 'our-id-at-google', client_secret: 'our-secret-at-google' } }
  expect((await server.call('PUT', '/api/v1/provider-apps/fitbit', admin)).status).toBe(200)
  const { authorization_url, state, cookie } = await away(ada, {}, 'fitbit')
  const challenge = new URL(authorization_url).searchParams.get('code_challenge') ?? ''
  expect(new URL(authorization_url).searchParams.get('code_challenge_method')).toBe('S256')
  expect((await back({ code: 'c', state }, cookie, { provider: 'fitbit' })).title).toBe('Fitbit refused the sign-in') // its app is unknown there
  const verifier = cloud.forms.at(-1)?.get('code_verifier') ?? ''
  expect(createHash('sha256').update(verifier).digest('base64url')).toBe(challenge)
})

test('signing in to the same account again is the same connection; another account is another one', async () => {
  const person = await server.person()
  const [one, two] = [accounts++, accounts++]
  for (const account of [one, one, two, one]) expect((await connect(person, account)).title).toBe('Wahoo is connected')
  expect((await mine(person)).map(({ short_id, provider_account }) => [short_id, provider_account])).toEqual([
    ['wahoo', String(one)],
    ['wahoo_2', String(two)],
  ])
})

test('a list that came after its connection was made is shown on it, as one that was not allowed', async () => {
  const person = await server.person()
  const account = accounts++
  const allFeeds = async () => (await mine(person))[0]?.feeds.map(({ feed, is_on }) => [feed, is_on]) ?? []
  await connect(person, account)
  const before = await allFeeds()
  expect(before).toContainEqual(['power_zones', false])
  await asAdmin(server.database.admin, (client) =>
    client.query(`delete from tributary.feeds where user_id = $1 and feed <> 'workouts'`, [person.userId]),
  )
  expect(await allFeeds()).toEqual(before)
})

test('every way to come back without being connected has its page, and connects nothing', async () => {
  const person = await server.person()
  const titles: Record<string, string | undefined> = {}
  const tell = async (name: string, query: Record<string, string>) => {
    const { state, cookie } = await away(person)
    titles[name] = (await back({ state, ...query }, cookie)).title
  }
  await tell('cancelled', { error: 'access_denied' })
  await tell('denied', { error: 'invalid_scope' })
  await tell('the provider has trouble', { error: 'server_error' })
  await tell('a code it does not know', { code: 'nonsense' })
  await tell('an app it does not know', { code: 'unknown-app' })
  await tell('an error page', { code: 'down' })
  await tell('nothing', {})
  await tell('an unknown state', { state: 'nobody-made-this', code: 'account-1' })
  await tell('another issuer', { code: 'account-1', iss: 'https://accounts.google.com' })
  expect(titles).toEqual({
    cancelled: 'Wahoo was not connected',
    denied: 'Wahoo refused the sign-in',
    'the provider has trouble': 'Wahoo does not answer',
    'a code it does not know': 'Wahoo did not let us in',
    'an app it does not know': 'Wahoo refused the sign-in',
    'an error page': 'Wahoo does not answer',
    nothing: 'Wahoo did not let us in',
    'an unknown state': 'That took too long',
    'another issuer': 'This answer does not belong here',
  })
  expect(await mine(person)).toEqual([])
})

test('a state is good once, for ten minutes and at its own provider', async () => {
  const person = await server.person()
  const first = await away(person)
  expect((await back({ code: 'account-1', state: first.state }, first.cookie, { provider: 'fitbit' })).title).toBe(
    'This answer does not belong here',
  )
  const ahead = await fetch(
    `${server.url}/api/v1/integrations/wahoo/callback?${new URLSearchParams({ code: 'account-1', state: first.state })}`,
    { method: 'HEAD' },
  )
  expect(ahead.status).toBe(200) // a look ahead uses nothing up
  const account = accounts++
  const together = await Promise.all(
    Array.from({ length: 5 }, () => back({ code: `account-${account}`, state: first.state }, first.cookie)),
  )
  expect(together.map(({ title }) => title).sort()).toEqual([
    'This page was opened before',
    'This page was opened before',
    'This page was opened before',
    'This page was opened before',
    'Wahoo is connected',
  ])
  const second = await away(person)
  late += 601_000
  expect((await back({ code: 'account-1', state: second.state }, second.cookie)).title).toBe('That took too long')
  late -= 601_000
  expect(await mine(person)).toHaveLength(1)
})

test('a person signed in to that browser needs no second yes when a program asked for them', async () => {
  const person = await server.person()
  const { headers } = await server.call('POST', '/api/v1/auth/login', {
    body: { email: person.email, password: person.password, session: 'cookie' },
  })
  const { state } = await away(person)
  expect((await back({ code: `account-${accounts++}`, state }, cookiesOf(headers))).title).toBe('Wahoo is connected')
})

test('a key is tried before it is kept, and what is wrong with it is said', async () => {
  const person = await server.person()
  const give = (credentials: Record<string, string>, who = person, provider = 'intervals') =>
    server.call('POST', `/api/v1/integrations/${provider}/auth`, { token: who.token, body: { credentials } })
  const detail = 'intervals.icu does not know this key'
  expect(await give({ api_key: 'wrong' })).toMatchObject({
    status: 400,
    body: { code: 'credentials_refused', detail, errors: [{ pointer: '/credentials/api_key', detail }] },
  })
  expect(await give({ surprise: 'x' })).toMatchObject({ status: 400, body: { code: 'invalid_request' } })
  expect(await give({ api_key: 'x' }, person, 'wahoo')).toMatchObject({
    status: 400,
    body: { code: 'sign_in_not_taken' },
  })
  expect(await give({ api_key: ' key-7 ' })).toMatchObject({
    status: 201,
    body: { provider_account: 'i7', status: 'active' },
  })
  const once = () =>
    server.call('POST', '/api/v1/integrations/intervals/auth', {
      token: person.token,
      body: { credentials: { api_key: 'key-7' } },
      headers: { 'idempotency-key': 'a key given once' },
    })
  const [first, again] = [await once(), await once()]
  expect([again.status, again.body]).toEqual([201, first.body])
})

test('where a key is the usual way in, the provider’s own page is offered besides, once it has an app', async () => {
  const person = await server.person()
  const shown = async (name: string) => {
    const { body } = await server.call('GET', '/api/v1/providers/available-providers', { token: person.token })
    return (body as { provider: string }[]).find(({ provider }) => provider === name)
  }
  expect(await shown('intervals')).toMatchObject({
    credentials_url: 'https://intervals.icu/settings',
    other_ways: [{ auth_kind: 'oauth2', is_configured: false }],
  })
  const origin = 'http://127.0.0.1:4999'
  const keys = { clientId: 'id', clientSecret: 's', extra: {} }
  const takeBack = server.parts.connect.apps.lend('intervals', {
    keys,
    standIns: { baseUrl: origin, authUrl: origin },
  })
  const lent = await shown('intervals')
  takeBack()
  expect(lent).toMatchObject({ credentials_url: `${origin}/settings`, other_ways: [{ is_configured: true }] })
})

test('a key that is refused twice needs a new one, says so, and works again when it was given', async () => {
  const person = await server.person()
  const give = async (api_key: string) => {
    const { body } = await server.call('POST', '/api/v1/integrations/intervals/auth', {
      token: person.token,
      body: { credentials: { api_key } },
    })
    return body as Shown
  }
  const { connection_id: connectionId } = await give('key-8')
  const ask = async () =>
    (await (await server.parts.calls.open({ userId: person.userId, connectionId })).http.get('/api/v1/athlete/0'))
      .status
  expect(await ask()).toBe(200)
  const underWay = async () =>
    asAdmin(
      server.database.admin,
      async (client) =>
        (
          await client.query(
            `select 1 from tributary.sync_runs where user_id = $1 and status in ('pending', 'running')`,
            [person.userId],
          )
        ).rowCount,
    )
  await expect.poll(underWay, { timeout: 15_000 }).toBe(0) // its first run asks too
  cloud.ended.add('key-8')
  const asked = cloud.asked.length
  await expect(ask()).rejects.toMatchObject({ fault: 'auth' })
  expect(cloud.asked.length - asked).toBe(2)
  expect(await mine(person)).toMatchObject([
    {
      status: 'needs_reauth',
      is_active: false,
      error_code: 'key_refused',
      error_message: expect.stringContaining('new one'),
    },
  ])
  await expect(ask()).rejects.toMatchObject({ fault: 'auth' })
  expect(cloud.asked.length - asked).toBe(2)
  cloud.ended.delete('key-8')
  expect(await give('key-8')).toMatchObject({ connection_id: connectionId, status: 'active', error_code: null })
  expect(await ask()).toBe(200)
})

test('the demo lends its app to a provider that has none; an operator’s own takes its place', async () => {
  const lent = {
    keys: { clientId: 'of-the-demo', clientSecret: 'lent', extra: {} },
    standIns: { baseUrl: cloud.origin, authUrl: cloud.origin },
  }
  expect((await server.call('POST', '/api/v1/integrations/garmin/auth', { token: ada.token, body: {} })).status).toBe(
    503,
  )
  const takeBack = server.parts.connect.apps.lend('garmin', lent)
  expect(new URL((await away(ada, {}, 'garmin')).authorization_url)).toMatchObject({
    origin: cloud.origin,
    pathname: '/oauth2Confirm',
  })
  expect((await server.call('GET', '/api/v1/provider-apps/garmin', { token: ada.token })).body).toMatchObject({
    origin: 'demo',
    client_id: null,
  })
  const body = { client_id: 'our-id-at-garmin', client_secret: 'our-secret-at-garmin' }
  await server.call('PUT', '/api/v1/provider-apps/garmin', { token: ada.token, body })
  expect(new URL((await away(ada, {}, 'garmin')).authorization_url).origin).toBe('https://connect.garmin.com')
  takeBack()
})

test('nothing to sign in to, an app that is missing, and a place that is not ours are each said', async () => {
  const start = (provider: string, body: object = {}) =>
    server.call('POST', `/api/v1/integrations/${provider}/auth`, { token: ada.token, body })
  expect(await start('manual')).toMatchObject({ status: 400, body: { code: 'sign_in_not_taken' } })
  expect(await start('nonsense')).toMatchObject({ status: 404, body: { code: 'provider_unknown' } })
  expect(await start('whoop')).toMatchObject({
    status: 503,
    body: { code: 'provider_not_configured', missing_settings: ['WHOOP_CLIENT_ID', 'WHOOP_CLIENT_SECRET'] },
  })
  const keys = { client_id: 'ours', client_secret: 'a secret of Suunto' }
  await server.call('PUT', '/api/v1/provider-apps/suunto', { token: ada.token, body: keys })
  expect(await start('suunto'), 'an app without a key that each request needs').toMatchObject({
    status: 503,
    body: { code: 'provider_not_configured', missing_settings: ['SUUNTO_SUBSCRIPTION_KEY'] },
  })
  expect(await start('wahoo', { return_to: 'https://evil.example/' })).toMatchObject({
    status: 400,
    body: { code: 'return_to_not_allowed' },
  })
  expect(await start('wahoo', { region: 'moon' })).toMatchObject({ status: 400, body: { code: 'invalid_request' } })
})

test('the page speaks the browser’s language, runs nothing, frames nowhere and repeats nothing of the address', async () => {
  const { html, headers, title } = await back({ state: '"><script>alert(1)</script>', code: 'secret-code' }, '', {
    language: 'it, de-CH;q=0.8, fr;q=0.7',
  })
  expect(title).toBe('Das hat zu lange gedauert')
  expect(html).toMatch(/^<!doctype html>\n<html lang="de">/)
  expect(html).not.toMatch(/<script|secret-code/)
  expect(headers.get('content-security-policy')).toMatch(
    /^default-src 'none'; style-src 'sha256-[^']+'; .*frame-ancestors 'none'$/,
  )
  expect(headers.get('referrer-policy')).toBe('no-referrer')
  const style = /<style>([^<]*)<\/style>/.exec(html)?.[1] ?? ''
  expect(headers.get('content-security-policy')).toContain(createHash('sha256').update(style).digest('base64'))
})

test('no token, code, state, cookie or secret stands in any column or any line of the log in the clear', async () => {
  const dump = await dumpOf(server.database)
  expect(logged).toContain('a person came back from signing in')
  for (const secret of [
    ...secrets,
    'a-100',
    'r-100',
    'key-7',
    'our-secret-at-google',
    'our-secret-at-wahoo',
    'of-the-environment',
    'account-100',
    'secret-code',
  ])
    expect([secret, dump.includes(secret), logged.includes(secret)]).toEqual([secret, false, false])
})

test('a connect session connects its own providers for a quarter of an hour, and nothing else', async () => {
  const person = await server.person()
  const session = (body: object, token = person.token) =>
    server.call('POST', '/api/v1/connect-sessions', { token, body })
  const made = await session({
    providers: ['wahoo'],
    allowed_origins: ['https://app.example.com'],
    return_to: 'https://app.example.com/done',
    language: 'fr',
  })
  expect(made.status).toBe(201)
  const { token, url, connect_session_id } = made.body as { token: string; url: string; connect_session_id: string }
  expect(url).toBe(`${server.url}/connect?session=${connect_session_id}#${token}`)
  const as = (method: string, path: string, body?: unknown) =>
    server.call(method, path, { token, ...(body === undefined ? {} : { body }) })
  expect((await as('GET', '/api/v1/connect-sessions/current')).body).toMatchObject({
    providers: ['wahoo'],
    language: 'fr',
  })
  expect((await as('GET', '/api/v1/devices')).status).toBe(403)
  for (const [method, path, body] of [
    ['DELETE', `/api/v1/providers/connections/${randomUUID()}?data=delete`, undefined],
    ['PATCH', `/api/v1/providers/connections/${randomUUID()}/toggle`, {}],
    ['POST', `/api/v1/providers/connections/${randomUUID()}/sync`, undefined],
    ['POST', '/api/v1/custom-apis/dry-run', {}],
    ['GET', '/api/v1/custom-apis', undefined],
  ] as const)
    expect([path, (await as(method, path, body)).body]).toMatchObject([path, { status: 403, code: 'not_allowed' }])
  expect((await as('GET', '/api/v1/providers/connections')).status).toBe(200)
  expect((await as('POST', '/api/v1/connect-sessions', {})).status).toBe(403)
  expect((await as('POST', '/api/v1/integrations/intervals/auth', { credentials: { api_key: 'key-9' } })).status).toBe(
    404,
  )
  const begun = await as('POST', '/api/v1/integrations/wahoo/auth', {})
  const page = await back(
    { code: `account-${accounts++}`, state: (begun.body as Away).state },
    cookiesOf(begun.headers),
  )
  expect(page.href).toBe('https://app.example.com/done?connect=connected&provider=wahoo')
  const inFrench = await as('POST', '/api/v1/integrations/wahoo/auth', { return_to: '/connect?language=fr' })
  expect((await back({ error: 'access_denied', state: (inFrench.body as Away).state })).title).toBe(
    'Wahoo n’a pas été connecté',
  )
  const framed = await server.call('GET', `/connect?session=${connect_session_id}`)
  expect(framed.headers.get('content-security-policy')).toContain('frame-ancestors https://app.example.com;')
  expect(framed.headers.get('x-frame-options')).toBeNull()
  expect(framed.headers.get('cross-origin-opener-policy')).toBe('unsafe-none')
  expect((await server.call('GET', '/connect')).headers.get('content-security-policy')).toContain(
    "frame-ancestors 'none'",
  )
  late += 901_000
  await new Promise((resolve) => setTimeout(resolve, 5))
  expect((await as('GET', '/api/v1/connect-sessions/current')).status).toBe(401)
  late -= 901_000
  for (const body of [
    { return_to: 'https://evil.example/' },
    { allowed_origins: ['https://a.example/path'] },
    { allowed_origins: ['http://a.example'] },
    { allowed_origins: ['https://*'] },
    { allowed_origins: ['https://*.example'] },
    { allowed_origins: ['https://a.example;sandbox'] },
    { allowed_origins: ['https://a.example,b.example'] },
  ])
    expect((await session(body)).status).toBe(400)
  expect((await session({ providers: ['nonsense'] })).status).toBe(404)
})

test('a connect session for one provider shows nothing of the connections to others', async () => {
  const person = await server.person()
  await connect(person, accounts++)
  const key = { credentials: { api_key: 'key-31' } }
  await server.call('POST', '/api/v1/integrations/intervals/auth', { token: person.token, body: key })
  const all = await mine(person)
  expect(all.map(({ short_id }) => short_id).sort()).toEqual(['intervals', 'wahoo'])
  const made = await server.call('POST', '/api/v1/connect-sessions', {
    token: person.token,
    body: { providers: ['wahoo'] },
  })
  const { token } = made.body as { token: string }
  const guest = { ...person, token }
  expect((await mine(guest)).map(({ short_id }) => short_id)).toEqual(['wahoo'])
})

test('disconnecting tells the provider, ends what was asked for and keeps the data; signing in again revives it', async () => {
  const person = await server.person()
  const account = accounts++
  await connect(person, account)
  const [connection] = await mine(person)
  const path = `/providers/connections/${connection?.connection_id}`
  const asked = cloud.asked.length
  expect((await server.call('DELETE', path, { token: (await server.person()).token })).status).toBe(404)
  expect((await server.call('DELETE', path, { token: person.token })).status).toBe(204)
  expect(cloud.asked.slice(asked)).toContain('DELETE /v1/permissions')
  expect(await mine(person)).toEqual([])
  expect((await server.call('DELETE', path, { token: person.token })).status).toBe(404)
  await connect(person, account)
  expect(await mine(person)).toMatchObject([
    { connection_id: connection?.connection_id, short_id: 'wahoo', status: 'active' },
  ])
  expect((await server.call('DELETE', `${path}?data=delete`, { token: person.token })).status).toBe(204)
  await connect(person, account)
  expect((await mine(person))[0]?.connection_id).not.toBe(connection?.connection_id)
})

test('disconnecting with the data takes every value and session of its things, raw answers and quarantine, and nothing of others', async () => {
  const person = await server.person()
  await connect(person, accounts++)
  await connect(person, accounts++)
  const [going, staying] = (await mine(person)) as [Shown, Shown]
  const start = Date.UTC(2026, 0, 1)
  for (const { connection_id: connectionId } of [going, staying])
    await server.parts.takeTold({
      userId: person.userId,
      connectionId,
      provider: 'wahoo',
      source: { key: 'ELEMNT', name: 'ELEMNT', manufacturer: 'Wahoo' },
      told: [
        { kind: 'sample', metric: 'heart_rate', t: start, value: 60, unit: 'bpm' },
        {
          kind: 'session',
          type: 'workout',
          activity: 'cycling',
          externalId: '1',
          start,
          end: start + 3_600_000,
          totals: {},
          parts: [],
        },
      ],
    })
  const left = async () =>
    asAdmin(server.database.admin, async (client) => {
      const tables = ['sources', 'series', 'sessions', 'latest', 'feeds', 'sync_runs']
      const counts = tables.map(
        (table) => `select '${table}' as t, count(*)::int as n from tributary.${table} where user_id = $1`,
      )
      const { rows } = await client.query(counts.join(' union all '), [person.userId])
      return Object.fromEntries(rows.map(({ t, n }) => [t, n]))
    })
  const before = await left()
  expect(before).toMatchObject({ sources: 2, series: 2, sessions: 2 })
  const path = `/api/v1/providers/connections/${going.connection_id}?data=delete`
  expect((await server.call('DELETE', path, { token: person.token })).status).toBe(204)
  const after = await left()
  expect(after).toEqual(Object.fromEntries(Object.entries(before).map(([table, n]) => [table, (n as number) / 2])))
  expect((await mine(person)).map(({ connection_id }) => connection_id)).toEqual([staying.connection_id])
})

test('the routes of document 1 are served as they stand there', async () => {
  const person = await server.person()
  await connect(person, accounts++)
  const [connection] = await mine(person)
  const id = connection?.connection_id
  const ask = (method: string, path: string, body?: unknown) =>
    server.call(method, path, { token: person.token, ...(body === undefined ? {} : { body }) })
  expect(await ask('GET', '/providers/connections')).toMatchObject({ status: 200, body: [{ connection_id: id }] })
  expect(await ask('GET', `/providers/connections/${id}`)).toMatchObject({ status: 200, body: { connection_id: id } })
  expect(await ask('GET', '/providers/connections/provider/wahoo')).toMatchObject({
    status: 200,
    body: { connection_id: id },
  })
  expect(await ask('GET', '/providers/connections/provider/wahoo?all=true')).toMatchObject({
    status: 200,
    body: [{ connection_id: id }],
  })
  expect(await ask('GET', '/providers/connections/provider/strava')).toMatchObject({
    status: 404,
    body: { code: 'not_found' },
  })
  expect(await ask('PATCH', `/providers/connections/${id}/toggle`, { is_active: false })).toMatchObject({
    status: 200,
    body: { is_active: false, status: 'paused' },
  })
  expect(await ask('GET', '/providers/summary')).toMatchObject({
    status: 200,
    body: { total_connections: 1, active_connections: 0, providers: [{ provider: 'wahoo', health: 'paused' }] },
  })
  expect(await ask('PATCH', `/providers/connections/${id}/toggle`, {})).toMatchObject({
    status: 200,
    body: { is_active: true, status: 'active' },
  })
  const available = await ask('GET', '/providers/available-providers?language=de')
  expect(
    (available.body as { provider: string; is_configured: boolean }[]).find(({ provider }) => provider === 'wahoo'),
  ).toMatchObject({ is_configured: true, auth_kind: 'oauth2', missing_settings: [] })
  expect(await ask('DELETE', `/providers/connections/${id}`)).toMatchObject({ status: 204 })
})

test('of three accounts at one provider the oldest that is active is the one by its name, and the oldest when none is', async () => {
  const person = await server.person()
  for (let i = 0; i < 3; i++) await connect(person, accounts++)
  const ids = (await mine(person)).map(({ connection_id }) => connection_id)
  const byName = async () => {
    const { status, body } = await server.call('GET', '/providers/connections/provider/wahoo', { token: person.token })
    expect(status).toBe(200)
    return (body as Shown).connection_id
  }
  const toggle = (id: string | undefined) =>
    server.call('PATCH', `/providers/connections/${id}/toggle`, { token: person.token, body: {} })
  expect(await byName()).toBe(ids[0])
  await toggle(ids[0])
  expect(await byName(), 'the oldest is paused').toBe(ids[1])
  await toggle(ids[1])
  expect(await byName()).toBe(ids[2])
  await toggle(ids[2])
  expect(await byName(), 'all are paused').toBe(ids[0])
  await toggle(ids[1])
  expect(await byName()).toBe(ids[1])
})

test('the environment’s app cannot be changed, another’s secrets go in and never come out, and a test tells whether they fit', async () => {
  const ask = (method: string, provider: string, body?: unknown, rest = '') =>
    server.call(method, `/api/v1/provider-apps/${provider}${rest}`, {
      token: ada.token,
      ...(body === undefined ? {} : { body }),
    })
  expect(await ask('PUT', 'wahoo', { client_id: 'x' })).toMatchObject({
    status: 409,
    body: { code: 'app_from_environment' },
  })
  expect(await ask('DELETE', 'wahoo')).toMatchObject({ status: 409 })
  expect(await ask('GET', 'strava'), 'what it needs besides may be set there too').toMatchObject({
    body: { origin: null, extra: { webhook_signature: 'require' } },
  })
  const suunto = await ask('GET', 'suunto')
  expect(suunto).toMatchObject({ body: { extra: { notification_secret: null } } })
  expect(JSON.stringify(suunto.body)).not.toContain('of-the-environment')
  expect(await ask('PUT', 'strava', { extra: { webhook_signature: 'off' } })).toMatchObject({
    status: 409,
    body: { code: 'app_from_environment' },
  })
  const kept = await ask('PUT', 'wahoo', { extra: { webhook_token: 'hush-hush-hush' } })
  expect(kept).toMatchObject({
    status: 200,
    body: {
      origin: 'environment',
      extra: { webhook_token: null },
      settings: [
        {
          name: 'webhook_token',
          title: 'Webhook token',
          is_secret: true,
          is_needed: false,
          has_value: true,
          is_from_environment: false,
        },
      ],
      has_secret: true,
      base_url: cloud.origin,
    },
  })
  expect(JSON.stringify(kept.body)).not.toContain('hush-hush-hush')
  const inGerman = (await ask('GET', 'suunto', undefined, '?language=de')).body as { settings: { title: string }[] }
  expect(inGerman.settings.map(({ title }) => title)).toEqual(['Subscription Key', 'Notification Secret'])
  const serviceAccount = JSON.stringify({ private_key: 'x'.repeat(2_400) })
  expect(await ask('PUT', 'fitbit', { extra: { service_account: serviceAccount } })).toMatchObject({ status: 200 })
  expect(await ask('PUT', 'wahoo', { extra: { surprise: 'x' } })).toMatchObject({ status: 400 })
  expect(await ask('POST', 'wahoo', undefined, '/test')).toMatchObject({ status: 200, body: { result: 'accepted' } })
  await ask('PUT', 'fitbit', { client_id: 'our-id-at-google', client_secret: 'our-secret-at-google' })
  expect(await ask('POST', 'fitbit', undefined, '/test')).toMatchObject({ status: 200, body: { result: 'refused' } })
  expect(await ask('GET', 'fitbit')).toMatchObject({
    status: 200,
    body: {
      client_id: 'our-id-at-google',
      origin: 'settings',
      redirect_uri: `${server.url}/api/v1/integrations/fitbit/callback`,
    },
  })
  expect((await ask('DELETE', 'fitbit')).status).toBe(204)
  expect(await ask('POST', 'fitbit', undefined, '/test')).toMatchObject({
    status: 503,
    body: { code: 'provider_not_configured' },
  })
  expect(await ask('PUT', 'manual', { client_id: 'x' })).toMatchObject({
    status: 400,
    body: { code: 'sign_in_not_taken' },
  })
  const member = await server.person()
  expect((await server.call('GET', '/api/v1/provider-apps', { token: member.token })).status).toBe(403)
})
