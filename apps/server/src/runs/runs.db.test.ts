import { afterAll, beforeAll, expect, test } from 'vitest'
import { type SignedInPerson, startServer, type TestServer } from '../../test/kit.ts'
import type { SyncRun } from './run-view.ts'

let server: TestServer
let owner: SignedInPerson

beforeAll(async () => {
  server = await startServer()
  owner = await server.owner()
})
afterAll(() => server?.stop())

const call = async (method: string, path: string, token = owner.token) => {
  const { status, body, headers } = await server.call(method, `/api/v1${path}`, { token })
  return { status, headers, body: body as Record<string, unknown> & SyncRun }
}

const newDevice = async (device_type = 'fitbit_charge_5', token = owner.token): Promise<string> => {
  const body = { device_type, device_name: 'Band', integration_type: 'api' }
  const made = await server.call('POST', '/api/v1/devices', { token, body })
  return (made.body as { device_id: string }).device_id
}

/** The runner works beside the request that woke it. */
const ended = async (syncId: string): Promise<SyncRun> =>
  expect
    .poll(async () => (await call('GET', `/sync/history/${syncId}`)).body, { interval: 20, timeout: 10_000 })
    .toMatchObject({ end_time: expect.any(String) })
    .then(async () => (await call('GET', `/sync/history/${syncId}`)).body)

test('a device without a connection gets a run that fails and says why', async () => {
  const id = await newDevice()
  const asked = await call('POST', `/devices/${id}/sync`)
  expect(asked.status).toBe(202)
  expect(asked.body).toEqual({ sync_id: asked.body.sync_id, status: 'pending' })
  const run = await ended(asked.body.sync_id)
  expect(run).toMatchObject({
    device_id: id,
    provider: 'fitbit',
    sync_type: 'manual',
    trigger: 'manual',
    status: 'failed',
    error_code: 'not_connected',
    records_processed: 0,
  })
  expect((await call('GET', `/devices/${id}/health`)).body).toMatchObject({ sync_status: 'failed', last_sync: null })
})

test('a sync under way is answered with its id, however many ask', async () => {
  const id = await newDevice()
  const { user_id, sync_id } = { user_id: owner.userId, sync_id: '0199aaaa-0000-7000-8000-000000000001' }
  await server.parts.db.write({ userId: owner.userId }, (tx) =>
    tx
      .insertInto('sync_runs')
      .values({ user_id, sync_id, device_id: id, trigger: 'automatic', status: 'running' })
      .execute(),
  )
  const answers = await Promise.all(Array.from({ length: 5 }, () => call('POST', `/devices/${id}/sync`)))
  expect(answers.map(({ body }) => body)).toEqual(Array(5).fill({ sync_id, status: 'running' }))
  const { body } = await call('GET', '/sync/status')
  const own = (body as unknown as { device_id: string; running: SyncRun | null }[]).find(
    ({ device_id }) => device_id === id,
  )
  expect(own?.running).toMatchObject({ sync_id, sync_type: 'automatic', status: 'running', end_time: null })
})

test('what a killed process left pending is taken up', async () => {
  const id = await newDevice()
  const sync_id = '0199aaaa-0000-7000-8000-000000000002'
  await server.parts.db.write({ userId: owner.userId }, (tx) =>
    tx
      .insertInto('sync_runs')
      .values({ user_id: owner.userId, sync_id, device_id: id, trigger: 'manual', status: 'pending' })
      .execute(),
  )
  server.parts.runner.wake()
  expect(await ended(sync_id)).toMatchObject({ status: 'failed', error_code: 'not_connected' })
})

test('the history is filtered, newest first, and says how long it is', async () => {
  const person = await server.person()
  const [watch, scale] = [await newDevice('garmin_fenix', person.token), await newDevice('withings_body', person.token)]
  for (const device of [watch, scale, watch]) {
    const { body } = await call('POST', `/devices/${device}/sync`, person.token)
    await expect
      .poll(async () => (await call('GET', `/sync/history/${body.sync_id}`, person.token)).body.status, {
        interval: 20,
      })
      .toBe('failed')
  }
  const list = async (query: string) => {
    const { body, headers } = await call('GET', `/sync/history?${query}`, person.token)
    return { runs: body as unknown as SyncRun[], total: headers.get('x-total-count'), link: headers.get('link') }
  }
  const all = await list('')
  expect([all.runs.length, all.total]).toEqual([3, '3'])
  // Times, and not their texts: a whole second is written without a fraction.
  const begun = all.runs.map(({ start_time }) => Date.parse(start_time))
  expect(begun).toEqual(begun.toSorted((a, b) => b - a))
  expect((await list(`device_id=${watch}`)).runs).toHaveLength(2)
  expect((await list('provider=withings')).runs).toMatchObject([{ device_id: scale }])
  expect((await list('status=completed')).runs).toEqual([])
  expect((await list(`to=${all.runs[2]?.start_time}`)).runs.length).toBeLessThan(3)
  const page = await list('limit=1&offset=1')
  expect([page.runs.length, page.total]).toEqual([1, '3'])
  expect(page.link).toContain('offset=2>; rel="next"')
})

test.each([
  ['apple_health', 'apple_watch', 'apple'],
  ['samsung_health', 'samsung_galaxy_watch', 'samsung'],
])('the history of %s, as documents and paths call it, is that of its provider', async (name, deviceType, provider) => {
  const person = await server.person()
  const device = await newDevice(deviceType, person.token)
  await newDevice('garmin_fenix', person.token).then((id) => call('POST', `/devices/${id}/sync`, person.token))
  const { body: asked } = await call('POST', `/devices/${device}/sync`, person.token)
  for (const word of [name, provider]) {
    const { body, headers } = await call('GET', `/sync/history?provider=${word}`, person.token)
    expect(body).toMatchObject([{ sync_id: asked.sync_id, provider }])
    expect(headers.get('x-total-count')).toBe('1')
  }
})

test("somebody else's run is not there", async () => {
  const id = await newDevice()
  const { body } = await call('POST', `/devices/${id}/sync`)
  const other = await server.person()
  expect((await call('GET', `/sync/history/${body.sync_id}`, other.token)).status).toBe(404)
  expect((await call('GET', '/sync/history', other.token)).body).toEqual([])
  expect((await call('GET', '/sync/status', other.token)).body).toEqual([])
})
