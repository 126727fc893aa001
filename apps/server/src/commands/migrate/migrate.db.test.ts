/** Databases as the four documents leave them, and what becomes of them here. */
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { findProvider } from '@tributary/providers'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { runTributary } from '../../../../cli/test/run-tributary.ts'
import {
  asAdmin,
  type FreshDatabase,
  freshDatabase,
  type SignedInPerson,
  startServer,
  type TestServer,
} from '../../../test/kit.ts'
import { type MoveReport, moveIn } from './move.ts'
import type { OldDatabase } from './old-database.ts'

let server: TestServer
let owner: SignedInPerson
let old: FreshDatabase
/** All that stood in it before anything was read. */
let untouched: Record<string, string[]>
let folder: string

const watch = '7f6e2b1a-0c57-4f0a-9a52-3a0f6f3a9d11'
const computer = '7f6e2b1a-0c57-4f0a-9a52-3a0f6f3a9d12'

/** The tables of documents 0, 1 and 2 as their own migrations make them, with rows of two people. */
const oldTables = `
  create table public.users (id serial primary key, email text, primary_device text, devices_configured json, device_sync_config json, device_sync_enabled boolean default true);
  insert into public.users (email, primary_device, devices_configured, device_sync_config) values
    ('Owner@Example.org', 'apple', '{"strava":"strava","apple_2":"apple"}', '{"strava":{"device_type":"strava","device_name":"My Strava","sync_interval_hours":2,"auto_sync_enabled":false},"apple_2":{"device_type":"apple","sync_interval_hours":1,"last_sync":"2025-11-01T10:00:00"}}'),
    ('second@example.org', 'garmin', '[]', '{}');
  create table public.strava_connections (user_id integer, athlete_id bigint, access_token text, refresh_token text, expires_at bigint, scope text, athlete_data jsonb);
  insert into public.strava_connections values (1, 70215544, 'planted-access', 'planted-refresh', 1795212000, 'read,activity:read_all', '{"firstname":"Mira"}');
  create table public.user_connections (id uuid, user_id integer, provider text, provider_user_id text, access_token text, is_active boolean);
  insert into public.user_connections values (gen_random_uuid(), 2, 'polar', '77', 'planted-polar', true), (gen_random_uuid(), 1, 'fitbuzz', '1', 'x', true);
  create table public.provider_connections (id uuid, user_id integer, provider text, provider_user_id text, access_token text, refresh_token text, token_expires_at timestamptz, scope text, provider_profile jsonb, is_active boolean, last_sync_at timestamptz, created_at timestamptz);
  insert into public.provider_connections values
    (gen_random_uuid(), 1, 'strava', '70215544', 'planted-newer', 'planted-newer-refresh', '2026-11-21', 'read,activity:read_all', '{"firstname":"Mira"}', true, null, '2025-10-01'),
    (gen_random_uuid(), 1, 'garmin', 'g-1', 'planted-oauth1', 'planted-oauth1-secret', null, null, '{}', true, '2025-11-01', '2025-10-01'),
    (gen_random_uuid(), 1, 'fitbit', 'ABC123', 'planted-fitbit', 'planted-fitbit-refresh', '2025-11-21', 'sleep heartrate', '{}', true, null, '2025-10-01'),
    (gen_random_uuid(), 1, 'google_fit', 'g-2', 'planted-google-fit', null, null, null, '{}', true, null, '2025-10-01');
  create schema device_data;
  create table device_data.devices (id uuid primary key, user_id integer, device_type varchar(100), device_name varchar(200), manufacturer varchar(100), model varchar(100), serial_number varchar(100), firmware_version varchar(50), capabilities json, integration_type varchar(50), credentials json, sync_settings json, status varchar(20), last_seen timestamp, last_sync timestamp);
  insert into device_data.devices values ('${watch}', 1, 'fitbit_charge_5', 'Band', 'Fitbit', 'Charge 5', 'FB1', '1.0', '["heart_rate"]', 'api', '{"access_token":"planted-device"}', '{"auto_sync":true,"sync_interval_minutes":5}', 'active', '2025-11-02 08:00:00', '2025-11-02 08:00:00'),
    ('${computer}', 1, 'wahoo_elemnt', 'Computer', 'Wahoo', 'Elemnt', 'W1', '1.0', '[]', 'api', '{"access_token":"planted-wahoo","refresh_token":"planted-wahoo-refresh","provider_user_id":"77"}', '{}', 'active', null, null);
  create table device_data.device_data (id uuid, device_id uuid, data_type varchar(50), timestamp timestamp, values json, metadata json, quality_score float);
  insert into device_data.device_data values
    (gen_random_uuid(), '${watch}', 'heart_rate', '2025-11-01 08:00:00', '[{"timestamp":"2025-11-01T08:00:00","value":62,"unit":"bpm","quality":"good"},{"timestamp":"2025-11-01T08:01:00Z","value":64,"unit":"bpm"},{"timestamp":"2025-11-01T08:02:00Z","value":999,"unit":"bpm"}]', '{}', 1),
    (gen_random_uuid(), '${watch}', 'weight', '2025-11-01 07:00:00', '{"value":154.3,"unit":"lb"}', '{}', 1),
    (gen_random_uuid(), '${watch}', 'luck', '2025-11-01 07:00:00', '[{"value":7}]', '{}', 1);
  create table device_data.sync_history (id uuid, device_id uuid, sync_type varchar(20), status varchar(20), start_time timestamp, end_time timestamp, records_processed int, records_synced int, records_failed int, error_message text);
  insert into device_data.sync_history values
    ('00000000-0000-4000-8000-000000000001', '${watch}', 'bulk', 'completed', '2025-11-02 07:59:00', '2025-11-02 08:00:00', 9, 8, 1, null),
    ('00000000-0000-4000-8000-000000000002', '${watch}', 'automatic', 'running', '2025-11-03 07:59:00', null, 0, 0, 0, null);
  create table device_data.device_health (id uuid, device_id uuid, timestamp timestamp, battery_level int, signal_strength varchar(20), temperature float, status varchar(20), is_online boolean, errors json, warnings json);
  insert into device_data.device_health values ('00000000-0000-4000-8000-000000000003', '${watch}', '2025-11-02 08:00:00', 85, 'good', 31.5, 'ok', true, '[]', '["worn loosely"]');
  create table public.recipes (id int, title text);`

