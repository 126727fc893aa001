/** What the routes about people share, made once at start. */
import type { Config } from '../config.ts'
import type { Clock } from '../platform/clock.ts'
import type { Database } from '../platform/db/database.ts'
import { everyHour } from '../platform/every-hour.ts'
import type { Authenticator } from '../platform/http/caller.ts'
import type { Log } from '../platform/log.ts'
import type { Secrets } from '../platform/secrets.ts'
import { type AccessTokens, createAccessTokens } from './access-token.ts'
import { type Attempts, createAttempts } from './attempts.ts'
import { createAuthenticator } from './authenticator.ts'
import { createKnownBrowsers, type KnownBrowsers } from './known-browser.ts'
import { createLastUsed } from './last-used.ts'
import { createPasswords, type Passwords } from './password/hash.ts'
import { createSetup, type Setup } from './setup.ts'
import { sweep } from './sweep.ts'

export interface Accounts {
  accessTokens: AccessTokens
  authenticator: Authenticator
  attempts: Attempts
  knownBrowsers: KnownBrowsers
  passwords: Passwords
  setup: Setup
  /** Waits for what is written after requests have been answered. */
  settle(): Promise<void>
  /** Ends what goes on after requests; before the database closes. */
  close(): Promise<void>
}

export interface AccountEdges {
  config: Config
  dataDir: string
  secrets: Secrets
  db: Database
  clock: Clock
  log: Log
}

export async function openAccounts({ dataDir, secrets, db, clock, log }: AccountEdges): Promise<Accounts> {
  const accessTokens = createAccessTokens(secrets.jwtKey, clock)
  const lastUsed = createLastUsed(db, clock, log)
  const stopSweeping = everyHour('forgetting old sign-in attempts and keys', () => sweep(db, clock), log)
  return {
    accessTokens,
    authenticator: createAuthenticator({ lookup: db.lookup, accessTokens, lastUsed, clock }),
    attempts: createAttempts(db, secrets.jwtKey, clock),
    knownBrowsers: createKnownBrowsers(secrets.jwtKey),
    passwords: createPasswords(),
    setup: await createSetup(dataDir, db.lookup),
    settle: lastUsed.settle,
    close: async () => {
      await stopSweeping()
      await lastUsed.settle()
    },
  }
}
