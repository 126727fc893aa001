/** Every brand's cloud, the whole way over HTTP. The clouds are made from the brands' pages and share no code with the connectors. */
import { join } from 'node:path'
import { signIn } from '@tributary/emulators/clouds'
import { openZip } from '@tributary/formats'
import { pino } from 'pino'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type BrandClouds, type BrandName, openBrandClouds } from './brand-clouds.ts'
import { asAdmin, type CallOptions, cookiesOf, type SignedInPerson, startServer, type TestServer } from './kit.ts'
import { marker, plantSecrets } from './plant-secrets.ts'
import { dumpOf, filesUnder, searchFor } from './secrets.ts'

let brands: BrandClouds
let server: TestServer
let operator: SignedInPerson
let person: SignedInPerson
/** At the lowest level. */
let logged = ''
/** Of every answer that refused something, and of every page. */
const answers: string[] = []

/** All but intervals.icu, whose key is entered instead. */
const signedInTo = [
  'coros',
  'dexcom',
  'fitbit',
  'garmin',
  'oura',
  'polar',
  'polar_dynamic',
  'strava',
  'suunto',
  'ultrahuman',
  'wahoo',
  'whoop',
  'withings',
] as const satisfies BrandName[]

beforeAll(async () => {
  brands = await openBrandClouds({ until: Date.now(), days: 4 })
  const write = (line: string) => {
    logged += line
  }
  server = await startServer({
    env: brands.env,
    embedded: true,
    clock: brands.clock,
    log: pino({ level: 'trace' }, { write }),
  })
  operator = await server.owner()
  for (const brand of signedInTo) await brands.enterApp(server, operator, brand)
  person = await server.person()
  // Brands that give clock times without a zone are read in the person's own.
  await call('PATCH', '/api/v1/me', { body: { time_zone: 'Europe/Stockholm' } })
}, 60_000)
afterAll(async () => {
  await server?.stop()
  await brands?.stop()
})

async function call<T>(method: string, path: string, options: CallOptions = {}) {
  const answer = await server.call(method, path, { token: person.token, ...options })
  if (answer.status >= 400 || typeof answer.body === 'string') answers.push(JSON.stringify(answer.body))
  return { ...answer, body: answer.body as T }
}

interface Shown {
  connection_id: string
  short_id: string
  status: string
}
interface Status {
  running: object | null
  last_run: { status: string; records_inserted: number; records_failed: number } | null
}

test('each brand is signed in to, and its first sync brings what its things measured without losing a record', async () => {
  for (const brand of signedInTo) {
    const title = await brands.signIn(server, person, brand)
    expect([brand, title]).toEqual([brand, expect.stringMatching(/ is connected$/)])
  }
  const { body: list } = await call<Shown[]>('GET', '/api/v1/providers/connections')
  expect(list.map(({ short_id, status }) => [short_id, status])).toEqual(
    expect.arrayContaining(signedInTo.map((brand) => [brand, 'active'])),
  )
  for (const { connection_id, short_id } of list) {
    const read = async () =>
      (await call<Status>('GET', `/api/v1/providers/connections/${connection_id}/sync-status`)).body
    await expect.poll(read, { timeout: 60_000, interval: 100 }).toMatchObject({ running: null })
    expect([short_id, (await read()).last_run]).toMatchObject([short_id, { status: 'completed' }])
  }
  // Garmin is not asked for what there is: it sends the past a while after it was asked to.
  brands.pass(180_000)
  await brands.cloud('garmin').catchUp()
  for (const { connection_id, short_id } of list) {
    const brought = async () =>
      (
        await call<{ records_inserted: number }[]>('GET', `/api/v1/providers/connections/${connection_id}/sync-history`)
      ).body.some(({ records_inserted }) => records_inserted > 0)
    await expect.poll(brought, { timeout: 10_000, message: short_id }).toBe(true)
  }
  const { body: left } = await call<{ items: { format: string; detail: string }[] }>('GET', '/api/v1/quarantine')
  const told = left.items.filter(({ detail }) => !detail.includes('does not say which variability'))
  expect(told).toEqual([])
}, 180_000)

