/**
 * Limits on guessing passwords, by account and by address. A browser that signed in to the account before has a bucket of its own and
 * is held by nothing else: strangers can slow strangers down, never the owner at home (OWASP, "device cookies").
 * An attempt is counted before the password is looked at and taken back when it was right.
 */
import { createHmac, hkdfSync } from 'node:crypto'
import type { Clock } from '../platform/clock.ts'
import { type Database, nobody } from '../platform/db/database.ts'
import { networkOf } from '../platform/http/network.ts'
import { Problem } from '../platform/problem.ts'
import { clearAttempts, countAttempt, findBlockedUntil, takeBackAttempt, type Window } from './attempts.queries.ts'

const minute = 60_000
/** A day of guessing at one account is at most some 100 tries. */
const byAccount: Window = { free: 5, firstMs: 30_000, maxMs: 15 * minute, forgetMs: 24 * 60 * minute }
/** Wider, because a household or an office shares an address. */
const byAddress: Window = { free: 20, firstMs: 30_000, maxMs: 15 * minute, forgetMs: 60 * minute }
const byBrowser: Window = { free: 10, firstMs: 30_000, maxMs: 15 * minute, forgetMs: 60 * minute }
export const longestForgetMs = 24 * 60 * minute

export interface Attempt {
  address: string
  /** Absent where no account is guessed at (registering). */
  account?: string
  /** The known browser's own name, if this is one. */
  browser?: string | undefined
}

export interface Attempts {
  /** Throws `too_many_attempts` while a bucket is blocked. */
  count(attempt: Attempt): Promise<void>
  /** It was right: the account starts anew, the address gets its one attempt back. */
  succeeded(attempt: Attempt): Promise<void>
  /** The operator has made a new password: what strangers guessed before does not hold up its person. */
  forgive(account: string): Promise<void>
}

interface Bucket {
  hash: Buffer
  window: Window
  whole: boolean
}

export function createAttempts(db: Pick<Database, 'read' | 'write'>, secret: string, clock: Clock): Attempts {
  const key = Buffer.from(hkdfSync('sha256', secret, '', 'tributary sign-in attempts v1', 32))
  const bucket = (kind: string, name: string, window: Window, whole: boolean): Bucket => ({
    hash: createHmac('sha256', key).update(`${kind}\n${name}`).digest(),
    window,
    whole,
  })
  const accountBucket = (account: string) => bucket('account', account, byAccount, true)
  const bucketsOf = ({ account, address, browser }: Attempt): Bucket[] => {
    if (browser) return [bucket('browser', `${browser}\n${account}`, byBrowser, true)]
    const ofAddress = bucket('address', networkOf(address), byAddress, false)
    return account === undefined ? [ofAddress] : [ofAddress, accountBucket(account)]
  }

  return {
    count: async (attempt) => {
      const buckets = bucketsOf(attempt)
      const now = new Date(clock.now())
      const blocked = await db.write({ userId: nobody }, async (tx) => {
        for (const { hash, window } of buckets)
          if (!(await countAttempt(tx, hash, now, window))) return await findBlockedUntil(tx, hash)
        return undefined
      })
      if (blocked === undefined) return
      const waitMs = blocked ? blocked.getTime() - now.getTime() : 1_000
      const seconds = Math.max(1, Math.ceil(waitMs / 1_000))
      throw new Problem('too_many_attempts', `Wait ${seconds} s before the next attempt`, {
        retryAfterSeconds: seconds,
      })
    },
    succeeded: (attempt) =>
      db.write({ userId: nobody }, async (tx) => {
        for (const { hash, whole } of bucketsOf(attempt))
          await (whole ? clearAttempts(tx, hash) : takeBackAttempt(tx, hash))
      }),
    forgive: (account) => db.write({ userId: nobody }, (tx) => clearAttempts(tx, accountBucket(account).hash)),
  }
}
