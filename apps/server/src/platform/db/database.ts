/**
 * The door to PostgreSQL. A request works inside `read` or `write`, which open one transaction for one person:
 * row-level security then shows that person's rows and nobody else's, whatever the query forgets.
 * Query functions ask for a `Read` or a `Write`, so a signature says whether it can change anything.
 */
import { Kysely, PostgresDialect, sql } from 'kysely'
import pg from 'pg'
import { type LoginRole, rolePassword } from './roles.ts'
import type { Tables } from './tables.generated.ts'
import './types.ts'

declare const readable: unique symbol
declare const writable: unique symbol
export type Read = Kysely<Tables> & { readonly [readable]: true }
export type Write = Read & { readonly [writable]: true }

/** Whose data is touched and who asks. They differ only under a grant, which the policies check again. */
export interface Subject {
  userId: string
  actorId?: string
}

/** The subject of what happens before anyone is signed in: its rows are no person's. */
export const nobody = '00000000-0000-0000-0000-000000000000'

export interface DatabaseOptions {
  /** Where the database is, without user and password. */
  address: pg.ClientConfig
  roleSecret: string
  maxConnections?: number
  /** How long a statement waits for another transaction; ten seconds when absent. */
  lockTimeoutMs?: number
  onError: (error: Error) => void
}

export interface Database {
  read<T>(subject: Subject, work: (tx: Read) => Promise<T>): Promise<T>
  write<T>(subject: Subject, work: (tx: Write) => Promise<T>): Promise<T>
  /** As `read`, on the bare connection: for the sample store, whose statements are prepared and answer columns. */
  readOn<T>(subject: Subject, work: (client: pg.PoolClient) => Promise<T>): Promise<T>
  /** As `write`, on the bare connection. What fails closes it, and with it the transaction. */
  writeOn<T>(subject: Subject, work: (client: pg.PoolClient) => Promise<T>): Promise<T>
  /** For the functions that find a person before one is known; no table answers here. */
  lookup: Read
  /** Work for everybody, in a transaction of trb_writer: importer, compactor, relays. Never in a request. */
  asWriter<T>(work: (tx: Write) => Promise<T>): Promise<T>
  /** The sample store's own pool of trb_writer. */
  writerPool: pg.Pool
  /** Of trb_writer, for COPY: its bytes are read off a connection that nobody else has sent anything on. */
  copyPool: pg.Pool
  /** True when the database answers within two seconds. */
  ping(): Promise<boolean>
  close(): Promise<void>
}

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/

export function openDatabase(options: DatabaseOptions): Database {
  const appPool = openPool(options, 'trb_app', options.maxConnections ?? 16)
  const writerPool = openPool(options, 'trb_writer', 6)
  const copyPool = openPool(options, 'trb_writer', 2, { pipeline: false })
  const app = new Kysely<Tables>({ dialect: new PostgresDialect({ pool: appPool }) })
  const writer = new Kysely<Tables>({ dialect: new PostgresDialect({ pool: writerPool }) })
  return {
    read: (subject, work) => inTransaction(app, `begin read only; ${identify(subject)}`, (tx) => work(tx as Read)),
    write: (subject, work) => inTransaction(app, `begin; ${identify(subject)}`, (tx) => work(tx as Write)),
    readOn: (subject, work) => onConnection(appPool, `begin read only; ${identify(subject)}`, work),
    writeOn: (subject, work) =>
      onConnection(appPool, `begin; ${identify(subject)}`, async (client) => {
        const result = await work(client)
        await client.query('commit')
        return result
      }),
    lookup: app as Read,
    asWriter: (work) => inTransaction(writer, 'begin', (tx) => work(tx as Write)),
    writerPool,
    copyPool,
    ping: () => answers(appPool),
    close: async () => {
      const pools = [appPool, writerPool, copyPool]
      const gone = pools.map(connectionsGone)
      await Promise.all([app.destroy(), writer.destroy()])
      // Kysely ends a pool only if it has asked something of it; a command may have used the bare one alone.
      await Promise.all(pools.filter((pool) => !pool.ending).map((pool) => pool.end()))
      await Promise.all(gone)
    },
  }
}

/** Connections pipeline: a flush sends its writes, and a read its `begin`, without waiting for each. */
function openPool(options: DatabaseOptions, role: LoginRole, max: number, { pipeline = true } = {}): pg.Pool {
  const pool = new pg.Pool({
    ...options.address,
    user: role,
    password: rolePassword(options.roleSecret, role),
    application_name: `tributary-${role}`,
    options: `-c search_path=tributary -c statement_timeout=60000 -c lock_timeout=${options.lockTimeoutMs ?? 10_000} -c idle_in_transaction_session_timeout=60000`,
    max,
    idleTimeoutMillis: 10_000,
    connectionTimeoutMillis: 10_000,
    pipeline,
  })
  // Without a listener a connection that is lost while in use would end the process; its query fails by itself.
  pool.on('connect', (client) => client.on('error', options.onError))
  pool.on('error', options.onError) // an idle connection died: the pool has dropped it
  return pool
}

/**
 * Changes in the middle of a transaction whose rows it may touch. For the few effects that are one and concern two:
 * an invite is somebody else's, the Idempotency-Key of a person who is not signed in yet is nobody's.
 */
export async function become(tx: Write, subject: Subject): Promise<void> {
  await sql.raw(identify(subject)).execute(tx)
}

/** `set local` takes no parameters, so ids are checked and written as literals. */
function identify({ userId, actorId = userId }: Subject): string {
  if (!uuid.test(userId) || !uuid.test(actorId)) throw new TypeError('a subject must be a UUID')
  return `set local app.subject = '${userId}'; set local app.actor = '${actorId}'`
}

async function inTransaction<T>(
  db: Kysely<Tables>,
  begin: string,
  work: (tx: Kysely<Tables>) => Promise<T>,
): Promise<T> {
  return db.connection().execute(async (connection) => {
    await sql.raw(begin).execute(connection)
    try {
      const result = await work(connection)
      await sql.raw('commit').execute(connection)
      return result
    } catch (error) {
      await sql
        .raw('rollback')
        .execute(connection)
        .catch(() => undefined) // a lost connection has rolled back already
      throw error
    }
  })
}

/**
 * A transaction in as few round trips as its statements need: `begin` travels with the first, and nobody waits for `commit`,
 * which after reading has nothing left to say. What the next borrower sends stands in line behind it.
 */
async function onConnection<T>(pool: pg.Pool, begin: string, work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect()
  try {
    const [, result] = await Promise.all([client.query(begin), work(client)])
    if (begin.startsWith('begin read only')) client.query('commit').catch(() => undefined) // the connection was lost: the pool hears of it too
    client.release()
    return result
  } catch (error) {
    client.release(true) // a statement may still be under way: a new connection is cheaper than knowing
    throw error
  }
}

/** An ended pool has asked its connections to close; the database must not stop before they have, or it complains. */
function connectionsGone(pool: pg.Pool): Promise<void> {
  let left = pool.totalCount
  const { promise, resolve } = Promise.withResolvers<void>()
  if (!left) resolve()
  pool.on('remove', () => void (--left > 0 || resolve()))
  setTimeout(resolve, 1_000).unref() // one that hangs is not waited for
  return promise
}

async function answers(pool: pg.Pool): Promise<boolean> {
  const late = new Promise<false>((resolve) => setTimeout(resolve, 2_000, false).unref())
  const asked = pool.query('select 1').then(
    () => true,
    () => false, // why does not matter to /health; the pool's error event is logged
  )
  return Promise.race([asked, late])
}
