/** Limits that come as pairs of "15 minutes, day" in `RateLimit-Usage`, `-Limit` and `-Reset`: both APIs of Polar. */
import { ProviderError } from './errors.ts'

/** Milliseconds until the windows that are used up begin anew; undefined while none is. */
export function pauseOfPairs(headers: Headers): number | undefined {
  const [usage, limit, reset] = ['usage', 'limit', 'reset'].map((name) =>
    (headers.get(`ratelimit-${name}`) ?? '').split(',').map((text) => Number.parseInt(text, 10)),
  )
  const waits = [0, 1].flatMap((i) => {
    const isFull = (usage?.[i] ?? Number.NaN) >= (limit?.[i] ?? Number.NaN)
    return isFull ? [(reset?.[i] ?? 0) * 1_000] : []
  })
  return waits.length ? Math.max(...waits) : undefined
}

/** What a 429 means there; undefined for anything else. */
export function faultOfPairs(name: string, status: number, headers: Headers): ProviderError | undefined {
  if (status !== 429) return undefined
  const retryAfterMs = pauseOfPairs(headers)
  return new ProviderError('rate_limit', `${name}’s limit of requests is used up`, {
    status,
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  })
}
