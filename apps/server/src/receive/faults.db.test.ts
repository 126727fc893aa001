/** What hostile or broken uploads meet: a clear answer, and a server that goes on. */

import { request as httpRequest } from 'node:http'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { asAdmin, type SignedInPerson, startServer, type TestServer } from '../../test/kit.ts'

let server: TestServer
let owner: SignedInPerson
let device: { device_id: string; device_token: string }

beforeAll(async () => {
  server = await startServer()
  owner = await server.owner()
  device = await register()
})
afterAll(() => server?.stop())

async function register(token = owner.token): Promise<typeof device> {
  const body = { device_type: 'polar_h10', device_name: 'Strap', integration_type: 'bluetooth', issue_token: true }
  return (await server.call('POST', '/api/v1/devices', { token, body })).body
}

const post = async (
  bytes: string | Uint8Array<ArrayBuffer>,
  headers: Record<string, string> = {},
  token = owner.token,
  id = device.device_id,
) => {
  const answer = await fetch(`${server.url}/api/v1/devices/${id}/data`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', ...headers },
    body: bytes,
  })
  return {
    status: answer.status,
    headers: answer.headers,
    body: (await answer.json()) as { code: string; detail: string } & Record<string, unknown>,
  }
}

const good = (value = 60) =>
  JSON.stringify({ data_type: 'heart_rate', values: [{ timestamp: '2024-01-01T00:00:00Z', value }] })
const mebibyte = 1024 * 1024

test.each([
  ['NaN', '{"data_type":"heart_rate","values":[{"timestamp":"2024-01-01T00:00:00Z","value":NaN}]}', 'invalid_json'],
  [
    '1e400',
    '{"data_type":"heart_rate","values":[{"timestamp":"2024-01-01T00:00:00Z","value":1e400}]}',
    'all_values_rejected',
  ],
  [
    '-1e400 in columns',
    '{"data_type":"heart_rate","t0":"2024-01-01T00:00:00Z","dt":[0],"v":[-1e400]}',
    'all_values_rejected',
  ],
  [
    'the year 0',
    '{"data_type":"heart_rate","values":[{"timestamp":"0000-01-01T00:00:00Z","value":60}]}',
    'all_values_rejected',
  ],
  [
    'the year 9999',
    '{"data_type":"heart_rate","values":[{"timestamp":"9999-12-31T23:59:59Z","value":60}]}',
    'all_values_rejected',
  ],
  [
    'a step beyond all time',
    '{"data_type":"heart_rate","t0":"2024-01-01T00:00:00Z","dt":[9007199254740991,9007199254740991],"v":[60,61]}',
    'all_values_rejected',
  ],
  ['half a body', good().slice(0, 40), 'invalid_json'],
  ['no body', '', 'invalid_json'],
  ['a string', '"hello"', 'invalid_request'],
  ['null', 'null', 'invalid_request'],
  ['an unknown field', '{"data_type":"heart_rate","values":[{"value":1}],"__proto__":{"a":1}}', 'invalid_request'],
  [
    'metadata with NUL',
    '{"data_type":"heart_rate","values":[{"timestamp":"2024-01-01T00:00:00Z","value":60}],"metadata":{"note":"\\u0000"}}',
    'invalid_request',
  ],
  [
    'metadata with half a character',
    '{"data_type":"heart_rate","values":[{"timestamp":"2024-01-01T00:00:00Z","value":60}],"metadata":{"note":"\\ud800"}}',
    'invalid_request',
  ],
  [
    'metadata as large as a file',
    `{"data_type":"heart_rate","values":[{"timestamp":"2024-01-01T00:00:00Z","value":60}],"metadata":{"note":"${'x'.repeat(9_000)}"}}`,
    'invalid_request',
  ],
])('%s is a 400 that says why', async (_, body, code) => {
  const answer = await post(body)
  expect([answer.status, answer.body.code]).toEqual([400, code])
  expect(answer.headers.get('content-type')).toContain('application/problem+json')
})

test('text that the database cannot keep costs its value only', async () => {
  const { device_id } = await register()
  const value = (value: unknown, unit?: string) => ({
    timestamp: '2024-01-01T00:00:00Z',
    value,
    ...(unit ? { unit } : {}),
  })
  const nul = String.fromCharCode(0)
  const symptom = await post(
    JSON.stringify({ data_type: 'symptom', values: [value(`a${nul}`), value('ache')] }),
    {},
    owner.token,
    device_id,
  )
  expect(symptom.body).toMatchObject({ accepted: 1, rejected: [{ index: 0, code: 'text_unstorable' }] })
  const fever = { data_type: 'basal_body_temperature', values: [value(98, `°F{${nul}}`), value(98.6, '°F')] }
  const day = await post(JSON.stringify(fever), {}, owner.token, device_id)
  expect(day.body).toMatchObject({ accepted: 1, rejected: [{ index: 0, code: 'text_unstorable' }] })
})

