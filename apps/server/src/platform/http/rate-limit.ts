/**
 * Requests a second per caller; per address where nobody is signed in. A bucket holds one second's worth and fills steadily.
 * In memory and per process: it shields the process, it is no quota. Not a plugin, because a refused token must count against its address
 * before anybody is known, and a bucket that fills steadily has no window whose edge lets twice as much through.
 * Headers: draft-ietf-httpapi-ratelimit-headers-10; `RateLimit` itself only once less than half is left, since each header costs the upload path 3 µs.
 */
import type { Clock } from '../clock.ts'
import { Problem } from '../problem.ts'
import type { Asked, HeaderTaker } from './asked.ts'
import { networkOf } from './network.ts'

interface Bucket {
  left: number
  atMs: number
}

type Asking = Pick<Asked, 'ip' | 'caller'>

export interface RateLimit {
  /** Takes one of the caller's, or of the address'; throws 429 when there is none left. */
  take(request: Asking, reply: HeaderTaker): void
  /** Throws 429 when so many tokens from this address were refused that no further unknown one is looked up. */
  assertRoom(request: Asking): void
  /** A token was refused. Counted apart, so that visitors who are not signed in cannot use up what an address has. */
  charge(request: Asking): void
  /** How many callers it remembers at this moment. */
  size(): number
}

const maxBuckets = 50_000

export function createRateLimit(perSecond: number, clock: Clock): RateLimit {
  const buckets = new Map<string, Bucket>()
  const half = perSecond / 2
  const policy = `"caller";q=${perSecond};w=1`

  function bucketOf(key: string): Bucket {
    const atMs = clock.now()
    const found = buckets.get(key)
    if (found) {
      found.left = Math.min(perSecond, found.left + (Math.max(0, atMs - found.atMs) * perSecond) / 1_000)
      found.atMs = atMs
      return found
    }
    if (buckets.size >= maxBuckets) dropFull(buckets, atMs)
    const made = { left: perSecond, atMs }
    buckets.set(key, made)
    return made
  }

  function assertLeft(bucket: Bucket): void {
    if (bucket.left >= 1) return
    throw new Problem('too_many_requests', `At most ${perSecond} requests a second`, { retryAfterSeconds: 1 })
  }

  return {
    take: (request, reply) => {
      const bucket = bucketOf(request.caller?.actor ?? networkOf(request.ip))
      reply.header('ratelimit-policy', policy)
      if (bucket.left < half) reply.header('ratelimit', `"caller";r=${Math.max(0, Math.floor(bucket.left - 1))};t=1`)
      assertLeft(bucket)
      bucket.left--
    },
    assertRoom: (request) => assertLeft(bucketOf(refusedOf(request))),
    charge: (request) => {
      const bucket = bucketOf(refusedOf(request))
      bucket.left = Math.max(0, bucket.left - 1)
    },
    size: () => buckets.size,
  }
}

const refusedOf = (request: Asking) => `refused ${networkOf(request.ip)}`

/** Whoever has been silent for a second has a full bucket, which is what a new one would be. */
function dropFull(buckets: Map<string, Bucket>, nowMs: number): void {
  for (const [key, { atMs }] of buckets) if (nowMs - atMs >= 1_000) buckets.delete(key)
  if (buckets.size >= maxBuckets) buckets.clear()
}
