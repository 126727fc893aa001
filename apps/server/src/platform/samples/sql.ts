/** How the store speaks to PostgreSQL: prepared statements, arrays in, rows of text out. */

/** What of a `pg` pool, client or transaction the store needs. */
export interface Querier {
  query(config: QueryConfig): Promise<{ rows: unknown[] }>
}

export interface Client extends Querier {
  query(config: QueryConfig | string): Promise<{ rows: unknown[] }>
  /** The socket, which `pg` shows without naming it in its types. */
  connection?: { stream: { cork(): void; uncork(): void } }
  /** With an error the connection is closed instead of kept. */
  release(error?: Error | boolean): void
}

export interface Pool {
  connect(): Promise<Client>
}

interface QueryConfig {
  name: string
  text: string
  values: unknown[]
  rowMode: 'array'
  types: { getTypeParser(): (text: string) => string }
}

/** Prepared once a connection under its name; planned at each use when that is empty. */
export interface Statement {
  name: string
  text: string
}

export type Row = (string | null)[]

/** The pools' own parsers make Dates and numbers that nobody here wants. */
const asText = { getTypeParser: () => (text: string) => text }

export async function ask(client: Querier, { name, text }: Statement, values: unknown[]): Promise<Row[]> {
  const { rows } = await client.query({ name, text, values, rowMode: 'array', types: asText })
  return rows as Row[]
}

/**
 * What `work` sends before it first waits leaves in one piece. Each statement of its own costs a system call and wakes the
 * database once more: a quarter of the server's work when 60-point requests came in at full speed.
 */
export function inOnePiece<T>(client: Client, work: () => T): T {
  const socket = client.connection?.stream
  socket?.cork()
  try {
    return work()
  } finally {
    socket?.uncork()
  }
}

/** A bytea as the text protocol spells it: \x and hex digits. */
export const bytesOf = (text: string): Buffer => Buffer.from(text.slice(2), 'hex')

/** Lends a connection of the pool. One on which something failed is closed rather than given back in an unknown state. */
export async function withClient<T>(pool: Pool, work: (client: Client) => Promise<T>): Promise<T> {
  const client = await pool.connect()
  let failure: Error | undefined
  try {
    return await work(client)
  } catch (error) {
    failure = error as Error
    throw error
  } finally {
    client.release(failure)
  }
}

/**
 * Nobody's statistics know a table that fills by millions of points a minute: what was planned while it was empty would go
 * on scanning it whole. The statements of these transactions are look-ups by key, so the planner need not choose.
 */
export const byKeyOnly = [
  'set local enable_seqscan = off',
  'set local enable_hashjoin = off',
  'set local enable_mergejoin = off',
  'set local plan_cache_mode = force_generic_plan', // one plan a connection, whatever the number of rows
].join('; ')

/** A writer's transaction: its work is committed, or, since a failure closes the connection, nothing is. */
export async function transact<T>(pool: Pool, work: (client: Client) => Promise<T>, settings = ''): Promise<T> {
  return withClient(pool, async (client) => {
    await client.query(`begin; ${byKeyOnly}${settings && `; ${settings}`}`)
    const result = await work(client)
    await client.query('commit')
    return result
  })
}
