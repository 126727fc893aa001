import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  asAdmin,
  type FreshDatabase,
  freshDatabase,
  type SignedInPerson,
  startServer,
  type TestServer,
} from '../../test/kit.ts'
import { importFiles, listSessions } from '../imports/test-uploads.ts'
import { sameRide } from '../sessions/test-same-ride.ts'

let database: FreshDatabase
let servers: [TestServer, TestServer]
let person: SignedInPerson

beforeAll(async () => {
  database = await freshDatabase()
  servers = [await startServer({ database }), await startServer({ database })]
  person = await servers[0].owner()
})
afterAll(async () => {
  for (const server of servers ?? []) await server.stop()
  await database?.drop()
})

interface Row {
  suppression_id: string
  source_id: string | null
  source_name: string | null
  metric: string | null
  title: string | null
  suppressed: number
  deleted: number
}

const ask = async <T>(method: string, path: string, body?: unknown, server = servers[0], by = person) => {
  const answer = await server.call(method, `/api/v1${path}`, { token: by.token, ...(body ? { body } : {}) })
  return { status: answer.status, body: answer.body as T }
}
const newDevice = async (by = person) => {
  const body = { device_type: 'watch', device_name: 'Watch', integration_type: 'api' }
  return (await ask<{ device_id: string }>('POST', '/devices', body, servers[0], by)).body.device_id
}
const at = (minute: number) => new Date(Date.UTC(2025, 2, 3, 8, minute)).toISOString()
const pulses = (from: number, to: number) => ({
  data_type: 'heart_rate',
  values: Array.from({ length: to - from }, (_, i) => ({ timestamp: at(from + i), value: 60 + ((from + i) % 30) })),
})
const upload = async (device: string, body: unknown, server = servers[0], by = person) => {
  const answer = await ask<Record<string, number>>('POST', `/devices/${device}/data`, body, server, by)
  expect(answer).toMatchObject({ status: 201 })
  const { received, accepted, duplicates, suppressed } = answer.body
  return { received, accepted, duplicates, suppressed }
}
const stored = async (device: string, type = 'heart_rate', by = person) => {
  const { body } = await ask<{ data: { values: unknown[] }[] }>(
    'GET',
    `/devices/${device}/data?data_type=${type}`,
    undefined,
    servers[0],
    by,
  )
  return body.data[0]?.values.length ?? 0
}
const listed = async (by = person) =>
  (await ask<{ items: Row[] }>('GET', '/suppressions', undefined, servers[0], by)).body.items
const range = (from: number, to: number) => ({ start_time: at(from), end_time: at(to) })

