/** The documents' tables, as somebody with SQL finds them. */
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { runTributary } from '../../../../cli/test/run-tributary.ts'
import { asAdmin, type SignedInPerson, startServer, type TestServer } from '../../../test/kit.ts'
import { addLogin, type MadeLogin, removeLogin, showLogins } from '../../commands/views/logins.ts'
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
  // Roles outlive the database of a test.
  for (const { login } of server ? await showLogins({ admin: server.database.admin }) : [])
    await removeLogin({ admin: server.database.admin, db: server.parts.db }, login)
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

test('document 1 finds its activities, and document 4 its nights, with the source that they came from', async () => {
  const { token, userId } = owner
  const enter = (body: object) => server.call('POST', '/api/v1/sessions', { token, body })
  const ride = await enter({
    type: 'workout',
    activity: 'cycling',
    title: 'Round the lake',
    start_time: '2026-03-02T09:00:00Z',
    end_time: '2026-03-02T10:30:00Z',
    totals: { distance: 31_500 },
  })
  const night = await enter({
    type: 'sleep',
    start_time: '2026-03-02T23:10:00+01:00',
    end_time: '2026-03-03T06:40:00+01:00',
    utc_offset_minutes: 60,
    totals: { sleep_time_in_bed: 27_000, sleep_total: 24_000, sleep_deep: 5_400, heart_rate_avg: 51 },
  })
  expect([ride.status, night.status]).toEqual([201, 201])
  // As if both had come by the phone.
  await server.parts.db.write({ userId }, async (tx) => {
    const { connection_id } = await tx.selectFrom('connections').select('connection_id').executeTakeFirstOrThrow()
    await tx.updateTable('sources').set({ connection_id }).where('kind', '=', 'manual').execute()
  })
  expect(await as(owner, 'select * from doc1.activities')).toMatchObject([
    {
      id: (ride.body as { session_id: string }).session_id,
      provider: 'apple',
      name: 'Round the lake',
      sport_type: 'cycling',
      start_date: new Date('2026-03-02T09:00:00Z'),
      end_date: new Date('2026-03-02T10:30:00Z'),
      elapsed_time: '5400.000000',
      distance: 31_500,
      activity_data: { distance: 31_500 },
    },
  ])
  expect(await as(owner, 'select *, sleep_date::text as woke_on from doc4.sleep_records')).toMatchObject([
    {
      woke_on: '2026-03-03',
      bed_time: new Date('2026-03-02T22:10:00Z'),
      wake_time: new Date('2026-03-03T05:40:00Z'),
      is_nap: false,
      time_in_bed_minutes: 450,
      total_sleep_minutes: 400,
      deep_sleep_minutes: 90,
      rem_sleep_minutes: null,
      avg_heart_rate: 51,
      data_source: 'apple_health',
    },
  ])
})

