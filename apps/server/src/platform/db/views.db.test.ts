/** The documents' tables, as somebody with SQL finds them. */
import { randomUUID } from 'node:crypto'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { runTributary } from '../../../../cli/test/run-tributary.ts'
import { asAdmin, type SignedInPerson, startServer, type TestServer } from '../../../test/kit.ts'
import { addLogin, type MadeLogin, removeLogin, showLogins } from '../../commands/views/logins.ts'
import { emptyCloud, madeCalls, madeProvider } from '../../runs/test-provider.ts'
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

const ask = async <T>(person: SignedInPerson, method: string, path: string, body?: object): Promise<T> => {
  const answer = await server.call(method, path, { token: person.token, ...(body ? { body } : {}) })
  expect(answer.status, JSON.stringify(answer.body)).toBeLessThan(300)
  return answer.body as T
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
    await tx
      .updateTable('connections')
      .set({ provider: 'apple', provider_account: 'phone-1', status: 'active', granted_scopes: ['sleep', 'heartrate'] })
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
  ).toMatchObject([
    { data_type: 'heart_rate', values: { n: 3, min: 58, max: 71, avg: expect.closeTo(63.67, 2), first: 62, last: 71 } },
  ])
  expect(await as(owner, 'select * from device_data.device_health')).toMatchObject([
    { device_id: device, battery_level: 40, status: 'warning', warnings: ['low light'] },
  ])
})

test('document 4 reads its own words for connections: apple_health, and scopes with commas', async () => {
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
})

/** A run's trigger, what documents 1 and 2 call it, and what document 4 does. */
const triggers = [
  ['manual', 'manual', 'manual'],
  ['retry', 'manual', 'manual'],
  ['bulk', 'bulk', 'manual'],
  ['import', 'automatic', 'manual'],
  ['webhook', 'automatic', 'automatic'],
  ['push', 'automatic', 'automatic'],
  ['automatic', 'automatic', 'background'],
  ['backfill', 'automatic', 'background'],
] as const

test.each(triggers)('a run by %s is %s in documents 1 and 2, and %s in document 4', async (trigger, type, word) => {
  const id = await putRun({ trigger, status: 'completed' })
  expect(await as(owner, `select sync_type from doc1.sync_history where id = '${id}'`)).toEqual([{ sync_type: type }])
  expect(await as(owner, `select sync_type from doc2.sync_history where sync_id = '${id}'`)).toEqual([
    { sync_type: type },
  ])
  expect(await as(owner, `select sync_trigger from doc4.wearable_sync_history where id = '${id}'`)).toEqual([
    { sync_trigger: word },
  ])
})

/** A run's state, and what documents 1, 2 and 4 call it. */
const states = [
  ['pending', 'in_progress', 'pending', 'in_progress'],
  ['running', 'in_progress', 'running', 'in_progress'],
  ['completed', 'success', 'completed', 'success'],
  ['partial', 'partial', 'completed', 'partial'],
  ['failed', 'failed', 'failed', 'failed'],
  ['cancelled', 'cancelled', 'failed', 'failed'],
] as const

test.each(states)('a run that is %s is %s in document 1, %s in 2 and %s in 4', async (status, one, two, four) => {
  const id = await putRun({ trigger: 'manual', status })
  expect(await as(owner, `select status from doc1.sync_history where id = '${id}'`)).toEqual([{ status: one }])
  expect(await as(owner, `select status from doc2.sync_history where sync_id = '${id}'`)).toEqual([{ status: two }])
  expect(await as(owner, `select status from doc4.wearable_sync_history where id = '${id}'`)).toEqual([
    { status: four },
  ])
})

/** As every sync of a connection is kept: of no device. Nobody takes up what is held by another. */
async function putRun(run: { trigger: string; status: string }): Promise<string> {
  const sync_id = randomUUID()
  await server.parts.db.write({ userId: owner.userId }, async (tx) => {
    const { connection_id } = await tx.selectFrom('connections').select('connection_id').executeTakeFirstOrThrow()
    const of = { user_id: owner.userId, connection_id, provider: 'apple', lease_until: new Date(Date.now() + 600_000) }
    await tx
      .updateTable('sync_runs')
      .set({ status: 'completed' })
      .where('status', 'in', ['pending', 'running'])
      .execute()
    await tx
      .insertInto('sync_runs')
      .values({ ...of, ...run, sync_id })
      .execute()
  })
  return sync_id
}

