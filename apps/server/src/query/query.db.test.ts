import type { Measured } from '@tributary/protocol'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type SignedInPerson, startServer, type TestServer } from '../../test/kit.ts'

interface Value {
  timestamp: string
  value?: number
  [part: string]: unknown
}
interface Line {
  data_type: string
  unit: string
  values: Value[]
}
interface Page {
  data: Line[]
  next_cursor: string | null
}

let server: TestServer
let owner: SignedInPerson
const noon = Date.parse('2026-04-01T12:00:00Z')
const minute = 60_000

beforeAll(async () => {
  server = await startServer()
  owner = await server.owner()
})
afterAll(() => server?.stop())

async function newDevice(name = 'Watch'): Promise<{ device: string; source: string }> {
  const { body } = await server.call('POST', '/api/v1/devices', {
    token: owner.token,
    body: { device_type: 'watch', device_name: name, integration_type: 'api' },
  })
  const device = (body as { device_id: string }).device_id
  const source = await server.parts.deviceSources.find(owner.userId, device)
  if (!source) throw new Error('the device has no source')
  return { device, source }
}

const store = (sourceId: string, readings: Measured[]) =>
  server.parts.ingest({ userId: owner.userId, sourceId, readings })

const series = (metric: string, from: number, values: number[], step = minute): Measured => ({
  kind: 'series',
  metric,
  t: Float64Array.from(values, (_, i) => from + i * step),
  v: Float64Array.from(values),
})

async function get<T>(path: string, headers: Record<string, string> = {}): Promise<T> {
  const { status, body } = await server.call('GET', path, { token: owner.token, headers })
  expect({ status, body: status === 200 ? 'as asked' : body }).toEqual({ status: 200, body: 'as asked' })
  return body as T
}

const flat = ({ data }: Page) =>
  data.flatMap(({ data_type, values }) => values.map((value) => ({ data_type, ...value })))

/** One of each kind that a device can send. */
const oneOfEach: Measured[] = [
  series('heart_rate', noon, [70, 71, 72]),
  series('spo2', noon, [97, 98]),
  { kind: 'day', metric: 'resting_heart_rate', date: '2026-04-01', value: 52 },
  { kind: 'event', metric: 'blood_pressure', start: noon + 1_000, value: { systolic: 121, diastolic: 79 } },
  { kind: 'stage', stage: 'deep', start: noon - 9 * 60 * minute, end: noon - 8 * 60 * minute },
  {
    kind: 'positions',
    track: {
      t: Float64Array.of(noon, noon + 1_000),
      lat: Float64Array.of(52.1, 52.2),
      lon: Float64Array.of(21, 21.1),
      ele: Float64Array.of(100, Number.NaN),
    },
  },
]

test('a day of the timeline is the local day of the person, as long as it was', async () => {
  const { source } = await newDevice('Traveller')
  const start = Date.parse('2026-03-28T00:00:00Z')
  await store(source, [series('steps', start, new Array(48).fill(100), 60 * minute)])
  await server.call('PATCH', '/api/v1/me', { token: owner.token, body: { time_zone: 'Europe/Paris' } })
  const range = 'start_time=2026-03-28T00:00:00Z&end_time=2026-03-30T00:00:00Z'
  const { lines } = await get<{ lines: { n: number; values: Value[] }[] }>(
    `/api/v1/timeline?metric=steps&source=${source}&${range}&resolution=1d`,
  )
  expect(lines[0]?.values).toEqual([
    { timestamp: '2026-03-27T23:00:00Z', end: '2026-03-28T23:00:00Z', value: 2_300, sum: 2_300, n: 23 },
    { timestamp: '2026-03-28T23:00:00Z', end: '2026-03-29T22:00:00Z', value: 2_300, sum: 2_300, n: 23 },
    { timestamp: '2026-03-29T22:00:00Z', end: '2026-03-30T22:00:00Z', value: 200, sum: 200, n: 2 },
  ])
  await server.call('PATCH', '/api/v1/me', { token: owner.token, body: { time_zone: 'UTC' } })
})

