/** What goes when a person disconnects and wants the data gone too, and what is not the connection's to take along. */
import { randomUUID } from 'node:crypto'
import type { RecordSource, Told } from '@tributary/providers/kit'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type SignedInPerson, startServer, type TestServer } from '../../test/kit.ts'

let server: TestServer
beforeAll(async () => {
  server = await startServer()
})
afterAll(() => server?.stop())

const noon = Date.UTC(2026, 5, 1, 12)
const watch: RecordSource = { key: 'w', name: 'Suunto Race', manufacturer: 'Suunto', model: 'Race', serial: '233715A' }

async function connect(userId: string, provider: string) {
  const connectionId = randomUUID()
  await server.parts.db.write({ userId }, (tx) =>
    sql`insert into connections (user_id, connection_id, provider, provider_account, short_id, status)
      values (${userId}, ${connectionId}, ${provider}, ${connectionId}, next_short_id(${userId}, ${provider}), 'active')`.execute(
      tx,
    ),
  )
  const tell = (told: Told[], source?: RecordSource) =>
    server.parts.takeTold({ userId, connectionId, provider, told, feed: 'all', ...(source ? { source } : {}) })
  return { connectionId, tell }
}

const ride = (id: string, hour: number): Told => ({
  ...{ kind: 'session', type: 'workout', activity: 'running', title: id, externalId: id, totals: {}, parts: [] },
  start: noon + hour * 3_600_000,
  end: noon + hour * 3_600_000 + 1_800_000,
})
const beat = (minute: number): Told => ({
  ...{ kind: 'sample', metric: 'heart_rate', value: 60 + minute },
  t: noon + minute * 60_000,
})

async function left({ userId, token }: SignedInPerson) {
  const get = async (path: string) => (await server.call('GET', path, { token })).body
  const { items } = (await get('/api/v1/sessions')) as { items: { title: string }[] }
  const { lines } = (await get(
    '/api/v1/timeline?metric=heart_rate&start_time=2026-06-01T00:00:00Z&end_time=2026-06-02T00:00:00Z',
  )) as { lines: { values: unknown[] }[] }
  const devices = (await get('/api/v1/devices')) as { device_name: string }[]
  const sources = await server.parts.db.read({ userId }, (tx) => tx.selectFrom('sources').select('name').execute())
  return {
    sessions: items.map(({ title }) => title).sort(),
    beats: lines.reduce((sum, { values }) => sum + values.length, 0),
    devices: devices.map(({ device_name }) => device_name),
    sources: sources.length,
  }
}

const erase = async ({ token }: SignedInPerson, connectionId: string) =>
  (await server.call('DELETE', `/api/v1/providers/connections/${connectionId}?data=delete`, { token })).status

test('a device that only this connection told of goes with all it measured', async () => {
  const person = await server.person()
  const suunto = await connect(person.userId, 'suunto')
  await suunto.tell([ride('morning', 0), beat(1), beat(2)], watch)
  await suunto.tell([beat(3)])
  expect(await left(person)).toEqual({ sessions: ['morning'], beats: 3, devices: ['Suunto Race'], sources: 2 })
  expect(await erase(person, suunto.connectionId)).toBe(204)
  expect(await left(person)).toEqual({ sessions: [], beats: 0, devices: [], sources: 0 })
})

test('of a device that another brand tells of too the sessions go that this one told, and nothing that the other may have told', async () => {
  const person = await server.person()
  const [suunto, strava] = [await connect(person.userId, 'suunto'), await connect(person.userId, 'strava')]
  await suunto.tell([ride('of Suunto', 0), beat(1)], watch)
  await strava.tell([ride('of Strava', 5), beat(2)], watch)
  expect(await erase(person, suunto.connectionId)).toBe(204)
  const kept = { sessions: ['of Strava'], beats: 2, devices: ['Suunto Race'], sources: 1 }
  expect(await left(person)).toEqual(kept)
  expect(await erase(person, strava.connectionId), 'now it is the only one').toBe(204)
  expect(await left(person)).toEqual({ sessions: [], beats: 0, devices: [], sources: 0 })
})