beforeAll(async () => {
  const nowhere = 'http://127.0.0.1:9' // nothing that is moved here is asked for at its brand
  server = await startServer({ env: { WAHOO_BASE_URL: nowhere, WAHOO_AUTH_URL: nowhere } })
  owner = await server.owner()
  old = await freshDatabase()
  await asAdmin({ ...old.admin, database: 'postgres' }, async (client) => {
    await client.query(`create database ${old.name}_old`)
  })
  await asAdmin({ ...old.admin, database: `${old.name}_old` }, (client) => client.query(oldTables))
  untouched = await rowsThere()
  folder = await mkdtemp(join(tmpdir(), 'trb-move-'))
})
afterAll(async () => {
  await server?.stop()
  if (old)
    await asAdmin({ ...old.admin, database: 'postgres' }, (client) =>
      client.query(`drop database if exists ${old.name}_old with (force)`),
    )
  await old?.drop()
  if (folder) await rm(folder, { recursive: true, force: true })
})

const oldUrl = () => old.url.replace(`/${old.name}?`, `/${old.name}_old?`)

/** Every row of every table there, with where it lies and which transaction put it there: one that was written anew is another. */
const rowsThere = (): Promise<Record<string, string[]>> =>
  asAdmin({ ...old.admin, database: `${old.name}_old` }, async (client) => {
    const { rows: tables } = await client.query<{ name: string }>(
      `select format('%I.%I', table_schema, table_name) as name from information_schema.tables
       where table_schema not in ('information_schema', 'pg_catalog') order by 1`,
    )
    const all: Record<string, string[]> = {}
    for (const { name } of tables) {
      const { rows } = await client.query<{ row: string }>(
        `select concat_ws(' ', ctid, xmin, to_jsonb(t)) as row from ${name} t order by ctid`,
      )
      all[name] = rows.map(({ row }) => row)
    }
    return all
  })

