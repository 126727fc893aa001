/** Drives every route of the contract with input that fits and input that does not, and holds each answer against its schema. */
import { randomUUID } from 'node:crypto'
import { writeRide } from '@tributary/formats/testing'
import { type RouteContract, type Routes, routes } from '@tributary/protocol'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { startTestCloud, type TestCloud } from '../src/connect/test-cloud.ts'
import { type CallOptions, cookiesOf, type SignedInPerson, startServer, type TestServer } from './kit.ts'

interface Drive {
  params?: Record<string, string>
  query?: Record<string, string>
  body?: unknown
  /** Bytes instead of JSON. */
  raw?: { type: string; bytes: Uint8Array }
  headers?: Record<string, string>
  /** Someone else than the owner. */
  token?: string
}

let cloud: TestCloud
let server: TestServer
let owner: SignedInPerson
let device: string
let accounts = 0
let imported: { import_id: string; session_id: string }

beforeAll(async () => {
  cloud = await startTestCloud()
  server = await startServer({ env: cloud.env })
  owner = await server.owner()
  device = await newDevice()
  await server.call('POST', `/api/v1/devices/${device}/data`, { token: owner.token, body: heartRates() })
  imported = await importRide()
})
afterAll(async () => {
  await server?.stop()
  await cloud?.close()
})

