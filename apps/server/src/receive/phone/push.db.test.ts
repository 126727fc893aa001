import { readFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type SignedInPerson, startServer, type TestServer } from '../../../test/kit.ts'

let server: TestServer
let owner: SignedInPerson

beforeAll(async () => {
  server = await startServer()
  owner = await server.owner()
})
afterAll(() => server?.stop())

interface Answer {
  connection_id: string
  received: number
  accepted: number
  updated: number
  duplicates: number
  deleted: number
  suppressed: number
  rejected: { id: string | null; code: string }[]
}

async function push(person: SignedInPerson, type: string, body: object, headers: Record<string, string> = {}) {
  const { status, body: answer } = await server.call('POST', `/api/v1/integrations/${type}/push`, {
    token: person.token,
    body,
    headers,
  })
  return { status, answer: answer as Answer }
}

async function stored(person: SignedInPerson, metric: string): Promise<[string, number][]> {
  const path = `/api/v1/timeline?metric=${metric}&start_time=2026-10-01T00:00:00Z&end_time=2026-11-01T00:00:00Z`
  const { body } = await server.call('GET', path, { token: person.token })
  const { lines } = body as { lines: { values: { timestamp: string; value: number }[] }[] }
  return lines
    .flatMap(({ values }) => values.map(({ timestamp, value }): [string, number] => [timestamp, value]))
    .sort()
}

/** Values of days and events, which have no line of points. */
const rowsOf = (person: SignedInPerson) =>
  server.parts.db.read({ userId: person.userId }, async (tx) => {
    const days = await tx.selectFrom('source_days').select('metric').execute()
    const events = await tx.selectFrom('events').select('metric').execute()
    return [...days, ...events].map(({ metric }) => metric).sort()
  })

const source = { app: 'com.example.watch', device: { model: 'W3' } }
const at = '2026-10-14T07:40:00Z'
const heart = (id: string, more: object = {}) => ({
  id,
  type: 'HeartRate',
  start: at,
  value: 71,
  unit: 'bpm',
  source,
  zone_offset: '+02:00',
  ...more,
})
const sums = ({ received, accepted, updated, duplicates, deleted, suppressed, rejected }: Answer) => [
  received,
  accepted + updated + duplicates + deleted + suppressed + rejected.length,
]

