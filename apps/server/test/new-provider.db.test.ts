/** A brand that nobody has heard of, in one literal and one line of the list: nothing else knows of it, and everything works. */
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { defineFeed, defineProvider, hmac, isSameSecret, type Provider, registryOf } from '@tributary/providers/kit'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { z } from 'zod'
import type { SignedInPerson, TestServer } from './kit.ts'

const words = (en: string, de: string, fr: string) => ({ en, de, fr })

const acme = defineProvider({
  id: 'acme',
  name: 'Acme Scales',
  makers: ['acme'],
  arrives: 'cloud',
  auth: {
    kind: 'oauth2',
    authorizeUrl: 'https://acme.example/oauth/authorize',
    tokenUrl: 'https://acme.example/oauth/token',
    scopes: { weight: { words: words('Your weight', 'Dein Gewicht', 'Votre poids') } },
    pkce: true,
    client: 'body',
    refreshToken: 'rotates',
  },
  api: 'https://api.acme.example/v1',
  limits: [{ requests: 60, per: '1m', of: 'person' }],
  async account(http) {
    const { body } = await http.get('/me')
    const { id, name } = z.object({ id: z.string(), name: z.string() }).parse(body)
    return { account: id, profile: { name } }
  },
  async leave(http, { refreshToken }) {
    await http.post('/revoke', { form: { token: refreshToken } })
  },
  feeds: {
    weighings: defineFeed({
      title: words('Weighings', 'Wägungen', 'Pesées'),
      scopes: ['weight'],
      brings: ['body_mass'],
      windowDays: 365,
      lookBackDays: 1,
      async *fetch(http, { from, to }) {
        for (let page: string | undefined = '/weighings'; page; ) {
          const { body } = await http.get(page, page.startsWith('/') ? { from, to } : undefined)
          const { items, next } = body as { items: unknown[]; next?: string }
          yield items
          page = next
        }
      },
      raw: z.object({ id: z.string(), at: z.number(), grams: z.number() }),
      source: () => ({ key: 'bathroom', name: 'Scale of the bathroom' }),
      *read({ id, at, grams }) {
        yield { kind: 'sample', metric: 'body_mass', t: at, value: grams, unit: 'g', recordId: id }
      },
      unused: {},
    }),
  },
  webhook: {
    verify: ({ headers, body }, { app }) =>
      isSameSecret(headers['x-acme-signature'], hmac('sha256', app?.clientSecret ?? '', body))
        ? { kind: 'proven' }
        : { kind: 'refused', reason: 'it is not signed by Acme' },
    read({ body }) {
      const { id, account } = JSON.parse(new TextDecoder().decode(body))
      return [{ id, account, kind: 'changed', feed: 'weighings' }]
    },
  },
})

/** Its cloud: the first access token ends early, as tokens do, and the second page lies where the first says. */
interface AcmeCloud {
  server: Server
  origin: string
  weighings: object[]
  revoked: string[]
}

const app = { client_id: 'our-id-at-acme', client_secret: 'our-secret-at-acme' }
const hourMs = 3_600_000
const now = Math.floor(Date.now() / 1_000) * 1_000
const weighing = (id: string, hoursAgo: number, grams: number | string) => ({ id, at: now - hoursAgo * hourMs, grams })

let cloud: AcmeCloud
let server: TestServer
let owner: SignedInPerson
let person: SignedInPerson
let cookiesOf: (headers: Headers) => string