describe('what a person deletes for good', () => {
  test('goes, stays away when its device sends it again, is counted to the value, and comes back once it is lifted', async () => {
    const device = await newDevice()
    await upload(device, pulses(0, 30))
    const made = await ask<Row>('POST', '/suppressions', { metric: 'pulse', ...range(10, 20) })
    expect(made).toMatchObject({
      status: 201,
      body: { deleted: 10, metric: 'heart_rate', title: 'Heart rate', suppressed: 0, source_id: null },
    })
    expect(await stored(device)).toBe(20)
    expect(await upload(device, pulses(0, 30))).toEqual({ received: 30, accepted: 0, duplicates: 20, suppressed: 10 })
    expect(await upload(device, pulses(12, 15))).toEqual({ received: 3, accepted: 0, duplicates: 0, suppressed: 3 })
    expect(await stored(device)).toBe(20)
    expect((await listed())[0]).toMatchObject({ suppression_id: made.body.suppression_id, suppressed: 13 })
    const batches = await ask<{ suppressed: number }[]>('GET', `/devices/${device}/data/batches`)
    expect(batches.body.map(({ suppressed }) => suppressed)).toEqual([3, 10, 0])

    expect((await ask('DELETE', `/suppressions/${made.body.suppression_id}`)).status).toBe(204)
    expect((await ask('DELETE', `/suppressions/${made.body.suppression_id}`)).status).toBe(404)
    expect(await upload(device, pulses(0, 30))).toEqual({ received: 30, accepted: 10, duplicates: 20, suppressed: 0 })
  })

  test('concerns the source it names and nobody else’s data', async () => {
    const [mine, other, stranger] = [await newDevice(), await newDevice(), await servers[0].person()]
    const theirs = await newDevice(stranger)
    await upload(mine, pulses(40, 45))
    const source_id = await servers[0].parts.deviceSources.find(person.userId, mine)
    const made = await ask<Row>('POST', '/suppressions', { source_id, ...range(40, 50) })
    expect(made.body).toMatchObject({ deleted: 5, source_name: 'Watch', title: 'Everything' })
    expect(await upload(mine, pulses(40, 45))).toMatchObject({ suppressed: 5 })
    expect(await upload(other, pulses(40, 45))).toMatchObject({ accepted: 5, suppressed: 0 })
    expect(await upload(theirs, pulses(40, 45), servers[0], stranger)).toMatchObject({ accepted: 5, suppressed: 0 })
    expect(
      (await ask('DELETE', `/suppressions/${made.body.suppression_id}`, undefined, servers[0], stranger)).status,
    ).toBe(404)
    expect((await ask('POST', '/suppressions', { source_id, ...range(40, 50) }, servers[0], stranger)).status).toBe(404)
    expect(await listed(stranger)).toEqual([])
  })

  test('may be a device’s data, with suppress=true', async () => {
    const device = await newDevice()
    await upload(device, pulses(0, 10))
    const gone = await ask('DELETE', `/devices/${device}/data?data_type=heart_rate&end_time=${at(5)}&suppress=true`)
    expect(gone.body).toEqual({ deleted: 5 })
    expect(await upload(device, pulses(0, 10))).toEqual({ received: 10, accepted: 0, duplicates: 5, suppressed: 5 })
    await ask('DELETE', `/devices/${device}/data?data_type=heart_rate&end_time=${at(7)}`)
    expect(await upload(device, pulses(0, 10))).toEqual({ received: 10, accepted: 2, duplicates: 3, suppressed: 5 })
  })

  test('keeps away nights, days, events and positions too', async () => {
    const device = await newDevice()
    const bodies = [
      { data_type: 'sleep', values: [{ stage: 'deep', start: '2025-03-05T01:00:00Z', end: '2025-03-05T02:00:00Z' }] },
      { data_type: 'resting_heart_rate', values: [{ date: '2025-03-05', value: 50 }] },
      { data_type: 'blood_pressure', values: [{ timestamp: '2025-03-05T01:00:00Z', systolic: 120, diastolic: 80 }] },
      { data_type: 'gps', values: [{ timestamp: '2025-03-05T01:00:00Z', lat: 1, lon: 1 }] },
    ]
    for (const body of bodies) expect(await upload(device, body)).toMatchObject({ accepted: 1 })
    expect((await listSessions(servers[0], person, '?type=sleep')).items).toHaveLength(1)
    const made = await ask<Row>('POST', '/suppressions', {
      start_time: '2025-03-05T00:00:00Z',
      end_time: '2025-03-06T00:00:00Z',
    })
    expect(made.body.deleted).toBe(4)
    for (const body of bodies)
      expect(await upload(device, body)).toMatchObject({ received: 1, accepted: 0, suppressed: 1 })
    expect((await listSessions(servers[0], person, '?type=sleep')).items).toEqual([])
    expect((await listed())[0]).toMatchObject({ suppressed: 4 })
  })

  test('takes the sessions that begin in it along', async () => {
    const owner = await servers[0].person()
    const ride = sameRide('gpx', { start: Date.parse('2025-03-07T10:00:00Z') })
    await importFiles(servers[0], owner, [ride])
    const stretch = { start_time: '2025-03-07T10:00:00Z', end_time: '2025-03-07T10:00:01Z' }
    expect((await ask<Row>('POST', '/suppressions', stretch, servers[0], owner)).body.deleted).toBeGreaterThan(0)
    expect((await listSessions(servers[0], owner)).items).toEqual([])
    await importFiles(servers[0], owner, [ride])
    expect((await listSessions(servers[0], owner)).items).toEqual([])
  })

  test('does not stand in the way of what the person enters by hand', async () => {
    await ask('POST', '/suppressions', { metric: 'body_mass', ...range(0, 50) })
    const entered = await ask('POST', '/samples', { metric: 'body_mass', value: 70, timestamp: at(5) })
    expect(entered).toMatchObject({ status: 201, body: { result: 'accepted' } })
    const [made] = await listed()
    const due = async () =>
      (
        await asAdmin(database.admin, (client) =>
          client.query(
            "select from tributary.suppressions where delete_again_at > changed_at + interval '50 seconds' and suppression_id = $1",
            [made?.suppression_id],
          ),
        )
      ).rows.length
    await expect.poll(due, { timeout: 10_000, interval: 200 }).toBe(1) // deleted again, but for what was entered
    const { body } = await ask<{ items: unknown[] }>('GET', '/samples?metric=body_mass')
    expect(body.items).toHaveLength(1)
  })

  test('may be a night that was put together from stages: they stay away', async () => {
    const owner = await servers[0].person()
    const device = await newDevice(owner)
    const night = {
      data_type: 'sleep',
      values: [
        { stage: 'light', start: '2025-03-09T22:00:00Z', end: '2025-03-09T23:00:00Z' },
        { stage: 'deep', start: '2025-03-09T23:00:00Z', end: '2025-03-10T02:00:00Z' },
      ],
    }
    await upload(device, night, servers[0], owner)
    const { items } = await listSessions(servers[0], owner)
    expect(items[0]).toMatchObject({ type: 'sleep', is_nap: false })
    const gone = await ask('DELETE', `/sessions/${items[0]?.session_id}`, undefined, servers[0], owner)
    expect(gone.body).toMatchObject({ deleted: 1, suppression_ids: [expect.any(String)] })
    expect(await upload(device, night, servers[0], owner)).toMatchObject({ accepted: 0, suppressed: 2 })
    expect((await listSessions(servers[0], owner)).items).toEqual([])
  })
})

