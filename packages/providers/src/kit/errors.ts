/** What went wrong at a provider, in the four kinds that call for something different. Only the sync runner decides what follows. */

/**
 * `auth`: this call was not let in (the runner refreshes once; only the token endpoint's own refusal means a new sign-in) ·
 * `scope`: signed in, but the person did not grant this · `rate_limit` · `unavailable`: try again later · `bad_data`: an answer that
 * is not what the provider's page says.
 */
export type ProviderFault = 'auth' | 'scope' | 'rate_limit' | 'unavailable' | 'bad_data'

export class ProviderError extends Error {
  override name = 'ProviderError'
  readonly fault: ProviderFault
  readonly status: number | undefined
  /** Milliseconds to wait, when the provider says. */
  readonly retryAfterMs: number | undefined
  constructor(
    fault: ProviderFault,
    message: string,
    { status, retryAfterMs, cause }: { status?: number; retryAfterMs?: number; cause?: unknown } = {},
  ) {
    super(message, cause === undefined ? undefined : { cause })
    this.fault = fault
    this.status = status
    this.retryAfterMs = believable(retryAfterMs)
  }
}

/** Nobody means to be left alone for longer: a date in another century, or a number of no use, is a fault of theirs. */
const longestWaitMs = 86_400_000

function believable(ms: number | undefined): number | undefined {
  if (ms === undefined || Number.isNaN(ms)) return undefined
  return Math.min(Math.max(0, ms), longestWaitMs)
}

/** An answer of a token endpoint without a token in it. The message is shown to people: no part of the answer is in it. */
export class BadAnswer extends Error {
  override name = 'BadAnswer'
}
