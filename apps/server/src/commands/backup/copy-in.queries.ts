import { once } from 'node:events'
import pg from 'pg'
import { from as copyFrom } from 'pg-copy-streams'
import { listTables } from './copy-out.queries.ts'
import type { BackupTable } from './layout.ts'

export interface DatabaseState {
  /** Whether our schema is there. */
  hasSchema: boolean
  people: number
  /** Processes of ours that have connections. */
  isServed: boolean
}

async function connect(admin: pg.ClientConfig): Promise<pg.Client> {
  const client = new pg.Client({ ...admin, application_name: 'tributary-restore' })
  client.on('error', () => undefined) // a connection that is lost: the next statement says so
  await client.connect()
  return client
}

export async function lookAt(admin: pg.ClientConfig): Promise<DatabaseState> {
  const client = await connect(admin)
  try {
    const { rows } = await client.query<{ schema: boolean; users: boolean; served: boolean }>(
      `select to_regnamespace('tributary') is not null as schema, to_regclass('tributary.users') is not null as users,
         exists (select from pg_stat_activity where datname = current_database() and application_name in ('tributary-trb_app', 'tributary-trb_writer')) as served`,
    )
    const { schema = false, users = false, served = false } = rows[0] ?? {}
    return { hasSchema: schema, isServed: served, people: users ? await countPeople(client) : 0 }
  } finally {
    await client.end()
  }
}

async function countPeople(client: pg.Client): Promise<number> {
  await client.query('begin; set local role trb_owner')
  const { rows } = await client.query<{ n: number }>('select count(*)::int as n from tributary.users')
  await client.query('commit')
  return rows[0]?.n ?? 0
}

/** Only ever of a database in which nobody is. */
export async function dropSchema(admin: pg.ClientConfig): Promise<void> {
  const client = await connect(admin)
  try {
    await client.query('grant trb_owner to current_user').catch((error: { code?: string }) => {
      if (error.code !== '0LP01') throw error // a superuser need not be granted what it has
    })
    await client.query('set role trb_owner')
    await client.query('drop schema tributary cascade')
  } finally {
    await client.end()
  }
}

export interface Restoring {
  /** Tables that a backup has, as they are here. */
  tables: BackupTable[]
  beginTable(table: BackupTable): void
  write(bytes: Buffer): Promise<void>
  /** How many rows came in. */
  endTable(): Promise<number>
  findSentinel(): Promise<string | undefined>
  /** What nobody can open any more. */
  forgetSealed(): Promise<Forgotten>
}

/** What a restore without its secrets leaves to do. */
export interface Forgotten {
  /** Connections whose people sign in again. */
  connections: number
  /** Providers whose app wants its secrets again. */
  apps: string[]
  /** Providers that call another address now. */
  webhooks: string[]
  /** Notices whose records were not dealt with yet, and cannot be read. */
  notices: number
}

/**
 * All of it in one transaction: whatever goes wrong leaves the database as empty as it was. Foreign keys sleep meanwhile and look at every row
 * when they are woken: a backup that lies about what belongs together does not get in. Row-level security is not forced on its owner for so long, because COPY
 * into a table cannot ask it.
 */
export async function inRestore<T>(admin: pg.ClientConfig, work: (restoring: Restoring) => Promise<T>): Promise<T> {
  const client = await connect(admin)
  try {
    await client.query('begin')
    await client.query('set local role trb_owner')
    await client.query('set local search_path to tributary, pg_temp')
    const tables = await listTables(client)
    const keys = await dropForeignKeys(client)
    for (const { name } of tables)
      await client.query(`alter table ${pg.escapeIdentifier(name)} no force row level security, disable trigger user`)
    // A migration may have put rows of its own in: the backup has them, as they were.
    await client.query(`truncate ${tables.map(({ name }) => pg.escapeIdentifier(name)).join(', ')}`)
    const result = await work(restoringOn(client, tables))
    await wakeSequences(client)
    for (const line of keys) await client.query(line)
    for (const { name } of tables)
      await client.query(`alter table ${pg.escapeIdentifier(name)} force row level security, enable trigger user`)
    await client.query('commit')
    await client.end()
    return result
  } catch (error) {
    // In the middle of a COPY the server would wait for more of it: a connection that is gone is rolled back at once.
    ;(client as unknown as { connection: { stream: { destroy(): void } } }).connection.stream.destroy()
    throw error
  }
}

