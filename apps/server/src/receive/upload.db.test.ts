import { gzipSync } from 'node:zlib'
import { routes } from '@tributary/protocol'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type SignedInPerson, startServer, type TestServer } from '../../test/kit.ts'
import type { UploadResult, UploadTotals } from './answer.ts'

let server: TestServer
let owner: SignedInPerson

beforeAll(async () => {
  server = await startServer({ env: { BATCH_SIZE: '10' } })
  owner = await server.owner()
})
afterAll(() => server?.stop())

const newDevice = async (body: object = {}, token = owner.token): Promise<{ id: string; token: string }> => {
  const made = await server.call('POST', '/api/v1/devices', {
    token,
    body: {
      device_type: 'fitbit_charge_5',
      device_name: 'Watch',
      integration_type: 'bluetooth',
      issue_token: true,
      ...body,
    },
  })
  const { device_id, device_token } = made.body as { device_id: string; device_token: string }
  return { id: device_id, token: device_token }
}

interface Refusal {
  code: string
  detail: string
  errors: { pointer: string; code?: string; detail: string }[]
}
type Any = UploadResult &
  Refusal & { results: (UploadResult & Refusal & { index?: number })[]; totals: UploadTotals; max_values: number }

const upload = async (
  id: string,
  body: unknown,
  { token = owner.token, headers = {} }: { token?: string; headers?: Record<string, string> } = {},
): Promise<{ status: number; body: Any; headers: Headers }> =>
  server.call('POST', `/api/v1/devices/${id}/data`, { token, body, headers })

/** Bytes as they are, whatever they say they are. */
const send = async (id: string, bytes: string | Uint8Array<ArrayBuffer>, headers: Record<string, string>) => {
  const answer = await fetch(`${server.url}/api/v1/devices/${id}/data`, {
    method: 'POST',
    headers: { authorization: `Bearer ${owner.token}`, ...headers },
    body: bytes,
  })
  return { status: answer.status, body: (await answer.json()) as Any }
}

const read = async (
  id: string,
  query = '',
): Promise<{ data_type: string; unit: string; values: Record<string, unknown>[] }[]> => {
  const { status, body } = await server.call('GET', `/api/v1/devices/${id}/data${query}`, { token: owner.token })
  expect(status).toBe(200)
  return (body as { data: never }).data
}

const minute = (n: number) => new Date(Date.UTC(2023, 11, 1, 12, n)).toISOString().replace('.000', '')
const heartRate = (...values: number[]) => ({
  data_type: 'heart_rate',
  values: values.map((value, n) => ({ timestamp: minute(n), value, unit: 'bpm', quality: 'good' })),
})

test("document 2's body is stored and answered in full", async () => {
  const { id } = await newDevice()
  const { status, body } = await upload(id, {
    data_type: 'heart_rate',
    timestamp: '2023-12-01T12:00:00Z',
    values: [
      { timestamp: '2023-12-01T12:00:00Z', value: 72, unit: 'bpm', quality: 'good' },
      { timestamp: '2023-12-01T12:01:00Z', value: 75, unit: 'bpm', quality: 'good' },
    ],
    metadata: { source: 'device', accuracy: 0.95, battery_level: 85 },
  })
  expect(status).toBe(201)
  expect(routes.uploadData.returns.body.parse(body)).toEqual(body)
  expect(body).toEqual({
    batch_id: body.batch_id,
    device_id: id,
    data_type: 'heart_rate',
    received: 2,
    accepted: 2,
    duplicates: 0,
    changed: 0,
    suppressed: 0,
    rejected: [],
    quality_score: 0.95,
    validated: true,
    processed: true,
  })
  expect(await read(id)).toEqual([
    {
      data_type: 'heart_rate',
      unit: 'bpm',
      values: [
        { timestamp: '2023-12-01T12:00:00Z', value: 72, quality: 'good' },
        { timestamp: '2023-12-01T12:01:00Z', value: 75, quality: 'good' },
      ],
    },
  ])
})

