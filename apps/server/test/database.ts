/** A database of a test's own. Apart from the kit, so that tests of the platform do not load the whole program. */
import { randomBytes } from 'node:crypto'
import pg from 'pg'
import { inject } from 'vitest'
import { type Database, openDatabase } from '../src/platform/db/database.ts'
import { embeddedAdmin } from './embedded-admin.ts'
import { template } from './global-setup.ts'

export interface FreshDatabase {
  name: string
  /** A superuser's connection, for looking behind the curtain. */
  admin: pg.ClientConfig
  url: string
  roleSecret: string
  open(): Database
  drop(): Promise<void>
}

/** A database of its own, copied from the migrated template. */
export async function freshDatabase({ from = template }: { from?: string } = {}): Promise<FreshDatabase> {
  const { host, port, user, password, roleSecret } = inject('cluster')
  const name = `t_${randomBytes(6).toString('hex')}`
  await asAdmin({ host, port, user, password, database: 'postgres' }, (client) =>
    client.query(`create database ${name} template ${from}`),
  )
  const admin = { host, port, user, password, database: name }
  return {
    name,
    admin,
    url: `postgresql://${user}:${encodeURIComponent(password)}@localhost:${port}/${name}?host=${encodeURIComponent(host)}`,
    roleSecret,
    open: () => openDatabase({ address: { host, port, database: name }, roleSecret, onError: () => undefined }),
    drop: () =>
      asAdmin(
        { ...admin, database: 'postgres' },
        async (client) => void (await client.query(`drop database if exists ${name} with (force)`)),
      ),
  }
}

/** The one that a server keeps beside its data. It goes with the server. */
export async function embeddedDatabase(dataDir: string, roleSecret: string): Promise<FreshDatabase> {
  const admin = await embeddedAdmin(dataDir)
  const { host = '', port = 0, database = '' } = admin
  return {
    name: database,
    admin,
    url: '',
    roleSecret,
    open: () => openDatabase({ address: { host, port, database }, roleSecret, onError: () => undefined }),
    drop: async () => undefined,
  }
}

export async function asAdmin<T>(config: pg.ClientConfig, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client(config)
  client.on('error', () => undefined) // its database was dropped while it said goodbye; a query that fails says so itself
  await client.connect()
  try {
    return await work(client)
  } finally {
    await client.end()
  }
}