test('of a key that stands twice the last one counts', async () => {
  const { device_id } = await register()
  const body =
    '{"data_type":"steps","data_type":"heart_rate","values":[{"timestamp":"2024-01-01T00:00:00Z","value":10,"value":61}]}'
  const answer = await post(body, {}, owner.token, device_id)
  expect(answer.body).toMatchObject({ data_type: 'heart_rate', accepted: 1 })
})

test('text that looks like an escape is kept as it is', async () => {
  const { device_id } = await register()
  const body = JSON.stringify({ ...JSON.parse(good()), metadata: { note: 'C:\\u0000 is no escape, ü is no trouble' } })
  expect((await post(body, {}, owner.token, device_id)).status).toBe(201)
})

test('ten million open brackets are refused before they are parsed', async () => {
  const answer = await post('['.repeat(10 * mebibyte))
  expect([answer.status, answer.body.code]).toEqual([400, 'invalid_json'])
  const lines = await post(`${'['.repeat(10 * mebibyte)}\n${good()}`, { 'content-type': 'application/x-ndjson' })
  expect(lines.status).toBe(201)
})

test('a compressed bomb is cut off at the size of a plain body', async () => {
  const bomb = Buffer.alloc(64 * mebibyte, ' ')
  for (const [encoding, pack] of [
    ['gzip', gzipSync],
    ['br', (bytes: Buffer) => brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 1 } })],
  ] as const) {
    const answer = await post(new Uint8Array(pack(bomb)), { 'content-encoding': encoding })
    expect([answer.status, answer.body.code, answer.body['max_bytes']]).toEqual([
      413,
      'payload_too_large',
      16 * mebibyte,
    ])
  }
})

test('a body that is not compressed as it says is refused', async () => {
  expect((await post(good(), { 'content-encoding': 'gzip' })).status).toBe(400)
  const half = new Uint8Array(gzipSync(good()).subarray(0, 40))
  expect((await post(half, { 'content-encoding': 'gzip' })).status).toBe(400)
  const answer = await post(good(), { 'content-encoding': 'zstd' })
  expect([answer.status, answer.body.code]).toEqual([415, 'encoding_unsupported'])
})

test.each(['text/plain', 'application/xml', 'application/octet-stream', 'multipart/form-data; boundary=x'])(
  '%s is no upload',
  async (type) => {
    const answer = await post(good(), { 'content-type': type })
    expect([answer.status, answer.body.code]).toEqual([415, 'media_type_unsupported'])
  },
)

test('a connection that ends in the middle of a body stores nothing', async () => {
  const { device_id } = await register()
  const { port } = new URL(server.url)
  await new Promise<void>((resolve) => {
    const cut = httpRequest({
      port,
      method: 'POST',
      path: `/api/v1/devices/${device_id}/data`,
      headers: { authorization: `Bearer ${owner.token}`, 'content-type': 'application/json', 'content-length': '5000' },
    })
    cut.on('error', () => resolve())
    cut.on('close', () => resolve())
    cut.write(good(), () => cut.destroy())
  })
  const { body } = await server.call('GET', `/api/v1/devices/${device_id}/data`, { token: owner.token })
  expect((body as { data: unknown[] }).data).toEqual([])
})

test('forged tokens are not let in', async () => {
  const none = Buffer.from('{"alg":"none","typ":"at+jwt"}').toString('base64url')
  const claims = owner.token.split('.')[1] ?? ''
  for (const token of [
    `${none}.${claims}.`,
    `${owner.token.slice(0, -3)}AAA`,
    `trd_${'x'.repeat(43)}`,
    `trb_${'x'.repeat(43)}`,
    'x',
  ])
    expect((await post(good(), {}, token)).status).toBe(401)
  expect((await post(good(), {}, '')).status).toBe(401)
})

test("a device's token stores that device's data, reads nothing, and does not see other devices", async () => {
  const mine = await register()
  const other = await register()
  expect((await post(good(), {}, mine.device_token, mine.device_id)).status).toBe(201)
  expect((await post(good(), {}, mine.device_token, other.device_id)).status).toBe(404)
  const read = await server.call('GET', `/api/v1/devices/${mine.device_id}/data`, { token: mine.device_token })
  expect(read.status).toBe(403)
})

