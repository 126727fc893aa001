import { afterAll, beforeAll, expect, test } from 'vitest'
import { asAdmin, type SignedInPerson, startServer, type TestServer } from '../../../test/kit.ts'

let server: TestServer
let owner: SignedInPerson
let ahead = 0
beforeAll(async () => {
  server = await startServer({ clock: { now: () => Date.now() + ahead } })
  owner = await server.owner()
})
afterAll(() => server?.stop())

interface From {
  address?: string
  headers?: Record<string, string>
  token?: string
  at?: TestServer
}

/** As if it came from there: the address is the socket's. */
async function askFrom({ address = '127.0.0.1', headers = {}, token, at = server }: From) {
  const { statusCode, body } = await at.app.inject({
    method: 'GET',
    url: '/metrics',
    remoteAddress: address,
    headers: { host: 'localhost', ...headers, ...(token ? { authorization: `Bearer ${token}` } : {}) },
  })
  return { status: statusCode, body }
}

async function keyWith(scopes: string[], { token } = owner): Promise<string> {
  const { body } = await server.call('POST', '/api/v1/api-keys', { token, body: { name: 'prometheus', scopes } })
  return (body as { api_key: string }).api_key
}

async function figures(): Promise<string> {
  const { status, headers, body } = await server.call('GET', '/metrics')
  expect([status, headers.get('content-type'), headers.get('cache-control')]).toEqual([
    200,
    'text/plain; version=0.0.4; charset=utf-8',
    'no-store',
  ])
  return body
}

/** Zero for one that has not been counted yet. */
async function figure(line: string): Promise<number> {
  const found = (await figures()).split('\n').find((one) => one.startsWith(`${line} `))
  return Number(found?.split(' ').at(-1) ?? 0)
}

test('figures are for the machine itself, and elsewhere for a key that may run the installation', async () => {
  const admin = await keyWith(['admin'])
  const reader = await keyWith(['data:read', 'account:read', 'devices:read'])
  const { token } = await server.person()
  for (const address of ['127.0.0.1', '127.8.9.1', '::1', '::ffff:127.0.0.1'])
    expect([address, (await askFrom({ address })).status]).toEqual([address, 200])
  for (const address of ['203.0.113.9', '10.0.0.2', '::ffff:10.0.0.2', 'fe80::1']) {
    expect([address, (await askFrom({ address })).status]).toEqual([address, 401])
    expect([address, (await askFrom({ address, token: 'trb_made-up' })).status]).toEqual([address, 401])
    expect([address, (await askFrom({ address, token: reader })).status]).toEqual([address, 403])
    expect([address, (await askFrom({ address, token })).status]).toEqual([address, 403])
    expect([address, (await askFrom({ address, token: admin })).status]).toEqual([address, 200])
  }
})

test('no header makes somebody elsewhere a neighbour, whether a proxy is trusted or not', async () => {
  const proxied = await startServer({ env: { TRUST_PROXY: '127.0.0.1', PUBLIC_URL: 'https://hub.example.org' } })
  try {
    for (const at of [server, proxied])
      for (const headers of [
        { 'x-forwarded-for': '127.0.0.1' },
        { 'x-forwarded-for': '203.0.113.9' },
        { 'x-forwarded-host': 'localhost' },
        { forwarded: 'for=127.0.0.1' },
      ] as Record<string, string>[]) {
        expect((await askFrom({ at, headers })).status).toBe(401)
        expect((await askFrom({ at, headers, address: '203.0.113.9' })).status).toBe(401)
      }
    expect((await askFrom({ at: proxied, headers: { host: 'hub.example.org' } })).status).toBe(401)
    expect((await askFrom({ at: proxied })).status).toBe(200)
  } finally {
    await proxied.stop()
  }
})