describe('a batch of Health Connect', () => {
  test('is stored before it is answered; a bad record is told by its id and loses no other', async () => {
    const person = await server.person()
    const { status, answer } = await push(person, 'health_connect', {
      records: [heart('a'), heart('b', { value: 'x', start: '2026-10-14T07:41:00Z' })],
    })
    expect(status).toBe(202)
    expect(answer).toMatchObject({ received: 2, accepted: 1, rejected: [{ id: 'b', code: 'value_unreadable' }] })
    expect(await stored(person, 'heart_rate')).toEqual([[at, 71]])
    const { body } = await server.call('GET', '/api/v1/sync/history', { token: person.token })
    expect(body).toMatchObject([
      {
        trigger: 'push',
        provider: 'health_connect',
        status: 'partial',
        records_fetched: 2,
        records_inserted: 1,
        records_failed: 1,
      },
    ])
  })

  test('sent again in whole or in part adds nothing, and the same batch is answered as before', async () => {
    const person = await server.person()
    const batch = { batch_id: 'one', records: [heart('a'), heart('c', { start: '2026-10-14T07:42:00Z' })] }
    const first = await push(person, 'health_connect', batch)
    expect(await push(person, 'health_connect', batch)).toEqual(first)
    expect((await push(person, 'health_connect', { ...batch, records: [] })).status).toBe(422)
    const part = await push(person, 'health_connect', { records: batch.records.slice(0, 1) })
    expect(part.answer).toMatchObject({ accepted: 0, duplicates: 1 })
    expect(await stored(person, 'heart_rate')).toHaveLength(2)
  })

  test('a record that was changed moves; an older version of it is passed over', async () => {
    const person = await server.person()
    await push(person, 'health_connect', { records: [heart('a', { last_modified: '2026-10-14T08:00:00Z' })] })
    const moved = heart('a', { start: '2026-10-14T07:45:00Z', value: 80, last_modified: '2026-10-14T09:00:00Z' })
    expect((await push(person, 'health_connect', { records: [moved] })).answer).toMatchObject({
      updated: 1,
      accepted: 0,
    })
    expect(await stored(person, 'heart_rate')).toEqual([['2026-10-14T07:45:00Z', 80]])
    expect(
      (await push(person, 'health_connect', { records: [heart('a', { last_modified: '2026-10-14T08:00:00Z' })] }))
        .answer,
    ).toMatchObject({ duplicates: 1 })
    expect(await stored(person, 'heart_rate')).toEqual([['2026-10-14T07:45:00Z', 80]])
  })

  test('deletions by id alone take away exactly that: a value, all samples of a record, a night, the value of a day, an event', async () => {
    const person = await server.person()
    const samples = [0, 1, 2, 3, 4, 5, 6].map((second) => ({
      time: `2026-10-14T07:50:0${second}Z`,
      value: 90 + second,
    }))
    const records = [
      heart('stays'),
      heart('goes', { start: '2026-10-14T07:41:00Z' }),
      { id: 'many', type: 'HeartRate', start: samples[0]?.time, samples, unit: 'bpm', source },
      {
        id: 'rest',
        type: 'RestingHeartRate',
        start: '2026-10-14T05:00:00Z',
        value: 52,
        unit: 'bpm',
        source,
        zone_offset: '+02:00',
      },
      { id: 'press', type: 'BloodPressure', start: at, value: { systolic: 122, diastolic: 79 }, unit: 'mmHg', source },
    ]
    const sleep = [
      {
        id: 'night',
        start: '2026-10-13T21:42:00Z',
        end: '2026-10-14T05:20:00Z',
        zone_offset: '+02:00',
        source,
        stages: [{ stage: 'deep', start: '2026-10-13T22:00:00Z', end: '2026-10-13T23:00:00Z' }],
      },
    ]
    expect((await push(person, 'health_connect', { records, sleep })).answer).toMatchObject({
      accepted: 12,
      rejected: [],
    })
    const { answer } = await push(person, 'health_connect', {
      deletions: [{ id: 'goes' }, { id: 'many' }, 'night', { id: 'rest' }, { id: 'press' }, { id: 'never known' }],
    })
    expect(answer).toMatchObject({ deleted: 11, duplicates: 1 })
    expect(sums(answer)[0]).toBe(sums(answer)[1])
    expect(await stored(person, 'heart_rate')).toEqual([[at, 71]])
    expect(await rowsOf(person)).toEqual([])
    const { body } = await server.call('GET', '/api/v1/sessions', { token: person.token })
    expect((body as { items: unknown[] }).items).toEqual([])
  })

  test('a record whose samples became fewer loses those that are no more in it', async () => {
    const person = await server.person()
    const many = (n: number, modified: string) => ({
      ...{ id: 'many', type: 'HeartRate', start: '2026-10-14T07:50:00Z', unit: 'bpm', source, last_modified: modified },
      samples: Array.from({ length: n }, (_, i) => ({
        time: `2026-10-14T07:50:${String(i).padStart(2, '0')}Z`,
        value: 90 + i,
      })),
    })
    await push(person, 'health_connect', { records: [many(12, '2026-10-14T08:00:00Z')] })
    const { answer } = await push(person, 'health_connect', { records: [many(2, '2026-10-14T09:00:00Z')] })
    expect(answer).toMatchObject({ duplicates: 2, deleted: 10 })
    expect(await stored(person, 'heart_rate')).toHaveLength(2)
  })

  test('another phone is another connection, with the next short id', async () => {
    const person = await server.person()
    for (const installation_id of ['phone-1', 'phone-2', 'phone-1'])
      await push(person, 'health_connect', { installation_id, records: [heart('a')] })
    const rows = await server.parts.db.read({ userId: person.userId }, (tx) =>
      tx.selectFrom('connections').select(['short_id', 'provider_account']).orderBy('short_id').execute(),
    )
    expect(rows).toEqual([
      { short_id: 'health_connect', provider_account: 'phone-1' },
      { short_id: 'health_connect_2', provider_account: 'phone-2' },
    ])
  })
})