/** A request that fits, for each route; what it ends or deletes was made for it. */
const drives: { [K in keyof Routes]: () => Promise<Drive> | Drive } = {
  pushIntegration: () => ({
    params: { type: 'health_connect' },
    body: { records: [{ id: 'a', type: 'HeartRate', start: '2026-01-01T00:00:00Z', value: 60, unit: 'bpm' }] },
  }),
  getDemo: () => ({}),
  createDemo: () => ({}),
  deleteDemo: async () => {
    await make('/api/v1/demo')
    return {}
  },
  createExport: () => ({
    body: {
      format: 'csv',
      start_time: '2026-01-01T00:00:00Z',
      end_time: '2026-02-01T00:00:00Z',
      metrics: ['heart_rate'],
    },
  }),
  listExports: () => ({}),
  getExport: async () => ({ params: { export_id: await newExport() } }),
  downloadExport: async () => ({ params: { export_id: await newExport() } }),
  deleteExport: async () => ({ params: { export_id: await newExport() } }),
  listConnections: () => ({ query: { language: 'de' } }),
  getConnection: async () => ({ params: { connection_id: await newConnection() } }),
  getConnectionOfProvider: async () => {
    await newConnection()
    return { params: { provider: 'intervals' } }
  },
  createCustomApi: () => ({ body: { definition: customApi(), credentials: { secret: 'of a scale' } } }),
  listCustomApis: () => ({ query: { limit: '10' } }),
  getCustomApi: async () => ({ params: { custom_api_id: await newCustomApi() } }),
  putCustomApi: async () => ({
    params: { custom_api_id: await newCustomApi() },
    body: { definition: customApi(), credentials: { secret: 'another' } },
  }),
  deleteCustomApi: async () => ({ params: { custom_api_id: await newCustomApi() }, query: { data: 'delete' } }),
  dryRunCustomApi: () => ({
    body: {
      definition: customApi(),
      feed: 'weights',
      sample: JSON.stringify({
        data: [
          { at: '2026-03-01T07:00:00+01:00', lb: 160 },
          { at: 'soon', lb: 1 },
        ],
      }),
    },
  }),
  deleteConnection: async () => ({ params: { connection_id: await newConnection() } }),
  toggleConnection: async () => ({ params: { connection_id: await newConnection() }, body: { is_active: false } }),
  getProviderSummary: () => ({}),
  listAvailableProviders: () => ({}),
  listIntegrations: () => ({}),
  syncConnection: async () => ({ params: { connection_id: await newConnection() } }),
  replayConnection: async () => {
    const connection_id = await newConnection()
    await firstSyncOver(connection_id)
    return { params: { connection_id } }
  },
  listConnectionSyncs: async () => ({ params: { connection_id: await newConnection() }, query: { limit: '1' } }),
  getConnectionSyncStatus: async () => ({ params: { connection_id: await newConnection() } }),
  listIntegrationDevices: async () => {
    await newPlatformDevice()
    return { params: { type: 'intervals' } }
  },
  importIntegrationDevices: async () => ({
    params: { type: 'intervals' },
    body: { device_ids: [await newPlatformDevice()] },
  }),
  startSignIn: () => ({ params: { type: 'wahoo' }, body: { return_to: '/connections', scopes: ['workouts_read'] } }),
  finishSignIn: () => ({ params: { type: 'wahoo' } }),
  getPendingSignIn: async () => {
    const { token, headers } = await newPending()
    return { params: { type: 'wahoo', token }, headers }
  },
  confirmSignIn: async () => {
    const { token, headers } = await newPending()
    return { params: { type: 'wahoo' }, body: { token }, headers }
  },
  declineSignIn: async () => {
    const { token, headers } = await newPending()
    return { params: { type: 'wahoo', token }, headers }
  },
  listProviderApps: () => ({}),
  getProviderApp: () => ({ params: { provider: 'garmin' } }),
  putProviderApp: () => ({
    params: { provider: 'garmin' },
    body: { client_id: 'ours', client_secret: 'of nobody', extra: {} },
  }),
  deleteProviderApp: () => ({ params: { provider: 'garmin' } }),
  testProviderApp: () => ({ params: { provider: 'wahoo' } }),
  createConnectSession: () => ({
    body: {
      providers: ['wahoo'],
      theme: 'dark',
      language: 'fr',
      return_to: '/',
      allowed_origins: ['https://app.example.com'],
    },
  }),
  getConnectSession: async () => ({ token: (await make<{ token: string }>('/api/v1/connect-sessions', {})).token }),
  getHealth: () => ({}),
  getReady: () => ({}),
  getMetrics: () => ({}),
  getSetup: () => ({ query: { token: 'none' } }),
  register: async () => ({
    body: {
      email: `${randomUUID()}@example.org`,
      password: owner.password,
      invite: await newInvite(),
      time_zone: 'Europe/Paris',
    },
  }),
  login: () => ({ body: { email: owner.email, password: owner.password } }),
  refresh: async () => ({ body: { refresh_token: (await server.person()).refreshToken } }),
  logout: async () => ({ token: (await server.person()).token }),
  getMe: () => ({}),
  updateMe: () => ({
    body: {
      display_name: 'Ada',
      units: 'imperial',
      time_zone: 'Europe/Oslo',
      locale: 'fr',
      birth_on: '1980-02-29',
      sex: null,
      body_height: 1.7,
    },
  }),
  listSignIns: () => ({}),
  endSignIns: async () => ({ token: (await server.person()).token }),
  changePassword: async () => {
    const person = await server.person()
    return {
      token: person.token,
      body: { current_password: person.password, new_password: 'another long sentence of words' },
    }
  },
  listApiKeys: () => ({}),
  createApiKey: () => ({ body: { name: 'watch', scopes: ['data:read'], expires_at: '2099-01-01T00:00:00+02:00' } }),
  deleteApiKey: async () => ({
    params: {
      api_key_id: (await make<{ api_key_id: string }>('/api/v1/api-keys', { name: 'x', scopes: ['data:read'] }))
        .api_key_id,
    },
  }),
  listInvites: () => ({ query: { used: 'false' } }),
  createInvite: () => ({ body: { role: 'viewer', note: 'for grandma' } }),
  deleteInvite: async () => ({
    params: { invite_id: (await make<{ invite_id: string }>('/api/v1/invites', {})).invite_id },
  }),
  createDevice: () => ({
    body: {
      device_type: 'fitbit_charge_5',
      device_name: 'My Fitbit',
      manufacturer: 'Fitbit',
      model: 'Charge 5',
      serial_number: randomUUID(),
      firmware_version: '1.2.3',
      capabilities: ['heart_rate'],
      integration_type: 'api',
      credentials: { access_token: 'a' },
      sync_settings: { auto_sync: true, sync_interval_minutes: 15, sync_historical_days: 30 },
      issue_token: true,
    },
  }),
  listDevices: () => ({ query: { status: 'registered', limit: '5', offset: '0' } }),
  getDevice: () => ({ params: { device_id: device } }),
  updateDevice: () => ({
    params: { device_id: device },
    body: { device_name: 'Renamed', sync_settings: { sync_interval_minutes: 60 } },
  }),
  deleteDevice: async () => ({ params: { device_id: await newDevice() }, query: { data: 'delete' } }),
  syncDevice: () => ({ params: { device_id: device } }),
  getDeviceHealth: () => ({ params: { device_id: device } }),
  reportDeviceHealth: () => ({
    params: { device_id: device },
    body: {
      battery_level: 80,
      signal_strength: 'good',
      temperature: 30.5,
      firmware_version: '2',
      errors: ['e'],
      warnings: [],
    },
  }),
  getHealthSummary: () => ({}),
  issueDeviceToken: () => ({ params: { device_id: device } }),
  revokeDeviceToken: () => ({ params: { device_id: device } }),
  getSyncStatus: () => ({}),
  listSyncRuns: () => ({ query: { device_id: device, status: 'failed', trigger: 'manual' } }),
  getSyncRun: async () => ({
    params: { sync_id: (await make<{ sync_id: string }>(`/api/v1/devices/${device}/sync`)).sync_id },
  }),
  uploadData: () => ({ params: { device_id: device }, body: heartRates() }),
  getData: () => ({ params: { device_id: device }, query: { data_type: 'heart_rate', limit: '10' } }),
  getLatestData: () => ({ params: { device_id: device } }),
  deleteData: () => ({
    params: { device_id: device },
    query: { data_type: 'heart_rate', end_time: '2020-01-01T00:00:00Z' },
  }),
  listBatches: () => ({ params: { device_id: device } }),
  getTimeline: () => ({
    query: {
      metric: 'heart_rate',
      start_time: '2026-01-01T00:00:00Z',
      end_time: '2026-02-01T00:00:00Z',
      points: '100',
    },
  }),
  listSeries: () => ({}),
  listDays: () => ({ query: { from: '2026-01-01', to: '2026-02-01', metrics: 'heart_rate' } }),
  explainDay: () => ({ params: { date: '2026-01-01', metric: 'heart_rate' } }),
  createSample: () => ({ body: { metric: 'weight', value: 160, unit: 'lb', timestamp: '2026-01-02T07:00:00+01:00' } }),
  listSamples: () => ({ query: { metric: 'body_mass' } }),
  listMetrics: () => ({}),
  listSessions: () => ({ query: { type: 'workout', limit: '10' } }),
  getSession: () => ({ params: { session_id: imported.session_id } }),
  getTrack: () => ({ params: { session_id: imported.session_id } }),
  getStreams: () => ({ params: { session_id: imported.session_id }, query: { points: '50' } }),
  getLaps: () => ({ params: { session_id: imported.session_id } }),
  getFile: () => ({ params: { session_id: imported.session_id } }),
  createSession: () => ({ body: walk() }),
  updateSession: async () => ({
    params: { session_id: (await make<{ session_id: string }>('/api/v1/sessions', walk())).session_id },
    body: { title: 'Longer', totals: { distance: 2_000 }, end_time: '2026-02-01T11:00:00Z' },
  }),
  deleteSession: async () => ({
    params: { session_id: (await make<{ session_id: string }>('/api/v1/sessions', walk())).session_id },
    query: { records: 'one' },
  }),
  listPlannedSessions: () => ({ query: { from: '2026-01-01', to: '2027-01-01', status: 'missed', limit: '10' } }),
  createPlannedSession: () => ({ body: plan() }),
  getPlannedSession: async () => ({ params: await newPlan() }),
  updatePlannedSession: async () => ({ params: await newPlan(), body: { title: 'Easy', status: 'skipped' } }),
  deletePlannedSession: async () => ({ params: await newPlan() }),
  listSuppressions: () => ({ query: { limit: '10' } }),
  createSuppression: () => ({ body: nothingMore() }),
  deleteSuppression: async () => ({
    params: {
      suppression_id: (await make<{ suppression_id: string }>('/api/v1/suppressions', nothingMore())).suppression_id,
    },
  }),
  createImport: () => ({ query: { filename: 'ride.fit' }, raw: { type: 'application/octet-stream', bytes: ride() } }),
  listImports: () => ({}),
  getImport: () => ({ params: { import_id: imported.import_id } }),
  listImportFiles: () => ({ params: { import_id: imported.import_id }, query: { status: 'done', limit: '10' } }),
  deleteImport: () => ({ params: { import_id: imported.import_id }, query: { data: 'keep' } }),
  listCsvMappings: () => ({}),
  createCsvMapping: () => ({ body: csvMapping() }),
  deleteCsvMapping: async () => ({
    params: { mapping_id: (await make<{ mapping_id: string }>('/api/v1/csv-mappings', csvMapping())).mapping_id },
  }),
  previewImportFile: async () => ({ params: { import_id: await importTable(), position: '0' } }),
  listQuarantine: () => ({ query: { limit: '10' } }),
  replayQuarantined: async () => ({ params: { record_id: await newRefusedRecord() } }),
  deleteQuarantined: async () => ({ params: { record_id: await newRefusedRecord() } }),
}