describe('a page of raw values', () => {
  test('holds every kind a device sent, each with its unit, oldest first', async () => {
    const { device, source } = await newDevice()
    await store(source, oneOfEach)
    const page = await get<Page>(`/api/v1/devices/${device}/data`)
    expect(page.next_cursor).toBeNull()
    expect(page.data).toEqual([
      {
        data_type: 'resting_heart_rate',
        unit: 'bpm',
        values: [{ timestamp: '2026-04-01T00:00:00Z', date: '2026-04-01', value: 52 }],
      },
      {
        data_type: 'sleep',
        unit: 'stage',
        values: [{ timestamp: '2026-04-01T03:00:00Z', end: '2026-04-01T04:00:00Z', stage: 'deep' }],
      },
      {
        data_type: 'gps',
        unit: 'deg',
        values: [
          { timestamp: '2026-04-01T12:00:00Z', lat: 52.1, lon: 21, ele: 100 },
          { timestamp: '2026-04-01T12:00:01Z', lat: 52.2, lon: 21.1 },
        ],
      },
      {
        data_type: 'heart_rate',
        unit: 'bpm',
        values: [
          { timestamp: '2026-04-01T12:00:00Z', value: 70 },
          { timestamp: '2026-04-01T12:01:00Z', value: 71 },
          { timestamp: '2026-04-01T12:02:00Z', value: 72 },
        ],
      },
      {
        data_type: 'spo2',
        unit: '%',
        values: [
          { timestamp: '2026-04-01T12:00:00Z', value: 97 },
          { timestamp: '2026-04-01T12:01:00Z', value: 98 },
        ],
      },
      {
        data_type: 'blood_pressure',
        unit: 'mmHg',
        values: [{ timestamp: '2026-04-01T12:00:01Z', systolic: 121, diastolic: 79 }],
      },
    ])
  })

  test('the cursor leads through all of them once, whatever the limit', async () => {
    const { device, source } = await newDevice()
    await store(source, [...oneOfEach, series('steps', noon, [10, 20, 30, 40])])
    const whole = flat(await get<Page>(`/api/v1/devices/${device}/data`))
    for (const limit of [1, 2, 3, 5]) {
      const seen: unknown[] = []
      let cursor: string | null = null
      do {
        const page: Page = await get<Page>(
          `/api/v1/devices/${device}/data?limit=${limit}${cursor ? `&cursor=${cursor}` : ''}`,
        )
        expect(flat(page).length).toBeLessThanOrEqual(limit)
        seen.push(...flat(page))
        cursor = page.next_cursor
      } while (cursor)
      expect(seen).toHaveLength(whole.length)
      expect(seen).toEqual(expect.arrayContaining(whole))
    }
  })

  test('is exactly the accepted values that the filter lets through', async () => {
    const { device, source } = await newDevice()
    const model = new Map<string, number>()
    const values = fc.array(
      fc.tuple(
        fc.constantFrom('heart_rate', 'spo2'),
        fc.integer({ min: 0, max: 4_000 }),
        fc.integer({ min: 60, max: 100 }),
      ),
      { minLength: 1, maxLength: 40 },
    )
    for (const batch of fc.sample(values, 15)) {
      for (const [metric, at, value] of batch) model.set(`${metric} ${noon + at * minute}`, value)
      await store(
        source,
        batch.map(([metric, at, value]) => ({ kind: 'sample', metric, t: noon + at * minute, value })),
      )
    }
    const filter = fc.record({
      from: fc.integer({ min: -10, max: 4_010 }),
      length: fc.integer({ min: 1, max: 4_000 }),
      type: fc.constantFrom('heart_rate', 'spo2', undefined),
    })
    for (const { from, length, type } of fc.sample(filter, 15)) {
      const [start, end] = [noon + from * minute, noon + (from + length) * minute]
      const page = await get<Page>(
        `/api/v1/devices/${device}/data?limit=5000&start_time=${new Date(start).toISOString()}&end_time=${new Date(end).toISOString()}${type ? `&data_type=${type}` : ''}`,
      )
      const expected = [...model].flatMap(([key, value]) => {
        const [metric = '', t = ''] = key.split(' ')
        return Number(t) >= start && Number(t) < end && (!type || metric === type)
          ? [{ data_type: metric, t: Number(t), value }]
          : []
      })
      const answered = flat(page).map(({ data_type, timestamp, value }) => ({
        data_type,
        t: Date.parse(timestamp),
        value,
      }))
      expect(answered).toHaveLength(expected.length)
      expect(answered).toEqual(expect.arrayContaining(expected))
    }
  })

  test("another name of a type is understood and answered with the catalogue's", async () => {
    const { device, source } = await newDevice()
    await store(source, [series('body_mass', noon, [72.5])])
    const page = await get<Page>(`/api/v1/devices/${device}/data?data_type=weight`)
    expect(page.data).toMatchObject([{ data_type: 'body_mass', unit: 'kg' }])
  })

  test.each([
    ['data_type=nonsense', 'data_type_unknown'],
    ['start_time=2026-01-02T00:00:00Z&end_time=2026-01-01T00:00:00Z', 'range_invalid'],
    ['cursor=bm90LW91cnM', 'cursor_invalid'],
    ['limit=0', 'invalid_request'],
    ['limit=100001', 'invalid_request'],
    ['resolution=7m', 'invalid_request'],
    ['points=2', 'invalid_request'],
    ['start_time=yesterday', 'invalid_request'],
  ])('%s is refused with %s', async (query, code) => {
    const { device } = await newDevice()
    const { status, body } = await server.call('GET', `/api/v1/devices/${device}/data?${query}`, { token: owner.token })
    expect({ status, body }).toMatchObject({ status: 400, body: { code } })
  })
})

