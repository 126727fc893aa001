/**
 * The application's own checks are all switched off here: plain SQL, as each of the database's roles, against every table, view and function there is.
 * What the rows show then is what an injection or a forgotten `where` could reach.
 */
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type FilledTable, fillEveryTable } from '../../../test/fill-tables.ts'
import { type FreshDatabase, freshDatabase } from '../../../test/kit.ts'
import { nobody } from './database.ts'
import { type LoginRole, rolePassword } from './roles.ts'

const ada = '0194fdc2-fa2f-7cc0-81d3-ff12045b73c8'
const bob = '0194fdc2-fa2f-7cc0-81d3-ff12045b73c9'
const schemas = ['tributary', 'doc0', 'doc1', 'doc2', 'doc3', 'doc4', 'device_data']

/** Tables about the installation, which hold no person's rows. */
const impersonal = [
  'flush_mark',
  'hook_secrets',
  'installation',
  'migrations',
  'provider_apps',
  'providers',
  'view_logins',
]
/** What no role but the one that answers the person's own request may even look into. */
const secret = [
  'api_keys',
  'connection_secrets',
  'data_keys',
  'device_tokens',
  'identities',
  'invites',
  'refresh_tokens',
  'sign_ins',
  'users',
]

let database: FreshDatabase
let admin: pg.Client
let tables: FilledTable[]
let personal: FilledTable[]
const clients: pg.Client[] = []

beforeAll(async () => {
  database = await freshDatabase()
  admin = new pg.Client(database.admin)
  await admin.connect()
  tables = await fillEveryTable(admin, [ada, bob])
  personal = tables.filter((table) => table.personal)
})
afterAll(async () => {
  await Promise.all([admin, ...clients].map((client) => client.end()))
  await database.drop()
})

async function as(role: LoginRole): Promise<pg.Client> {
  const { host, port } = database.admin
  const client = new pg.Client({
    host,
    port,
    database: database.name,
    user: role,
    password: rolePassword(database.roleSecret, role),
  })
  clients.push(client)
  await client.connect()
  await client.query('set search_path to tributary')
  return client
}

interface Told {
  rows: Record<string, unknown>[]
  count: number
  /** The SQLSTATE of a refusal. */
  refused?: string
}

const denied = '42501' // insufficient_privilege, which a violated policy is as well

/** Tries a statement as somebody and rolls it back. */
async function attempt(
  client: pg.Client,
  subject: { subject?: string; actor?: string },
  statement: string,
): Promise<Told> {
  await client.query('begin')
  try {
    for (const [name, value] of Object.entries(subject)) await client.query(`set local app.${name} = '${value}'`)
    const { rows, rowCount } = await client.query(statement)
    return { rows, count: rowCount ?? 0 }
  } catch (error) {
    return { rows: [], count: 0, refused: String((error as { code?: string }).code) }
  } finally {
    await client.query('rollback')
  }
}

const self = (person: string) => ({ subject: person, actor: person })

/** Takes the rows that are seen and writes them down as somebody else's. */
function copyTo(table: FilledTable, person: string): string {
  const columns = table.columns.join(', ')
  const values = table.columns.map((column) => (column === 'user_id' ? `'${person}'` : column)).join(', ')
  return `insert into ${table.name} (${columns}) select ${values} from ${table.name}`
}