/** RFC 9457, and what we promise beyond it. */
const ProblemBody = z.looseObject({
  type: z.string().startsWith('/problems/'),
  title: z.string(),
  status: z.number(),
  code: z.string(),
  detail: z.string(),
  instance: z.uuid(),
  errors: z.array(z.strictObject({ pointer: z.string(), code: z.string().optional(), detail: z.string() })).optional(),
})

const names = Object.keys(routes) as (keyof Routes)[]

describe.each(names)('%s', (name) => {
  const contract: RouteContract = routes[name]

  test('answers what its contract says', async () => {
    const { status, body } = await send(contract, await drives[name]())
    expect({ status, body }).toMatchObject({ status: contract.returns.status })
    if (!contract.returns.body) return
    const parsed = contract.returns.body.safeParse(body)
    expect(parsed.error?.issues, JSON.stringify(body).slice(0, 500)).toBeUndefined()
    expect(parsed.data, 'no field is dropped or invented').toEqual(body)
  })

  // On this machine one that is open to it answers: platform/telemetry asks it from elsewhere.
  if (contract.scope !== 'public' && !contract.thisMachine) {
    test('answers 401 to somebody who is not signed in', async () => {
      const drive = await drives[name]()
      expectProblem(await send(contract, { ...drive, token: '' }), 401, 'not_signed_in')
    })
  }

  if (contract.params) {
    test('answers 400 to an id that is none and 404 to an id of nothing', async () => {
      const drive = await drives[name]()
      const [key = ''] = Object.keys(drive.params ?? {})
      const answer = await send(contract, { ...drive, params: { ...drive.params, [key]: 'not-an-id' } })
      if (contract.produces?.includes('text/html'))
        expect(answer.status).toBe(200) // a page says it
      else if (key === 'provider' || key === 'type') expectProblem(answer, 404, 'provider_unknown')
      else expectProblem(answer, 400, 'invalid_request')
      if (key.endsWith('_id'))
        // a date is there whether or not anything happened on it
        expectProblem(await send(contract, { ...drive, params: { [key]: randomUUID() } }), 404, 'not_found')
    })
  }

  if (contract.query instanceof z.ZodObject) {
    test('refuses a query parameter it does not know, and names it', async () => {
      const drive = await drives[name]()
      const answer = await send(contract, { ...drive, query: { ...drive.query, surprise: '1' } })
      expectProblem(answer, 400, 'invalid_request')
      expect(answer.body).toMatchObject({ errors: [{ pointer: 'surprise' }] })
    })
  }

  if (contract.body) {
    // Apps of others push what they have: more than was agreed is theirs, and no mistake.
    test.skipIf(name === 'pushIntegration')('refuses a field it does not know, and names it', async () => {
      const drive = await drives[name]()
      const answer = await send(contract, { ...drive, body: { ...(drive.body as object), surprise: 1 } })
      expectProblem(answer, 400, 'invalid_request')
      expect(JSON.stringify(answer.body)).toContain('/surprise')
    })

    test('refuses a field of another type, and names it', async () => {
      const drive = await drives[name]()
      for (const field of Object.keys(drive.body as object)) {
        const answer = await send(contract, {
          ...drive,
          body: { ...(drive.body as object), [field]: { of: 'another type' } },
        })
        if (field === 'metadata' || field === 'credentials') continue // free-form by the documents
        expectProblem(answer, 400, 'invalid_request')
        expect(JSON.stringify(answer.body), field).toContain(`/${field}`)
      }
    })

    test('refuses a body that is not JSON and one that is not sent as JSON', async () => {
      const drive = await drives[name]()
      expectProblem(await send(contract, { ...drive, body: '{"a": NaN}' }), 400, 'invalid_json')
      const bytes = new TextEncoder().encode('a=b')
      expectProblem(
        await send(contract, { ...drive, raw: { type: 'application/x-www-form-urlencoded', bytes } }),
        415,
        'media_type_unsupported',
      )
    })
  }
})

