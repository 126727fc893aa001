import pg from 'pg'

export interface DatabaseLook {
  version: string
  versionNumber: number
  mayMakeRoles: boolean
  /** Seconds that the database's clock is ahead of ours. */
  clockAheadSeconds: number
  /** Undefined where the schema was never made. */
  migrations: string[] | undefined
}

/** What can be seen of a database without changing anything. Throws when it cannot be reached. */
export async function lookAtDatabase(config: pg.ClientConfig): Promise<DatabaseLook> {
  const client = new pg.Client({ ...config, connectionTimeoutMillis: 5_000, query_timeout: 5_000 })
  client.on('error', () => undefined) // a connection that is lost between two questions: the next one says so
  await client.connect()
  try {
    const { rows } = await client.query<{ version: string; number: number; may: boolean; now: number; made: boolean }>(`
      select
        current_setting('server_version') as version,
        current_setting('server_version_num')::int as number,
        extract(epoch from clock_timestamp())::float8 as now,
        to_regclass('tributary.migrations') is not null as made,
        (select rolcreaterole or rolsuper from pg_roles where rolname = current_user) as may`)
    const [row] = rows
    if (!row) throw new Error('the database did not answer')
    return {
      version: row.version,
      versionNumber: row.number,
      mayMakeRoles: row.may,
      clockAheadSeconds: row.now - Date.now() / 1_000,
      migrations: row.made ? await readMigrations(client) : undefined,
    }
  } finally {
    await client.end()
  }
}

async function readMigrations(client: pg.Client): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>('select name from tributary.migrations order by name')
  return rows.map(({ name }) => name)
}