test("nobody can upload to somebody else's device, or to none", async () => {
  const stranger = await server.person()
  expect((await post(good(), {}, stranger.token)).status).toBe(404)
  expect((await post(good(), {}, owner.token, '01939a1c-0000-7000-8000-000000000000')).status).toBe(404)
  expect((await post(good(), {}, owner.token, 'not-an-id')).status).toBe(400)
})

test('a device that was just removed takes nothing more', async () => {
  const { device_id } = await register()
  expect((await post(good(), {}, owner.token, device_id)).status).toBe(201)
  await server.call('DELETE', `/api/v1/devices/${device_id}?data=delete`, { token: owner.token })
  expect((await post(good(), {}, owner.token, device_id)).status).toBe(404)
})

test('the same key gives the same bytes, another body under it is refused', async () => {
  const { device_id } = await register()
  const once = (body: string) => post(body, { 'idempotency-key': 'upload-once' }, owner.token, device_id)
  const first = await once(good(71))
  const again = await once(good(71))
  expect([first.status, again.status]).toEqual([201, 201])
  expect(JSON.stringify(again.body)).toBe(JSON.stringify(first.body))
  expect(again.headers.get('idempotency-replayed')).toBe('true')
  const other = await once(good(72))
  expect([other.status, other.body.code]).toEqual([422, 'idempotency_key_reused'])
  const broken = await once('{')
  expect([broken.status, broken.body.code]).toEqual([422, 'idempotency_key_reused'])
})

test('twenty deliveries at once with one key are one', async () => {
  const { device_id } = await register()
  const once = () => post(good(73), { 'idempotency-key': 'upload-race' }, owner.token, device_id)
  const answers = await Promise.all(Array.from({ length: 20 }, once))
  expect(new Set(answers.map(({ body }) => JSON.stringify(body))).size).toBe(1)
  expect(answers[0]?.body).toMatchObject({ accepted: 1, duplicates: 0 })
  const batches = await server.call('GET', `/api/v1/devices/${device_id}/data/batches`, { token: owner.token })
  expect(batches.body).toHaveLength(1)
})

test('a refused upload is refused the same way under its key', async () => {
  const { device_id } = await register()
  const once = () => post(good(0), { 'idempotency-key': 'upload-refused' }, owner.token, device_id)
  const [first, again] = [await once(), await once()]
  expect([first.status, again.status]).toEqual([400, 400])
  expect(again.body).toEqual(first.body)
})

test('an upload leaves a batch and an audit line, and neither holds a value', async () => {
  const { device_id } = await register()
  await post(
    JSON.stringify({ ...JSON.parse(good(123)), metadata: { source: 'device', battery_level: 15 } }),
    {},
    owner.token,
    device_id,
  )
  const batches = await server.call('GET', `/api/v1/devices/${device_id}/data/batches`, { token: owner.token })
  expect(batches.headers.get('x-total-count')).toBe('1')
  expect(batches.body).toMatchObject([
    {
      data_type: 'heart_rate',
      received: 1,
      accepted: 1,
      rejected: 0,
      metadata: { source: 'device', battery_level: 15 },
      validated: true,
      processed: true,
    },
  ])
  const { rows } = await asAdmin(server.database.admin, (client) =>
    client.query<{ actor: string; action: string }>('select * from tributary.audit_log where target = $1', [device_id]),
  )
  expect(rows.filter(({ action }) => action === 'uploadData')).toMatchObject([
    { actor: `person:${owner.userId}`, outcome: 'ok' },
  ])
  expect(JSON.stringify(rows)).not.toContain('123,')
})

test('what a device says of its battery shows in its health at once', async () => {
  const { device_id, device_token } = await register()
  const health = async () =>
    (await server.call('GET', `/api/v1/devices/${device_id}/health`, { token: owner.token })).body
  expect(await health()).toMatchObject({ status: 'unknown', last_seen: null })
  await post(
    JSON.stringify({ ...JSON.parse(good()), metadata: { battery_level: 12, signal_strength: 'weak' } }),
    {},
    device_token,
    device_id,
  )
  expect(await health()).toMatchObject({ status: 'online', battery_level: 12, signal_strength: 'weak' })
  const device = await server.call('GET', `/api/v1/devices/${device_id}`, { token: owner.token })
  expect(device.body).toMatchObject({ status: 'active', battery_level: 12 })
})