describe('a device that hangs from a connection', () => {
  /** All that a platform names, as devices of the person. */
  async function takeIn(person: SignedInPerson, provider: string): Promise<string[]> {
    const at = `/api/v1/integrations/${provider}`
    const known = await ask<{ platform_device_id: string }[]>(person, 'GET', `${at}/devices`)
    const device_ids = known.map(({ platform_device_id }) => platform_device_id)
    const made = await ask<{ device_id: string }[]>(person, 'POST', `${at}/import`, { device_ids })
    return made.map(({ device_id }) => device_id)
  }
  interface Run {
    sync_id: string
    start_time: string | Date
  }
  const keys = ['sync_id', 'sync_type', 'records_processed', 'records_synced', 'records_failed']
  const shownByView = async (person: SignedInPerson, device: string) =>
    (await as(
      person,
      `select start_time, ${keys} from device_data.sync_history where device_id = '${device}' order by start_time desc`,
    )) as unknown as Run[]
  const shownByRoute = async (person: SignedInPerson, device: string) => {
    const runs = await ask<Run[]>(person, 'GET', `/api/v1/sync/history?device_id=${device}`)
    return runs.map((run) => {
      const shown = Object.entries(run).filter(([key]) => keys.includes(key))
      return { ...Object.fromEntries(shown), start_time: new Date(run.start_time) }
    })
  }

  async function connected() {
    const person = await server.person()
    const connectionId = randomUUID()
    const cloud = emptyCloud()
    const at = Date.now() - 86_400_000
    for (const device of ['strap', 'watch']) cloud.rides.push({ id: device, at, value: 1_000, device })
    server.parts.hooks.findProvider = () => madeProvider(cloud)
    server.parts.calls.open = madeCalls(cloud).open
    await server.parts.db.write({ userId: person.userId }, (tx) =>
      tx
        .insertInto('connections')
        .values({
          ...{
            user_id: person.userId,
            connection_id: connectionId,
            provider: 'strava',
            provider_account: connectionId,
          },
          ...{ short_id: 'strava', status: 'active' },
        })
        .execute(),
    )
    const sync = async () => {
      const path = `/api/v1/providers/connections/${connectionId}`
      await ask(person, 'POST', `${path}/sync`)
      await expect
        .poll(() => ask(person, 'GET', `${path}/sync-status`), { timeout: 10_000 })
        .toMatchObject({ running: null })
    }
    return { person, connectionId, sync }
  }

  test('has each sync of it in its history, as the API tells them; two devices of one connection have a row each', async () => {
    const { person, sync } = await connected()
    await sync()
    const devices = await takeIn(person, 'strava')
    expect(devices).toHaveLength(2)
    await sync()
    for (const device of devices) {
      const shown = await shownByView(person, device)
      expect(shown).toMatchObject([{ records_synced: 0 }, { sync_type: 'manual', records_synced: 2 }])
      expect(shown).toEqual(await shownByRoute(person, device))
    }
    expect(await as(person, 'select count(distinct id)::int as n from device_data.sync_history')).toEqual([{ n: 4 }])
    expect(await as(person, 'select count(*)::int as n from doc4.wearable_sync_history')).toEqual([{ n: 2 }])
  })

  test('has the pushes of its phone there too', async () => {
    const person = await server.person()
    const source = { app: 'com.example.watch', device: { manufacturer: 'Example', model: 'W3' } }
    const at = new Date(Date.now() - 86_400_000).toISOString()
    await ask(person, 'POST', '/api/v1/integrations/health_connect/push', {
      records: [{ id: 'a', type: 'HeartRate', start: at, value: 71, unit: 'bpm', source }],
    })
    const [watch = ''] = await takeIn(person, 'health_connect')
    const shown = await shownByView(person, watch)
    expect(shown).toMatchObject([{ sync_type: 'automatic', records_synced: 1 }])
    expect(shown).toEqual(await shownByRoute(person, watch))
    expect(await as(person, 'select provider, sync_trigger from doc4.wearable_sync_history')).toEqual([
      { provider: 'health_connect', sync_trigger: 'automatic' },
    ])
  })

  test('has the battery that its provider says in its health', async () => {
    const { person, connectionId, sync } = await connected()
    await sync()
    await takeIn(person, 'strava')
    const seen = Date.UTC(2026, 2, 1, 12)
    await server.parts.takeTold({
      ...{ userId: person.userId, connectionId, provider: 'strava', source: { key: 'watch', name: 'watch' } },
      told: [{ kind: 'thing', battery: 57, seen }],
    })
    expect(await as(person, 'select timestamp, battery_level, status from device_data.device_health')).toEqual([
      { timestamp: new Date(seen), battery_level: 57, status: 'healthy' },
    ])
  })
})

test('the health of a device is what its uploads say, until it reports by itself', async () => {
  const person = await server.person()
  const body = { device_type: 'thermometer', device_name: 'Of the hall', integration_type: 'mqtt' }
  const { device_id } = await ask<{ device_id: string }>(person, 'POST', '/api/v1/devices', body)
  const health = () => as(person, 'select device_id, battery_level, status, warnings from device_data.device_health')
  expect(await health(), 'nobody heard of it').toEqual([])
  await ask(person, 'POST', `/api/v1/devices/${device_id}/data`, {
    ...{ data_type: 'heart_rate', timestamp: new Date().toISOString(), values: [{ value: 60 }] },
    metadata: { battery_level: 12 },
  })
  const shown = await ask<object>(person, 'GET', `/api/v1/devices/${device_id}/health`)
  expect(shown).toMatchObject({ battery_level: 12 })
  const said = { device_id, battery_level: 12, status: 'healthy', warnings: [] }
  expect(await health()).toEqual([said])
  await ask(person, 'POST', `/api/v1/devices/${device_id}/health`, { battery_level: 11, warnings: ['low'] })
  expect(await health()).toEqual([{ ...said, battery_level: 11, status: 'warning', warnings: ['low'] }])
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
      const look = `select from device_data.devices where device_name in ('Band', 'Not yours')`
      expect((await client.query(look)).rowCount).toBe(2)
      await removeLogin(edges(), login)
      expect(await refusalOf(client, look), 'still connected').toBe('42501')
    })
    await expect(connected(url, async () => undefined)).rejects.toMatchObject({ code: '28P01' })
    await expect(removeLogin(edges(), login)).rejects.toThrow(`there is no login ${login}`)
    await expect(addLogin(edges(), 'nobody@example.org')).rejects.toThrow('there is no account')
  })
})