describe('a series summed up', () => {
  test('an hour of a gauge has its mean, lowest and highest', async () => {
    const { device, source } = await newDevice()
    await store(source, [series('heart_rate', noon, [60, 90, 120])])
    const page = await get<Page>(`/api/v1/devices/${device}/data?resolution=1h`)
    expect(page.data[0]?.values).toEqual([
      { timestamp: '2026-04-01T12:00:00Z', end: '2026-04-01T13:00:00Z', value: 90, n: 3, min: 60, max: 120 },
    ])
  })

  test('an amount over a period is shared out over the hours it touches and sums up to itself', async () => {
    const { device, source } = await newDevice()
    const halfPast = noon + 30 * minute
    await store(source, [{ kind: 'sample', metric: 'steps', t: halfPast, duration: 60 * minute, value: 1_000 }])
    const page = await get<Page>(`/api/v1/devices/${device}/data?resolution=1h`)
    expect(page.data[0]?.values.map(({ timestamp, value }) => [timestamp, value])).toEqual([
      ['2026-04-01T12:00:00Z', 500],
      ['2026-04-01T13:00:00Z', 500],
    ])
  })

  test('a bucket that crosses midnight UTC between two stored days is one bucket', async () => {
    const { device, source } = await newDevice()
    await store(source, [
      { kind: 'sample', metric: 'steps', t: Date.parse('2026-04-01T23:30:00Z'), duration: 60 * minute, value: 600 },
      series('steps', Date.parse('2026-04-02T00:40:00Z'), [40]),
    ])
    const page = await get<Page>(`/api/v1/devices/${device}/data?resolution=1h`)
    expect(page.data[0]?.values.map(({ timestamp, value }) => [timestamp, value])).toEqual([
      ['2026-04-01T23:00:00Z', 300],
      ['2026-04-02T00:00:00Z', 340],
    ])
  })

  test.each(['minmax', 'lttb'])(
    '%s gives no more points than asked for, and keeps the highest peak of a long stretch',
    async (method) => {
      const { device, source } = await newDevice()
      const values = Array.from({ length: 5_000 }, (_, i) => (i === 3_333 ? 200 : 70 + (i % 7)))
      await store(source, [series('heart_rate', noon, values)])
      const page = await get<Page>(`/api/v1/devices/${device}/data?points=100&method=${method}`)
      const shown = page.data[0]?.values ?? []
      expect(shown.length).toBeLessThanOrEqual(100)
      expect(Math.max(...shown.map(({ value }) => value ?? 0))).toBe(200)
    },
  )
})

