import { ProviderError } from '../kit/errors.ts'

/** A person who has not accepted Polar's own terms gets 403: their token is good. Windows begin with the first call, and tell their end. */
export function fault(status: number, _body: unknown, headers: Headers): ProviderError | undefined {
  if (status === 403)
    return new ProviderError('scope', 'Polar waits for its terms to be accepted: sign in to Polar Flow once', {
      status,
    })
  if (status !== 429) return undefined
  const retryAfterMs = pause(headers)
  return new ProviderError('rate_limit', 'Polar’s limit of requests is used up', {
    status,
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  })
}

/** Pairs of "15 minutes, day": how much is used, of how much, and how many seconds are left. */
export function pause(headers: Headers): number | undefined {
  const [usage, limit, reset] = ['usage', 'limit', 'reset'].map((name) =>
    (headers.get(`ratelimit-${name}`) ?? '').split(',').map((text) => Number.parseInt(text, 10)),
  )
  const waits = [0, 1].flatMap((i) => {
    const isFull = (usage?.[i] ?? Number.NaN) >= (limit?.[i] ?? Number.NaN)
    return isFull ? [(reset?.[i] ?? 0) * 1_000] : []
  })
  return waits.length ? Math.max(...waits) : undefined
}
