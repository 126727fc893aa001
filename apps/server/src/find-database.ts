import type pg from 'pg'
import type { Config } from './config.ts'
import type { Log } from './platform/log.ts'
import { type RunningPostgres, startPostgres } from './platform/postgres/start.ts'

interface FoundDatabase {
  /** A connection that may make roles and schemas. */
  admin: pg.ClientConfig
  stop: () => Promise<void>
}

/** The embedded database cannot be had here; the message says why and what to do. */
export class NoDatabaseError extends Error {
  override name = 'NoDatabaseError'
}

/** The operator's own PostgreSQL, or the one we bring: started, or shared with the server that started it. */
export async function findDatabase(config: Config, dataDir: string, log: Log): Promise<FoundDatabase> {
  if (config.DATABASE_URL) return { admin: { connectionString: config.DATABASE_URL }, stop: async () => undefined }
  const { host, port, user, password, stop } = await startEmbedded(dataDir, log)
  return { admin: { host, port, user, password, database: 'postgres' }, stop }
}

async function startEmbedded(dataDir: string, log: Log): Promise<RunningPostgres> {
  try {
    return await startPostgres({ dataDir, log: ({ level, msg, ...more }) => log[level](more, msg) })
  } catch (error) {
    // The runner throws plain errors with words for the operator; any other kind is a bug or the system's own.
    if (error instanceof Error && error.constructor === Error && !('code' in error))
      throw new NoDatabaseError(error.message, error.cause ? { cause: error.cause } : {})
    throw error
  }
}