describe('forms of an answer', () => {
  test('CSV has a head line and a line for each value', async () => {
    const { device, source } = await newDevice()
    await store(source, [series('heart_rate', noon, [70, 71])])
    const { headers, body } = await server.call('GET', `/api/v1/devices/${device}/data?format=csv`, {
      token: owner.token,
    })
    expect(headers.get('content-type')).toBe('text/csv; charset=utf-8')
    const [head, first] = (body as unknown as string).split('\n')
    expect(head).toMatch(/^data_type,unit,timestamp,end,date,value,/)
    expect(first).toMatch(/^heart_rate,bpm,2026-04-01T12:00:00Z,,,70,/)
  })

  test('NDJSON has a value a line', async () => {
    const { device, source } = await newDevice()
    await store(source, [series('heart_rate', noon, [70, 71])])
    const { body } = await server.call('GET', `/api/v1/devices/${device}/data?format=ndjson&limit=1`, {
      token: owner.token,
    })
    expect(
      (body as unknown as string)
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line)),
    ).toEqual([{ data_type: 'heart_rate', unit: 'bpm', timestamp: '2026-04-01T12:00:00Z', value: 70 }])
  })

  test('the next page of CSV is named in the Link header', async () => {
    const { device, source } = await newDevice()
    await store(source, [series('heart_rate', noon, [70, 71])])
    const { headers } = await server.call('GET', `/api/v1/devices/${device}/data?format=csv&limit=1`, {
      token: owner.token,
    })
    const next = /^<(.+)>; rel="next"$/.exec(headers.get('link') ?? '')?.[1] ?? ''
    const { body } = await server.call('GET', next, { token: owner.token })
    expect(body as unknown as string).toContain('2026-04-01T12:01:00Z')
  })

  test('who has the answer already is told that nothing changed', async () => {
    const { device, source } = await newDevice()
    await store(source, [series('heart_rate', noon, [70])])
    const path = `/api/v1/devices/${device}/data`
    const first = await server.call('GET', path, { token: owner.token })
    const headers = { 'if-none-match': first.headers.get('etag') ?? '' }
    expect((await server.call('GET', path, { token: owner.token, headers })).status).toBe(304)
    await store(source, [series('heart_rate', noon + minute, [71])])
    expect((await server.call('GET', path, { token: owner.token, headers })).status).toBe(200)
  })
})

test('the latest of each type is its newest value, whatever arrived last', async () => {
  const { device, source } = await newDevice()
  await store(source, [...oneOfEach, series('heart_rate', noon + 60 * minute, [99])])
  await store(source, [series('heart_rate', noon - 60 * minute, [50])])
  const { data } = await get<{ data: (Value & { data_type: string })[] }>(`/api/v1/devices/${device}/data/latest`)
  expect(data.map(({ data_type, timestamp }) => [data_type, timestamp])).toEqual([
    ['blood_pressure', '2026-04-01T12:00:01Z'],
    ['gps', '2026-04-01T12:00:01Z'],
    ['heart_rate', '2026-04-01T13:00:00Z'],
    ['resting_heart_rate', '2026-04-01T00:00:00Z'],
    ['sleep', '2026-04-01T03:00:00Z'],
    ['spo2', '2026-04-01T12:01:00Z'],
  ])
})

describe('deleting', () => {
  const del = async (path: string) => {
    const { status, body } = await server.call('DELETE', path, { token: owner.token })
    return { status, ...(body as { deleted?: number; code?: string }) }
  }

  test('says exactly how many values of every kind went, and they are gone', async () => {
    const { device, source } = await newDevice()
    await store(source, oneOfEach)
    expect(await del(`/api/v1/devices/${device}/data?all=true`)).toEqual({ status: 200, deleted: 10 })
    expect((await get<Page>(`/api/v1/devices/${device}/data`)).data).toEqual([])
    expect((await get<Page>(`/api/v1/devices/${device}/data/latest`)).data).toEqual([])
  })

  test('a range takes its beginning and leaves its end', async () => {
    const { device, source } = await newDevice()
    await store(source, [
      series(
        'heart_rate',
        noon,
        [1, 2, 3, 4].map((n) => 60 + n),
      ),
    ])
    const range = 'start_time=2026-04-01T12:01:00Z&end_time=2026-04-01T12:03:00Z'
    expect(await del(`/api/v1/devices/${device}/data?data_type=heart_rate&${range}`)).toEqual({
      status: 200,
      deleted: 2,
    })
    expect(flat(await get<Page>(`/api/v1/devices/${device}/data`)).map(({ value }) => value)).toEqual([61, 64])
  })

  test('positions are cut to the second within their hour', async () => {
    const { device, source } = await newDevice()
    await store(source, oneOfEach)
    expect(await del(`/api/v1/devices/${device}/data?data_type=gps&end_time=2026-04-01T12:00:01Z`)).toEqual({
      status: 200,
      deleted: 1,
    })
    expect(
      flat(await get<Page>(`/api/v1/devices/${device}/data?data_type=gps`)).map(({ timestamp }) => timestamp),
    ).toEqual(['2026-04-01T12:00:01Z'])
  })

  test('without a filter it wants to be told that all is meant', async () => {
    const { device } = await newDevice()
    expect(await del(`/api/v1/devices/${device}/data`)).toMatchObject({ status: 400, code: 'filter_required' })
  })
})

