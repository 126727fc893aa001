/** Only its person can mend such a connection, so whoever looks after it must learn of it, wherever they look. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { asAdmin, startServer, type TestServer } from '../../test/kit.ts'
import { startTestCloud, type TestCloud } from './test-cloud.ts'

let cloud: TestCloud
let server: TestServer

beforeAll(async () => {
  cloud = await startTestCloud()
  server = await startServer({ env: cloud.env })
})
afterAll(async () => {
  await server?.stop()
  await cloud?.close()
})

test('that a person has to sign in again is a state of the connection, of the summary and of document 4’s tables, the end of the run that met it, and an event told once', async () => {
  const person = await server.person()
  const { token, userId } = person
  const ask = async (path: string, method = 'GET', body?: object) =>
    (await server.call(method, `/api/v1${path}`, { token, ...(body ? { body } : {}) })).body
  const key = { credentials: { api_key: 'key-1' } }
  const { connection_id: id } = (await ask('/integrations/intervals/auth', 'POST', key)) as { connection_id: string }
  const settled = () =>
    expect
      .poll(() => ask(`/providers/connections/${id}/sync-status`), { timeout: 15_000 })
      .toMatchObject({
        running: null,
        last_run: expect.anything(),
      })
  await settled() // its first run
  cloud.ended.add('key-1')
  for (let i = 0; i < 2; i++) {
    await ask(`/providers/connections/${id}/sync`, 'POST')
    await settled()
  }
  expect(await ask(`/providers/connections/${id}`)).toMatchObject({
    status: 'needs_reauth',
    is_active: false,
    error_code: 'key_refused',
    error_message: expect.stringContaining('new one'),
  })
  expect(await ask('/providers/summary')).toMatchObject({
    needs_reauth: 1,
    active_connections: 0,
    providers: [{ provider: 'intervals', health: 'needs_reauth' }],
  })
  const ended = { status: 'failed', error_code: 'auth' }
  expect(await ask('/sync/history?provider=intervals&trigger=manual')).toMatchObject([ended, ended])
  await asAdmin(server.database.admin, async (client) => {
    const rowsOf = async (query: string) => (await client.query(query, [userId])).rows
    expect(await rowsOf('select is_active from doc4.wearable_connections where user_id = $1::text')).toEqual([
      { is_active: 0 },
    ])
    const runs = `select status, error_code from doc4.wearable_sync_history where user_id = $1::text and sync_trigger = 'manual'`
    expect(await rowsOf(runs)).toEqual([ended, ended])
    const events = `select actor, target, outcome, fields from tributary.audit_log where user_id = $1 and action = 'needSignIn'`
    expect(await rowsOf(events)).toEqual([{ actor: 'system', target: id, outcome: 'key_refused', fields: ['status'] }])
  })
})