test('delivering twice adds nothing, another value for a known time changes it', async () => {
  const { id } = await newDevice()
  await upload(id, heartRate(60, 61, 62))
  const again = await upload(id, heartRate(60, 61, 99, 63))
  expect(again.body).toMatchObject({ received: 4, accepted: 1, duplicates: 2, changed: 1, rejected: [] })
  expect((await read(id))[0]?.values.map(({ value }) => value)).toEqual([60, 61, 99, 63])
})

test('a time said twice in one body counts once, and the last word wins', async () => {
  const { id } = await newDevice()
  const values = [60, 60, 65].map((value) => ({ timestamp: minute(0), value }))
  const { body } = await upload(id, { data_type: 'heart_rate', values })
  expect(body).toMatchObject({ received: 3, accepted: 1, rejected: [] })
  expect(body.accepted + body.changed + body.duplicates).toBe(3)
  expect((await read(id))[0]?.values).toEqual([{ timestamp: minute(0), value: 65 }])
})

test('a bad value is named with its place, code and reason, and never costs the good ones', async () => {
  const { id } = await newDevice()
  const { status, body } = await upload(id, {
    data_type: 'heart_rate',
    values: [
      { timestamp: minute(0), value: 60 },
      { timestamp: 'noon', value: 61 },
      { timestamp: minute(2), value: 0 },
      { timestamp: minute(3), value: 301 },
      { timestamp: minute(4), value: '62' },
      { timestamp: minute(5), value: 63, unit: 'furlong' },
      { value: 64 },
      { timestamp: '0000-01-01T00:00:00Z', value: 65 },
      { timestamp: '9999-12-31T23:59:59Z', value: 65 },
      { timestamp: minute(9), value: 66, colour: 'red' },
      { timestamp: minute(10), value: 67, quality: 'best' },
      { timestamp: minute(11), value: 68, end: minute(10) },
      null,
      { timestamp: minute(13), value: 69 },
    ],
  })
  expect(status).toBe(201)
  expect(body).toMatchObject({ received: 14, accepted: 2 })
  expect(body.rejected.map(({ index, code }) => [index, code])).toEqual([
    [1, 'time_invalid'],
    [2, 'zero_is_missing'],
    [3, 'out_of_range'],
    [4, 'value_not_a_number'],
    [5, 'unit_unknown'],
    [6, 'time_missing'],
    [7, 'time_too_early'],
    [8, 'time_in_future'],
    [9, 'field_unknown'],
    [10, 'quality_invalid'],
    [11, 'end_before_start'],
    [12, 'value_invalid'],
  ])
  expect(body.rejected.every(({ detail }) => detail.length > 10)).toBe(true)
  expect((await read(id))[0]?.values.map(({ value }) => value)).toEqual([60, 69])
})

test('when every value is bad the answer is 400 and nothing is stored', async () => {
  const { id } = await newDevice()
  const { status, body } = await upload(id, heartRate(0, 500))
  expect(status).toBe(400)
  expect(body).toMatchObject({ code: 'all_values_rejected' })
  expect(body.errors.map(({ pointer, code }) => [pointer, code])).toEqual([
    ['/values/0', 'zero_is_missing'],
    ['/values/1', 'out_of_range'],
  ])
  expect(await read(id)).toEqual([])
  const batches = await server.call('GET', `/api/v1/devices/${id}/data/batches`, { token: owner.token })
  expect(batches.body).toEqual([])
})

test('a type that nobody knows is refused', async () => {
  const { id } = await newDevice()
  const { status, body } = await upload(id, { ...heartRate(60), data_type: 'aura' })
  expect([status, body.code]).toEqual([400, 'data_type_unknown'])
})