test('an address that is not in the contract answers 404, and a method that a path lacks 405', async () => {
  expectProblem(await server.call('GET', '/api/v1/nothing', { token: owner.token }), 404, 'not_found')
  const answer = await server.call('PATCH', '/api/v1/devices', { token: owner.token, body: {} })
  expectProblem(answer, 405, 'method_not_allowed')
  expect(answer.headers.get('allow')).toBe('GET, POST, HEAD')
})

function expectProblem(
  { status, headers, body }: { status: number; headers: Headers; body: unknown },
  wanted: number,
  code: string,
): void {
  expect({ status, body }).toMatchObject({ status: wanted, body: { code } })
  expect(headers.get('content-type')).toContain('application/problem+json')
  expect(ProblemBody.safeParse(body).error).toBeUndefined()
  expect(headers.get('x-request-id')).toBe((body as { instance: string }).instance)
}

async function send(contract: RouteContract, { params = {}, query, body, raw, headers, token = owner.token }: Drive) {
  const path = contract.path.replaceAll(/\{(\w+)\}/g, (_, key: string) => encodeURIComponent(params[key] ?? ''))
  const search = query ? `?${new URLSearchParams(query)}` : ''
  const options: CallOptions = { ...(contract.scope === 'public' ? {} : { token }), ...(headers ? { headers } : {}) }
  if (raw) return sendBytes(contract.method, `${path}${search}`, raw, token)
  return server.call(contract.method, `${path}${search}`, { ...options, ...(body === undefined ? {} : { body }) })
}

