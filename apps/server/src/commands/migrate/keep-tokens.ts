/** Tokens of a connection that was moved, sealed as those of a sign-in here, with the lists of its provider. */
import { findProvider } from '@tributary/providers'
import { addFeeds } from '../../connect/connections.queries.ts'
import { createVault } from '../../connect/vault.ts'
import type { Database } from '../../platform/db/database.ts'
import type { Sealing } from '../../platform/sealing.ts'
import type { KeepTokens } from './move.ts'

/** As long before its end as after a sign-in here. */
const marginMs = 120_000

export function keepTokensWith(db: Database, sealing: Sealing): KeepTokens {
  const vault = createVault(db, sealing)
  return async (of, { accessToken, refreshToken, expiresAt }) => {
    const ends = expiresAt ? { expiresAt: expiresAt.getTime(), renewAt: expiresAt.getTime() - marginMs } : {}
    const tokens = { accessToken, ...(refreshToken ? { refreshToken } : {}), ...ends }
    await db.write({ userId: of.userId }, async (tx) => {
      await vault.seal(tx, of, 'tokens', tokens)
      await addFeeds(tx, of.userId, of.connectionId, Object.keys(findProvider(of.provider)?.feeds ?? {}))
    })
  }
}
