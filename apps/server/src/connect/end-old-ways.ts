/**
 * From the day that a provider ends a way in, connections that were made by it ask for the usual one, and say why. Where a provider
 * only sends (Garmin) no call would ever fail, and data would stay away without a word.
 */
import { providers } from '@tributary/providers'
import type { Clock } from '../platform/clock.ts'
import type { Database } from '../platform/db/database.ts'
import { needSignIn } from '../platform/need-sign-in.queries.ts'
import { listSignedInBy } from './connections.queries.ts'
import { endingWay, hasEnded } from './ways-in.ts'

export async function endOldWays({ db, clock }: { db: Database; clock: Clock }): Promise<void> {
  for (const provider of providers)
    for (const { auth } of provider.otherAuth ?? []) {
      const way = endingWay(provider, auth.kind)
      if (!way || !hasEnded(way, clock.now())) continue
      const why = { code: 'sign_in_replaced', message: way.words.en }
      const held = await db.asWriter((tx) => listSignedInBy(tx, provider.id, auth.kind))
      for (const ref of held) await db.write({ userId: ref.userId }, (tx) => needSignIn(tx, { ...ref, ...why }))
    }
}