describe('a request, as trb_app,', () => {
  test('sees its person’s rows in every table and nobody else’s', async () => {
    const app = await as('trb_app')
    for (const { name } of personal.filter((table) => table.name !== 'audit_log')) {
      const { rows, refused } = await attempt(app, self(ada), `select user_id from ${name}`)
      expect({ name, rows, refused }).toEqual({ name, rows: [{ user_id: ada }], refused: undefined })
    }
    expect((await attempt(app, self(ada), 'select 1 from audit_log')).refused).toBe(denied)
  })

  const forged: [string, { subject?: string; actor?: string }][] = [
    ['nobody set', {}],
    ['somebody else asking', { subject: bob, actor: ada }],
    ['nobody asking', { subject: bob }],
    ['only who asks', { actor: bob }],
    ['empty names', { subject: '', actor: '' }],
    ['the nil person', self(nobody)],
  ]
  test.each(forged)('sees no row anywhere with %s', async (_what, subject) => {
    const app = await as('trb_app')
    for (const { name } of personal)
      expect({ name, ...(await attempt(app, subject, `select 1 from ${name}`)) }).toMatchObject({ name, rows: [] })
  })

  test('fails rather than sees anything when the person is no UUID', async () => {
    const app = await as('trb_app')
    const { refused } = await attempt(app, self(`${ada}' or true`.replaceAll("'", "''")), 'select 1 from users')
    expect(refused).toBe('22P02') // invalid_text_representation
  })

  test('changes and deletes nobody else’s rows, asked by name or for all', async () => {
    const app = await as('trb_app')
    for (const { name } of personal) {
      for (const statement of [
        `update ${name} set user_id = user_id where user_id = '${bob}'`,
        `delete from ${name} where user_id = '${bob}'`,
      ])
        expect({ name, count: (await attempt(app, self(ada), statement)).count }).toEqual({ name, count: 0 })
      for (const statement of [`update ${name} set user_id = user_id`, `delete from ${name}`])
        expect({ name, count: (await attempt(app, self(ada), statement)).count }).toEqual({
          name,
          count: name === 'audit_log' ? 0 : 1,
        })
    }
  })

  test('writes no row for somebody else and gives none away', async () => {
    const app = await as('trb_app')
    for (const table of personal) {
      const { name } = table
      expect({ name, ...(await attempt(app, self(ada), copyTo(table, bob))) }).toMatchObject({ name, refused: denied })
      expect({ name, ...(await attempt(app, self(ada), `update ${name} set user_id = '${bob}'`)) }).toMatchObject({
        name,
        refused: denied,
      })
    }
  })

  test('adds to the audit log under its own person’s name only', async () => {
    const app = await as('trb_app')
    const add = (person: string) =>
      `insert into audit_log (audit_id, user_id, actor, action, outcome) values (gen_random_uuid(), '${person}', 'a', 'b', 'ok')`
    expect((await attempt(app, self(ada), add(ada))).count).toBe(1)
    expect((await attempt(app, self(ada), add(bob))).refused).toBe(denied)
  })

  test('cannot change what is not about people, and sees only the list of providers of it', async () => {
    const app = await as('trb_app')
    for (const name of impersonal) {
      const { refused } = await attempt(app, self(ada), `select 1 from ${name}`)
      expect({ name, refused }).toEqual({ name, refused: name === 'providers' ? undefined : denied })
      expect((await attempt(app, self(ada), `delete from ${name}`)).refused).toBe(denied)
    }
  })

  test.each([
    'set local role trb_owner',
    'set local role trb_writer',
    'set local role trb_lookup',
    'set local session authorization trb_owner',
    'alter table users disable row level security',
    'alter table users no force row level security',
    'create policy mine on users using (true)',
    'create function mine() returns int language sql as $$ select 1 $$',
    'create or replace function subject() returns uuid language sql as $$ select null::uuid $$',
    'create view mine as select * from users',
    'select list_people()',
    'truncate users cascade',
  ])('cannot lift itself by `%s`', async (statement) => {
    const { refused } = await attempt(await as('trb_app'), self(ada), statement)
    expect([denied, '42710', '42809']).toContain(refused)
  })
})

