import type { Measured } from '@tributary/protocol'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { asAdmin, type SignedInPerson, startServer, type TestServer } from '../../test/kit.ts'
import { resolveAll, startResolver } from './resolver.ts'

let server: TestServer
const hour = 3_600_000
const minute = 60_000

beforeAll(async () => {
  server = await startServer()
})
afterAll(() => server?.stop())

interface Day {
  date: string
  value: number
  n: number
  source_id: string
  sources: number
  coverage: number | null
  [more: string]: unknown
}
interface Answer {
  time_zone: string
  sources: { source_id: string; name: string }[]
  metrics: { metric: string; unit: string; rollup: string; days: Day[]; stale_dates: string[] }[]
}

/** A person of their own with a calendar, and a device to send with. */
async function newPerson(timeZone = 'UTC') {
  const person = await server.person()
  const { status } = await server.call('PATCH', '/api/v1/me', {
    token: person.token,
    body: { time_zone: timeZone },
  })
  expect(status).toBe(200)
  return { ...person, ...(await newDevice(person)) }
}

async function newDevice(person: SignedInPerson, type = 'watch'): Promise<{ device: string; source: string }> {
  const { body } = await server.call('POST', '/api/v1/devices', {
    token: person.token,
    body: { device_type: type, device_name: `My ${type}`, integration_type: 'api' },
  })
  const device = (body as { device_id: string }).device_id
  const source = await server.parts.deviceSources.find(person.userId, device)
  if (!source) throw new Error('the device has no source')
  return { device, source }
}

type Person = Awaited<ReturnType<typeof newPerson>>

const send = (person: Person, readings: Measured[], source = person.source) =>
  server.parts.ingest({ userId: person.userId, sourceId: source, readings })

const series = (metric: string, t: number[], v: number[], more: object = {}): Measured => ({
  kind: 'series',
  metric,
  t: Float64Array.from(t),
  v: Float64Array.from(v),
  ...more,
})

async function read(person: SignedInPerson, from: string, to: string, ...metrics: string[]): Promise<Answer> {
  const query = metrics.map((metric) => `&metrics=${metric}`).join('')
  const { status, body } = await server.call('GET', `/api/v1/days?from=${from}&to=${to}${query}`, {
    token: person.token,
  })
  expect({ status, body: status === 200 ? 'as asked' : body }).toEqual({ status: 200, body: 'as asked' })
  return body as Answer
}

const figures = async (person: SignedInPerson, metric: string, from = '2026-01-01', to = '2027-01-01') =>
  Object.fromEntries(
    ((await read(person, from, to, metric)).metrics[0]?.days ?? []).map(({ date, value }) => [date, value]),
  )

const at = (text: string): number => Date.parse(text)

describe('whose day it is', () => {
  test('a heart rate at half past eleven at night in New York belongs to that evening, not to the next day of UTC', async () => {
    const person = await newPerson('America/New_York')
    await send(person, [series('heart_rate', [at('2026-04-02T03:30:00Z'), at('2026-04-02T04:30:00Z')], [60, 80])])
    expect(await figures(person, 'heart_rate')).toEqual({ '2026-04-01': 60, '2026-04-02': 80 })
  })

  test('what says its own offset is of the date that its own clock showed', async () => {
    const person = await newPerson('Europe/Paris')
    await send(person, [series('heart_rate', [at('2026-04-02T03:30:00Z')], [60], { offset: -240 })])
    expect(await figures(person, 'heart_rate')).toEqual({ '2026-04-01': 60 })
  })

  test('steps over midnight are shared out by time, and nothing is lost', async () => {
    const person = await newPerson('Europe/Paris')
    await send(person, [
      series('steps', [at('2026-04-01T21:45:00Z')], [60], { durations: Float64Array.of(20 * minute) }),
    ])
    expect(await figures(person, 'steps')).toEqual({ '2026-04-01': 45, '2026-04-02': 15 })
  })

  test('a person who changes their time zone has their days worked out again', async () => {
    const person = await newPerson('UTC')
    await send(person, [series('heart_rate', [at('2026-04-02T03:30:00Z')], [60])])
    expect(await figures(person, 'heart_rate')).toEqual({ '2026-04-02': 60 })
    await server.call('PATCH', '/api/v1/me', { token: person.token, body: { time_zone: 'America/New_York' } })
    await resolveAll(server.parts.db, server.parts.log)
    expect(await figures(person, 'heart_rate')).toEqual({ '2026-04-01': 60 })
  })
})

