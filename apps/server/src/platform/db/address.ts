import pg from 'pg'

/** Where a database is, without who logs in: the roles log in as themselves. */
export function addressOf(admin: pg.ClientConfig): pg.ClientConfig {
  const { host, port, database, ssl } = new pg.Client(admin)
  return { host, port, ...(database ? { database } : {}), ...(ssl ? { ssl } : {}) }
}