const upload = async ({ token }: SignedInPerson, device: string) =>
  (
    await server.call('POST', `/api/v1/devices/${device}/data`, {
      token,
      body: {
        data_type: 'heart_rate',
        timestamp: new Date(noon).toISOString(),
        values: [{ value: 99, unit: 'bpm' }],
      },
    })
  ).status
const deviceOf = async ({ token }: SignedInPerson): Promise<string> => {
  const [device] = (await server.call('GET', '/api/v1/devices', { token })).body as { device_id: string }[]
  return device?.device_id ?? ''
}

test('what was uploaded to a device that a connection told of first is nobody’s to take along', async () => {
  const person = await server.person()
  const suunto = await connect(person.userId, 'suunto')
  await suunto.tell([ride('of Suunto', 0), beat(1)], watch)
  const device = await deviceOf(person)
  expect(await upload(person, device)).toBe(201)
  expect(await erase(person, suunto.connectionId)).toBe(204)
  expect(await left(person)).toEqual({ sessions: [], beats: 2, devices: ['Suunto Race'], sources: 1 })
  expect(await upload(person, device), 'and it goes on').toBe(201)
})

test('a device of the person’s own stays as it is when a connection told of it too', async () => {
  const person = await server.person()
  const { body } = await server.call('POST', '/api/v1/devices', {
    token: person.token,
    body: {
      ...{ device_type: 'sports_watch', device_name: 'Mine', manufacturer: 'Suunto', model: 'Race' },
      ...{ serial_number: '233715A', integration_type: 'api' },
    },
  })
  const { device_id: device } = body as { device_id: string }
  expect(await upload(person, device)).toBe(201)
  const suunto = await connect(person.userId, 'suunto')
  await suunto.tell([ride('of Suunto', 0)], watch)
  expect(await erase(person, suunto.connectionId)).toBe(204)
  expect(await left(person)).toEqual({ sessions: [], beats: 1, devices: ['Mine'], sources: 1 })
  expect(await upload(person, device)).toBe(201)
})

test('a first upload that meets the deletion is refused, or kept', async () => {
  for (let round = 0; round < 5; round++) {
    const person = await server.person()
    const suunto = await connect(person.userId, 'suunto')
    await suunto.tell([ride('of Suunto', 0), beat(1)], watch)
    const device = await deviceOf(person)
    const [gone, uploaded] = await Promise.all([erase(person, suunto.connectionId), upload(person, device)])
    expect(gone).toBe(204)
    expect([201, 404]).toContain(uploaded)
    expect((await left(person)).beats).toBe(uploaded === 201 ? 2 : 0)
  }
})

test('a device that sends by itself keeps what it has', async () => {
  const person = await server.person()
  const { body } = await server.call('POST', '/api/v1/devices', {
    token: person.token,
    body: {
      ...{ device_type: 'sports_watch', device_name: 'Mine', manufacturer: 'Suunto', model: 'Race' },
      ...{ serial_number: '233715A', integration_type: 'api', issue_token: true },
    },
  })
  expect(body).toMatchObject({ device_token: expect.any(String) })
  const suunto = await connect(person.userId, 'suunto')
  await suunto.tell([ride('of Suunto', 0), beat(1)], watch)
  expect(await erase(person, suunto.connectionId)).toBe(204)
  expect(await left(person)).toEqual({ sessions: [], beats: 1, devices: ['Mine'], sources: 1 })
})

test('data that are kept keep their device', async () => {
  const person = await server.person()
  const suunto = await connect(person.userId, 'suunto')
  await suunto.tell([ride('morning', 0), beat(1)], watch)
  const path = `/api/v1/providers/connections/${suunto.connectionId}`
  expect((await server.call('DELETE', path, { token: person.token })).status).toBe(204)
  const all = { sessions: ['morning'], beats: 1, devices: ['Suunto Race'], sources: 1 }
  expect(await left(person)).toEqual(all)
  expect(await erase(person, suunto.connectionId), 'and can go later').toBe(204)
  expect(await left(person)).toEqual({ sessions: [], beats: 0, devices: [], sources: 0 })
})
