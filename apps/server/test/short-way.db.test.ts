/** The short way in for small uploads: what it answers is what the router would have answered, and it takes only what is ordinary. */
import { subscribe } from 'node:diagnostics_channel'
import { connect } from 'node:net'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { type SignedInPerson, startServer, type TestServer } from './kit.ts'
import { turnedClock } from './turned-clock.ts'

const clock = turnedClock(Date.now())
const perSecond = 100
let server: TestServer
let owner: SignedInPerson
let deviceId: string
let deviceToken: string
let strangersDevice: string

/** How many requests the router handed to a handler: those of the short way are not among them. */
let routed = 0
subscribe('tracing:fastify.request.handler:start', () => routed++)

const start = Date.parse('2026-03-01T08:00:00Z')
let uploads = 0
/** New values each time, so that no answer counts duplicates of another's. */
function uploadOf(values = 3): string {
  const from = start + uploads++ * 60_000
  return JSON.stringify({
    data_type: 'heart_rate',
    values: Array.from({ length: values }, (_, i) => ({
      timestamp: new Date(from + i * 1_000).toISOString(),
      value: 61 + i,
      quality: 'good',
    })),
  })
}

beforeAll(async () => {
  server = await startServer({ clock, env: { RATE_LIMIT_PER_SECOND: String(perSecond) } })
  owner = await server.owner()
  const stranger = await server.person()
  const device = { device_type: 'watch', device_name: 'Watch', integration_type: 'api', issue_token: true }
  const own = (await server.call('POST', '/api/v1/devices', { token: owner.token, body: device })).body as Record<
    string,
    string
  >
  const other = (await server.call('POST', '/api/v1/devices', { token: stranger.token, body: device })).body as Record<
    string,
    string
  >
  ;[deviceId, deviceToken, strangersDevice] = [
    own['device_id'] ?? '',
    own['device_token'] ?? '',
    other['device_id'] ?? '',
  ]
})
afterAll(() => server?.stop())

/** The short way takes only tokens that were looked up within the last second, and a second gives back what the limit took. */
beforeEach(async () => {
  clock.turn(1_000)
  for (const token of [owner.token, deviceToken])
    await server.call('POST', `/api/v1/devices/${deviceId}/data`, { token, body: uploadOf(1) })
  routed = 0
})

interface Sent {
  headers?: Record<string, string>
  path?: string
  token?: string
  body?: string | Buffer
}

function bytesOf({
  headers = {},
  path = `/api/v1/devices/${deviceId}/data`,
  token = owner.token,
  body = uploadOf(),
}: Sent): Buffer {
  const all: Record<string, string> = {
    host: '127.0.0.1',
    authorization: `Bearer ${token}`,
    'content-type': 'application/json',
    'content-length': String(Buffer.byteLength(body)),
    ...headers,
  }
  const lines = Object.entries(all).flatMap(([name, value]) => (value === '' ? [] : [`${name}: ${value}`]))
  return Buffer.concat([Buffer.from(`POST ${path} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n`), Buffer.from(body)])
}

/** Sends bytes as they are and answers everything that comes back until `answers` of them are whole, or the connection ends. */
function exchange(
  pieces: Buffer[],
  answers = 1,
): Promise<{ status: number; headers: Record<string, string>; body: Record<string, unknown> }[]> {
  const { hostname, port } = new URL(server.url)
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname)
    const got: { status: number; headers: Record<string, string>; body: Record<string, unknown> }[] = []
    let text = ''
    socket.setEncoding('utf8')
    socket.setTimeout(5_000, () => socket.destroy(new Error(`no answer, only: ${text}`)))
    socket.on('error', reject)
    socket.on('close', () => resolve(got))
    socket.on('data', (piece: string) => {
      text += piece
      for (;;) {
        const end = text.indexOf('\r\n\r\n')
        if (text.startsWith('HTTP/1.1 100')) text = text.slice(end + 4)
        else {
          const [first = '', ...lines] = text.slice(0, end).split('\r\n')
          const headers = Object.fromEntries(
            lines.map((line) => [line.slice(0, line.indexOf(':')).toLowerCase(), line.slice(line.indexOf(':') + 2)]),
          )
          const whole = end + 4 + Number(headers['content-length'] ?? 0)
          if (end < 0 || text.length < whole) return
          got.push({
            status: Number(first.slice(9, 12)),
            headers,
            body: JSON.parse(text.slice(end + 4, whole) || '{}'),
          })
          text = text.slice(whole)
          if (got.length === answers) return void socket.destroy()
        }
      }
    })
    const [head, ...rest] = pieces
    if (head) socket.write(head)
    for (const [i, piece] of rest.entries()) setTimeout(() => socket.write(piece), 40 * (i + 1))
  })
}

