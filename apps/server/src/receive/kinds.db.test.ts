/** Values that are no plain points: blood pressures, events, positions, nights. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type SignedInPerson, startServer, type TestServer } from '../../test/kit.ts'
import type { UploadResult } from './answer.ts'

let server: TestServer
let owner: SignedInPerson

beforeAll(async () => {
  server = await startServer()
  owner = await server.owner()
})
afterAll(() => server?.stop())

const newDevice = async (): Promise<string> => {
  const body = { device_type: 'withings_bpm', device_name: 'Cuff', integration_type: 'wifi' }
  const made = await server.call('POST', '/api/v1/devices', { token: owner.token, body })
  return (made.body as { device_id: string }).device_id
}

const upload = async (id: string, body: unknown): Promise<UploadResult> => {
  const answer = await server.call('POST', `/api/v1/devices/${id}/data`, { token: owner.token, body })
  expect({ status: answer.status, body: answer.body }).toMatchObject({ status: 201 })
  return answer.body
}

const read = async (id: string, query = '') => {
  const { body } = await server.call('GET', `/api/v1/devices/${id}/data${query}`, { token: owner.token })
  return (body as { data: { data_type: string; unit: string; values: Record<string, unknown>[] }[] }).data
}

const remove = async (id: string, query: string): Promise<number> => {
  const { body } = await server.call('DELETE', `/api/v1/devices/${id}/data?${query}`, { token: owner.token })
  return (body as { deleted: number }).deleted
}

const at = (time: string) => `2024-02-10T${time}Z`
const codes = ({ rejected }: UploadResult) => rejected.map(({ index, code }) => [index, code])

test('a blood pressure is one value of two parts, and impossible pairs are refused', async () => {
  const id = await newDevice()
  const values = [
    { timestamp: at('08:00:00'), systolic: 120, diastolic: 80, mean: 93, quality: 'good' },
    { timestamp: at('08:01:00'), systolic: 120, diastolic: 116 },
    { timestamp: at('08:02:00'), systolic: 120, diastolic: 80, mean: 121 },
    { timestamp: at('08:03:00'), systolic: 120 },
    { timestamp: at('08:04:00'), systolic: 310, diastolic: 80 },
    { timestamp: at('08:05:00'), systolic: 120, diastolic: 80, lat: 3 },
    { timestamp: at('08:06:00'), systolic: 16, diastolic: 10, unit: 'kPa' },
  ]
  const first = await upload(id, { data_type: 'bp', values })
  expect(first).toMatchObject({ data_type: 'blood_pressure', received: 7, accepted: 2, quality_score: 1 })
  expect(codes(first)).toEqual([
    [1, 'pair_impossible'],
    [2, 'pair_impossible'],
    [3, 'part_missing'],
    [4, 'out_of_range'],
    [5, 'field_not_taken'],
  ])
  const again = await upload(id, { data_type: 'blood_pressure', values: [values[0], { ...values[6], diastolic: 11 }] })
  expect(again).toMatchObject({ accepted: 0, duplicates: 1, changed: 1 })
  const [line] = await read(id)
  expect(line?.values[0]).toEqual({
    timestamp: at('08:00:00'),
    systolic: 120,
    diastolic: 80,
    mean: 93,
    quality: 'good',
  })
  expect(line?.values[1]).toMatchObject({ original_unit: 'kPa' })
  expect(line?.values[1]?.['systolic']).toBeCloseTo(120.0099, 3)
})

test('an event is a word of its catalogue line, or happens without a value', async () => {
  const id = await newDevice()
  const words = [
    { timestamp: at('08:00:00'), value: 'positive' },
    { timestamp: at('09:00:00'), value: 'maybe' },
    { timestamp: at('10:00:00') },
  ]
  const test = await upload(id, { data_type: 'ovulation_test', values: words })
  expect(codes(test)).toEqual([
    [1, 'word_unknown'],
    [2, 'value_missing'],
  ])
  expect(
    await upload(id, { data_type: 'handwashing', values: [{ timestamp: at('11:00:00'), end: at('11:00:20') }] }),
  ).toMatchObject({ accepted: 1 })
  expect(await read(id)).toEqual([
    { data_type: 'ovulation_test', unit: 'word', values: [{ timestamp: at('08:00:00'), value: 'positive' }] },
    { data_type: 'handwashing', unit: 'event', values: [{ timestamp: at('11:00:00'), end: at('11:00:20') }] },
  ])
})

test('positions are merged by time, across hours, with exact counts', async () => {
  const id = await newDevice()
  const position = (time: string, lat: number, lon: number, ele?: number) => ({
    timestamp: at(time),
    lat,
    lon,
    ...(ele === undefined ? {} : { ele }),
  })
  const first = await upload(id, {
    data_type: 'gps',
    values: [
      position('08:59:59', 52.5, 13.4, 34.5),
      position('09:00:00', 52.5000001, 13.4),
      { timestamp: at('09:00:01'), lat: 91, lon: 0 },
      { timestamp: at('09:00:02'), lat: 1 },
    ],
  })
  expect(first).toMatchObject({ received: 4, accepted: 2 })
  expect(codes(first)).toEqual([
    [2, 'out_of_range'],
    [3, 'part_missing'],
  ])
  const second = await upload(id, {
    data_type: 'location',
    values: [position('08:59:58', 52, 13), position('08:59:59', 52.5, 13.4, 34.5), position('09:00:00', 52.6, 13.4)],
  })
  expect(second).toMatchObject({ accepted: 1, duplicates: 1, changed: 1 })
  expect((await read(id))[0]?.values).toEqual([
    { timestamp: at('08:59:58'), lat: 52, lon: 13 },
    { timestamp: at('08:59:59'), lat: 52.5, lon: 13.4, ele: 34.5 },
    { timestamp: at('09:00:00'), lat: 52.6, lon: 13.4 },
  ])
})

const stage = (name: string, from: string, to: string) => ({ stage: name, start: from, end: to })
const night = '2024-02-10T'
const nights = async () => {
  const { rows } = await server.parts.db.read({ userId: owner.userId }, async (tx) => ({
    rows: await tx
      .selectFrom('sessions')
      .select(['source_id', 'start_at', 'end_at', 'totals'])
      .orderBy('start_at')
      .execute(),
  }))
  return rows.map(({ start_at, end_at, totals }) => ({
    start: start_at.toISOString(),
    end: end_at.toISOString(),
    totals,
  }))
}

test('sleep stages become one night, also when the stage between two comes last', async () => {
  const id = await newDevice()
  const evening = await upload(id, {
    data_type: 'sleep',
    values: [
      stage('Light', `${night}00:00:00Z`, `${night}00:30:00Z`),
      stage('deep', `${night}00:30:00Z`, `${night}01:00:00Z`),
    ],
  })
  expect(evening).toMatchObject({ received: 2, accepted: 2 })
  await upload(id, { data_type: 'sleep', values: [stage('rem', `${night}03:00:00Z`, `${night}03:30:00Z`)] })
  expect(await nights()).toHaveLength(2)
  const between = await upload(id, {
    data_type: 'sleep',
    values: [
      stage('awake', `${night}01:45:00Z`, `${night}02:15:00Z`),
      stage('deep', `${night}00:30:00Z`, `${night}01:00:00Z`),
      stage('core', `${night}03:00:00Z`, `${night}03:30:00Z`),
    ],
  })
  expect(between).toMatchObject({ accepted: 1, duplicates: 1, changed: 1 })
  expect(await nights()).toEqual([
    {
      start: '2024-02-10T00:00:00.000Z',
      end: '2024-02-10T03:30:00.000Z',
      totals: {
        duration: 12_600,
        sleep_time_in_bed: 12_600,
        sleep_total: 5_400,
        sleep_light: 3_600,
        sleep_deep: 1_800,
        sleep_rem: 0,
        sleep_awake: 1_800,
      },
    },
  ])
  expect((await read(id, '?data_type=sleep'))[0]?.values.map((value) => value['stage'])).toEqual([
    'light',
    'deep',
    'awake',
    'light',
  ])
})

test('deleting a stage shortens its night, deleting all ends it', async () => {
  const id = await newDevice()
  const before = (await nights()).length
  await upload(id, {
    data_type: 'sleep',
    values: [
      stage('light', '2024-03-01T00:00:00Z', '2024-03-01T00:30:00Z'),
      stage('deep', '2024-03-01T00:30:00Z', '2024-03-01T01:00:00Z'),
    ],
  })
  expect(await remove(id, 'data_type=sleep&start_time=2024-03-01T00:30:00Z')).toBe(1)
  expect((await nights()).at(-1)).toMatchObject({
    end: '2024-03-01T00:30:00.000Z',
    totals: { sleep_total: 1_800, sleep_deep: 0 },
  })
  expect(await remove(id, 'all=true')).toBe(1)
  expect(await nights()).toHaveLength(before)
})

test('stages that cannot be are refused', async () => {
  const id = await newDevice()
  const answer = await server.call('POST', `/api/v1/devices/${id}/data`, {
    token: owner.token,
    body: {
      data_type: 'sleep',
      values: [
        stage('floating', `${night}00:00:00Z`, `${night}00:30:00Z`),
        stage('deep', `${night}00:30:00Z`, `${night}00:30:00Z`),
        { stage: 'deep', start: `${night}00:30:00Z` },
        { start: `${night}00:30:00Z`, end: `${night}00:40:00Z` },
        stage('deep', `${night}00:30:00Z`, '2024-02-12T00:30:00Z'),
      ],
    },
  })
  const { errors } = answer.body as { errors: { code: string }[] }
  expect([answer.status, errors.map(({ code }) => code)]).toEqual([
    400,
    ['stage_unknown', 'end_before_start', 'part_missing', 'part_missing', 'interval_too_long'],
  ])
})

test('an amount stated for a whole day stands beside its parts', async () => {
  const id = await newDevice()
  const answer = await upload(id, {
    data_type: 'steps',
    values: [
      { date: '2024-02-10', value: 9_500 },
      { timestamp: at('08:00:00'), end: at('08:01:00'), value: 100 },
      { date: '2024-02-11', value: 150_001 },
    ],
  })
  expect(answer).toMatchObject({ received: 3, accepted: 2 })
  expect(codes(answer)).toEqual([[2, 'out_of_range']])
  expect((await read(id))[0]?.values).toEqual([
    { timestamp: at('00:00:00'), date: '2024-02-10', value: 9_500 },
    { timestamp: at('08:00:00'), end: at('08:01:00'), value: 100 },
  ])
})

test('what a person enters by hand has a source of its own', async () => {
  const enter = (body: object) => server.call('POST', '/api/v1/samples', { token: owner.token, body })
  const first = await enter({ metric: 'weight', value: 160, unit: 'lb', timestamp: at('07:00:00') })
  expect(first.status).toBe(201)
  expect(first.body).toMatchObject({
    metric: 'body_mass',
    unit: 'kg',
    value: 160 * 0.45359237,
    original_unit: 'lb',
    timestamp: at('07:00:00'),
    method: 'manual',
    result: 'accepted',
  })
  expect((await enter({ metric: 'weight', value: 160, unit: 'lb', timestamp: at('07:00:00') })).body).toMatchObject({
    result: 'duplicate',
  })
  expect((await enter({ metric: 'weight', value: 161, unit: 'lb', timestamp: at('07:00:00') })).body).toMatchObject({
    result: 'changed',
  })
  expect((await enter({ metric: 'bp', systolic: 121, diastolic: 79, timestamp: at('07:00:00') })).body).toMatchObject({
    metric: 'blood_pressure',
    systolic: 121,
    result: 'accepted',
  })
  expect((await enter({ metric: 'weight', value: 0, timestamp: at('07:00:00') })).body).toMatchObject({
    code: 'all_values_rejected',
  })
  const listed = await server.call('GET', '/api/v1/samples?metric=weight', { token: owner.token })
  expect((listed.body as { items: object[] }).items).toMatchObject([
    { metric: 'body_mass', value: 161 * 0.45359237, method: 'manual' },
  ])
})

test('a value entered twice with one Idempotency-Key is entered once', async () => {
  const enter = () =>
    server.call('POST', '/api/v1/samples', {
      token: owner.token,
      body: { metric: 'mood', value: 0.5, timestamp: at('07:00:00') },
      headers: { 'idempotency-key': 'mood-once' },
    })
  const answers = await Promise.all([enter(), enter(), enter()])
  expect(answers.map(({ body }) => body)).toEqual(Array(3).fill(answers[0]?.body))
  expect(answers[0]?.body).toMatchObject({ result: 'accepted' })
})