/** As an operator would, beside the server that runs. */
async function migrate(
  from: string,
  ...more: string[]
): Promise<{ code: number | null; stderr: string; report: MoveReport }> {
  const env = {
    DATA_DIR: server.dataDir,
    DATABASE_URL: server.database.url,
    DATABASE_ROLE_SECRET: server.database.roleSecret,
    ENCRYPTION_KEY: 'sealing-in-tests-sealing-in-tests-sealing',
    JWT_SECRET_KEY: 'signing-in-tests-signing-in-tests-signing',
  }
  const { code, stdout, stderr } = await runTributary(['migrate', '--from', from, '--json', ...more], { env })
  return { code, stderr, report: stdout ? (JSON.parse(stdout) as MoveReport) : ({} as MoveReport) }
}

const get = async (path: string, token = owner.token) => (await server.call('GET', path, { token })).body as never
const tableOf = ({ tables }: MoveReport, name: string) => tables.find(({ table }) => table === name)

describe('a database of documents 0, 1 and 2', () => {
  test('comes over by e-mail address: devices, values in our units, history, health; each loss has its reason', {
    timeout: 60_000,
  }, async () => {
    const { code, stderr, report } = await migrate(oldUrl())
    expect([code, stderr]).toEqual([0, ''])
    expect(report.people).toEqual({ moved: 1, left: ['second@example.org'] })
    expect(report.untouched).toEqual(['public.recipes'])
    expect(tableOf(report, 'public.users')).toMatchObject({ read: 2, added: 2 })
    expect(tableOf(report, 'device_data.device_data')).toEqual({
      table: 'device_data.device_data',
      read: 3,
      added: 3,
      known: 0,
      refused: { 'data of type luck, which is not in the catalogue': 1, out_of_range: 1 },
    })
    expect(tableOf(report, 'public.user_connections')?.refused).toEqual({
      'its person has no account here': 1,
      'a connection to fitbuzz, which is not known here': 1,
    })
    const devices = (await get('/api/v1/devices')) as {
      device_id: string
      device_name: string
      sync_settings: object
      has_credentials: boolean
    }[]
    expect(devices.map(({ device_name }) => device_name).sort()).toEqual(['Apple', 'Band', 'Computer', 'My Strava'])
    expect(devices.find(({ device_id }) => device_id === watch)).toMatchObject({
      sync_settings: { sync_interval_minutes: 15 },
      has_credentials: true,
    })
    expect(devices.find(({ device_name }) => device_name === 'My Strava')).toMatchObject({
      sync_settings: { auto_sync: false, sync_interval_minutes: 120 },
    })
    expect(await get(`/api/v1/devices/${watch}/data?data_type=heart_rate&data_type=body_mass`)).toMatchObject({
      data: [
        {
          data_type: 'body_mass',
          unit: 'kg',
          values: [{ timestamp: '2025-11-01T07:00:00Z', value: expect.closeTo(69.989, 2) }],
        },
        { data_type: 'heart_rate', values: [{ timestamp: '2025-11-01T08:00:00Z', value: 62 }, { value: 64 }] },
      ],
    })
    expect(await get(`/api/v1/devices/${watch}/health`)).toMatchObject({
      battery_level: 85,
      signal_strength: 'good',
      temperature: 31.5,
      errors: [],
      warnings: [{ at: '2025-11-02T08:00:00Z', text: 'worn loosely' }],
    })
    const reports = await server.parts.db.read({ userId: owner.userId }, (tx) =>
      tx.selectFrom('device_health').select(['device_id', 'at', 'battery_level', 'warnings']).execute(),
    )
    expect(reports).toEqual([
      { device_id: watch, at: new Date('2025-11-02T08:00:00Z'), battery_level: 85, warnings: ['worn loosely'] },
    ])
    expect(await get(`/api/v1/sync/history?device_id=${watch}`)).toMatchObject([
      { trigger: 'automatic', status: 'failed', error_code: 'interrupted', device_id: watch },
      {
        trigger: 'bulk',
        status: 'completed',
        records_synced: 8,
        records_failed: 1,
        start_time: '2025-11-02T07:59:00Z',
      },
    ])
  })

  test('run again, it adds nothing', { timeout: 60_000 }, async () => {
    const { report } = await migrate(oldUrl())
    expect(report.tables.map(({ table, added }) => ({ table, added })).filter(({ added }) => added > 0)).toEqual([])
    expect(tableOf(report, 'device_data.device_data')).toMatchObject({ added: 0, known: 3 })
    expect((await get('/api/v1/devices')) as unknown[]).toHaveLength(4)
  })

  test('a connection goes on with its newest tokens; one whose way in has ended says so in its provider’s words', async () => {
    const shown = (await get('/api/v1/providers/connections')) as { provider: string; connection_id: string }[]
    const of = (provider: string) => shown.find((one) => one.provider === provider)
    const { connection_id: connectionId = '' } = of('strava') ?? {}
    const held = await server.parts.connect.vault.read({ userId: owner.userId, connectionId })
    expect(held.tokens).toMatchObject({ accessToken: 'planted-newer', refreshToken: 'planted-newer-refresh' })
    const replaced = { status: 'needs_reauth', error_code: 'sign_in_replaced' }
    expect(of('garmin')).toMatchObject({ ...replaced, error_message: findProvider('garmin')?.otherAuth?.[0]?.words.en })
    expect(of('fitbit')).toMatchObject({ ...replaced, error_message: findProvider('fitbit')?.otherAuth?.[0]?.words.en })
    expect(of('google_fit')).toMatchObject({
      status: 'pending',
      error_code: 'no_sign_in',
      error_message: expect.stringContaining('Google Takeout'),
    })
  })

  test('tokens of a device become those of its connection, which no sync finds without a sign-in', async () => {
    const shown = (await get('/api/v1/providers/connections')) as { provider: string; connection_id: string }[]
    const wahoo = shown.find(({ provider }) => provider === 'wahoo')
    expect(wahoo, 'whose they are is asked of the provider').toMatchObject({ status: 'active', provider_account: null })
    const held = await server.parts.connect.vault.read({
      userId: owner.userId,
      connectionId: wahoo?.connection_id ?? '',
    })
    expect(held.tokens).toMatchObject({ accessToken: 'planted-wahoo', refreshToken: 'planted-wahoo-refresh' })
    await expect
      .poll(() => get('/api/v1/sync/history?provider=wahoo'), { timeout: 10_000 })
      .toMatchObject([{ trigger: 'automatic', status: 'failed', error_code: 'unavailable' }])
  })

  test('accounts are made for those who have none only when asked', { timeout: 60_000 }, async () => {
    const { report } = await migrate(oldUrl(), '--create-accounts')
    expect(report.people).toEqual({ moved: 2, left: [] })
    expect(tableOf(report, 'public.user_connections')).toMatchObject({ added: 1 })
  })

  test('whatever was brought, each row of each table there is as it was, and no table came or went', async () => {
    expect(Object.keys(untouched)).toHaveLength(9)
    expect(await rowsThere()).toEqual(untouched)
  })

  test('tokens arrive sealed: none of them can be read in any table, and their connections open', async () => {
    const found = await asAdmin(server.database.admin, async (client) => {
      const { rows } = await client.query<{ name: string }>(
        `select c.oid::regclass::text as name from pg_class c where relnamespace = 'tributary'::regnamespace and relkind = 'r'`,
      )
      const hits: string[] = []
      for (const { name } of rows) {
        const { rowCount } = await client.query(`select 1 from ${name} as t where t::text like '%planted%'`)
        if (rowCount) hits.push(name)
      }
      return hits
    })
    expect(found).toEqual([])
    const moved = await asAdmin(server.database.admin, async (client) => {
      const { rows } = await client.query<{ user_id: string; connection_id: string }>(
        `select user_id, connection_id from tributary.connections where status = 'active' and auth_kind = 'oauth2'`,
      )
      return rows
    })
    expect(moved.length).toBeGreaterThan(0)
    for (const { user_id: userId, connection_id: connectionId } of moved)
      expect((await server.parts.connect.vault.read({ userId, connectionId })).tokens?.accessToken).toMatch(/^planted/)
  })
})

