import type pg from 'pg'
import type { Config } from './config.ts'
import type { Log } from './platform/log.ts'
import { startPostgres } from './platform/postgres/start.ts'

interface FoundDatabase {
  /** A connection that may make roles and schemas. */
  admin: pg.ClientConfig
  stop: () => Promise<void>
}

/** The operator's own PostgreSQL, or the one we bring: started, or shared with the server that started it. */
export async function findDatabase(config: Config, dataDir: string, log: Log): Promise<FoundDatabase> {
  if (config.DATABASE_URL) return { admin: { connectionString: config.DATABASE_URL }, stop: async () => undefined }
  const { host, port, user, password, stop } = await startPostgres({
    dataDir,
    log: ({ level, msg, ...more }) => log[level](more, msg),
  })
  return { admin: { host, port, user, password, database: 'postgres' }, stop }
}