async function sendBytes(method: string, path: string, raw: NonNullable<Drive['raw']>, token: string) {
  const answer = await fetch(`${server.url}${path}`, {
    method,
    headers: { ...(token ? { authorization: `Bearer ${token}` } : {}), 'content-type': raw.type },
    body: raw.bytes,
  })
  const text = await answer.text()
  return { status: answer.status, headers: answer.headers, body: (text ? JSON.parse(text) : text) as unknown }
}

async function make<T>(path: string, body?: unknown): Promise<T> {
  return (await server.call('POST', path, { token: owner.token, ...(body === undefined ? {} : { body }) })).body as T
}

async function newDevice(): Promise<string> {
  return (
    await make<{ device_id: string }>('/api/v1/devices', {
      device_type: 'watch',
      device_name: 'Watch',
      integration_type: 'api',
    })
  ).device_id
}

/** To intervals.icu, by a key that the cloud of the tests takes. */
async function newConnection(): Promise<string> {
  const body = { credentials: { api_key: `key-${++accounts}` } }
  const answer = await server.call('POST', '/api/v1/integrations/intervals/auth', { token: owner.token, body })
  const { status, body: schema } = routes.startSignIn.orReturns // the other of its two answers
  expect(answer.status).toBe(status)
  return schema.parse(answer.body).connection_id
}

/** A thing that a record of the connection named. */
async function newPlatformDevice(): Promise<string> {
  const connectionId = await newConnection()
  const { userId } = owner
  const told = [{ kind: 'sample' as const, metric: 'heart_rate', t: Date.UTC(2026, 0, 1), value: 60 }]
  const source = { key: 'strap', name: 'Strap' }
  await server.parts.takeTold({ userId, connectionId, provider: 'intervals', source, told })
  return `${connectionId}:strap`
}

const customApi = () => ({
  name: 'Garage scale',
  base_url: 'https://scale.example.invalid/v1',
  auth: { kind: 'bearer' },
  feeds: [
    {
      id: 'weights',
      title: 'Weights',
      path: '/weights?from={from:date}',
      records: '$.data[*]',
      map: [{ metric: 'body_mass', value: '$.lb', unit: 'lb', time: '$.at' }],
    },
  ],
})

/** Its first sync, which fails, is over. */
async function newCustomApi(): Promise<string> {
  const body = { definition: customApi(), credentials: { secret: 'of a scale' } }
  const made = await make<{ custom_api_id: string; connection_id: string }>('/api/v1/custom-apis', body)
  expect(await firstSyncOver(made.connection_id)).toBe('failed')
  return made.custom_api_id
}

async function firstSyncOver(connectionId: string): Promise<string | undefined> {
  const at = `/api/v1/providers/connections/${connectionId}/sync-status`
  type State = { running: unknown; last_run: { status: string } | null }
  const read = async () => (await server.call('GET', at, { token: owner.token })).body as State
  await expect.poll(async () => (await read()).running, { interval: 20, timeout: 10_000 }).toBeNull()
  return (await read()).last_run?.status
}