describe('the other roles', () => {
  test('trb_writer never reaches secrets, identities or keys, and only adds to the audit log', async () => {
    const writer = await as('trb_writer')
    for (const name of secret)
      for (const statement of [`select 1 from ${name}`, `delete from ${name}`, `update ${name} set user_id = user_id`])
        expect({ name, refused: (await attempt(writer, {}, statement)).refused }).toEqual({ name, refused: denied })
    for (const statement of ['select 1 from audit_log', 'delete from audit_log', "update audit_log set outcome = 'x'"])
      expect((await attempt(writer, {}, statement)).refused).toBe(denied)
  })

  test('trb_audit reads the audit log and nothing else, and changes nothing', async () => {
    const audit = await as('trb_audit')
    expect((await attempt(audit, {}, 'select 1 from audit_log')).count).toBe(2)
    for (const { name } of tables) {
      if (name !== 'audit_log')
        expect({ name, refused: (await attempt(audit, {}, `select 1 from ${name}`)).refused }).toEqual({
          name,
          refused: denied,
        })
      expect((await attempt(audit, {}, `delete from ${name}`)).refused).toBe(denied)
    }
  })

  test('trb_lookup cannot log in, changes nothing, and reads only the columns that its functions name', async () => {
    const { rows } = await admin.query(
      `select c.relname || '.' || a.attname as "column" from pg_attribute a join pg_class c on c.oid = a.attrelid and c.relkind in ('r', 'p', 'v', 'm')
       where c.relnamespace = 'tributary'::regnamespace and a.attnum > 0 and not a.attisdropped and has_column_privilege('trb_lookup', c.oid, a.attnum, 'select')
       order by 1`,
    )
    expect(rows.map(({ column }) => column)).toEqual([
      ...['api_key_id', 'expires_at', 'key_hash', 'revoked_at', 'scopes', 'user_id'].map(
        (column) => `api_keys.${column}`,
      ),
      ...['allowed_origins', 'connect_session_id', 'expires_at', 'token_hash', 'user_id'].map(
        (column) => `connect_sessions.${column}`,
      ),
      ...['provider', 'provider_account', 'status', 'user_id'].map((column) => `connections.${column}`),
      ...['device_id', 'token_hash', 'user_id'].map((column) => `device_tokens.${column}`),
      ...['kind', 'secret_hash', 'user_id'].map((column) => `identities.${column}`),
      ...['code_hash', 'expires_at', 'invite_id', 'role', 'used_at', 'user_id'].map((column) => `invites.${column}`),
      ...['state_hash', 'user_id'].map((column) => `oauth_states.${column}`),
      ...['sign_in_id', 'token_hash', 'user_id'].map((column) => `refresh_tokens.${column}`),
      ...['cookie_hash', 'ended_at', 'expires_at', 'kind', 'last_used_at', 'sign_in_id', 'user_id'].map(
        (column) => `sign_ins.${column}`,
      ),
      ...['created_at', 'disabled_at', 'email', 'role', 'time_zone', 'user_id'].map((column) => `users.${column}`),
      ...['login', 'reads'].map((column) => `view_logins.${column}`),
    ])
    const { rows: writable } = await admin.query(
      `select c.relname from pg_class c where c.relnamespace = 'tributary'::regnamespace and c.relkind in ('r', 'p', 'v')
       and (has_table_privilege('trb_lookup', c.oid, 'insert, update, delete, truncate') or has_any_column_privilege('trb_lookup', c.oid, 'insert, update'))`,
    )
    expect(writable).toEqual([])
  })

  test('trb_reader and trb_reader_all only read, only what the views stand on, and cannot name it', async () => {
    for (const role of ['trb_reader', 'trb_reader_all']) {
      const { rows } = await admin.query<{ name: string; writes: boolean }>(
        `select c.relname as name, has_table_privilege('${role}', c.oid, 'insert, update, delete, truncate') as writes
         from pg_class c where c.relnamespace = 'tributary'::regnamespace and c.relkind in ('r', 'p', 'v')
           and (has_table_privilege('${role}', c.oid, 'select') or has_any_column_privilege('${role}', c.oid, 'select, insert, update'))
         order by 1`,
      )
      const names = ['connections', 'device_health', 'devices', 'planned_sessions', 'sessions', 'source_day_values']
      expect(rows).toEqual([...names, 'sources', 'sync_runs'].map((name) => ({ name, writes: false })))
      const { rows: usage } = await admin.query(`select has_schema_privilege('${role}', 'tributary', 'usage') as can`)
      expect(usage).toEqual([{ can: false }])
    }
  })

  test('none is a superuser, bypasses the policies or makes roles, and none is a member of another but the owner', async () => {
    const { rows } = await admin.query(
      `select rolname, rolcanlogin, rolsuper or rolbypassrls or rolcreaterole or rolcreatedb as strong,
         (select array_agg(distinct m.roleid::regrole::text) from pg_auth_members m where m.member = r.oid) as "memberOf"
       from pg_roles r where rolname like 'trb\\_%' order by rolname`,
    )
    expect(rows).toEqual([
      { rolname: 'trb_app', rolcanlogin: true, strong: false, memberOf: null },
      { rolname: 'trb_audit', rolcanlogin: true, strong: false, memberOf: null },
      { rolname: 'trb_lookup', rolcanlogin: false, strong: false, memberOf: null },
      { rolname: 'trb_owner', rolcanlogin: false, strong: false, memberOf: ['trb_lookup'] },
      { rolname: 'trb_reader', rolcanlogin: false, strong: false, memberOf: null },
      { rolname: 'trb_reader_all', rolcanlogin: false, strong: false, memberOf: null },
      { rolname: 'trb_writer', rolcanlogin: true, strong: false, memberOf: null },
    ])
  })
})