function restoringOn(client: pg.Client, tables: BackupTable[]): Restoring {
  let stream: ReturnType<typeof copyFrom> | undefined
  let ended: Promise<unknown> = Promise.resolve()
  const into = () => {
    if (!stream) throw new Error('broken assumption: rows come inside of a table')
    return stream
  }
  return {
    tables,
    beginTable: ({ name, columns }) => {
      const list = columns.map((column) => pg.escapeIdentifier(column.name)).join(', ')
      stream = client.query(copyFrom(`copy ${pg.escapeIdentifier(name)} (${list}) from stdin (format binary)`))
      ended = once(stream, 'finish')
      ended.catch(() => undefined) // told where it is waited for
    },
    write: async (bytes) => {
      if (!into().write(bytes)) await Promise.race([once(into(), 'drain'), ended])
    },
    endTable: async () => {
      into().end()
      await ended
      return into().rowCount
    },
    findSentinel: async () => {
      const { rows } = await client.query<{ value: string }>(
        `select value from installation where name = 'sealed_sentinel'`,
      )
      return rows[0]?.value
    },
    forgetSealed: () => forgetSealed(client, new Set(tables.map(({ name }) => name))),
  }
}

/** `tables`: those of the backup's own schema, which may be an older one. */
async function forgetSealed(client: pg.Client, tables: ReadonlySet<string>): Promise<Forgotten> {
  const has = (table: string) => tables.has(table)
  const providers = async (statement: string) =>
    (await client.query<{ provider: string }>(statement)).rows.map(({ provider }) => provider).sort()
  // Phones push without a secret: they go on.
  const { rowCount } = await client.query(
    `update connections c set status = 'needs_reauth', updated_at = now()
     where status in ('pending', 'active', 'paused')
       and exists (select from connection_secrets s where s.user_id = c.user_id and s.connection_id = c.connection_id)`,
  )
  const apps = !has('provider_apps')
    ? []
    : await providers(
        `update provider_apps set sealed_secret = null, sealed_extra = null, updated_at = now()
         where sealed_secret is not null or sealed_extra is not null returning provider`,
      )
  // An address in the clear, from an older version, goes on: the next start seals it.
  const webhooks = !has('hook_secrets')
    ? []
    : await providers('delete from hook_secrets where secret is null returning provider')
  await client.query(`delete from installation where name = 'sealed_sentinel'`)
  for (const table of ['connection_secrets', 'data_keys', 'oauth_states', 'raw_payloads'])
    if (has(table)) await client.query(`delete from ${table}`)
  const notices = has('hook_notices') ? await client.query('delete from hook_notices where sealed is not null') : null
  return { connections: rowCount ?? 0, apps, webhooks, notices: notices?.rowCount ?? 0 }
}

/** Answers what makes them again. */
async function dropForeignKeys(client: pg.Client): Promise<string[]> {
  const { rows } = await client.query<{ drop: string; add: string }>(
    `select format('alter table %s drop constraint %I', conrelid::regclass, conname) as drop,
       format('alter table %s add constraint %I %s', conrelid::regclass, conname, pg_get_constraintdef(oid)) as add
     from pg_constraint where connamespace = 'tributary'::regnamespace and contype = 'f'
     order by conrelid::regclass::text, conname`,
  )
  for (const { drop } of rows) await client.query(drop)
  return rows.map(({ add }) => add)
}

/** Numbers that are given from here on come after those that were given. */
async function wakeSequences(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ line: string }>(
    `select format('select setval(%L, coalesce((select max(%I) from %s), 0) + 1, false)', pg_get_serial_sequence(attrelid::regclass::text, attname), attname, attrelid::regclass) as line
     from pg_attribute join pg_class c on c.oid = attrelid
     where c.relnamespace = 'tributary'::regnamespace and c.relkind = 'r' and attidentity <> ''`,
  )
  for (const { line } of rows) await client.query(line)
}