async function startAcme(): Promise<AcmeCloud> {
  const own: AcmeCloud = {
    server: createServer(),
    origin: '',
    weighings: [weighing('w1', 50, 72_000), weighing('w2', 49, 'heavy'), weighing('w3', 30, 71_500)],
    revoked: [],
  }
  own.server.on('request', async (request, response) => {
    const form = new URLSearchParams(Buffer.concat(await request.toArray()).toString())
    const url = new URL(request.url ?? '', own.origin)
    const token = request.headers.authorization?.replace('Bearer ', '')
    const reply = (status: number, body: object) =>
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
    const isOurs = form.get('client_id') === app.client_id && form.get('client_secret') === app.client_secret
    if (url.pathname === '/oauth/token') {
      const grant = form.get('code') ?? form.get('refresh_token')
      const n = { welcome: 1, r1: 2 }[grant ?? '']
      if (!isOurs) return reply(401, { error: 'invalid_client' })
      if (!n) return reply(400, { error: 'invalid_grant' })
      return reply(200, { access_token: `a${n}`, refresh_token: `r${n}`, expires_in: 7_200, scope: 'weight' })
    }
    if (url.pathname === '/v1/me') return reply(200, { id: 'acme-7', name: 'Ada' })
    if (token !== 'a2') return reply(401, {})
    if (url.pathname === '/v1/revoke') {
      own.revoked.push(form.get('token') ?? '')
      return reply(200, {})
    }
    const [first, ...others] = own.weighings
    if (url.searchParams.has('page')) return reply(200, { items: others })
    return reply(200, { items: [first], next: `${own.origin}/v1/weighings?page=2` })
  })
  await new Promise<void>((resolve) => own.server.listen(0, '127.0.0.1', resolve))
  own.origin = `http://127.0.0.1:${(own.server.address() as AddressInfo).port}`
  return own
}

beforeAll(async () => {
  cloud = await startAcme()
  vi.resetModules() // a worker keeps what it has loaded, the list of providers among it
  vi.doMock('@tributary/providers', async (importOriginal) => {
    const real = await importOriginal<typeof import('@tributary/providers')>()
    const providers: readonly Provider[] = [...real.providers, acme]
    return { ...real, providers, ...registryOf(providers) }
  })
  const kit = await import('./kit.ts')
  cookiesOf = kit.cookiesOf
  server = await kit.startServer({ env: { ACME_BASE_URL: cloud.origin, ACME_AUTH_URL: cloud.origin } })
  owner = await server.owner()
  person = await server.person()
})
afterAll(async () => {
  await server?.stop()
  vi.doUnmock('@tributary/providers')
  vi.resetModules()
  cloud?.server.closeAllConnections()
  await new Promise((resolve) => cloud?.server.close(resolve))
})

async function call<T>(
  method: string,
  path: string,
  { as = person, body }: { as?: SignedInPerson; body?: object } = {},
) {
  const answer = await server.call(method, path, { token: as.token, ...(body ? { body } : {}) })
  return { ...answer, body: answer.body as T }
}

interface Available {
  provider: string
  is_configured: boolean
}
const onPage = async () =>
  (await call<Available[]>('GET', '/api/v1/providers/available-providers?language=fr')).body.find(
    ({ provider }) => provider === 'acme',
  )

interface Shown {
  connection_id: string
}
const connections = async () => (await call<Shown[]>('GET', '/api/v1/providers/connections')).body

interface Status {
  running: object | null
  last_run: object | null
}
async function synced(): Promise<Status> {
  const [connection] = await connections()
  const path = `/api/v1/providers/connections/${connection?.connection_id}/sync-status`
  const read = async () => (await call<Status>('GET', path)).body
  await expect
    .poll(read, { timeout: 20_000, interval: 20 })
    .toMatchObject({ running: null, last_run: expect.anything() })
  return read()
}

interface Line {
  unit: string
  source: { name: string }
  values: { value: number }[]
}
async function weights() {
  const span = new URLSearchParams({
    metric: 'body_mass',
    start_time: new Date(now - 72 * hourMs).toISOString(),
    end_time: new Date(now).toISOString(),
  })
  const { lines } = (await call<{ lines: Line[] }>('GET', `/api/v1/timeline?${span}`)).body
  return lines.map(({ unit, source, values }) => [source.name, unit, values.map(({ value }) => value)])
}