/** What differs from one request to the next, whichever way it came. */
function timeless([answer]: Awaited<ReturnType<typeof exchange>>) {
  if (!answer) return 'no answer'
  const { date: _, 'x-request-id': id, ...headers } = answer.headers
  const {
    batch_id: batch,
    instance,
    ...body
  } = JSON.parse(JSON.stringify(answer.body, (key, part) => (key === 'batch_id' ? 'some batch' : part)))
  return {
    status: answer.status,
    headers,
    body,
    named: /^[\da-f-]{36}$/.test(id ?? ''),
    batch,
    instance: instance === id || instance,
  }
}

const minutes = (count: number) => uploadOf(count)
const values = (text: string) => `{"data_type":"heart_rate","values":[${text}]}`
const unknownDevice = '/api/v1/devices/0198f0a0-0000-7000-8000-000000000000/data'

test.each<[what: string, sent: () => Sent, short: boolean]>([
  ['an upload', () => ({}), true],
  ["an upload with the device's own token", () => ({ token: deviceToken }), true],
  ['a body in capitals of its address', () => ({ path: `/api/v1/devices/${deviceId.toUpperCase()}/data` }), true],
  ['a list of bodies', () => ({ body: `[${minutes(2)},${minutes(2)}]` }), true],
  ['a value that cannot be', () => ({ body: uploadOf().replace('61', '900') }), true],
  ['only values that cannot be', () => ({ body: values('{"timestamp":"2026-03-01T07:00:00Z","value":900}') }), true],
  ['half a JSON', () => ({ body: '{"data_type":"heart_rate","values":[{"time' }), true],
  ['NaN', () => ({ body: values('{"timestamp":"2026-03-01T07:00:00Z","value":NaN}') }), true],
  ['a number beyond all numbers', () => ({ body: values('{"timestamp":"2026-03-01T07:00:00Z","value":1e999}') }), true],
  ['bytes that are no UTF-8', () => ({ body: Buffer.from([0x7b, 0xff, 0xfe, 0x7d]) }), true],
  ['brackets without end', () => ({ body: '['.repeat(20_000) }), true],
  ['an unknown metric', () => ({ body: values('{"value":1}').replace('heart_rate', 'nonsense') }), true],
  ['a device that does not exist', () => ({ path: unknownDevice }), true],
  ["somebody else's device", () => ({ path: `/api/v1/devices/${strangersDevice}/data` }), true],
  ["another device's token", () => ({ path: `/api/v1/devices/${strangersDevice}/data`, token: deviceToken }), false],
  ['more values than one request takes', () => ({ body: minutes(61_000) }), false],
  ['an address that is no UUID', () => ({ path: '/api/v1/devices/watch/data' }), false],
  ['an address with a question', () => ({ path: `/api/v1/devices/${deviceId}/data?x=1` }), false],
  ['no body', () => ({ body: '' }), false],
  ['another type', () => ({ headers: { 'content-type': 'text/plain' } }), false],
  ['NDJSON', () => ({ headers: { 'content-type': 'application/x-ndjson' } }), false],
  ['a body that says it is packed', () => ({ headers: { 'content-encoding': 'gzip' } }), false],
  ['an unknown packing', () => ({ headers: { 'content-encoding': 'zstd' } }), false],
  ['an Idempotency-Key', () => ({ headers: { 'idempotency-key': `key ${uploads}` } }), false],
  ['an Idempotency-Key that is too long', () => ({ headers: { 'idempotency-key': 'k'.repeat(256) } }), false],
  ['an expectation', () => ({ headers: { expect: '100-continue' } }), false],
  ['a foreign host', () => ({ headers: { host: 'evil.example' } }), false],
  ['no host', () => ({ headers: { host: '' } }), false],
  ['no token', () => ({ headers: { authorization: '' } }), false],
  ['a wrong token', () => ({ token: 'trb_nonsense' }), false],
  ['an authorization of another kind', () => ({ headers: { authorization: 'Basic eDp5' } }), false],
])('%s is answered as the router answers it', async (_what, sent, short) => {
  const asked = sent()
  const shortly = timeless(await exchange([bytesOf(asked)]))
  const tookShort = routed === 0
  // A cookie is nobody's business beside a token, but nothing that is ordinary: the same request by the other way.
  const again = sent()
  const byRouter = timeless(await exchange([bytesOf({ ...again, headers: { cookie: 'a=b', ...again.headers } })]))
  expect(shortly).toEqual(byRouter)
  if (short) expect(tookShort).toBe(true)
  if (short && shortly !== 'no answer' && shortly.status === 201) expect(routed).toBe(1)
})

