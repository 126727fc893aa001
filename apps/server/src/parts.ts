import type { Config } from './config.ts'
import type { Clock } from './platform/clock.ts'
import type { Database } from './platform/db/database.ts'
import type { Authenticate } from './platform/http/caller.ts'
import type { Log } from './platform/log.ts'
import type { Secrets } from './platform/secrets.ts'

/** What handlers and jobs are given: the edges of the program, made once at start. */
export interface Parts {
  config: Config
  dataDir: string
  secrets: Secrets
  db: Database
  authenticate: Authenticate
  clock: Clock
  log: Log
}