test('what there is to see is listed by metric and source, with how much and since when', async () => {
  const { source } = await newDevice('A lister')
  await store(source, oneOfEach)
  await store(source, [series('heart_rate', noon - 3 * 1_440 * minute, [60])])
  type Item = { source_id: string; metric: string; n: number; first_time: string; last_time: string }
  const { items } = await get<{ items: Item[] }>('/api/v1/series')
  const own = items.filter(({ source_id }) => source_id === source)
  expect(own.map(({ metric, n }) => [metric, n])).toEqual([
    ['blood_pressure', 1],
    ['gps', 2],
    ['heart_rate', 4],
    ['resting_heart_rate', 1],
    ['sleep', 1],
    ['spo2', 2],
  ])
  expect(own.find(({ metric }) => metric === 'heart_rate')).toMatchObject({
    first_time: '2026-03-29T12:00:00Z',
    last_time: '2026-04-01T12:02:00Z',
  })
})

describe('the timeline', () => {
  test('shows every source as its own line', async () => {
    const [watch, strap] = [await newDevice('A watch'), await newDevice('A strap')]
    const year = Date.parse('2024-02-01T00:00:00Z')
    await store(watch.source, [series('heart_rate', year, [70, 71])])
    await store(strap.source, [series('heart_rate', year, [72, 73, 74])])
    const { lines } = await get<{
      lines: { source: { name: string; device_id: string }; n: number; values: Value[] }[]
    }>('/api/v1/timeline?metric=heart_rate&start_time=2024-01-01T00:00:00Z&end_time=2024-03-01T00:00:00Z&points=100')
    expect(
      lines.map(({ source, n, values }) => [source.name, source.device_id, n, values.map(({ value }) => value)]),
    ).toEqual([
      ['A watch', watch.device, 2, [70, 71]],
      ['A strap', strap.device, 3, [72, 73, 74]],
    ])
  })

  test('shows the values that a source states for days', async () => {
    const { source } = await newDevice('A ring')
    await store(source, [{ kind: 'day', metric: 'sleep_score', date: '2024-02-03', value: 80 }])
    const { lines } = await get<{ lines: { values: Value[] }[] }>(
      '/api/v1/timeline?metric=sleep_score&start_time=2024-02-01T00:00:00Z&end_time=2024-03-01T00:00:00Z&points=100',
    )
    expect(lines).toMatchObject([{ values: [{ date: '2024-02-03', value: 80 }] }])
  })

  test('is empty for somebody else', async () => {
    const other = await server.person()
    const { body } = await server.call(
      'GET',
      '/api/v1/timeline?metric=heart_rate&start_time=2020-01-01T00:00:00Z&end_time=2027-01-01T00:00:00Z&points=10',
      { token: other.token },
    )
    expect(body).toMatchObject({ lines: [] })
  })
})

test("somebody else's device is not there", async () => {
  const { device } = await newDevice()
  const other = await server.person()
  for (const path of ['data', 'data/latest', 'data/batches']) {
    const { status, body } = await server.call('GET', `/api/v1/devices/${device}/${path}`, { token: other.token })
    expect({ status, body }).toMatchObject({ status: 404, body: { code: 'not_found' } })
  }
})

test('what was entered by hand is listed newest first, page by page', async () => {
  const { body } = await server.call('POST', '/api/v1/samples', {
    token: owner.token,
    body: { metric: 'weight', value: 70, timestamp: '2026-01-01T08:00:00Z' },
  })
  expect(body).toMatchObject({ metric: 'body_mass', result: 'accepted' })
  for (const [day, value] of [
    ['2026-03-01', 71],
    ['2025-01-01', 72],
    ['2026-02-01', 73],
  ] as const)
    await server.call('POST', '/api/v1/samples', {
      token: owner.token,
      body: { metric: 'weight', value, timestamp: `${day}T08:00:00Z` },
    })
  const seen: number[] = []
  let cursor: string | null = null
  do {
    const page: { items: Value[]; next_cursor: string | null } = await get(
      `/api/v1/samples?limit=1${cursor ? `&cursor=${cursor}` : ''}`,
    )
    seen.push(...page.items.map(({ value }) => value ?? 0))
    cursor = page.next_cursor
  } while (cursor)
  expect(seen).toEqual([71, 73, 70, 72])
})
