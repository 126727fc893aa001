/** Remembers when a sign-in or key was last used: at most once a minute each, and after the request, not during it. */
import type { Clock } from '../platform/clock.ts'
import type { Database } from '../platform/db/database.ts'
import type { Log } from '../platform/log.ts'
import { touchApiKey } from './api-keys.queries.ts'
import { touchSignIn } from './sign-ins.queries.ts'

const everyMs = 60_000
const maxRemembered = 100_000

export interface LastUsed {
  /** `knownMs` is what the database says already. */
  touch(kind: 'sign_ins' | 'api_keys', userId: string, id: string, knownMs?: number): void
  /** Waits for what is under way; called before the database closes. */
  settle(): Promise<void>
}

export function createLastUsed(db: Pick<Database, 'write'>, clock: Clock, log: Log): LastUsed {
  const touchedAt = new Map<string, number>()
  const underWay = new Set<Promise<void>>()
  return {
    touch: (kind, userId, id, knownMs = 0) => {
      const now = clock.now()
      if (now - Math.max(knownMs, touchedAt.get(id) ?? 0) < everyMs) return
      if (touchedAt.size >= maxRemembered) touchedAt.clear() // costs a write each, once
      touchedAt.set(id, now)
      const write = kind === 'sign_ins' ? touchSignIn : touchApiKey
      const written = db
        .write({ userId }, (tx) => write(tx, userId, id, new Date(now)))
        .catch((error: unknown) => log.warn({ err: error }, 'when a sign-in was last used could not be written'))
        .finally(() => underWay.delete(written))
      underWay.add(written)
    },
    settle: async () => {
      await Promise.all(underWay)
    },
  }
}