/** One heart rate as each store words it; the id, the time and the value are filled in. */
const words = {
  apple_health: { type: 'HKQuantityTypeIdentifierHeartRate', unit: 'count/min' },
  health_connect: { type: 'HeartRate', unit: 'bpm' },
  samsung_health: { type: 'HEART_RATE', unit: 'bpm' },
}

describe.each(Object.entries(words))('a batch of %s', (store, said) => {
  const record = (id: string, minute: number, value: unknown, modified = 1) => ({
    ...{ id, ...said, source, zone_offset: '+02:00', value },
    start: `2026-10-14T07:${minute}:00Z`,
    last_modified: `2026-10-14T0${modified}:00:00Z`,
  })
  const timeOf = (minute: number) => `2026-10-14T07:${minute}:00Z`

  test('keeps the good part of itself, is known in whole and in part, changes by id and deletes by id alone', async () => {
    const person = await server.person()
    const batch = { batch_id: 'first', records: [record('a', 10, 61), record('b', 11, 'x'), record('c', 12, 63)] }
    const first = await push(person, store, batch)
    expect(first.answer).toMatchObject({ accepted: 2, rejected: [{ id: 'b', code: 'value_unreadable' }] })
    expect(await push(person, store, batch)).toEqual(first)
    expect((await push(person, store, { records: [record('a', 10, 61)] })).answer).toMatchObject({ duplicates: 1 })
    const change = await push(person, store, { records: [record('a', 10, 71, 3), record('c', 12, 10, 0)] })
    expect(change.answer).toMatchObject({ updated: 1, duplicates: 1 })
    expect(await stored(person, 'heart_rate')).toEqual([
      [timeOf(10), 71],
      [timeOf(12), 63],
    ])
    expect((await push(person, store, { deletions: [{ id: 'c' }] })).answer).toMatchObject({ deleted: 1 })
    expect(await stored(person, 'heart_rate')).toEqual([[timeOf(10), 71]])
  })
})

test('the anchor that comes with a batch is kept with its records, type by type, and answered', async () => {
  const person = await server.person()
  const anchor = (type: string, to: string) => ({ kind: 'anchor', type, from: null, to })
  const kept = () =>
    server.parts.db.read({ userId: person.userId }, (tx) =>
      tx.selectFrom('phone_cursors').select(['type', 'cursor']).orderBy('type').execute(),
    )
  const steps = await push(person, 'apple', { records: [], cursor: anchor('StepCount', 'YnBsaXN0MQ') })
  expect(steps.answer).toMatchObject({ cursor: anchor('StepCount', 'YnBsaXN0MQ') })
  await push(person, 'apple', { records: [], cursor: anchor('HeartRate', 'YnBsaXN0Mg') })
  await push(person, 'apple', { records: [], cursor: anchor('StepCount', 'YnBsaXN0Mw') })
  const both = [
    { type: 'HeartRate', cursor: anchor('HeartRate', 'YnBsaXN0Mg') },
    { type: 'StepCount', cursor: anchor('StepCount', 'YnBsaXN0Mw') },
  ]
  expect(await kept()).toEqual(both)
  const refused = await push(person, 'apple', { records: Array(5_001).fill({}), cursor: anchor('HeartRate', 'later') })
  expect(refused.status).toBe(413)
  expect(await kept(), 'nothing was stored, so the phone has to begin where it was').toEqual(both)
})