describe('another process', () => {
  test('knows within a second what was deleted, and what was lifted', async () => {
    const device = await newDevice()
    const made = await ask<Row>('POST', '/suppressions', { metric: 'steps', ...range(0, 50) })
    const steps = { data_type: 'steps', values: [{ timestamp: at(1), value: 5 }] }
    await pause(1_500)
    expect(await upload(device, steps, servers[1])).toMatchObject({ suppressed: 1 })
    await ask('DELETE', `/suppressions/${made.body.suppression_id}`)
    await pause(1_500)
    expect(await upload(device, steps, servers[1])).toMatchObject({ accepted: 1 })
  })

  test('that lets something in before it knows finds it deleted a few seconds later', async () => {
    const device = await newDevice()
    const flights = { data_type: 'floors', values: [{ timestamp: at(1), value: 5 }] }
    await ask<Row>('POST', '/suppressions', { metric: 'floors', ...range(0, 50) })
    // As it would be with a book that is a moment behind.
    const [late] = await listed()
    servers[1].parts.suppressions.forget({ userId: person.userId, id: late?.suppression_id ?? '' })
    expect(await upload(device, flights, servers[1])).toMatchObject({ accepted: 1 })
    await expect.poll(() => stored(device, 'floors'), { timeout: 10_000, interval: 200 }).toBe(0)
    // And a minute later, once: by then whatever had waited is stored.
    const again = await asAdmin(database.admin, (client) =>
      client.query<{ seconds: number | null }>(
        `select extract(epoch from delete_again_at - changed_at)::float8 as seconds from tributary.suppressions where suppression_id = $1`,
        [late?.suppression_id],
      ),
    )
    expect(again.rows).toEqual([{ seconds: 60 }])
    await asAdmin(database.admin, (client) =>
      client.query(
        `update tributary.suppressions set changed_at = changed_at - interval '1 minute', delete_again_at = now() where suppression_id = $1`,
        [late?.suppression_id],
      ),
    )
    const due = () =>
      asAdmin(
        database.admin,
        async (client) =>
          (await client.query('select from tributary.suppressions where delete_again_at <= now()')).rows.length,
      )
    await expect.poll(due, { timeout: 10_000, interval: 200 }).toBe(0)
  })

  test('that starts later knows what was deleted before', async () => {
    const device = await newDevice()
    await ask('POST', '/suppressions', { metric: 'respiratory_rate', ...range(0, 50) })
    const third = await startServer({ database })
    try {
      const breaths = { data_type: 'respiratory_rate', values: [{ timestamp: at(1), value: 15 }] }
      expect(await upload(device, breaths, third)).toMatchObject({ suppressed: 1 })
    } finally {
      await third.stop()
    }
  })
})

test('the list is newest first, page by page, each once', async () => {
  const owner = await servers[0].person()
  const ids: string[] = []
  for (let i = 0; i < 5; i++)
    ids.unshift(
      (await ask<Row>('POST', '/suppressions', { metric: 'heart_rate', ...range(i, i + 1) }, servers[0], owner)).body
        .suppression_id,
    )
  const seen: string[] = []
  for (let cursor: string | null = ''; cursor !== null; ) {
    const page: { body: { items: Row[]; next_cursor: string | null } } = await ask(
      'GET',
      `/suppressions?limit=2${cursor && `&cursor=${cursor}`}`,
      undefined,
      servers[0],
      owner,
    )
    seen.push(...page.body.items.map(({ suppression_id }) => suppression_id))
    cursor = page.body.next_cursor
  }
  expect(seen).toEqual(ids)
  expect((await ask('GET', '/suppressions?cursor=nonsense', undefined, servers[0], owner)).body).toMatchObject({
    code: 'cursor_invalid',
  })
})

test.each([
  ['a range that ends before it begins', range(10, 10), 'range_invalid'],
  ['a metric that nobody knows', { metric: 'aura', ...range(0, 1) }, 'data_type_unknown'],
  ['a source that is not there', { source_id: '019aa0c1-0000-7000-8000-000000000001', ...range(0, 1) }, 'not_found'],
])('%s is refused and keeps nothing away', async (_, body, code) => {
  const before = (await listed()).length
  expect((await ask('POST', '/suppressions', body)).body).toMatchObject({ code })
  expect(await listed()).toHaveLength(before)
})