describe('a run that is killed', () => {
  test('between a connection and its tokens leaves neither, and the next one brings both', async () => {
    const row = { user_id: 'u', provider: 'polar', provider_user_id: '900', access_token: 'planted-late' }
    const old: OldDatabase = {
      name: 'killed',
      tables: new Map([['main.user_connections', new Set(Object.keys(row))]]),
      rows: async function* () {
        yield row
      },
      close: async () => undefined,
    }
    const { db, ingest, sealing, connect } = server.parts
    const edges = { db, ingest, sealing, defaultIntervalMinutes: 15, now: Date.now, onProgress: () => undefined }
    const accountOf = async () => owner.userId
    const killed = { ...edges, bringTokens: () => Promise.reject(new Error('killed here')) }
    await expect(moveIn(old, killed, accountOf)).rejects.toThrow('killed here')
    const [report] = (await moveIn(old, { ...edges, bringTokens: connect.bringTokens }, accountOf)).tables
    expect(report).toMatchObject({ added: 1, known: 0 })
    const shown = (await get('/api/v1/providers/connections')) as { provider_account: string; connection_id: string }[]
    const { connection_id: connectionId = '' } = shown.find(({ provider_account }) => provider_account === '900') ?? {}
    const held = await connect.vault.read({ userId: owner.userId, connectionId })
    expect(held.tokens).toMatchObject({ accessToken: 'planted-late' })
  })
})