/** What is wrong with the schema, in words; empty when everything is guarded. */
async function gaps(): Promise<string[]> {
  const { rows: relations } = await admin.query<{
    name: string
    kind: string
    guarded: boolean
    invoker: boolean
    personal: boolean
    open: boolean
  }>(
    `select c.oid::regclass::text as name, c.relkind as kind, c.relrowsecurity and c.relforcerowsecurity as guarded,
       coalesce('security_invoker=true' = any (c.reloptions) or 'security_invoker=on' = any (c.reloptions), false) as invoker,
       exists (select from pg_attribute a where a.attrelid = c.oid and a.attname = 'user_id' and not a.attisdropped) as personal,
       exists (select from unnest(array['trb_app', 'trb_writer', 'trb_lookup', 'trb_audit', 'trb_reader', 'trb_reader_all', 'public']) r
         where has_table_privilege(r, c.oid, 'select, insert, update, delete')) as open
     from pg_class c where c.relnamespace = any (select oid from pg_namespace where nspname = any ($1)) and c.relkind in ('r', 'p', 'v', 'm', 'f')`,
    [schemas],
  )
  const { rows: functions } = await admin.query<{
    name: string
    owner: string
    definer: boolean
    path: boolean
    everybody: boolean
  }>(
    `select p.oid::regprocedure::text as name, pg_get_userbyid(p.proowner) as owner, p.prosecdef as definer,
       coalesce('search_path=tributary, pg_temp' = any (p.proconfig), false) as path, has_function_privilege('public', p.oid, 'execute') as everybody
     from pg_proc p where p.pronamespace = any (select oid from pg_namespace where nspname = any ($1))`,
    [schemas],
  )
  return [
    ...relations.flatMap(({ name, kind, guarded, invoker, personal, open }) => {
      if (kind === 'v') return invoker ? [] : [`the view ${name} does not ask with the rights of who looks`]
      if (kind === 'm' || kind === 'f') return [`${name} cannot be guarded by row-level security`]
      if (!guarded && (personal || open)) return [`the table ${name} has no forced row-level security`]
      return personal || impersonal.includes(name) ? [] : [`the table ${name} says of nobody whose its rows are`]
    }),
    ...functions
      .filter(({ definer }) => definer)
      .flatMap(({ name, owner, path, everybody }) => {
        const faults = [
          owner !== 'trb_lookup' && 'is not owned by trb_lookup',
          !path && 'has no fixed search_path',
          everybody && 'can be called by everybody',
        ]
        return faults.filter((fault) => fault !== false).map((fault) => `the function ${name} ${fault}`)
      }),
  ].sort()
}

describe('the schema', () => {
  test('has no table, view or function without its guard', async () => {
    await admin.query('set search_path to tributary')
    expect(await gaps()).toEqual([])
  })

  test('with a new table, view or function that forgot it, would not pass this test', async () => {
    await admin.query('begin')
    await admin.query('create table forgotten (user_id uuid, secret text)')
    await admin.query(
      'create table lost (secret text); alter table lost enable row level security, force row level security',
    )
    await admin.query('create view peep as select * from users')
    await admin.query(
      "create function leak() returns setof uuid language sql security definer as 'select user_id from users'",
    )
    const found = await gaps()
    await admin.query('rollback')
    expect(found).toEqual([
      'the function leak() can be called by everybody',
      'the function leak() has no fixed search_path',
      'the function leak() is not owned by trb_lookup',
      'the table forgotten has no forced row-level security',
      'the table lost says of nobody whose its rows are',
      'the view peep does not ask with the rights of who looks',
    ])
  })

  test('finds people by exact value only, and then tells ids and hashes, no names and no addresses', async () => {
    const { rows } = await admin.query<{ name: string; told: string[] }>(
      `select p.proname as name, array(select n from unnest(p.proargnames, p.proargmodes) x(n, m) where m = 't') as told
       from pg_proc p where p.pronamespace = 'tributary'::regnamespace and p.prosecdef order by 1`,
    )
    const told = new Set(rows.flatMap((row) => row.told))
    expect([...told].sort()).toEqual([
      'api_key_id',
      'connect_session_id',
      'device_id',
      'disabled_at',
      'ended_at',
      'expires_at',
      'invite_id',
      'kind',
      'last_used_at',
      'role',
      'scopes',
      'secret_hash',
      'sign_in_id',
      'used_at',
      'user_id',
    ])
    const app = await as('trb_app')
    const zone = async (of: string) =>
      (await attempt(app, self(ada), `select find_time_zone('${of}') as zone`)).rows[0]?.['zone']
    expect([await zone(ada), await zone(bob)]).toEqual([expect.any(String), null])
    for (const call of [
      "find_person('%')",
      "find_person('')",
      'find_person(null)',
      "find_cookie('\\x')",
      'find_api_key(null)',
      `find_sign_in('${nobody}')`,
    ])
      expect((await attempt(app, self(ada), `select * from ${call}`)).rows).toEqual([])
  })
})
