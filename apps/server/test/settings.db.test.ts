/** Settings whose effect shows only in the whole program, all in one start. */
import { readFile } from 'node:fs/promises'
import { request } from 'node:https'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { routes } from '@tributary/protocol'
import { pino } from 'pino'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { pack, unpack } from '../src/platform/samples/pack.ts'
import { asAdmin, startServer, type TestServer } from './kit.ts'

const pem = (name: string) => fileURLToPath(new URL(`certificate/${name}.pem`, import.meta.url))

let server: TestServer
let ca: string
const logged: string[] = []

beforeAll(async () => {
  ca = await readFile(pem('cert'), 'utf8')
  server = await startServer({
    env: {
      TLS_CERT_FILE: pem('cert'),
      TLS_KEY_FILE: pem('key'),
      OURA_PERSONAL_ACCESS_TOKEN: 'a-personal-token',
      REDIS_URL: 'redis://localhost',
      KAFKA_BOOTSTRAP_SERVERS: 'localhost:9092',
      DATA_COMPRESSION_ENABLED: 'false',
    },
    log: pino({ level: 'warn' }, { write: (line: string) => void logged.push(line) }),
  })
})
afterAll(() => server?.stop())

/** Trusts the certificate of this test and no other. */
async function ask(method: string, path: string, { token, body }: { token?: string; body?: unknown } = {}) {
  const { promise, resolve, reject } = Promise.withResolvers<{ status: number | undefined; text: string }>()
  const headers = {
    ...(token ? { authorization: `Bearer ${token}` } : {}),
    ...(body ? { 'content-type': 'application/json' } : {}),
  }
  request(`${server.url}${path}`, { method, ca, headers })
    .on('response', async (answer) => resolve({ status: answer.statusCode, text: await text(answer) }))
    .on('error', reject)
    .end(body ? JSON.stringify(body) : undefined)
  return promise
}

test('TLS_CERT_FILE and TLS_KEY_FILE serve HTTPS, and plain HTTP is not answered on that port', async () => {
  expect(server.url).toMatch(/^https:/)
  expect((await ask('GET', '/health')).status).toBe(200)
  await expect(fetch(server.url.replace('https', 'http'))).rejects.toThrow('fetch failed')
})

test('parts that come later are named as disabled though they are set', async () => {
  const { text: health } = await ask('GET', '/health')
  expect(JSON.parse(health)).toMatchObject({ database: 'connected', redis: 'disabled', kafka: 'disabled' })
})

test('a personal token of Oura is accepted with a warning that does not show it', () => {
  expect(logged.filter((line) => line.includes('OURA_PERSONAL_ACCESS_TOKEN is not used'))).toHaveLength(1)
  expect(logged.join()).not.toContain('a-personal-token')
})

test('the contract is served as OpenAPI 3.1, and a page to read it', async () => {
  const contract = await ask('GET', '/openapi.json')
  const { openapi, paths } = JSON.parse(contract.text) as { openapi: string; paths: Record<string, unknown> }
  expect(openapi).toMatch(/^3\.1/)
  expect(Object.keys(paths)).toEqual(expect.arrayContaining(Object.values(routes).map(({ path }) => path)))
  const page = await ask('GET', '/docs/')
  expect([page.status, page.text]).toEqual([200, expect.stringContaining('swagger-ui')])
})

test('without DATA_COMPRESSION_ENABLED the days that are closed are kept as they are, and read the same', async () => {
  const account = { email: 'owner@example.org', password: 'correct horse battery staple' }
  const made = await ask('POST', '/api/v1/auth/register', { body: account })
  const { access_token: token } = JSON.parse(made.text) as { access_token: string }
  const watch = { device_type: 'watch', device_name: 'Watch', integration_type: 'api' }
  const device = await ask('POST', '/api/v1/devices', { token, body: watch })
  const data = `/api/v1/devices/${(JSON.parse(device.text) as { device_id: string }).device_id}/data`
  // Comes again and again: deflating it would pay.
  const values = Array.from({ length: 1_000 }, (_, i) => ({
    timestamp: new Date(Date.UTC(2026, 0, 2) + i * 60_000).toISOString(),
    value: 60 + ((i * i) % 41),
  }))
  const sent = await ask('POST', data, { token, body: { data_type: 'heart_rate', values } })
  expect(sent.status).toBe(201)
  await server.parts.store.compact({ now: Date.now() + 1_000, quietMs: 0 })
  const chunks = await asAdmin(server.database.admin, async (client) => {
    const { rows } = await client.query<{ n: number; data: Buffer }>('select n, data from tributary.chunk')
    return rows
  })
  expect(chunks).toHaveLength(1)
  const kept = chunks[0]?.data ?? Buffer.alloc(0)
  expect(pack(kept, true).length, 'deflated it would be smaller').toBeLessThan(kept.length)
  expect(unpack(kept), 'it is not deflated').toBe(kept)
  const read = await ask('GET', `${data}?data_type=heart_rate&limit=2000`, { token })
  const { data: found } = JSON.parse(read.text) as { data: { values: { value: number }[] }[] }
  expect(found.flatMap((one) => one.values.map(({ value }) => value))).toEqual(values.map(({ value }) => value))
})