describe('what changes is worked out again', () => {
  test('late data and deletions show at once', async () => {
    const person = await newPerson()
    const noon = at('2026-04-01T12:00:00Z')
    await send(person, [series('heart_rate', [noon, noon + minute], [60, 70])])
    expect(await figures(person, 'heart_rate')).toEqual({ '2026-04-01': 65 })
    await send(person, [series('heart_rate', [noon - minute], [50])])
    expect(await figures(person, 'heart_rate')).toEqual({ '2026-04-01': 60 })
    const gone = `data_type=heart_rate&start_time=2026-04-01T12:00:00Z`
    const { status } = await server.call('DELETE', `/api/v1/devices/${person.device}/data?${gone}`, {
      token: person.token,
    })
    expect(status).toBe(200)
    expect(await figures(person, 'heart_rate')).toEqual({ '2026-04-01': 50 })
    await server.call('DELETE', `/api/v1/devices/${person.device}/data?all=true`, { token: person.token })
    expect(await figures(person, 'heart_rate')).toEqual({})
  })

  test('a compaction before anything was worked out loses no day', async () => {
    const person = await newPerson()
    await send(person, [series('heart_rate', [at('2026-04-01T12:00:00Z')], [60])])
    await server.parts.store.compact({ now: Date.now() + 86_400_000, quietMs: 0 })
    expect(await figures(person, 'heart_rate')).toEqual({ '2026-04-01': 60 })
  })

  test('a device that is deleted with its data leaves no figure, and the other source is shown', async () => {
    const person = await newPerson()
    const phone = await newDevice(person, 'phone')
    const noon = at('2026-04-01T12:00:00Z')
    await send(person, [series('heart_rate', [noon], [60])])
    await send(person, [series('heart_rate', [noon], [90])], phone.source)
    expect(await figures(person, 'heart_rate')).toEqual({ '2026-04-01': 60 })
    const { status } = await server.call('DELETE', `/api/v1/devices/${person.device}?data=delete`, {
      token: person.token,
    })
    expect(status).toBe(204)
    expect(await figures(person, 'heart_rate')).toEqual({ '2026-04-01': 90 })
    await resolveAll(server.parts.db, server.parts.log)
    expect(await figures(person, 'heart_rate')).toEqual({ '2026-04-01': 90 })
  })

  test('when there is more to do than a reader waits for, old figures come with their stale dates', async () => {
    const person = await newPerson()
    const t = Array.from({ length: 400 }, (_, day) => at('2025-01-01T12:00:00Z') + day * 24 * hour)
    await send(person, [
      series(
        'heart_rate',
        t,
        t.map(() => 60),
      ),
    ])
    const first = (await read(person, '2025-01-01', '2026-02-01', 'heart_rate')).metrics[0]
    expect(first?.days).toEqual([])
    expect(first?.stale_dates).toContain('2025-06-01')
    await resolveAll(server.parts.db, server.parts.log)
    const then = (await read(person, '2025-01-01', '2026-02-05', 'heart_rate')).metrics[0]
    expect([then?.days.length, then?.stale_dates]).toEqual([400, []])
  })

  test('nothing is left to do when all is worked out, also of a stream that went on', async () => {
    const person = await newPerson()
    const noon = at('2026-04-01T12:00:00Z')
    for (let i = 0; i < 5; i++) await send(person, [series('heart_rate', [noon + i * minute], [60 + i])])
    await resolveAll(server.parts.db, server.parts.log)
    expect(await resolveAll(server.parts.db, server.parts.log)).toBe(0)
    await send(person, [series('heart_rate', [noon + 9 * minute], [70])])
    expect(await resolveAll(server.parts.db, server.parts.log)).toBeGreaterThan(0)
    expect(await resolveAll(server.parts.db, server.parts.log)).toBe(0)
  })
})

