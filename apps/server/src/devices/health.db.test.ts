import { afterAll, beforeAll, expect, test } from 'vitest'
import { startServer, type TestServer } from '../../test/kit.ts'
import { turnedClock } from '../../test/turned-clock.ts'
import type { DeviceHealth } from './health-view.ts'

const hourMs = 3_600_000
const clock = turnedClock()
let server: TestServer
/** An API key, because a sign-in's token would end while the clock turns. */
let key: string

beforeAll(async () => {
  server = await startServer({ clock })
  const { token } = await server.owner()
  const scopes = ['devices:read', 'devices:write', 'data:write']
  const made = await server.call('POST', '/api/v1/api-keys', { token, body: { name: 'tests', scopes } })
  key = (made.body as { api_key: string }).api_key
})
afterAll(() => server?.stop())

const newDevice = async (): Promise<string> => {
  const body = { device_type: 'oura_ring', device_name: 'Ring', integration_type: 'bluetooth' }
  return ((await server.call('POST', '/api/v1/devices', { token: key, body })).body as { device_id: string }).device_id
}
const health = async (id: string): Promise<DeviceHealth> =>
  (await server.call('GET', `/api/v1/devices/${id}/health`, { token: key })).body
const report = async (id: string, body: object): Promise<{ status: number; body: DeviceHealth }> =>
  server.call('POST', `/api/v1/devices/${id}/health`, { token: key, body })
const deliver = async (id: string) => {
  const values = [{ timestamp: new Date(clock.now()).toISOString(), value: 60 }]
  const { status } = await server.call('POST', `/api/v1/devices/${id}/data`, {
    token: key,
    body: { data_type: 'heart_rate', values },
  })
  expect(status).toBe(201)
}

test('a device that delivers each hour is online for three hours of silence', async () => {
  const id = await newDevice()
  expect(await health(id)).toMatchObject({ status: 'unknown', last_seen: null })
  for (let hour = 0; hour < 3; hour++) {
    await deliver(id)
    clock.turn(hourMs)
  }
  clock.turn(hourMs)
  expect((await health(id)).status).toBe('online')
  clock.turn(hourMs + 1_000)
  expect((await health(id)).status).toBe('offline')
  await deliver(id)
  expect(await health(id)).toMatchObject({ status: 'online', last_seen: expect.stringMatching(/Z$/) })
})

test('a report changes what it says and leaves the rest', async () => {
  const id = await newDevice()
  const first = await report(id, {
    battery_level: 80,
    signal_strength: 'good',
    temperature: 30.5,
    firmware_version: '1.2',
    errors: ['strap loose'],
    warnings: [],
  })
  expect(first.status).toBe(202)
  expect(first.body).toMatchObject({
    status: 'online',
    battery_level: 80,
    signal_strength: 'good',
    temperature: 30.5,
    firmware_version: '1.2',
    errors: [{ text: 'strap loose' }],
    warnings: [],
  })
  clock.turn(1_000)
  expect((await report(id, { battery_level: 79, errors: [] })).body).toMatchObject({
    battery_level: 79,
    temperature: 30.5,
    errors: [],
  })
})

test('a report that arrives late does not undo a newer one', async () => {
  const id = await newDevice()
  await report(id, { battery_level: 50 })
  const timestamp = new Date(clock.now() - hourMs).toISOString()
  expect((await report(id, { battery_level: 90, timestamp })).body.battery_level).toBe(50)
})

test('a report from the future is refused', async () => {
  const id = await newDevice()
  const timestamp = new Date(clock.now() + 11 * 60_000).toISOString()
  expect((await report(id, { battery_level: 90, timestamp })).status).toBe(400)
})

test('the summary is of all devices', async () => {
  await report(await newDevice(), { battery_level: 5 })
  const { status, body } = await server.call('GET', '/api/v1/devices/health/summary', { token: key })
  expect(status).toBe(200)
  expect(body).toMatchObject({ total: 5, low_battery: 1, failing_sync: 0 })
})
