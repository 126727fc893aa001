/** Every route of the contract, asked by everybody there is. What is expected is computed from the contract alone. */
import { type Role, type RouteContract, roleScopes, routes, type Scope, scopes } from '@tributary/protocol'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { asAdmin, startServer, type TestServer } from '../../test/kit.ts'
import { handlers } from '../routes.ts'

type Name = keyof typeof routes
const contracts = Object.entries(handlers).map(([name, { contract }]) => [name, contract] as [Name, RouteContract])
const guarded = contracts.filter(([, { scope }]) => scope !== 'public')

let server: TestServer
/** One thing of each kind, all the owner's. */
let owned: Record<string, string>
const tokens: Record<Role | 'device', string> = { owner: '', admin: '', member: '', viewer: '', device: '' }

beforeAll(async () => {
  server = await startServer()
  const owner = await server.owner()
  tokens.owner = owner.token
  for (const role of ['admin', 'member', 'viewer'] as const) tokens[role] = (await server.person(role)).token
  owned = await makeOneOfEach(owner.userId)
})
afterAll(() => server.stop())

async function makeOneOfEach(userId: string): Promise<Record<string, string>> {
  const make = async (path: string, body: object = {}): Promise<Record<string, string>> => {
    const made = await server.call('POST', path, { token: tokens.owner, body })
    expect(made.status).toBeLessThan(300)
    return made.body
  }
  const device = await make('/api/v1/devices', {
    device_type: 'custom',
    device_name: 'Scale',
    integration_type: 'api',
    issue_token: true,
  })
  tokens.device = device['device_token'] ?? ''
  const sync = await make(`/api/v1/devices/${device['device_id']}/sync`)
  const key = await make('/api/v1/api-keys', { name: 'one', scopes: ['data:read'] })
  const invite = await make('/api/v1/invites')
  const plan = await make('/api/v1/planned-sessions', { title: 'Run', scheduled_on: '2026-01-01' })
  const day = { start_time: '2020-01-01T00:00:00Z', end_time: '2020-01-02T00:00:00Z' }
  const suppression = await make('/api/v1/suppressions', day)
  const dataExport = await make('/api/v1/exports', { format: 'csv' })
  const mapping = await make('/api/v1/csv-mappings', {
    name: 'Scale',
    columns: ['when', 'kg'],
    delimiter: ',',
    time: { column: 'when', format: 'iso' },
    decimal: '.',
    values: [{ column: 'kg', metric: 'body_mass' }],
  })
  const custom = await make('/api/v1/custom-apis', { definition: scale })
  const [connection, record, session, dataImport] = [
    '0194fdc2-fa2f-7cc0-81d3-ff12045b73c6',
    '0194fdc2-fa2f-7cc0-81d3-ff12045b73c7',
    '0194fdc2-fa2f-7cc0-81d3-ff12045b73c8',
    '0194fdc2-fa2f-7cc0-81d3-ff12045b73c9',
  ]
  await asAdmin(server.database.admin, async (client) => {
    await client.query('set search_path to tributary')
    await client.query(
      `insert into sessions (user_id, session_id, source_id, external_id, type, start_at, end_at)
       select user_id, $2, source_id, 'one', 'workout', now(), now() from sources where user_id = $1 limit 1`,
      [userId, session],
    )
    await client.query('insert into imports (user_id, import_id, status) values ($1, $2, $3)', [
      userId,
      dataImport,
      'done',
    ])
    await client.query(
      `insert into connections (user_id, connection_id, provider, provider_account, short_id, status) values ($1, $2, 'wahoo', '1', 'wahoo', 'active')`,
      [userId, connection],
    )
    await client.query(
      `insert into quarantine (user_id, record_id, format, kind, place, code, detail, raw)
       values ($1, $2, 'csv', 'record', 0, 'time_unreadable', 'no time', 'x')`,
      [userId, record],
    )
  })
  return {
    connection_id: connection,
    custom_api_id: custom['custom_api_id'] ?? '',
    device_id: device['device_id'] ?? '',
    sync_id: sync['sync_id'] ?? '',
    api_key_id: key['api_key_id'] ?? '',
    invite_id: invite['invite_id'] ?? '',
    session_id: session,
    planned_session_id: plan['planned_session_id'] ?? '',
    suppression_id: suppression['suppression_id'] ?? '',
    import_id: dataImport,
    export_id: dataExport['export_id'] ?? '',
    mapping_id: mapping['mapping_id'] ?? '',
    record_id: record,
  }
}

/** An API of one's own, for the routes of those. */
const scale = {
  name: 'Scale',
  base_url: 'https://scale.example.com',
  auth: { kind: 'none' },
  feeds: [
    {
      id: 'weights',
      title: 'Weights',
      path: '/weights',
      records: '$[*]',
      map: [{ metric: 'body_mass', value: '$.kg', time: '$.at', time_format: 'iso', unit: 'kg' }],
    },
  ],
}

