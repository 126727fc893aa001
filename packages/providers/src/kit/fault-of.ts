/** What an answer that is no success means, where a provider does not say it differently. */
import { ProviderError, type ProviderFault } from './errors.ts'
import type { Provider } from './provider.ts'

export function faultOf(
  provider: Pick<Provider, 'name' | 'fault'>,
  status: number,
  body: unknown,
  headers: Headers,
  now: number,
): ProviderError {
  const own = provider.fault?.(status, body, headers, now)
  if (own) return own
  const retryAfterMs = retryAfter(headers, now)
  const fault = byStatus(status)
  return new ProviderError(fault, `${provider.name} answered ${status}`, {
    status,
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  })
}

function byStatus(status: number): ProviderFault {
  if (status === 401) return 'auth'
  if (status === 403) return 'scope'
  if (status === 429) return 'rate_limit'
  return status >= 500 || status === 408 ? 'unavailable' : 'bad_data'
}

/** RFC 9110 §10.2.3: seconds or a date. Milliseconds from `now`; undefined when absent or not understood. */
export function retryAfter(headers: Headers, now: number): number | undefined {
  const said = headers.get('retry-after')?.trim()
  if (!said) return undefined
  const ms = /^\d+$/.test(said) ? Number(said) * 1_000 : Date.parse(said) - now
  return Number.isFinite(ms) ? Math.max(0, ms) : undefined
}