test.each([...signedInTo, 'intervals'] as const)(
  '%s sends people back to the address that its settings show, which no other brand has, and what comes back at another’s is refused',
  async (brand) => {
    if (brand === 'intervals') await brands.enterApp(server, operator, brand)
    const { body: apps } = await call<{ provider: string; redirect_uri: string }[]>('GET', '/api/v1/provider-apps', {
      token: operator.token,
    })
    const shown = apps.find(({ provider }) => provider === brand)?.redirect_uri
    expect(apps.filter(({ redirect_uri }) => redirect_uri === shown).map(({ provider }) => provider)).toEqual([brand])
    const { token } = await server.person()
    const asked = await call<{ authorization_url: string }>('POST', `/api/v1/integrations/${brand}/auth`, {
      token,
      body: { auth_kind: 'oauth2' },
    })
    expect(new URL(asked.body.authorization_url).searchParams.get('redirect_uri')).toBe(shown)

    const back = await signIn(brands.cloud(brand), asked.body.authorization_url)
    expect(`${back.origin}${back.pathname}`).toBe(shown)
    brands.secrets.set(back.searchParams.get('code') ?? '', `${brand} code`)
    const cookie = cookiesOf(asked.headers)
    for (const { provider, redirect_uri } of apps.filter((app) => app.provider !== brand)) {
      const page = await call<string>('GET', `${new URL(redirect_uri).pathname}${back.search}`, { headers: { cookie } })
      expect([provider, page.body]).toEqual([provider, expect.stringContaining('This answer does not belong here')])
    }
    expect((await call('GET', '/api/v1/providers/connections', { token })).body).toEqual([])
  },
)

test('the watch that two connections name is one device', async () => {
  const { body: devices } = await call<{ serial_number: string | null }[]>('GET', '/api/v1/devices')
  expect(devices.filter(({ serial_number }) => serial_number === '0B1C22EE')).toHaveLength(1)
})

test('the test of an app calls no wrong secret and no unknown id accepted, and no right one refused', async () => {
  const { token } = operator
  const told: Record<string, string[]> = {}
  for (const brand of [...signedInTo, 'intervals'] as const) {
    const path = `/api/v1/provider-apps/${brand}`
    const { clientId: client_id, clientSecret: client_secret } = await brands.enterApp(server, operator, brand)
    const tried = async (changed: object) => {
      const body = { client_id, client_secret, ...changed }
      expect((await call('PUT', path, { token, body })).status).toBe(200)
      return (await call<{ result: string }>('POST', `${path}/test`, { token })).body.result
    }
    const wrong = [await tried({ client_secret: `${client_secret}x` }), await tried({ client_id: 'nobody' })]
    told[brand] = [await tried({}), ...wrong]
  }
  const toldApart = ['accepted', 'refused', 'refused']
  expect(told).toEqual({
    ...Object.fromEntries(signedInTo.map((brand) => [brand, toldApart])),
    coros: ['unclear', 'unclear', 'unclear'], // one number for a code and for an app that are no good
    intervals: ['unclear', 'refused', 'refused'], // of a code that is no good nothing is documented
  })
})

test('an app of Withings is not accepted for a refused code alone: it must be proved by its secret', async () => {
  const { token } = operator
  const { clientSecret } = await brands.enterApp(server, operator, 'withings')
  const path = '/api/v1/provider-apps/withings'
  await call('PUT', path, { token, body: { client_secret: `${clientSecret}x` } })
  const body = '{"status":503,"body":{},"error":"Invalid Params: invalid code"}'
  brands.cloud('withings').failNext('/v2/oauth2', { kind: 'status', status: 200, body })
  expect((await call('POST', `${path}/test`, { token })).body).toMatchObject({ result: 'unclear' })
})