test('the guide’s batch is taken as it stands there', async () => {
  const guide = readFileSync(new URL('../../../../../docs/06-phones.md', import.meta.url), 'utf8')
  const [, body] = /\n {2}body: (\{[\s\S]*?\n {2}\}),\n/.exec(guide) ?? []
  const given = {
    installationId: 'phone of the guide',
    zone_offset: '+02:00',
    last_modified: '2026-10-14T09:00:00Z',
    ...{ id: 'one', start: at, end: '2026-10-14T07:50:00Z', source, t: at, lat: 52.5, lon: 13.4, ele: 38 },
    token: 'a token of the store',
  }
  const batch = new Function(...Object.keys(given), `return ${body}`)(...Object.values(given))
  // The guide says `id` for each; what is deleted is another record than those that are sent.
  for (const [i, part] of ['records', 'sleep', 'workouts', 'deletions'].entries())
    batch[part][0].id = `of the guide ${i}`
  const { status, answer } = await push(await server.person(), 'health_connect', batch)
  expect([status, answer.rejected]).toEqual([202, []])
  expect(answer).toMatchObject({ accepted: 3, cursor: { to: given.token } })
})

describe('apps that are there today', () => {
  test('Health Auto Export posts its body to apple_health as it is, compressed or not', async () => {
    const person = await server.person()
    const body = {
      data: {
        metrics: [
          {
            name: 'heart_rate',
            units: 'bpm',
            data: [{ date: '2026-10-13 08:00:00 +0200', Min: 58, Avg: 63.2, Max: 71, source: 'Ana’s Apple Watch' }],
          },
          { name: 'weight_body_mass', units: 'lb', data: [{ date: '2026-10-13 07:00:00 +0200', qty: 160 }] },
        ],
        workouts: [],
      },
    }
    expect(await push(person, 'apple_health', body)).toMatchObject({
      status: 202,
      answer: { accepted: 2, rejected: [] },
    })
    const response = await fetch(`${server.url}/api/v1/integrations/apple/push`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${person.token}`,
        'content-type': 'application/json',
        'content-encoding': 'gzip',
      },
      body: gzipSync(JSON.stringify(body)),
    })
    expect([response.status, await response.json()]).toMatchObject([202, { accepted: 0, duplicates: 2 }])
    expect(await stored(person, 'heart_rate')).toEqual([['2026-10-13T06:00:00Z', 63.2]])
  })

  test('HC Webhook posts to health_connect, and what it sends twice is known', async () => {
    const person = await server.person()
    const body = {
      timestamp: '2026-10-14T14:00:00Z',
      app_version: '1.2.3',
      steps: [{ count: 8_421, start_time: '2026-10-13T00:00:00Z', end_time: '2026-10-14T00:00:00Z' }],
    }
    expect((await push(person, 'health_connect', body)).answer).toMatchObject({ accepted: 1 })
    const grown = { ...body, steps: [{ ...body.steps[0], count: 9_000 }] }
    expect((await push(person, 'health_connect', grown)).answer).toMatchObject({ accepted: 0, updated: 1 })
    expect(await stored(person, 'steps')).toEqual([['2026-10-13T00:00:00Z', 9_000]])
  })
})

test('an API key with data:write is enough for a phone, and without it nothing is taken', async () => {
  const person = await server.person()
  const key = async (scopes: string[]) =>
    (
      (await server.call('POST', '/api/v1/api-keys', { token: person.token, body: { name: 'phone', scopes } }))
        .body as { api_key: string }
    ).api_key
  const send = async (token: string) =>
    (await server.call('POST', '/api/v1/integrations/samsung_health/push', { token, body: { records: [] } })).status
  expect(await send(await key(['data:write']))).toBe(202)
  expect(await send(await key(['data:read']))).toBe(403)
})

test.each([
  ['a brand with a cloud', 'strava', { records: [] }, 400, 'push_not_taken'],
  ['nobody', 'luckband', { records: [] }, 404, 'provider_unknown'],
  ['a list', 'apple', [], 400, 'invalid_request'],
  ['a list of the wrong kind', 'apple', { records: 'x' }, 400, 'invalid_request'],
  ['too many records', 'apple', { records: Array(5_001).fill({}) }, 413, 'payload_too_large'],
  ['a batch of too many samples', 'apple', { records: [{ samples: Array(50_001).fill(1) }] }, 413, 'payload_too_large'],
])('%s is refused with its reason', async (_name, type, body, status, code) => {
  const answer = await push(owner, type, body)
  expect([answer.status, (answer.answer as unknown as { code: string }).code]).toEqual([status, code])
})

test('a text that cannot be stored costs only its record, whatever app sends it', async () => {
  const person = await server.person()
  const later = { start: '2026-10-14T07:41:00Z' }
  const records = [heart('a'), heart('b\0'), heart('c', { note: 'half \ud83d' }), heart('d', later)]
  const ours = await push(person, 'health_connect', { batch_id: 'odd', records })
  expect(ours.status).toBe(202)
  expect(ours.answer).toMatchObject({
    ...{ received: 4, accepted: 2 },
    rejected: [
      { id: 'b', index: 1, code: 'text_unstorable' },
      { id: 'c', index: 2, code: 'text_unstorable' },
    ],
  })
  const date = '2026-10-15 08:00:00 +0200'
  const data = { metrics: [{ name: 'heart_rate', units: 'bpm', data: [{ date, Avg: 60, source: 'Wat\0ch' }] }] }
  expect((await push(person, 'apple', { data })).answer).toMatchObject({ received: 1, accepted: 1 })
  const around = await push(person, 'health_connect', { batch_id: 'no\0', records: [] })
  expect([around.status, around.answer]).toMatchObject([400, { errors: [{ pointer: '/batch_id' }] }])
})

test.each([...Object.getOwnPropertyNames(Object.prototype)])(
  'a record whose type is %s is refused by itself, like any type that is not known',
  async (type) => {
    const { status, answer } = await push(owner, 'health_connect', { records: [heart('odd type', { type })] })
    expect([status, answer]).toMatchObject([202, { received: 1, rejected: [{ code: 'type_unknown' }] }])
  },
)

test('a phone that its person paused is refused and stores nothing, and goes on when it is resumed', async () => {
  const person = await server.person()
  const first = await push(person, 'apple_health', { records: [] })
  const call = (method: string, path: string, body?: object) =>
    server.call(method, `/api/v1/providers/connections/${first.answer.connection_id}${path}`, {
      token: person.token,
      ...(body ? { body } : {}),
    })
  const pause = async (is_active: boolean) => expect((await call('PATCH', '/toggle', { is_active })).status).toBe(200)
  const batch = { batch_id: 'kept', records: [{ ...heart('a'), type: 'HKQuantityTypeIdentifierHeartRate' }] }
  await pause(false)
  const refused = await push(person, 'apple_health', batch)
  expect([refused.status, refused.answer]).toMatchObject([409, { code: 'connection_paused' }])
  expect(await stored(person, 'heart_rate')).toEqual([])
  await pause(true)
  expect((await push(person, 'apple_health', batch)).answer).toMatchObject({ accepted: 1 })
})

test('after its first push a phone has synced, and who asks to fetch from it is told that it sends by itself', async () => {
  const person = await server.person()
  const { answer } = await push(person, 'apple_health', { records: [] })
  const path = `/api/v1/providers/connections/${answer.connection_id}`
  const { body } = await server.call('GET', '/api/v1/providers/connections', { token: person.token })
  expect(body).toMatchObject([{ last_sync: expect.any(String) }])
  for (const asked of ['/sync', '/replay']) {
    const refused = await server.call('POST', path + asked, { token: person.token })
    expect([refused.status, refused.body]).toMatchObject([
      400,
      { code: 'sync_not_taken', detail: expect.stringContaining('Apple Health sends by itself') },
    ])
  }
})

test('batches with long names that begin alike are two batches', async () => {
  const person = await server.person()
  const named = (end: string) => ({ batch_id: 'b'.repeat(254) + end, records: [heart(end)] })
  expect((await push(person, 'health_connect', named('1'))).status).toBe(202)
  expect((await push(person, 'health_connect', named('2'))).answer).toMatchObject({ batch_id: named('2').batch_id })
})

test.each([
  ['a cursor of megabytes', { cursor: { to: 'x'.repeat(2_000_000) } }, 'cursor has at most'],
  ['a time zone that is none', { time_zone: 'Nowhere/X' }, 'time_zone'],
  ['a time zone that is none, in camelCase', { timeZone: 'Nowhere/X' }, 'time_zone'],
  ['an endless installation', { installationId: 'x'.repeat(9_000) }, 'installation_id'],
])('%s is refused with its reason', async (_name, more, words) => {
  const { status, answer } = await push(owner, 'health_connect', { records: [], ...more })
  expect([status, answer]).toMatchObject([400, { detail: expect.stringContaining(words) }])
})

const autoExport = (data: unknown) => ({ data })
const webhook = { timestamp: at, app_version: '1.2', steps: [{ count: 1, start_time: at, end_time: at }] }

test.each([
  ['of Health Auto Export', 'health_connect', autoExport({ metrics: [] }), 'send it to apple_health'],
  ['of HC Webhook', 'apple_health', webhook, 'send it to health_connect'],
  ['of lists that are none', 'apple_health', autoExport({ metrics: null }), 'none of records'],
  ['of nothing', 'samsung_health', { device: { model: 'S24' } }, 'none of records'],
])('a body %s at %s is refused with what to do', async (_name, type, body, words) => {
  const person = await server.person()
  const { status, answer } = await push(person, type, body)
  expect([status, answer]).toMatchObject([400, { code: 'invalid_request', detail: expect.stringContaining(words) }])
  const { body: connections } = await server.call('GET', '/api/v1/providers/connections', { token: person.token })
  expect(connections).toEqual([])
})

test('a metric of Health Auto Export that is not known is refused by its name, and the others are kept', async () => {
  const person = await server.person()
  const date = '2026-10-15 08:00:00 +0200'
  const points = [
    { date, qty: 1 },
    { date, qty: 2 },
  ]
  const heartRates = { name: 'heart_rate', units: 'bpm', data: [{ date, Avg: 60 }] }
  const metrics = [heartRates, { name: 'toothbrushing', units: 's', data: points }]
  const { answer } = await push(person, 'apple_health', autoExport({ metrics }))
  expect(answer).toMatchObject({
    ...{ received: 2, accepted: 1 },
    rejected: [{ code: 'type_unknown', message: 'toothbrushing is not read (2 records)' }],
  })
})

test('a record of 20,000 samples, told newest first, takes the hub seconds and not minutes, and so does its loss of most of them', async () => {
  const person = await server.person()
  const samples = Array.from({ length: 20_000 }, (_, i) => ({
    time: new Date(Date.parse('2026-10-16T00:00:00Z') - i * 1_000).toISOString(),
    value: 60 + (i % 50),
  }))
  const many = (count: number) => ({ ...heart('many'), value: undefined, samples: samples.slice(0, count) })
  const before = process.threadCpuUsage()
  const { answer } = await push(person, 'health_connect', { records: [many(20_000)] })
  expect(answer).toMatchObject({ received: 20_000, accepted: 20_000 })
  const fewer = await push(person, 'health_connect', { records: [many(3)] })
  expect(fewer.answer).toMatchObject({ duplicates: 3, deleted: 19_997 })
  expect(await stored(person, 'heart_rate')).toHaveLength(3)
  const { user } = process.threadCpuUsage(before)
  expect(user / 1e6, 'seconds').toBeLessThan(10)
})

test('somebody else’s phone does not reach a person’s records', async () => {
  const [one, two] = [await server.person(), await server.person()]
  await push(one, 'health_connect', { records: [heart('a')] })
  expect((await push(two, 'health_connect', { deletions: [{ id: 'a' }] })).answer).toMatchObject({ deleted: 0 })
  expect(await stored(one, 'heart_rate')).toHaveLength(1)
})