test('requests are counted by what they ask for, and samples when they are stored', async () => {
  const made = await server.call('POST', '/api/v1/devices', {
    token: owner.token,
    body: { device_type: 'thermometer', device_name: 'Hall', integration_type: 'api', issue_token: true },
  })
  const device = made.body as { device_id: string; device_token: string }
  const upload = (timestamp: string, value: number) =>
    server.call('POST', `/api/v1/devices/${device.device_id}/data`, {
      token: device.device_token,
      body: { data_type: 'heart_rate', timestamp, values: [{ value, unit: 'bpm' }] },
    })
  const uploads = 'tributary_requests_total{operation="uploadData",status="201"}'
  const before = { asked: await figure(uploads), kept: await figure('tributary_samples_total{outcome="new"}') }
  for (const [at, value] of [
    ['2026-01-01T00:00:00Z', 61.372519],
    ['2026-01-01T00:01:00Z', 62],
    ['2026-01-01T00:01:00Z', 62],
    ['2026-01-01T00:01:00Z', 63],
  ] as const)
    expect((await upload(at, value)).status).toBe(201)
  await expect.poll(() => figure(uploads)).toBe(before.asked + 4) // an answer is counted when it is on its way
  expect(await figure('tributary_request_duration_seconds_count{operation="uploadData"}')).toBe(before.asked + 4)
  expect(await figure('tributary_samples_total{outcome="new"}')).toBe(before.kept + 2)
  expect(await figure('tributary_samples_total{outcome="duplicate"}')).toBe(1)
  expect(await figure('tributary_samples_total{outcome="changed"}')).toBe(1)

  await server.call('GET', `/api/v1/nowhere/${device.device_id}?of=${owner.email}`)
  await server.call('GET', `/api/v1/devices/${device.device_id}`)
  await expect.poll(figures).toContain('tributary_requests_total{operation="getDevice",status="401"} 1')
  const text = await figures()
  expect(text).toContain('tributary_requests_total{operation="unknown",status="404"} 1')
  for (const own of [owner.userId, owner.email, device.device_id, device.device_token, 'nowhere', 'Hall', '61.37'])
    expect([own, text.includes(own)]).toEqual([own, false])
})

test('what stands and waits is counted by provider and state, and a person’s own API is told by no name', async () => {
  const { userId } = owner
  await asAdmin(server.database.admin, async (client) => {
    await client.query('set search_path to tributary')
    const connect = (provider: string, account: string, status: string, paused = false) =>
      client.query(
        `insert into connections (user_id, connection_id, provider, provider_account, short_id, status, paused_at)
         values ($1, gen_random_uuid(), $2, $3, $3, $4, case when $5 then now() end)`,
        [userId, provider, account, status, paused],
      )
    await connect('wahoo', 'one', 'active')
    await connect('wahoo', 'two', 'active')
    await connect('wahoo', 'three', 'needs_reauth')
    await connect('wahoo', 'four', 'active', true)
    await connect('strava', 'five', 'ended')
    await client.query(
      `insert into sync_runs (user_id, sync_id, connection_id, provider, trigger, status, lease_until)
       select user_id, gen_random_uuid(), connection_id, provider, 'automatic', 'pending', now() + interval '1 hour'
       from connections where provider_account = 'one'`,
    )
    await client.query(
      `insert into quarantine (user_id, record_id, format, kind, place, code, detail, raw)
       values ($1, gen_random_uuid(), 'csv', 'record', 0, 'time_unreadable', 'no time', 'x')`,
      [userId],
    )
  })
  const definition = {
    name: 'Garage scale',
    base_url: 'https://scale.example.com/v1',
    auth: { kind: 'none' },
    feeds: [
      {
        id: 'weights',
        title: 'Weights',
        path: '/weights',
        records: '$[*]',
        map: [{ metric: 'body_mass', value: '$.w', unit: 'kg', time: '$.at' }],
      },
    ],
  }
  const { status } = await server.call('POST', '/api/v1/custom-apis', { token: owner.token, body: { definition } })
  expect(status).toBe(201)
  ahead += 10_000 // the database was counted a moment ago
  const lines = (await figures()).split('\n').filter((line) => /^tributary_(connections|\w+_waiting)/.test(line))
  expect(lines).toEqual(
    expect.arrayContaining([
      'tributary_connections{provider="strava",state="ended"} 1',
      'tributary_connections{provider="custom",state="active"} 1',
      'tributary_connections{provider="wahoo",state="active"} 2',
      'tributary_connections{provider="wahoo",state="needs_reauth"} 1',
      'tributary_connections{provider="wahoo",state="paused"} 1',
      'tributary_sync_runs_waiting{provider="wahoo"} 1',
      'tributary_imports_waiting 0',
      'tributary_quarantine_waiting 1',
    ]),
  )
  expect(lines.join('\n')).not.toMatch(/garage|scale/i)
})

test('the process tells how it is, and the database how large it is', async () => {
  for (const name of ['resident_memory_bytes', 'heap_used_bytes', 'cpu_seconds_total', 'database_up', 'database_bytes'])
    expect([name, await figure(`tributary_${name}`)]).toEqual([name, expect.toSatisfy((value: number) => value > 0)])
  const named = (await figures()).matchAll(/^([a-z_]+)/gm)
  for (const [name] of named) expect(name).toMatch(/^tributary_/)
})
