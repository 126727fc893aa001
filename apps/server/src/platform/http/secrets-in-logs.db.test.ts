import { afterAll, beforeAll, expect, test } from 'vitest'
import { asAdmin, startServer, type TestServer } from '../../../test/kit.ts'
import { createLog } from '../log.ts'

/** What must stand nowhere: each is sent in a place of its own. */
const canaries = {
  password: 'canary password of the owner',
  wrong: 'canary password that is wrong',
  email: 'canary@example.org',
  unknown: 'canary.nobody@example.org',
  name: 'Canary Name',
  credential: 'canary-credential',
  header: 'canary-header-token',
  cookie: 'canary-cookie-value',
  broken: 'canary-in-broken-json',
  field: 'canary-field-value',
  query: 'canary-in-the-query',
  value: '61.372519',
  idempotency: 'canary-idempotency-key',
}

let server: TestServer
const lines: string[] = []
beforeAll(async () => {
  const log = createLog(
    { level: 'DEBUG', debug: true, service: 's', environment: 'test' },
    { write: (line) => void lines.push(line) },
  )
  server = await startServer({ log })
})
afterAll(() => server.stop())

test('no secret and no value of a body reaches the log or a problem', async () => {
  const problems: string[] = []
  const secrets = new Set(Object.values(canaries))
  const call = async (
    method: string,
    path: string,
    options: { token?: string; body?: unknown; headers?: Record<string, string> } = {},
  ) => {
    const answer = await server.call(method, path, options)
    if (answer.status >= 400) problems.push(JSON.stringify(answer.body))
    for (const cookie of answer.headers.getSetCookie()) secrets.add(cookie.split(/[=;]/)[1] ?? '')
    return answer
  }
  const { email, password } = canaries
  const made = await call('POST', '/api/v1/auth/register', { body: { email, password, display_name: canaries.name } })
  const { access_token: token, refresh_token } = made.body as { access_token: string; refresh_token: string }
  const again = (await call('POST', '/api/v1/auth/refresh', { body: { refresh_token } })).body as {
    access_token: string
    refresh_token: string
  }
  for (const secret of [token, refresh_token, again.access_token, again.refresh_token]) secrets.add(secret)
  await call('POST', '/api/v1/auth/login', { body: { email, password, session: 'cookie' } })
  await call('POST', '/api/v1/auth/login', { body: { email, password: canaries.wrong } })
  await call('POST', '/api/v1/auth/login', { body: { email: canaries.unknown, password: canaries.wrong } })
  const key = (await call('POST', '/api/v1/api-keys', { token, body: { name: canaries.name, scopes: ['data:read'] } }))
    .body as { api_key: string }
  const invite = (await call('POST', '/api/v1/invites', { token, body: {} })).body as { invite: string }
  secrets.add(key.api_key).add(invite.invite)
  const device = (
    await call('POST', '/api/v1/devices', {
      token,
      body: {
        device_type: 'strava',
        device_name: canaries.name,
        integration_type: 'api',
        credentials: { secret: canaries.credential },
        issue_token: true,
      },
      headers: { 'idempotency-key': canaries.idempotency },
    })
  ).body as { device_id: string; device_token: string }
  secrets.add(device.device_token)
  const upload = {
    data_type: 'heart_rate',
    timestamp: '2026-01-01T00:00:00Z',
    values: [{ value: Number(canaries.value), unit: 'bpm' }],
  }
  await call('POST', `/api/v1/devices/${device.device_id}/data`, { token: device.device_token, body: upload })
  await call('GET', '/api/v1/me', { token: canaries.header })
  await call('GET', '/api/v1/me', { headers: { cookie: `tributary=${canaries.cookie}` } })
  await call('GET', '/api/v1/me', { headers: { authorization: canaries.header } })
  await call('PATCH', '/api/v1/me', { token, body: `{"display_name": "${canaries.broken}` })
  await call('PATCH', '/api/v1/me', {
    token,
    body: { time_zone: canaries.field, units: canaries.field, birth_on: canaries.field },
  })
  await call('GET', `/api/v1/setup?token=${canaries.query}`)
  await call('GET', `/api/v1/sync/history?status=${canaries.query}`, { token })
  // A fault in the database quotes the row it failed on.
  await asAdmin(server.database.admin, (client) =>
    client.query(
      `alter table tributary.users add constraint broken check (display_name is null or display_name not like 'Fail%')`,
    ),
  )
  const failed = await call('PATCH', '/api/v1/me', { token, body: { display_name: `Fail ${canaries.field}` } })
  expect(failed.status).toBe(500)
  expect(failed.body).toMatchObject({ code: 'internal', detail: 'Something went wrong on our side' })

  const log = lines.join('')
  expect(log).toContain('"operation":"register"')
  expect(log).toContain('a request failed')
  secrets.delete('')
  expect([...secrets].length).toBeGreaterThan(20)
  for (const secret of secrets) {
    expect(log.includes(secret), `the log holds ${secret}`).toBe(false)
    for (const problem of problems) expect(problem.includes(secret), `${problem} holds ${secret}`).toBe(false)
  }
})

test('each request leaves one line with who, what, which device and how it ended', async () => {
  const { email, password } = canaries
  const signedIn = await server.call('POST', '/api/v1/auth/login', { body: { email, password } })
  const { access_token: token, user } = signedIn.body as { access_token: string; user: { user_id: string } }
  lines.length = 0
  const missing = '0194fdc2-fa2f-7cc0-81d3-ff12045b73c8'
  const { headers } = await server.call('GET', `/api/v1/devices/${missing}`, { token })
  await expect.poll(() => lines.length).toBe(1)
  const line = JSON.parse(lines[0] ?? '')
  expect(line).toMatchObject({
    user: user.user_id,
    device: missing,
    operation: 'getDevice',
    status: 404,
    request_id: headers.get('x-request-id'),
  })
})