test('document 1 finds connections without tokens, its history and planned workouts', async () => {
  expect(
    await as(owner, 'select provider, provider_user_id, access_token, is_active from doc1.provider_connections'),
  ).toEqual([{ provider: 'apple', provider_user_id: 'phone-1', access_token: null, is_active: true }])
  const own = { title: 'Long run', status: 'planned', provider: null, provider_workout_id: null }
  const workouts = () =>
    as(owner, 'select title, status, provider, provider_workout_id from doc1.workouts order by title')
  expect(await workouts()).toEqual([own])
  const { userId } = owner
  await server.parts.db.write({ userId }, async (tx) => {
    const { connection_id } = await tx.selectFrom('connections').select('connection_id').executeTakeFirstOrThrow()
    const source = {
      user_id: userId,
      source_id: '0199aaaa-0000-7000-8000-00000000000a',
      kind: 'connection',
      name: 'Phone',
    }
    await tx
      .insertInto('sources')
      .values({ ...source, connection_id, external_key: 'calendar' })
      .execute()
    const told = {
      source_id: source.source_id,
      external_id: '7',
      told_at: new Date(),
      title: 'Tempo',
      scheduled_on: '2030-01-02',
    }
    await tx
      .insertInto('planned_sessions')
      .values({ user_id: userId, planned_session_id: source.source_id, ...told })
      .execute()
  })
  expect(await workouts()).toEqual([own, { ...own, title: 'Tempo', provider: 'apple', provider_workout_id: '7' }])
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

describe('a login for SQL', () => {
  const edges = () => ({ admin: server.database.admin, db: server.parts.db })
  const connected = async <T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> => {
    const client = new pg.Client(url)
    await client.connect()
    try {
      return await work(client)
    } finally {
      await client.end()
    }
  }
  const refusalOf = (client: pg.Client, statement: string) =>
    client.query(statement).then(
      () => 'done',
      (error: { code?: string }) => error.code,
    )

  test('of one person is made by a command and reads that person’s rows in every view, by a client of its own', async () => {
    const env = {
      DATA_DIR: server.dataDir,
      DATABASE_URL: server.database.url,
      DATABASE_ROLE_SECRET: server.database.roleSecret,
    }
    const made = await runTributary(['views', 'login', owner.email, '--json'], { env })
    expect([made.code, made.stderr]).toEqual([0, ''])
    const { url, login } = JSON.parse(made.stdout) as MadeLogin
    await server.call('POST', '/api/v1/devices', {
      token: other.token,
      body: { device_type: 'scale', device_name: 'Not yours', integration_type: 'manual' },
    })
    await connected(url, async (client) => {
      expect((await client.query('select id, device_name from device_data.devices')).rows).toEqual([
        { id: device, device_name: 'Band' },
      ])
      const { rows } = await client.query(`select "values" from device_data.device_data where data_type = 'heart_rate'`)
      expect(rows).toMatchObject([{ values: { n: 3, min: 58, max: 71 } }])
      for (const view of views) {
        const { rowCount } = await client.query(`select * from ${view}`)
        expect({ view, rowCount }).toEqual({ view, rowCount: (await as(owner, `select * from ${view}`)).length })
      }
      await client.query(`set app.subject = '${other.userId}'; set app.actor = '${other.userId}'`)
      const { rows: whose } = await client.query('select distinct user_id from device_data.devices')
      expect(whose, 'whoever is named').toEqual([{ user_id: owner.userId }])
    })
    expect((await showLogins(edges())).map((one) => [one.login, one.email])).toEqual([[login, owner.email]])
  })

  test('reaches no table, no function and no secret, and changes nothing, also when it says that it may', async () => {
    const { url } = await addLogin(edges(), owner.email)
    const { rows: tables } = await asAdmin(server.database.admin, (client) =>
      client.query<{ name: string }>(
        `select relname as name from pg_class where relnamespace = 'tributary'::regnamespace and relkind = 'r'`,
      ),
    )
    await connected(url, async (client) => {
      expect(await refusalOf(client, 'update device_data.devices set device_name = device_name')).toMatch(
        /^(25006|42501|55000)$/,
      )
      await client.query('set default_transaction_read_only = off')
      for (const { name } of tables)
        expect([name, await refusalOf(client, `select 1 from tributary.${name}`)]).toEqual([name, '42501'])
      for (const statement of [
        'select tributary.list_people()',
        `select tributary.find_person('${owner.email}')`,
        'set role trb_app',
        'set role trb_owner',
        'set role trb_reader_all',
        'set session authorization trb_writer',
        `select table_to_xml('tributary.devices', false, false, '')`,
        'create view doc2.mine as select 1',
      ])
        expect([statement, await refusalOf(client, statement)]).toEqual([statement, '42501'])
      for (const view of views)
        for (const statement of [`delete from ${view}`, `update ${view} set user_id = user_id`])
          expect([statement, await refusalOf(client, statement)]).toEqual([
            statement,
            expect.stringMatching(/^(42501|55000|0A000)$/),
          ])
    })
  })

  test('of everybody sees all people, and none at all once it is ended', async () => {
    const { url, login } = await addLogin(edges(), null)
    await connected(url, async (client) => {
      const look = 'select from device_data.devices'
      expect((await client.query(look)).rowCount).toBe(2)
      await removeLogin(edges(), login)
      expect(await refusalOf(client, look), 'still connected').toBe('42501')
    })
    await expect(connected(url, async () => undefined)).rejects.toMatchObject({ code: '28P01' })
    await expect(removeLogin(edges(), login)).rejects.toThrow(`there is no login ${login}`)
    await expect(addLogin(edges(), 'nobody@example.org')).rejects.toThrow('there is no account')
  })
})