test('of over 140 secrets, each of another kind, none stands in a dump of the database, a file of the data, a line of the log, the figures, an answer that refuses or an export', async () => {
  const planted = new Map([...brands.secrets, ...(await plantSecrets({ server, operator, person, call }))])
  const kinds = new Set(planted.values())
  expect(kinds.size).toBeGreaterThan(140)
  for (const brand of signedInTo)
    expect([...kinds]).toEqual(
      expect.arrayContaining(
        ['client_secret', 'access_token', 'state', 'cookie', 'code'].map((what) => `${brand} ${what}`),
      ),
    )
  expect([...kinds].filter((kind) => kind.endsWith(' webhook')).length).toBeGreaterThan(3)
  for (const kind of ['garmin code_verifier', 'garmin refresh_token', 'withings refresh_token'])
    expect([...kinds]).toContain(kind)
  const answered = { '/metrics': '', '/health': '', '/ready': '', '/openapi.json': '' }
  for (const path of Object.keys(answered) as (keyof typeof answered)[]) {
    const { status, body } = await call('GET', path)
    expect([path, status]).toEqual([path, 200])
    answered[path] = typeof body === 'string' ? body : JSON.stringify(body)
  }
  await asAdmin(server.database.admin, (client) => client.query('checkpoint')) // what is in memory alone goes to the files

  const search = searchFor(planted.keys())
  const found = (texts: readonly (string | Uint8Array)[]) =>
    [...new Set(texts.flatMap(search))].map((secret) => planted.get(secret))
  const dump = await dumpOf(server.database)
  const exported = await everyExport()
  // Tables, indexes, the write-ahead log, what imports and journals leave: all but the folder that is made for secrets.
  const files = await filesOf(server.dataDir, ['secrets'])
  expect({
    'a line of the log': found([logged]),
    'the figures': found([answered['/metrics']]),
    'what anybody may ask': found(Object.values(answered)),
    'an answer that refuses': found(answers),
    'an export': found([exported]),
    'a dump of the database': found([dump]),
    'a file of the database, or of its log': found(files.map(({ bytes }) => bytes)),
  }).toEqual({
    'a line of the log': [],
    'the figures': [],
    'what anybody may ask': [],
    'an answer that refuses': [],
    'an export': [],
    'a dump of the database': [],
    'a file of the database, or of its log': [],
  })

  // The places were the right ones: what may stand there is found there.
  const kept = await filesOf(join(server.dataDir, 'secrets'))
  expect(found(kept.map(({ bytes }) => bytes)).sort()).toEqual([
    'password of the superuser',
    'secret of the database roles',
  ])
  const finds = searchFor([marker])
  expect([dump, exported].map(finds)).toEqual([[marker], [marker]])
  for (const folder of ['pg_wal', 'base'])
    expect(
      files.some(({ path, bytes }) => path.includes(`/${folder}/`) && finds(bytes).length),
      folder,
    ).toBe(true)
  expect(
    searchFor(signedInTo.map((brand) => `tributary_connections{provider="${brand}"`))(answered['/metrics']),
  ).toHaveLength(signedInTo.length)
  expect(searchFor(['a person came back from signing in', '"operation":"createDevice"'])(logged)).toHaveLength(2)
  expect(answers.length).toBeGreaterThan(20)
}, 180_000)

async function filesOf(folder: string, except: readonly string[] = []): Promise<{ path: string; bytes: Buffer }[]> {
  const files: { path: string; bytes: Buffer }[] = []
  for await (const [path, bytes] of filesUnder(folder, except)) files.push({ path, bytes })
  return files
}

/** Rows of values look all the same. */
const anHour = () => ({
  start_time: new Date(Date.now() - 86_400_000).toISOString(),
  end_time: new Date(Date.now() - 82_800_000).toISOString(),
})

async function everyExport(): Promise<string> {
  const texts: string[] = []
  for (const format of ['json', 'csv', 'ndjson', 'tributary']) {
    const body = format === 'tributary' ? { format } : { format, ...anHour() }
    const made = await call<{ export_id: string }>('POST', '/api/v1/exports', { body })
    const path = `/api/v1/exports/${made.body.export_id}`
    await expect.poll(async () => (await call('GET', path)).body, { timeout: 20_000 }).toMatchObject({ status: 'done' })
    const file = await fetch(`${server.url}${path}/file`, { headers: { authorization: `Bearer ${person.token}` } })
    const bytes = new Uint8Array(await file.arrayBuffer())
    texts.push(Buffer.from(bytes).toString('latin1'))
    if (format === 'tributary') texts.push(await unpacked(bytes))
  }
  return texts.join('\n')
}

async function unpacked(bytes: Uint8Array): Promise<string> {
  const entries = await openZip({
    size: bytes.length,
    readAt: async (offset, length) => bytes.subarray(offset, offset + length),
  })
  const chunks: Uint8Array[] = []
  for (const entry of entries) for await (const chunk of entry.chunks()) chunks.push(chunk)
  return Buffer.concat(chunks).toString('latin1')
}