test('figures come by themselves in the background, and who stops it waits for what is under way', async () => {
  const person = await newPerson()
  const t = Array.from({ length: 900 }, (_, day) => at('2023-01-01T12:00:00Z') + day * 24 * hour)
  await send(person, [
    series(
      'heart_rate',
      t,
      t.map(() => 60),
    ),
  ])
  const resolver = startResolver({ db: server.parts.db, log: server.parts.log, intervalMs: 5 })
  const all = async () => (await read(person, '2022-12-25', '2025-09-01', 'heart_rate')).metrics[0]
  await expect.poll(async () => (await all())?.days.length, { timeout: 20_000 }).toBe(900)
  await resolver.stop()
  expect((await all())?.stale_dates).toEqual([])
})

describe('what has a figure', () => {
  test('a stated day value, a blood pressure, and a night with its nap', async () => {
    const person = await newPerson('Europe/Paris')
    const night = at('2026-04-01T21:00:00Z')
    const stage = (stage: string, start: number, hours: number): Measured =>
      ({ kind: 'stage', stage, start, end: start + hours * hour }) as Measured
    await send(person, [
      { kind: 'day', metric: 'resting_heart_rate', date: '2026-04-02', value: 52 },
      { kind: 'event', metric: 'blood_pressure', start: night, value: { systolic: 121, diastolic: 79 } },
      { kind: 'event', metric: 'blood_pressure', start: night + hour / 2, value: { systolic: 129, diastolic: 81 } },
      stage('light', night, 4),
      stage('awake', night + 4 * hour, 0.5),
      stage('deep', night + 4.5 * hour, 2),
      stage('light', night + 16 * hour, 1),
    ])
    const { metrics, sources } = await read(person, '2026-04-01', '2026-04-04')
    const shown = Object.fromEntries(
      metrics.map(({ metric, days }) => [metric, days.map(({ date, value }) => [date, value])]),
    )
    expect(shown).toMatchObject({
      resting_heart_rate: [['2026-04-02', 52]],
      bp_systolic: [['2026-04-01', 125]],
      bp_diastolic: [['2026-04-01', 80]],
      sleep_total: [['2026-04-02', 7 * 3600]],
      sleep_deep: [['2026-04-02', 2 * 3600]],
      sleep_awake: [['2026-04-02', 1800]],
    })
    expect(shown['sleep_efficiency']?.[0]?.[1]).toBeCloseTo((6 / 6.5) * 100, 9)
    expect(sources).toEqual([
      { source_id: person.source, name: 'My watch', kind: 'device', device_id: person.device, is_demo: false },
    ])
  })

  test('a total that its source states for the day, until the points come to more', async () => {
    const person = await newPerson()
    const [morning, noon] = [at('2026-04-02T07:00:00Z'), at('2026-04-02T12:00:00Z')]
    const steps = (start: number, n: number) => series('steps', [start], [n], { durations: Float64Array.of(hour) })
    await send(person, [{ kind: 'day', metric: 'steps', date: '2026-04-02', value: 9_120 }])
    expect(await figures(person, 'steps'), 'where there are no points').toEqual({ '2026-04-02': 9_120 })
    await send(person, [steps(morning, 4_000)])
    expect(await figures(person, 'steps'), 'the points are not all of it').toEqual({ '2026-04-02': 9_120 })
    await send(person, [steps(noon, 6_000)])
    expect(await figures(person, 'steps'), 'it was told before the day was over').toEqual({ '2026-04-02': 10_000 })
    await send(person, [{ kind: 'day', metric: 'steps', date: '2026-04-02', value: 10_400 }])
    expect(await figures(person, 'steps')).toEqual({ '2026-04-02': 10_400 })
  })

  test('a total that a phone states in the morning does not hide what a watch measures until the evening', async () => {
    const person = await newPerson()
    const phone = await newDevice(person, 'phone')
    await send(person, [{ kind: 'day', metric: 'steps', date: '2026-04-02', value: 2_000 }], phone.source)
    expect(await figures(person, 'steps')).toEqual({ '2026-04-02': 2_000 })
    const noon = at('2026-04-02T12:00:00Z')
    await send(person, [series('steps', [noon], [12_000], { durations: Float64Array.of(4 * hour) })])
    expect(await figures(person, 'steps')).toEqual({ '2026-04-02': 12_000 })
  })

  test('a session that another stands for, or that was deleted, counts no more', async () => {
    const person = await newPerson()
    const start = at('2026-04-01T22:00:00Z')
    await send(person, [{ kind: 'stage', stage: 'light', start, end: start + 6 * hour }])
    expect(await figures(person, 'sleep_total')).toEqual({ '2026-04-02': 6 * 3600 })
    const change = (what: string) =>
      asAdmin(server.database.admin, (client) =>
        client.query(`update tributary.sessions set ${what} where user_id = $1`, [person.userId]),
      )
    await change('superseded_by = session_id')
    expect(await figures(person, 'sleep_total')).toEqual({})
    await change('superseded_by = null')
    expect(await figures(person, 'sleep_total')).toEqual({ '2026-04-02': 6 * 3600 })
    await change('deleted_at = now()')
    expect(await figures(person, 'sleep_total')).toEqual({})
  })
})