test('a body that comes in pieces is one body, and the requests behind it in the pipe keep their order', async () => {
  const first = bytesOf({ body: minutes(5) })
  const answers = await exchange(
    [
      first.subarray(0, 30),
      first.subarray(30, 300),
      Buffer.concat([
        first.subarray(300),
        bytesOf({ body: minutes(7) }),
        bytesOf({ path: unknownDevice }),
        bytesOf({ body: minutes(9) }),
      ]),
    ],
    4,
  )
  expect(answers.map(({ status, body }) => [status, body['accepted']])).toEqual([
    [201, 5],
    [201, 7],
    [404, undefined],
    [201, 9],
  ])
})

test('a chunked body goes by the router, whatever length is claimed beside it', async () => {
  const body = minutes(2)
  const chunked = { 'transfer-encoding': 'chunked' }
  const [answer] = await exchange([
    bytesOf({
      headers: { ...chunked, 'content-length': '' },
      body: `${Buffer.byteLength(body).toString(16)}\r\n${body}\r\n0\r\n\r\n`,
    }),
  ])
  expect([answer?.status, routed]).toEqual([201, 1])
  const [smuggled] = await exchange([bytesOf({ headers: chunked, body: `0\r\n\r\n${bytesOf({}).toString()}` })])
  expect(smuggled?.status).toBe(400)
})

test('two lengths are no length', async () => {
  const twice = Buffer.from(bytesOf({}).toString().replace('content-length:', 'content-length: 5\r\ncontent-length:'))
  expect((await exchange([twice])).map(({ status }) => status)).toEqual([400])
})

test('half a body stores nothing, and the server goes on', async () => {
  const half = bytesOf({ body: minutes(4) })
  const { hostname, port } = new URL(server.url)
  const socket = connect(Number(port), hostname)
  socket.write(half.subarray(0, half.length - 20))
  await new Promise((resolve) => setTimeout(resolve, 100))
  socket.destroy()
  const [next] = await exchange([bytesOf({ body: minutes(1) })])
  expect(next?.status).toBe(201)
})

test('a caller beyond the rate is asked to wait, and what the router refuses is not charged twice', async () => {
  const flood = await Promise.all(
    Array.from({ length: 160 }, () => exchange([bytesOf({ token: deviceToken, body: minutes(1) })])),
  )
  const statuses = flood.map(([answer]) => answer?.status)
  const refused = flood.find(([answer]) => answer?.status === 429)?.[0]
  expect(statuses.filter((status) => status === 201).length).toBe(perSecond - 1)
  expect(refused).toMatchObject({
    headers: { 'retry-after': '1', 'ratelimit-policy': '"caller";q=100;w=1' },
    body: { code: 'too_many_requests' },
  })
})

test('a revoked token ends at once, an address of a removed device within the second', async () => {
  const device = { device_type: 'ring', device_name: 'Ring', integration_type: 'api', issue_token: true }
  const made = (await server.call('POST', '/api/v1/devices', { token: owner.token, body: device })).body as Record<
    string,
    string
  >
  const sent = { path: `/api/v1/devices/${made['device_id']}/data`, token: made['device_token'] ?? '' }
  await exchange([bytesOf(sent)])
  routed = 0
  expect([(await exchange([bytesOf(sent)]))[0]?.status, routed]).toEqual([201, 0])
  await server.call('DELETE', `/api/v1/devices/${made['device_id']}/token`, { token: owner.token })
  expect((await exchange([bytesOf(sent)]))[0]).toMatchObject({ status: 401, body: { code: 'token_invalid' } })
})

test('an upload by the short way stands in the audit log and among the batches like any other', async () => {
  const [answer] = await exchange([bytesOf({ body: minutes(6) })])
  expect(routed).toBe(0)
  const { rows } = await server.parts.db.writerPool.query(
    'select count(*)::int as n from batches where batch_id = $1 and accepted = 6',
    [answer?.body['batch_id']],
  )
  expect(rows).toEqual([{ n: 1 }])
})
