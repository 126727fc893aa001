import { ProviderError } from '../kit/errors.ts'

/** No `Retry-After`: the reset, in seconds, says when to come back. */
export function fault(status: number, _body: unknown, headers: Headers): ProviderError | undefined {
  if (status !== 429) return undefined
  const retryAfterMs = resetMs(headers)
  return new ProviderError('rate_limit', 'WHOOP’s limit of requests is used up', {
    status,
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  })
}

export const pause = (headers: Headers): number | undefined =>
  headers.get('x-ratelimit-remaining')?.trim() === '0' ? resetMs(headers) : undefined

function resetMs(headers: Headers): number | undefined {
  const seconds = Number.parseFloat(headers.get('x-ratelimit-reset') ?? '')
  return Number.isFinite(seconds) ? Math.max(0, seconds * 1_000) : undefined
}
