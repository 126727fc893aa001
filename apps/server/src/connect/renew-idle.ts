/**
 * Keeps sign-ins alive that nobody uses: where a provider posts all there is (Garmin), no call would ever renew them, and after some
 * months unused a refresh token is dead. One after the other, each through the same lease as every renewal; broken off anywhere, the
 * next look finds what is left.
 */
import { providers } from '@tributary/providers'
import { ProviderError } from '@tributary/providers/kit'
import type { Clock } from '../platform/clock.ts'
import type { Database } from '../platform/db/database.ts'
import type { Log } from '../platform/log.ts'
import type { Renew } from './renew-tokens.ts'
import { type IdleTokens, listIdleTokens } from './secrets.queries.ts'

export interface RenewIdleEdges {
  db: Database
  renew: Renew
  clock: Clock
  log: Log
}

/** Whose refresh tokens are known to end when they are not used. */
const endIdle = providers.flatMap(({ id, auth }) =>
  auth.kind === 'oauth2' && auth.refreshSeconds !== undefined ? [id] : [],
)

export async function renewIdle(edges: RenewIdleEdges, signal: AbortSignal): Promise<void> {
  const { db, clock } = edges
  for (const idle of await db.asWriter((tx) => listIdleTokens(tx, endIdle, new Date(clock.now())))) {
    if (signal.aborted) return
    await attempt(edges, idle)
  }
}

/** What fails is tried again with the next look: a third of its life is left. */
async function attempt({ renew, log }: RenewIdleEdges, { userId, connectionId, version }: IdleTokens): Promise<void> {
  try {
    await renew({ userId, connectionId }, version)
  } catch (error) {
    const said = { err: error, connection: connectionId }
    if (error instanceof ProviderError) log.warn(said, 'a sign-in that lies idle could not be renewed')
    else log.error(said, 'a sign-in that lies idle could not be renewed, for a reason that is ours')
  }
}
