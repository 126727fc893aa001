import { connect } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type SignedInPerson, startServer, type TestServer } from './kit.ts'

let server: TestServer
let owner: SignedInPerson
let deviceId: string
beforeAll(async () => {
  server = await startServer()
  owner = await server.owner()
  const made = await call('POST', '/api/v1/devices', device)
  deviceId = (made.body as { device_id: string }).device_id
})
afterAll(() => server.stop())

const device = { device_type: 'watch', device_name: 'Watch', integration_type: 'api' }
const call = (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) =>
  server.call(method, path, { token: owner.token, headers, ...(body === undefined ? {} : { body }) })

const nul = 'a\u0000b'
const half = 'a\ud800b'
const account = { email: 'new@example.org', password: 'correct horse battery staple' }

test.each([
  ['POST', '/api/v1/auth/register', (text: string) => ({ ...account, display_name: text }), '/display_name'],
  ['PATCH', '/api/v1/me', (text: string) => ({ display_name: text }), '/display_name'],
  ['POST', '/api/v1/api-keys', (text: string) => ({ name: text, scopes: ['data:read'] }), '/name'],
  ['POST', '/api/v1/invites', (text: string) => ({ note: text }), '/note'],
  ['POST', '/api/v1/devices', (text: string) => ({ ...device, capabilities: ['heart', text] }), '/capabilities/1'],
  ['PUT', '/api/v1/devices/{}', (text: string) => ({ serial_number: text }), '/serial_number'],
  ['PUT', '/api/v1/devices/{}', (text: string) => ({ credentials: { token: text } }), '/credentials/token'],
  ['POST', '/api/v1/devices/{}/health', (text: string) => ({ errors: [text] }), '/errors/0'],
  ['POST', '/api/v1/samples', (text: string) => ({ metric: 'heart_rate', value: 60, unit: text }), '/unit'],
])('%s %s names the text that cannot be stored', async (method, path, body, pointer) => {
  for (const text of [nul, half])
    expect(await call(method, path.replace('{}', deviceId), body(text))).toMatchObject({
      status: 400,
      body: { code: 'invalid_request', errors: [{ pointer, code: 'text_unstorable' }] },
    })
})

test.each(['/api/v1/devices?device_type=%00', '/api/v1/sync/history?provider=%00'])(
  'a NUL in the address %s is a fault of the request',
  async (path) => {
    expect(await call('GET', path)).toMatchObject({ status: 400, body: { code: 'invalid_request' } })
  },
)

test('sync runs are looked for from the year 0 to the year 9999', async () => {
  const { status, body } = await call('GET', '/api/v1/sync/history?from=0000-01-01T00:00:00Z&to=9999-12-31T23:59:59Z')
  expect({ status, body }).toEqual({ status: 200, body: [] })
})

test('nobody is born in the year 0, or tomorrow', async () => {
  for (const birth_on of ['0000-01-01', '1899-12-31', '9999-12-31'])
    expect(await call('PATCH', '/api/v1/me', { birth_on })).toMatchObject({
      status: 400,
      body: { errors: [{ pointer: '/birth_on' }] },
    })
  expect(await call('PATCH', '/api/v1/me', { birth_on: '1999-12-31' })).toMatchObject({
    body: { birth_on: '1999-12-31' },
  })
})

test('an API key ends in a year that can be written', async () => {
  const key = { name: 'late', scopes: ['data:read'], expires_at: '9999-12-31T23:59:59-14:00' }
  expect(await call('POST', '/api/v1/api-keys', key)).toMatchObject({ body: { errors: [{ pointer: '/expires_at' }] } })
})

test("a device's report is of this century and not of tomorrow", async () => {
  for (const timestamp of ['1999-12-31T23:59:59Z', '9999-12-31T23:59:59Z'])
    expect(await call('POST', `/api/v1/devices/${deviceId}/health`, { timestamp })).toMatchObject({
      status: 400,
      body: { errors: [{ pointer: '/timestamp' }] },
    })
})

test('a value that lasts into the future is refused, however long it says it is', async () => {
  const t0 = '2026-01-03T00:00:00Z'
  const lengths = [Number.MAX_SAFE_INTEGER, 100 * 365 * 86_400_000, 1_000]
  const columns = { data_type: 'heart_rate', t0, dt: [0, 1_000, 1_000], v: [60, 61, 62], d: lengths }
  expect(await call('POST', `/api/v1/devices/${deviceId}/data`, columns)).toMatchObject({
    status: 201,
    body: {
      received: 3,
      accepted: 1,
      rejected: [
        { index: 0, code: 'time_in_future' },
        { index: 1, code: 'time_in_future' },
      ],
    },
  })
})

test('a form whose boundary is longer than any may be is damaged', async () => {
  const type = `multipart/form-data; boundary=${'x'.repeat(500)}`
  expect(await call('POST', '/api/v1/imports', '--x--', { 'content-type': type })).toMatchObject({
    status: 400,
    body: { code: 'invalid_request' },
  })
})

test('the name of a compression is taken in any case', async () => {
  const body = { data_type: 'heart_rate', values: [{ timestamp: '2026-02-01T00:00:00Z', value: 60 }] }
  const packed = new Blob([JSON.stringify(body)]).stream().pipeThrough(new CompressionStream('gzip'))
  const answer = await fetch(`${server.url}/api/v1/devices/${deviceId}/data`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${owner.token}`,
      'content-type': 'application/json',
      'content-encoding': 'GZIP',
    },
    body: await new Response(packed).arrayBuffer(),
  })
  expect(answer.status).toBe(201)
})

/** Sends bytes as they are and answers all that comes back until the server ends the connection. */
function sendBytes(bytes: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let answer = ''
    const socket = connect(Number(new URL(server.url).port), '127.0.0.1', () => socket.write(bytes))
    socket.setEncoding('utf8')
    socket.on('data', (text: string) => {
      answer += text
    })
    socket.on('close', () => resolve(answer))
    socket.on('error', reject)
  })
}

test.each([
  ['two lengths', 'Content-Length: 4\r\nContent-Length: 5\r\n\r\nabcde', 400, 'invalid_request'],
  [
    'a length beside chunks',
    'Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
    400,
    'invalid_request',
  ],
  ['headers without end', `X: ${'a'.repeat(20_000)}\r\n\r\n`, 413, 'payload_too_large'],
])('%s never become a request, and are answered with a problem', async (_, rest, status, code) => {
  const answer = await sendBytes(`POST /api/v1/auth/login HTTP/1.1\r\nHost: localhost\r\n${rest}`)
  const [head = '', body = ''] = answer.split('\r\n\r\n')
  expect(head).toContain(`HTTP/1.1 ${status} `)
  expect(head).toContain('content-type: application/problem+json')
  expect(head).toContain('x-content-type-options: nosniff')
  expect(JSON.parse(body)).toMatchObject({ status, code })
})

test('our own name is taken in any case, and a foreign one is refused by an answer that shows nothing', async () => {
  const ask = (host: string) => sendBytes(`GET /health HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`)
  expect(await ask('LocalHost')).toContain('HTTP/1.1 200 ')
  const refused = await ask('evil.example')
  expect(refused).toContain('"code":"host_not_allowed"')
  expect(refused).toContain("content-security-policy: default-src 'none'")
})

test('a request has a time to arrive in, and a silent connection one to end in', () => {
  const { requestTimeout, timeout } = server.app.server
  expect({ requestTimeout, timeout }).toEqual({ requestTimeout: 900_000, timeout: 120_000 })
})
