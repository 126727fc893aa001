import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type pg from 'pg'
import type { Config } from '../../config.ts'
import { loadMigrations } from '../../platform/db/migrate.ts'
import { recordedHome } from '../../platform/postgres/home.ts'
import { readPassword } from '../../platform/postgres/password.ts'
import { readPostmasterFile } from '../../platform/postgres/postmaster-file.ts'
import { isAlive } from '../../platform/postgres/processes.ts'
import { type Finding, fail, ok, warn } from './finding.ts'
import { type DatabaseLook, lookAtDatabase } from './look-at-database.queries.ts'

/** PostgreSQL 15 is the oldest that the schema is written for (security_invoker views). */
const oldestServer = 150_000
const clockToleranceSeconds = 5

/** Looks and changes nothing: an embedded database that is not running is not started for it. */
export async function checkDatabase(config: Config, dataDir: string): Promise<Finding[]> {
  return config.DATABASE_URL ? checkOwn(config.DATABASE_URL) : checkEmbedded(dataDir)
}

async function checkOwn(url: string): Promise<Finding[]> {
  try {
    const look = await lookAtDatabase({ connectionString: url })
    return [checkServer(look), await checkSchema(look), ...checkClocks(look)]
  } catch (error) {
    return [fail('database', `DATABASE_URL cannot be reached (${reasonOf(error)})`, 'start it, or correct the URL')]
  }
}

async function checkEmbedded(dataDir: string): Promise<Finding[]> {
  try {
    const { cluster } = recordedHome(dataDir)
    if (!existsSync(join(cluster, 'PG_VERSION'))) return [ok('database', 'embedded; the first start makes it')]
    const postmaster = readPostmasterFile(cluster)
    if (!postmaster) return [ok('database', `embedded in ${cluster}, stopped cleanly`)]
    if (!isAlive(postmaster.pid))
      return [warn('database', 'embedded; it was killed', 'nothing to do: the next start repairs it from its journal')]
    const admin: pg.ClientConfig = { ...postmaster.endpoint, user: 'postgres', database: 'postgres' }
    const look = await lookAtDatabase({ ...admin, password: readPassword(dataDir) })
    return [ok('database', `embedded PostgreSQL ${look.version} runs in ${cluster}`), await checkSchema(look)]
  } catch (error) {
    return [fail('database', `embedded: ${reasonOf(error)}`, 'run this as the user that starts the server')]
  }
}

function checkServer({ version, versionNumber, mayMakeRoles }: DatabaseLook): Finding {
  if (versionNumber < oldestServer) return fail('database', `PostgreSQL ${version} is too old`, 'use 15 or newer')
  if (!mayMakeRoles)
    return fail('database', 'the user of DATABASE_URL may not make roles', 'alter role <user> createrole')
  return ok('database', `PostgreSQL ${version} answers`)
}

async function checkSchema({ migrations }: DatabaseLook): Promise<Finding> {
  const known = (await loadMigrations()).map(({ name }) => name)
  if (!migrations) return ok('schema', 'the first start makes it')
  const newer = migrations.find((name) => !known.includes(name))
  if (newer) return fail('schema', `${newer} is not known to this version`, 'start the newer version again')
  const missing = known.filter((name) => !migrations.includes(name))
  if (missing.length) return warn('schema', `${missing.length} migrations to run`, 'the next start runs them')
  return ok('schema', `up to date (${known.at(-1)})`)
}

function checkClocks({ clockAheadSeconds }: DatabaseLook): Finding[] {
  if (Math.abs(clockAheadSeconds) <= clockToleranceSeconds) return []
  const side = clockAheadSeconds > 0 ? 'ahead of' : 'behind'
  const says = `the database's clock is ${Math.abs(Math.round(clockAheadSeconds))} s ${side} ours`
  return [warn('clocks', says, 'set both by NTP')]
}

const reasonOf = (error: unknown) => (error instanceof Error ? error.message || String(error) : String(error))