describe('the database of document 4’s app, a file', () => {
  test('its connections and its history come over under one account, in our words, however often, and no byte of it changes', {
    timeout: 60_000,
  }, async () => {
    const path = join(folder, 'sleepbalance.db')
    const db = new DatabaseSync(path)
    db.exec(`
      create table wearable_connections (id text primary key, user_id text, provider text, access_token text, refresh_token text, token_expires_at text, user_external_id text, granted_scopes text, is_active integer, connected_at text, last_sync_at text, created_at text, updated_at text);
      insert into wearable_connections values ('c1', 'user123', 'apple_health', 'x', null, null, 'phone', 'sleep,heartrate', 1, '2025-10-29 10:00:00', null, '2025-10-29 10:00:00', '2025-10-29 10:00:00');
      create table wearable_sync_history (id text, user_id text, provider text, sync_date_from text, sync_date_to text, sync_started_at text, sync_completed_at text, status text, records_fetched integer, records_inserted integer, records_updated integer, records_skipped integer, error_code text, error_message text);
      insert into wearable_sync_history values ('s1', 'user123', 'apple_health', '2025-10-22', '2025-10-29', '2025-10-29 08:00:00', null, 'failed', 0, 0, 0, 0, 'AUTH_ERROR', 'Access token expired');`)
    db.close()
    const bytes = await readFile(path)
    const refused = await migrate(path, '--user', 'nobody@example.org')
    expect([refused.code, refused.stderr]).toEqual([
      1,
      'tributary: there is no account with the address nobody@example.org\n',
    ])
    const { report } = await migrate(path, '--user', owner.email)
    expect(report.tables).toMatchObject([
      { table: 'main.wearable_connections', added: 1 },
      { table: 'main.wearable_sync_history', added: 1 },
    ])
    const history = await get('/api/v1/sync/history?provider=apple')
    expect(history).toMatchObject([
      { status: 'failed', error_code: 'AUTH_ERROR', sync_date_from: '2025-10-22T00:00:00Z', trigger: 'automatic' },
    ])
    const again = await migrate(path, '--user', owner.email)
    expect(again.report.tables).toMatchObject([
      { table: 'main.wearable_connections', added: 0, known: 1 },
      { table: 'main.wearable_sync_history', added: 0, known: 1 },
    ])
    expect(await get('/api/v1/sync/history?provider=apple_health')).toEqual(history)
    expect((await readFile(path)).equals(bytes), 'the file is as it was').toBe(true)
    expect(await readdir(folder), 'and nothing lies beside it').toEqual(['sleepbalance.db'])
  })

  test('an address where nothing is ends with one line, and without the password in it', async () => {
    const { code, stderr } = await migrate('postgresql://reader:hush@127.0.0.1:9/none')
    expect(code).toBe(1)
    expect(stderr).toMatch(/^tributary: the database to read from cannot be opened: .*\n$/)
    expect(stderr).not.toContain('hush')
  })
})