test('it stands on the connect page in the reader’s language, and says what an operator has to set first', async () => {
  expect(await onPage()).toMatchObject({
    name: 'Acme Scales',
    auth_kind: 'oauth2',
    is_configured: false,
    missing_settings: ['ACME_CLIENT_ID', 'ACME_CLIENT_SECRET'],
    scopes: [{ scope: 'weight', title: 'Votre poids', is_optional: false }],
    feeds: [{ feed: 'weighings', title: 'Pesées', brings: ['body_mass'] }],
    has_webhooks: true,
  })
  expect((await call('POST', '/api/v1/integrations/acme/auth', { body: {} })).body).toMatchObject({
    code: 'provider_not_configured',
  })
})

test('its app is set on the page of apps and tried at its token endpoint', async () => {
  const set = await call('PUT', '/api/v1/provider-apps/acme', { as: owner, body: app })
  expect(set).toMatchObject({
    status: 200,
    body: { client_id: app.client_id, has_secret: true, base_url: cloud.origin, origin: 'settings' },
  })
  const tried = await call('POST', '/api/v1/provider-apps/acme/test', { as: owner })
  expect(tried.body).toEqual({ result: 'accepted', detail: 'Acme Scales knows this app and its secret.' })
  expect(await onPage()).toMatchObject({ is_configured: true, missing_settings: [] })
})

test('a person signs in to it, and the first sync brings what they weighed, with a token that had to be renewed', async () => {
  const asked = await server.call('POST', '/api/v1/integrations/acme/auth', { token: person.token, body: {} })
  const { authorization_url, state } = asked.body as { authorization_url: string; state: string }
  const { origin, searchParams } = new URL(authorization_url)
  expect([origin, searchParams.get('client_id'), searchParams.get('scope')]).toEqual([
    cloud.origin,
    app.client_id,
    'weight',
  ])
  const back = `/api/v1/integrations/acme/callback?${new URLSearchParams({ code: 'welcome', state })}`
  const page = await server.call('GET', back, { headers: { cookie: cookiesOf(asked.headers) } })
  expect(page.body).toContain('<h1>Acme Scales is connected</h1>')
  expect(await connections()).toMatchObject([{ provider: 'acme', provider_account: 'acme-7', status: 'active' }])
  expect((await synced()).last_run).toMatchObject({
    status: 'completed',
    records_fetched: 3,
    records_inserted: 2,
    records_failed: 1,
  })
  expect(await weights()).toEqual([['Scale of the bathroom', 'kg', [72, 71.5]]])
})

test('a record of its that cannot be read waits in quarantine with its reason', async () => {
  const { body } = await call<{ items: { raw: string }[] }>('GET', '/api/v1/quarantine')
  expect(body.items).toMatchObject([{ feed: 'weighings', code: 'record_malformed' }])
  expect(JSON.parse(body.items[0]?.raw ?? '')).toEqual(weighing('w2', 49, 'heavy'))
})

test('a notice of its that is signed makes what is new be fetched, and one that is not is refused', async () => {
  const { webhook_url } = (await call<{ webhook_url: string }>('GET', '/api/v1/provider-apps/acme', { as: owner })).body
  const body = JSON.stringify({ id: 'n1', account: 'acme-7' })
  const post = (signature: string) =>
    fetch(`${server.url}${new URL(webhook_url).pathname}`, {
      method: 'POST',
      body,
      headers: { 'content-type': 'application/json', 'x-acme-signature': signature },
    })
  cloud.weighings.push(weighing('w4', 2, 71_000))
  expect((await post('forged')).status).toBe(401)
  expect((await post(hmac('sha256', app.client_secret, body))).status).toBe(200)
  await expect
    .poll(weights, { timeout: 20_000, interval: 20 })
    .toEqual([['Scale of the bathroom', 'kg', [72, 71.5, 71]]])
})

test('disconnected, it is told so, and what it brought stays', async () => {
  const [connection] = await connections()
  expect((await call('DELETE', `/api/v1/providers/connections/${connection?.connection_id}`)).status).toBe(204)
  expect(cloud.revoked).toEqual(['r2'])
  expect(await connections()).toEqual([])
  expect(await weights()).toHaveLength(1)
})