/** The least that each of these takes; a route that is missing here is asked without a body. */
const bodies: Partial<Record<Name, object>> = {
  updateDevice: { device_name: 'Mine now' },
  reportDeviceHealth: { battery_level: 50 },
  putCustomApi: { definition: scale },
  uploadData: { data_type: 'heart_rate', timestamp: '2026-01-01T00:00:00Z', values: [{ value: 60, unit: 'bpm' }] },
}
const queries: Partial<Record<Name, string>> = { deleteData: '?all=true' }

/** Parts of an address that name no thing of anybody's. */
const plainParts: Record<string, string> = {
  position: '0',
  date: '2026-01-01',
  metric: 'steps',
  provider: 'wahoo',
  type: 'wahoo',
  token: 'nobody-made-this-token',
}

const pathOf = (contract: RouteContract, ids = owned) =>
  contract.path.replaceAll(/\{(\w+)\}/g, (_, name: string) => {
    const id = ids[name] ?? plainParts[name]
    if (!id) throw new Error(`${contract.path}: no example of ${name}`)
    return id
  })

/** The request is stopped after the policy has let it pass, by a key that is too long: nothing is changed. */
const stopped = { 'idempotency-key': 'x'.repeat(300) }
/** Whoever a proxy asks for is not at this machine, which some routes are open to. */
const fromElsewhere = { 'x-forwarded-for': '203.0.113.7' }

async function ask(name: Name, contract: RouteContract, token?: string, ids = owned) {
  const headers = { ...fromElsewhere, ...(contract.method === 'GET' ? {} : stopped) }
  const { status, body } = await server.call(contract.method, pathOf(contract, ids), {
    ...(token ? { token } : {}),
    headers,
    body: bodyFor(name, contract),
  })
  return { name, status, code: (body as { code?: string } | undefined)?.code }
}

const bodyFor = (name: Name, contract: RouteContract) =>
  contract.method === 'GET' || contract.method === 'DELETE' ? undefined : (bodies[name] ?? {})
const passed = ({ status }: { status: number }) => status !== 401 && status !== 403

test('every route of the contract is asked here', () => {
  expect(contracts.map(([name]) => name).sort()).toEqual(Object.keys(routes).sort() as Name[])
})

test('somebody who is not signed in reaches what is public, and 401 elsewhere', async () => {
  for (const [name, contract] of guarded)
    expect(await ask(name, contract)).toEqual({ name, status: 401, code: 'not_signed_in' })
  expect(
    contracts
      .filter(([, { scope }]) => scope === 'public')
      .map(([name]) => name)
      .sort(),
  ).toEqual(['finishSignIn', 'getHealth', 'getReady', 'getSetup', 'listMetrics', 'login', 'refresh', 'register'])
})

describe.each(['owner', 'admin', 'member', 'viewer'] as const)('the %s', (role) => {
  test('reaches what the role holds, and 403 elsewhere', async () => {
    for (const [name, contract] of guarded) {
      const may = contract.scope === 'person' || roleScopes[role].includes(contract.scope as Scope)
      const told = await ask(name, contract, tokens[role])
      expect({ ...told, may: passed(told) }).toEqual(
        may ? { ...told, may } : { name, status: 403, code: 'not_allowed', may },
      )
    }
  })
})

test('a viewer changes nothing but their own account, and may take away what they can read', async () => {
  const allowed = []
  for (const [name, contract] of guarded)
    if (contract.method !== 'GET' && passed(await ask(name, contract, tokens.viewer))) allowed.push(name)
  expect(allowed.sort()).toEqual([
    'changePassword',
    'createApiKey',
    'createExport',
    'deleteApiKey',
    'deleteExport',
    'endSignIns',
    'logout',
    'updateMe',
  ])
})

test('an API key reaches what it was given and nothing else, and never a person’s own matters', async () => {
  const keyWith = async (given: readonly Scope[]) => {
    const made = await server.call('POST', '/api/v1/api-keys', {
      token: tokens.owner,
      body: { name: 'k', scopes: given },
    })
    return (made.body as { api_key: string }).api_key
  }
  for (const scope of scopes) {
    const only = await keyWith([scope])
    const others = await keyWith(scopes.filter((other) => other !== scope))
    for (const [name, contract] of guarded) {
      if (contract.scope === scope) {
        expect(passed(await ask(name, contract, only))).toBe(true)
        expect(await ask(name, contract, others)).toEqual({ name, status: 403, code: 'not_allowed' })
      } else if (contract.scope === 'person')
        expect(await ask(name, contract, others)).toEqual({ name, status: 403, code: 'not_allowed' })
      else expect((await ask(name, contract, only)).status).toBe(403)
    }
  }
})

test('a device’s token reaches the routes made for it, on its own device only', async () => {
  const second = await server.call('POST', '/api/v1/devices', {
    token: tokens.owner,
    body: { device_type: 'custom', device_name: 'Other', integration_type: 'api' },
  })
  const elsewhere = { ...owned, device_id: (second.body as { device_id: string }).device_id }
  for (const [name, contract] of guarded) {
    if (!contract.deviceToken)
      expect(await ask(name, contract, tokens.device)).toEqual({ name, status: 403, code: 'not_allowed' })
    else {
      expect(passed(await ask(name, contract, tokens.device))).toBe(true)
      expect(await ask(name, contract, tokens.device, elsewhere)).toEqual({ name, status: 404, code: 'not_found' })
    }
  }
})