test('columns are the same as values', async () => {
  const { id } = await newDevice()
  const { status, body } = await upload(id, {
    data_type: 'heart_rate',
    t0: '2023-12-01T12:00:00+01:00',
    dt: [0, 60_000, 60_000, 500],
    v: [60, 0, 62, 63],
    q: ['good', 'good', 0.25, 'unknown'],
    d: [0, 0, 1_000, 0],
  })
  expect(status).toBe(201)
  expect(body).toMatchObject({ received: 4, accepted: 3, quality_score: 0.625 })
  expect(body.rejected).toMatchObject([{ index: 1, code: 'zero_is_missing' }])
  expect((await read(id))[0]?.values).toEqual([
    { timestamp: '2023-12-01T11:00:00Z', value: 60, quality: 'good', utc_offset_minutes: 60 },
    {
      timestamp: '2023-12-01T11:02:00Z',
      end: '2023-12-01T11:02:01Z',
      value: 62,
      quality: 0.25,
      utc_offset_minutes: 60,
    },
    { timestamp: '2023-12-01T11:02:00.500Z', value: 63, quality: 'unknown', utc_offset_minutes: 60 },
  ])
})

test('columns of different length are refused', async () => {
  const { id } = await newDevice()
  const { status, body } = await upload(id, { data_type: 'heart_rate', t0: minute(0), dt: [0, 1], v: [60] })
  expect([status, body.code, body.errors[0]?.pointer]).toEqual([400, 'invalid_request', '/v'])
})

test('in an array of bodies one that cannot be used keeps its place and says why', async () => {
  const { id } = await newDevice()
  const { status, body } = await upload(id, [
    heartRate(60, 0),
    { ...heartRate(60), data_type: 'aura' },
    heartRate(0),
    { data_type: 'steps', values: [{ timestamp: minute(0), end: minute(1), value: 100 }] },
  ])
  expect(status).toBe(201)
  expect(routes.uploadData.returns.body.parse(body)).toEqual(body)
  expect(body.results.map((result) => result.code ?? result.accepted)).toEqual([
    1,
    'data_type_unknown',
    'all_values_rejected',
    1,
  ])
  expect(body.results.map(({ index }) => index)).toEqual([undefined, 1, 2, undefined])
  expect(body.totals).toEqual({ received: 4, accepted: 2, duplicates: 0, changed: 0, suppressed: 0, rejected: 2 })
})

test('of NDJSON a broken line costs itself only', async () => {
  const { id } = await newDevice()
  const lines = [
    JSON.stringify(heartRate(60)),
    '{"data_type":"heart_rate","values":[{"timestamp":"2023-12-01T12:01:00Z","value":NaN}]}',
    '',
    '{"data_type":"heart_rate","values":[{"timestamp":"2023-12-01T12:02:00Z","value":1e400}]}',
    `${JSON.stringify({ ...heartRate(70), data_type: 'pulse' })}\r`,
    '{"data_type"',
  ].join('\n')
  const { status, body } = await send(id, lines, { 'content-type': 'application/x-ndjson' })
  expect(status).toBe(201)
  expect(body.results.map((result) => result.code ?? result.received)).toEqual([
    1,
    'invalid_json',
    'all_values_rejected',
    1,
    'invalid_json',
  ])
  expect(body.totals).toMatchObject({ received: 3, rejected: 1, accepted: 1, changed: 1 })
})

test('a list in which no body can be used is refused', async () => {
  const { id } = await newDevice()
  const { status, body } = await upload(id, [heartRate(0), 7])
  expect([status, body.code]).toEqual([400, 'all_values_rejected'])
  expect(body.results.map(({ code }) => code)).toEqual(['all_values_rejected', 'invalid_request'])
  expect((await upload(id, [])).status).toBe(400)
})

test('gzip and br are taken', async () => {
  const { id } = await newDevice()
  const { status, body } = await send(id, new Uint8Array(gzipSync(JSON.stringify(heartRate(60, 61)))), {
    'content-type': 'application/json',
    'content-encoding': 'gzip',
  })
  expect({ status, ...body }).toMatchObject({ status: 201, accepted: 2 })
})

