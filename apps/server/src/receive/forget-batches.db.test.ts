import { afterAll, beforeAll, expect, test } from 'vitest'
import { startServer, type TestServer } from '../../test/kit.ts'
import { forgetOldBatches } from './forget-batches.ts'

let server: TestServer
beforeAll(async () => {
  server = await startServer()
})
afterAll(() => server?.stop())

test('the list of uploads is forgotten after BATCH_LOG_DAYS, and the data stays', async () => {
  const { token } = await server.owner()
  const made = await server.call('POST', '/api/v1/devices', {
    token,
    body: { device_type: 'x', device_name: 'x', integration_type: 'api' },
  })
  const path = `/api/v1/devices/${(made.body as { device_id: string }).device_id}/data`
  await server.call('POST', path, {
    token,
    body: { data_type: 'heart_rate', values: [{ timestamp: '2026-01-01T00:00:00Z', value: 70 }] },
  })
  const later = (days: number) => ({ now: () => Date.now() + days * 86_400_000 })
  expect(await forgetOldBatches(server.parts.db, later(29), 30)).toBe(0)
  expect(await forgetOldBatches(server.parts.db, later(31), 30)).toBe(1)
  expect((await server.call('GET', `${path}/batches`, { token })).body).toEqual([])
  expect((await server.call('GET', path, { token })).body).toMatchObject({ data: [{ values: [{ value: 70 }] }] })
})