describe('the routes', () => {
  test('an explanation names the rule, the day as long as it was, and every source', async () => {
    const person = await newPerson('Europe/Paris')
    const phone = await newDevice(person, 'phone')
    const noon = at('2026-03-29T10:00:00Z')
    await send(person, [series('steps', [noon], [100], { durations: Float64Array.of(hour) })])
    await send(person, [series('steps', [noon], [80], { durations: Float64Array.of(hour) })], phone.source)
    const { status, body } = await server.call('GET', '/api/v1/days/2026-03-29/steps/why', { token: person.token })
    expect(status).toBe(200)
    expect(body).toMatchObject({
      value: 100,
      start_time: '2026-03-28T23:00:00Z',
      end_time: '2026-03-29T22:00:00Z',
      rule: expect.stringContaining('a watch comes before a phone'),
      candidates: [
        { source: { source_id: expect.any(String) }, stated: false },
        { source: { source_id: expect.any(String) }, stated: false },
      ],
    })
    const winners = (body as { candidates: { is_winner: boolean; value: number }[] }).candidates
    expect(winners.filter(({ is_winner }) => is_winner).map(({ value }) => value)).toEqual([100])
    expect((body as { candidates: { coverage: number }[] }).candidates[0]?.coverage).toBe(0.0435)
  })

  test('a date with nothing says so, what is not in the catalogue is refused, and so is a range that ends before it begins', async () => {
    const person = await newPerson()
    const get = (path: string) => server.call('GET', path, { token: person.token })
    expect(await get('/api/v1/days/2026-03-29/steps/why')).toMatchObject({
      status: 200,
      body: { value: null, candidates: [] },
    })
    expect(await get('/api/v1/days/2026-03-29/happiness/why')).toMatchObject({
      status: 400,
      body: { code: 'data_type_unknown' },
    })
    expect(await get('/api/v1/days/2026-03-29/rr_interval/why')).toMatchObject({ status: 404 })
    expect(await get('/api/v1/days?from=2026-03-01&to=2026-03-02&metrics=rr_interval')).toMatchObject({
      status: 200,
      body: { metrics: [] },
    })
    expect(await get('/api/v1/days/2026-02-30/steps/why')).toMatchObject({ status: 400 })
    expect(await get('/api/v1/days?from=2026-03-02&to=2026-03-01')).toMatchObject({
      status: 400,
      body: { code: 'range_invalid' },
    })
    expect(await get('/api/v1/days?from=2010-01-01&to=2026-01-01&metrics=steps')).toMatchObject({
      status: 400,
      body: { code: 'range_invalid', errors: [{ pointer: 'to' }] },
    })
    expect(await get('/api/v1/days?from=2015-01-01&to=2026-01-01&metrics=steps')).toMatchObject({ status: 200 })
    expect(await get('/api/v1/days?from=2026-03-01&to=2026-03-02&metrics=happiness')).toMatchObject({ status: 400 })
  })

  test('nobody sees the days of another', async () => {
    const [one, other] = [await newPerson(), await newPerson()]
    await send(one, [series('heart_rate', [at('2026-04-01T12:00:00Z')], [60])])
    expect(await figures(one, 'heart_rate')).toEqual({ '2026-04-01': 60 })
    expect(await figures(other, 'heart_rate')).toEqual({})
  })
})
