import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type FreshDatabase, freshDatabase, type SignedInPerson, startServer, type TestServer } from './kit.ts'

let database: FreshDatabase
let servers: [TestServer, TestServer]
let owner: SignedInPerson

beforeAll(async () => {
  database = await freshDatabase()
  const env = {
    JWT_SECRET_KEY: 'the-same-for-both-servers-the-same-for-both',
    ENCRYPTION_KEY: 'the-same-for-both-servers-the-same-for-both',
  }
  servers = [await startServer({ database, env }), await startServer({ database, env })]
  owner = await servers[0].owner()
})
afterAll(async () => {
  for (const server of servers ?? []) await server.stop()
  await database?.drop()
})

const start = Date.parse('2026-03-01T00:00:00Z')

test('two servers on one database take the same series at once: counts are exact, and the later value wins', async () => {
  const { body } = await servers[0].call('POST', '/api/v1/devices', {
    token: owner.token,
    body: { device_type: 'watch', device_name: 'Watch', integration_type: 'api' },
  })
  const path = `/api/v1/devices/${(body as { device_id: string }).device_id}/data`
  const totals = { received: 0, accepted: 0, changed: 0, duplicates: 0 }
  const sent = new Set<number>()
  const batch = fc.array(fc.tuple(fc.integer({ min: 0, max: 600 }), fc.integer({ min: 60, max: 99 })), {
    minLength: 1,
    maxLength: 60,
  })
  const batches = fc.sample(batch, 60)
  const upload = async (server: TestServer, values: [number, number][]) => {
    for (const [at] of values) sent.add(at)
    const wire = values.map(([at, value]) => ({ timestamp: new Date(start + at * 1_000).toISOString(), value }))
    const answer = await server.call('POST', path, {
      token: owner.token,
      body: { data_type: 'heart_rate', values: wire },
    })
    expect(answer.status).toBe(201)
    const tally = answer.body as typeof totals
    for (const key of Object.keys(totals) as (keyof typeof totals)[]) totals[key] += tally[key]
  }
  for (let at = 0; at < batches.length; at += 6)
    await Promise.all(batches.slice(at, at + 6).map((values, i) => upload(servers[i % 2 === 0 ? 0 : 1], values)))

  expect(totals.accepted).toBe(sent.size)
  expect(totals.received).toBe(totals.accepted + totals.changed + totals.duplicates)
  expect(await stored(path)).toHaveLength(sent.size)

  // One after the other, through either server: the second stands.
  await upload(servers[0], [[0, 61]])
  await upload(servers[1], [[0, 62]])
  expect((await stored(path))[0]?.value).toBe(62)
  await upload(servers[0], [[0, 63]])
  expect((await stored(path))[0]?.value).toBe(63)
  for (const server of servers) expect(await server.parts.store.verify()).toEqual([])
})

test('a person who signs out at one server is signed out at the other within a second', async () => {
  const { body } = await servers[0].call('POST', '/api/v1/auth/login', {
    body: { email: owner.email, password: owner.password },
  })
  const token = (body as { access_token: string }).access_token
  expect((await servers[1].call('GET', '/api/v1/me', { token })).status).toBe(200)
  await servers[0].call('POST', '/api/v1/auth/logout', { token })
  await expect
    .poll(async () => (await servers[1].call('GET', '/api/v1/me', { token })).status, { timeout: 1_500, interval: 50 })
    .toBe(401)
})

async function stored(path: string): Promise<{ timestamp: string; value: number }[]> {
  const { body } = await servers[1].call('GET', `${path}?limit=5000`, { token: owner.token })
  return (body as { data: { values: { timestamp: string; value: number }[] }[] }).data[0]?.values ?? []
}
