/**
 * Forward-only migrations: plain SQL files, each in a transaction of its own, run once and in order by trb_owner.
 * A session lock lets one process migrate while others wait; what was interrupted rolls back and runs again.
 */
import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import pg from 'pg'
import { writeProviders } from './providers.ts'
import { makeRoles } from './roles.ts'
import { statementsOf } from './statements.ts'

const folder = new URL('./migrations/', import.meta.url)
/** Hold views in the shapes of the documents; one that is there already stays whose it is. */
const viewSchemas = ['doc1', 'doc2', 'doc4', 'device_data']
const lockKey = 7_240_118 // any number, the same in every process of every version

export interface Migration {
  name: string
  source: string
  checksum: string
}

export interface MigrateOptions {
  /** A connection that may make roles and schemas. */
  admin: pg.ClientConfig
  roleSecret: string
  /** Told before each statement; the fault tests interrupt here. */
  onStatement?: (migration: string, statement: number) => void | Promise<void>
  migrations?: readonly Migration[]
}

export class MigrationError extends Error {
  override name = 'MigrationError'
}

export async function loadMigrations(): Promise<Migration[]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.sql')).sort()
  return Promise.all(
    names.map(async (name) => {
      const source = await readFile(new URL(name, folder), 'utf8')
      return { name, source, checksum: createHash('sha256').update(source).digest('hex') }
    }),
  )
}

/** Brings the database to the newest schema and says which migrations ran. Safe to call twice, and from two processes at once. */
export async function migrate(options: MigrateOptions): Promise<string[]> {
  const admin = new pg.Client({ ...options.admin, application_name: 'tributary-migrate' })
  admin.on('error', () => undefined) // a connection that is lost between two statements: the next one says so
  await admin.connect()
  try {
    await admin.query(`select pg_advisory_lock(${lockKey})`)
    await makeRoles(admin, options.roleSecret)
    await prepare(admin)
    const pending = await pendingOf(admin, options.migrations ?? (await loadMigrations()))
    for (const migration of pending) await apply(admin, migration, options.onStatement)
    if (!options.migrations) await writeProviders(admin)
    return pending.map((migration) => migration.name)
  } finally {
    await admin.end() // also lets go of the lock
  }
}

async function prepare(admin: pg.Client): Promise<void> {
  await admin.query('grant trb_owner to current_user').catch(ignoreOwnGrant)
  await admin.query('create schema if not exists tributary authorization trb_owner')
  for (const name of viewSchemas) await admin.query(`create schema if not exists ${name} authorization trb_owner`)
  await admin.query('set role trb_owner')
  await admin.query('set search_path to tributary')
  await admin.query('grant usage on schema tributary to trb_app, trb_writer, trb_lookup, trb_audit')
  await admin.query(`create table if not exists migrations (
    name text primary key,
    checksum text not null,
    applied_at timestamptz not null default now()
  )`)
}

/** A superuser need not, and before PostgreSQL 16 cannot, be granted what it has. */
function ignoreOwnGrant(error: { code?: string }): void {
  if (error.code !== '0LP01') throw error
}

async function pendingOf(admin: pg.Client, all: readonly Migration[]): Promise<Migration[]> {
  const { rows } = await admin.query<{ name: string; checksum: string }>('select name, checksum from migrations')
  const applied = new Map(rows.map((row) => [row.name, row.checksum]))
  const known = new Set(all.map((migration) => migration.name))
  const newer = rows.find((row) => !known.has(row.name))
  if (newer)
    throw new MigrationError(
      `the database has ${newer.name}, which this version does not know: start the newer version`,
    )
  for (const migration of all) {
    const checksum = applied.get(migration.name)
    if (checksum && checksum !== migration.checksum)
      throw new MigrationError(
        `${migration.name} was changed after it ran: start the version that made this database, or one whose migrations are as released`,
      )
  }
  return all.filter((migration) => !applied.has(migration.name))
}

async function apply(
  admin: pg.Client,
  migration: Migration,
  onStatement?: MigrateOptions['onStatement'],
): Promise<void> {
  const statements = statementsOf(migration.source)
  // `create index concurrently` cannot run inside a transaction; such a migration holds only statements that are safe to repeat.
  const transactional = !statements.some((statement) => /\bconcurrently\b/i.test(statement))
  if (transactional) await admin.query('begin')
  try {
    for (const [at, statement] of statements.entries()) {
      await onStatement?.(migration.name, at)
      await admin.query(statement)
    }
    await onStatement?.(migration.name, statements.length)
    await admin.query('insert into migrations (name, checksum) values ($1, $2)', [migration.name, migration.checksum])
    if (transactional) await admin.query('commit')
  } catch (error) {
    if (transactional) await admin.query('rollback').catch(() => undefined) // a lost connection has rolled back already
    throw new MigrationError(`${migration.name} failed`, { cause: error })
  }
}
