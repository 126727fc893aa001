/** Roles of the database that may log in and read the views. The table says whose rows each of them sees (migration 0016). */
import pg from 'pg'

export interface ViewLogin {
  login: string
  /** Null: everybody's rows. */
  email: string | null
  created_at: Date
}

/** `reads`: whose rows; null for everybody's. */
export async function makeLogin(
  admin: pg.ClientConfig,
  { login, password, reads }: { login: string; password: string; reads: string | null },
): Promise<void> {
  const role = pg.escapeIdentifier(login)
  await inTransaction(admin, async (client) => {
    await client.query(
      `create role ${role} login nosuperuser nocreatedb nocreaterole nobypassrls connection limit 10 password ${pg.escapeLiteral(password)}`,
    )
    await client.query(`grant ${reads === null ? 'trb_reader_all' : 'trb_reader'} to ${role}`)
    await client.query(`alter role ${role} set default_transaction_read_only = on`)
    await client.query('set local role trb_owner')
    await client.query('insert into tributary.view_logins (login, reads) values ($1, $2)', [login, reads])
  })
}

/** Those of this database, oldest first. */
export function listLogins(admin: pg.ClientConfig): Promise<ViewLogin[]> {
  return inTransaction(admin, async (client) => {
    await client.query('set local role trb_owner')
    const { rows } = await client.query<ViewLogin>(
      `select l.login, u.email, l.created_at
       from tributary.view_logins l
       left join tributary.users u on u.user_id = l.reads
       order by l.created_at, l.login`,
    )
    return rows
  })
}

/** Whose rows it saw; undefined when there is no such login. From here on it sees nothing, connected or not. */
export function endLogin(admin: pg.ClientConfig, login: string): Promise<{ reads: string | null } | undefined> {
  return inTransaction(admin, async (client) => {
    await client.query('set local role trb_owner')
    const { rows } = await client.query<{ reads: string | null }>(
      'delete from tributary.view_logins where login = $1 returning reads',
      [login],
    )
    await client.query('reset role')
    if (rows[0]) await client.query(`drop role if exists ${pg.escapeIdentifier(login)}`)
    return rows[0]
  })
}

async function inTransaction<T>(admin: pg.ClientConfig, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ ...admin, application_name: 'tributary-views' })
  client.on('error', () => undefined) // a connection that is lost: the next statement says so
  await client.connect()
  try {
    await client.query('begin')
    const result = await work(client)
    await client.query('commit')
    return result
  } finally {
    await client.end() // what was not committed is rolled back
  }
}