/** Somebody came back without the cookie of the browser that asked. */
async function newPending(): Promise<{ token: string; headers: Record<string, string> }> {
  const { state } = await make<{ state: string }>('/api/v1/integrations/wahoo/auth', {})
  const query = new URLSearchParams({ state, code: `account-${++accounts}` })
  const { headers, body } = await server.call('GET', `/api/v1/integrations/wahoo/callback?${query}`)
  return { token: /#([\w-]{43})"/.exec(body)?.[1] ?? '', headers: { cookie: cookiesOf(headers) } }
}

async function newExport(): Promise<string> {
  const { export_id } = await make<{ export_id: string }>('/api/v1/exports', { format: 'csv' })
  for (;;) {
    const found = await server.call('GET', `/api/v1/exports/${export_id}`, { token: owner.token })
    if ((found.body as { status: string }).status === 'done') return export_id
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

async function newInvite(): Promise<string> {
  return (await make<{ invite: string }>('/api/v1/invites', {})).invite
}

function heartRates() {
  return {
    data_type: 'heart_rate',
    timestamp: '2026-01-01T12:00:00Z',
    values: [
      { timestamp: '2026-01-01T12:00:00Z', value: 72, unit: 'bpm', quality: 'good' },
      { timestamp: '2026-01-01T12:01:00Z', value: 75, unit: 'bpm' },
    ],
    metadata: { source: 'device', accuracy: 0.95, battery_level: 85 },
  }
}

const walk = () => ({
  type: 'workout',
  activity: 'walking',
  title: 'Walk',
  notes: 'with the dog',
  start_time: '2026-02-01T10:00:00Z',
  end_time: '2026-02-01T10:30:00Z',
  utc_offset_minutes: 60,
})

const plan = () => ({
  activity: 'running',
  title: 'Intervals',
  description: '6 × 400 m',
  scheduled_on: '2026-03-01',
  start_time: '2026-03-01T17:00:00Z',
  duration: 3_600,
  distance: 8_000,
})

async function newPlan(): Promise<{ planned_session_id: string }> {
  const { planned_session_id } = await make<{ planned_session_id: string }>('/api/v1/planned-sessions', plan())
  return { planned_session_id }
}

const nothingMore = () => ({
  metric: 'steps',
  start_time: '2020-01-01T00:00:00Z',
  end_time: '2020-01-02T00:00:00Z',
})

const ride = () => writeRide({ start: Date.parse('2026-05-01T06:00:00Z'), seconds: 120 })

const csvMapping = () => ({
  name: 'Scale',
  columns: ['Time', 'Weight'],
  delimiter: ',',
  time: { column: 'Time', format: 'iso' },
  decimal: '.',
  values: [{ column: 'Weight', metric: 'body_mass', unit: 'kg' }],
  source_name: 'My scale',
})

async function importTable(): Promise<string> {
  const bytes = Buffer.from(`Time,${randomUUID()}\n2026-01-01T07:00:00Z,71.5\n2026-01-02T07:00:00Z,71.4\n`)
  return (await importFile('table.csv', bytes)).import_id
}

async function newRefusedRecord(): Promise<string> {
  const records = `<Record type="HKQuantityTypeIdentifierHeartRate" sourceName="Watch" unit="count/min" startDate="2025-05-05 08:01:00 +0000" endDate="2025-05-05 08:01:00 +0000" value="9000"/>`
  const xml = `<HealthData locale="${randomUUID()}"><ExportDate value="2025-06-01 00:00:00 +0000"/>${records}</HealthData>`
  await importFile('export.xml', Buffer.from(xml))
  const { body } = await server.call('GET', '/api/v1/quarantine?limit=1', { token: owner.token })
  return (body as { items: { record_id: string }[] }).items[0]?.record_id ?? ''
}

async function importRide(): Promise<{ import_id: string; session_id: string }> {
  const { import_id, files } = await importFile('ride.fit', ride())
  const session_id = files[0]?.session_ids[0]
  if (!session_id) throw new Error(`the import failed: ${JSON.stringify(files)}`)
  return { import_id, session_id }
}

async function importFile(name: string, bytes: Uint8Array) {
  const { body } = await sendBytes(
    'POST',
    `/api/v1/imports?filename=${name}`,
    { type: 'application/octet-stream', bytes },
    owner.token,
  )
  const { import_id } = body as { import_id: string }
  for (;;) {
    const { body } = await server.call('GET', `/api/v1/imports/${import_id}`, { token: owner.token })
    const found = body as { finished_at: string | null; files: { session_ids: string[] }[] }
    if (found.finished_at) return { import_id, files: found.files }
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}