test('more values than a request may hold are refused with the limit', async () => {
  const { id } = await newDevice()
  const many = (n: number) => ({
    data_type: 'heart_rate',
    t0: minute(0),
    dt: Array(n).fill(1_000),
    v: Array(n).fill(60),
  })
  expect((await upload(id, many(600))).status).toBe(201)
  const { status, body } = await upload(id, many(601))
  expect([status, body.code, body.max_values]).toEqual([413, 'payload_too_large', 600])
  expect((await upload(id, [many(400), many(201)])).status).toBe(413)
})

test('quality is given back as it was sent, and the score is the mean of what was stated', async () => {
  const { id } = await newDevice()
  const qualities = ['good', 'fair', 'poor', 'unknown', 0.123456, undefined]
  const values = qualities.map((quality, n) => ({
    timestamp: minute(n),
    value: 60,
    ...(quality === undefined ? {} : { quality }),
  }))
  const { body } = await upload(id, { data_type: 'heart_rate', values })
  expect(body.quality_score).toBe(Math.round(((1 + 0.7 + 0.4 + 0.123456) / 4) * 1e6) / 1e6)
  expect((await read(id))[0]?.values.map(({ quality }) => quality)).toEqual(qualities)
  const none = await upload(id, {
    data_type: 'heart_rate',
    values: [{ timestamp: minute(9), value: 60 }],
    metadata: { accuracy: 0.5 },
  })
  expect(none.body.quality_score).toBeNull()
})

test('units are converted exactly and the original one is kept beside the value', async () => {
  const { id } = await newDevice()
  const values = [
    { timestamp: minute(0), value: 160, unit: 'lb' },
    { timestamp: minute(1), value: 72.5, unit: 'kg' },
    { timestamp: minute(2), value: 71 },
  ]
  const { body } = await upload(id, { data_type: 'weight', unit: 'lbs', values })
  expect(body).toMatchObject({ data_type: 'body_mass', accepted: 3 })
  expect(await read(id)).toEqual([
    {
      data_type: 'body_mass',
      unit: 'kg',
      values: [
        { timestamp: minute(0), value: 160 * 0.45359237, original_unit: 'lb' },
        { timestamp: minute(1), value: 72.5 },
        { timestamp: minute(2), value: 71 * 0.45359237, original_unit: 'lbs' },
      ],
    },
  ])
})

test('an amount that grows faster than anybody can move is refused', async () => {
  const { id } = await newDevice()
  const values = [
    { timestamp: minute(0), end: minute(1), value: 120 },
    { timestamp: minute(1), end: minute(2), value: 301 },
    { timestamp: minute(2), value: -1 },
    { timestamp: '2023-12-01T00:00:00Z', end: '2023-12-02T13:00:00Z', value: 10 },
  ]
  const { body } = await upload(id, { data_type: 'steps', values })
  expect(body.rejected.map(({ code }) => code)).toEqual(['rate_impossible', 'out_of_range', 'interval_too_long'])
})

test("a day's value stands on its local date, by its own word or by the clock it was written on", async () => {
  const { id } = await newDevice()
  const { body } = await upload(id, {
    data_type: 'resting_heart_rate',
    values: [
      { date: '2023-12-01', value: 51, quality: 'good' },
      { timestamp: '2023-12-03T00:30:00+02:00', value: 52 },
      { timestamp: '2023-12-03T23:30:00-08:00', value: 53 },
      { date: '2023-02-29', value: 54 },
      { date: '2199-01-01', value: 55 },
      { date: '1999-12-31', value: 55 },
      { date: '2023-12-01', value: 50 },
    ],
  })
  expect(body).toMatchObject({ received: 7, accepted: 2, changed: 2, duplicates: 0 })
  expect(body.rejected.map(({ code }) => code)).toEqual(['date_invalid', 'time_in_future', 'time_too_early'])
  expect(await read(id)).toEqual([
    {
      data_type: 'resting_heart_rate',
      unit: 'bpm',
      values: [
        { timestamp: '2023-12-01T00:00:00Z', date: '2023-12-01', value: 50 },
        { timestamp: '2023-12-03T00:00:00Z', date: '2023-12-03', value: 53 },
      ],
    },
  ])
})