test('what is somebody else’s answers as if it were not there, even to an admin', async () => {
  for (const [name, contract] of guarded.filter(([, { path }]) => path.includes('_id}'))) {
    const { status, body } = await server.call(contract.method, pathOf(contract) + (queries[name] ?? ''), {
      token: tokens.admin,
      body: bodyFor(name, contract),
    })
    expect({ name, status, code: (body as { code: string }).code }).toEqual({ name, status: 404, code: 'not_found' })
    const nowhere = Object.fromEntries(Object.keys(owned).map((key) => [key, '0194fdc2-fa2f-7cc0-81d3-000000000000']))
    const absent = await server.call(contract.method, pathOf(contract, nowhere) + (queries[name] ?? ''), {
      token: tokens.admin,
      body: bodyFor(name, contract),
    })
    expect({ ...(absent.body as object), instance: '' }).toEqual({ ...(body as object), instance: '' })
  }
})

test('lists show nobody else’s things', async () => {
  for (const [name, contract] of guarded.filter(
    ([, { params, method, scope }]) => !params && method === 'GET' && scope !== 'person',
  )) {
    const { body } = await server.call('GET', contract.path, { token: tokens.admin })
    const text = JSON.stringify(body)
    for (const id of Object.values(owned)) expect({ name, found: text.includes(id) }).toEqual({ name, found: false })
  }
})

test('a key never holds more than its person does now', async () => {
  const member = await server.person('member')
  const refused = await server.call('POST', '/api/v1/api-keys', {
    token: member.token,
    body: { name: 'k', scopes: ['admin'] },
  })
  expect(refused).toMatchObject({ status: 403, body: { code: 'not_allowed' } })
  const made = await server.call('POST', '/api/v1/api-keys', {
    token: member.token,
    body: { name: 'k', scopes: ['devices:write', 'devices:read'] },
  })
  const { api_key } = made.body as { api_key: string }
  const list = () => server.call('GET', '/api/v1/devices', { token: api_key })
  expect((await list()).status).toBe(200)
  await asAdmin(server.database.admin, (client) =>
    client.query("update tributary.users set role = 'viewer' where user_id = $1", [member.userId]),
  )
  await expect
    .poll(async () => (await server.call('POST', '/api/v1/devices', { token: api_key, body: {} })).status, {
      timeout: 10_000,
    })
    .toBe(403)
  expect((await list()).status).toBe(200)
})

test('an API key is shown once, listed by its first signs, and ends when it is revoked or expires', async () => {
  const body = { name: 'export', scopes: ['data:read', 'data:read'], expires_at: '2999-01-01T00:00:00+02:00' }
  const made = await server.call('POST', '/api/v1/api-keys', { token: tokens.member, body })
  const { api_key, ...rest } = made.body as { api_key: string; api_key_id: string; prefix: string }
  expect(rest).toMatchObject({
    name: 'export',
    scopes: ['data:read'],
    expires_at: '2998-12-31T22:00:00.000Z',
    prefix: api_key.slice(0, 12),
    last_used_at: null,
  })
  const listed = await server.call('GET', '/api/v1/api-keys', { token: tokens.member })
  expect(listed.body).toEqual({ items: [rest], next_cursor: null })
  const use = () => server.call('GET', '/api/v1/sessions', { token: api_key })
  expect((await use()).status).toBe(200)
  expect((await server.call('DELETE', `/api/v1/api-keys/${rest.api_key_id}`, { token: tokens.member })).status).toBe(
    204,
  )
  expect(await use()).toMatchObject({ status: 401, body: { code: 'token_invalid' } })
  const past = await server.call('POST', '/api/v1/api-keys', {
    token: tokens.member,
    body: { ...body, expires_at: '2020-01-01T00:00:00Z' },
  })
  expect(past).toMatchObject({ status: 400, body: { errors: [{ pointer: '/expires_at' }] } })
})

test('forged and foreign tokens are nobody’s', async () => {
  const real = tokens.member
  const [head, claims, signature] = real.split('.')
  const none = Buffer.from('{"alg":"none","typ":"at+jwt"}').toString('base64url')
  const forged = [
    `${none}.${claims}.`,
    `${none}.${claims}.${signature}`,
    `${head}.${claims}.`,
    real.slice(0, -3),
    `trb_${'A'.repeat(43)}`,
    `trd_${'A'.repeat(43)}`,
    `trc_${'A'.repeat(43)}`,
    'x',
    `${real}x`,
  ]
  for (const token of forged)
    expect(await server.call('GET', '/api/v1/me', { token })).toMatchObject({
      status: 401,
      body: { code: 'token_invalid' },
    })
  for (const authorization of ['', 'Basic YTpi', real, 'Bearer', `Bearer ${real} x`])
    expect((await server.call('GET', '/api/v1/me', { headers: { authorization } })).status).toBe(401)
})
