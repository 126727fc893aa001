/** The documents' tables, as somebody with SQL finds them. */
import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type SignedInPerson, startServer, type TestServer } from '../../../test/kit.ts'
import { rolePassword } from './roles.ts'

let server: TestServer
let owner: SignedInPerson
let other: SignedInPerson
let device: string
let sql: pg.Client

/** As the application's own role with one person as its subject: what a view shows is what row-level security lets through. */
async function as(person: SignedInPerson, query: string): Promise<Record<string, unknown>[]> {
  await sql.query('begin')
  await sql.query(`set local app.subject = '${person.userId}'; set local app.actor = '${person.userId}'`)
  try {
    return (await sql.query(query)).rows
  } finally {
    await sql.query('rollback')
  }
}

beforeAll(async () => {
  server = await startServer()
  owner = await server.owner()
  other = await server.person()
  const { token, userId } = owner
  const body = {
    device_type: 'fitbit_charge_5',
    device_name: 'Band',
    integration_type: 'api',
    credentials: { access_token: 'planted' },
  }
  const made = await server.call('POST', '/api/v1/devices', { token, body })
  device = (made.body as { device_id: string }).device_id
  const values = [62, 58, 71].map((value, i) => ({ timestamp: `2026-03-01T0${i + 1}:00:00Z`, value }))
  await server.call('POST', `/api/v1/devices/${device}/data`, {
    token,
    body: { data_type: 'heart_rate', timestamp: '2026-03-01T01:00:00Z', values },
  })
  await server.call('POST', `/api/v1/devices/${device}/health`, {
    token,
    body: { battery_level: 40, warnings: ['low light'] },
  })
  await server.call('POST', '/api/v1/planned-sessions', {
    token,
    body: { title: 'Long run', activity: 'running', scheduled_on: '2030-01-01' },
  })
  await server.parts.db.write({ userId }, async (tx) => {
    const [connection] = await tx.selectFrom('connections').select('connection_id').execute()
    await tx
      .updateTable('connections')
      .set({ provider: 'apple', provider_account: 'phone-1', status: 'active', granted_scopes: ['sleep', 'heartrate'] })
      .execute()
    const run = {
      user_id: userId,
      connection_id: connection?.connection_id ?? '',
      provider: 'apple',
      device_id: device,
      records_fetched: 7,
    }
    await tx
      .insertInto('sync_runs')
      .values([
        {
          ...run,
          sync_id: '0199aaaa-0000-7000-8000-000000000001',
          trigger: 'automatic',
          status: 'completed',
          ended_at: new Date(),
        },
        { ...run, sync_id: '0199aaaa-0000-7000-8000-000000000002', trigger: 'manual', status: 'running' },
      ])
      .execute()
  })
  const { host, port } = server.database.admin
  const password = rolePassword(server.database.roleSecret, 'trb_app')
  sql = new pg.Client({ host, port, database: server.database.name, user: 'trb_app', password })
  await sql.connect()
})
afterAll(async () => {
  await sql?.end()
  await server?.stop()
})

test('document 2 finds its devices and their data, a row a day, under its own names', async () => {
  expect(await as(owner, 'select * from device_data.devices')).toMatchObject([
    { id: device, device_type: 'fitbit_charge_5', credentials: null, sync_settings: { auto_sync: true } },
  ])
  // Whoever asks for days has them worked out first; else it is done within a minute.
  await server.call('GET', '/api/v1/days?from=2026-03-01&to=2026-03-02&metrics=heart_rate', { token: owner.token })
  expect(
    await as(owner, `select data_type, "values" from device_data.device_data where data_type = 'heart_rate'`),
  ).toMatchObject([{ data_type: 'heart_rate', values: { n: 3, min: 58, max: 71, first: 62, last: 71 } }])
  expect(await as(owner, 'select * from device_data.device_health')).toMatchObject([
    { device_id: device, battery_level: 40, status: 'warning', warnings: ['low light'] },
  ])
  expect(await as(owner, 'select sync_type, status from device_data.sync_history order by id')).toEqual([
    { sync_type: 'automatic', status: 'completed' },
    { sync_type: 'manual', status: 'running' },
  ])
})

test('document 4 reads its own words: apple_health, background, in_progress, success', async () => {
  expect(
    await as(
      owner,
      'select provider, access_token, refresh_token, granted_scopes, is_active from doc4.wearable_connections',
    ),
  ).toEqual([
    {
      provider: 'apple_health',
      access_token: null,
      refresh_token: null,
      granted_scopes: 'sleep,heartrate',
      is_active: 1,
    },
  ])
  expect(
    await as(owner, 'select sync_trigger, status, records_fetched from doc4.wearable_sync_history order by id'),
  ).toEqual([
    { sync_trigger: 'background', status: 'success', records_fetched: 7 },
    { sync_trigger: 'manual', status: 'in_progress', records_fetched: 7 },
  ])
})

test('document 1 finds connections without tokens, its history and planned workouts', async () => {
  expect(
    await as(owner, 'select provider, provider_user_id, access_token, is_active from doc1.provider_connections'),
  ).toEqual([{ provider: 'apple', provider_user_id: 'phone-1', access_token: null, is_active: true }])
  expect(await as(owner, 'select title, status from doc1.workouts')).toEqual([{ title: 'Long run', status: 'planned' }])
  expect(await as(owner, 'select status from doc1.sync_history order by id')).toEqual([
    { status: 'success' },
    { status: 'in_progress' },
  ])
})

const views = [
  ...['provider_connections', 'sync_history', 'workouts', 'activities'].map((name) => `doc1.${name}`),
  ...['devices', 'device_data', 'sync_history', 'device_health'].flatMap((name) => [
    `doc2.${name}`,
    `device_data.${name}`,
  ]),
  ...['wearable_connections', 'wearable_sync_history', 'sleep_records'].map((name) => `doc4.${name}`),
]

test.each(views)('%s shows nobody else’s rows and takes none', async (view) => {
  expect(await as(other, `select * from ${view}`)).toEqual([])
  for (const change of [`delete from ${view}`, `update ${view} set user_id = user_id`])
    await expect(as(owner, change)).rejects.toMatchObject({ code: expect.stringMatching(/^(42501|55000|0A000)$/) })
})
