/** What went wrong at a provider while a person waits for the answer. */
import { ProviderError } from '@tributary/providers/kit'
import { Problem } from '../platform/problem.ts'

export function asProblem(error: unknown): never {
  if (!(error instanceof ProviderError)) throw error
  if (error.fault === 'auth' || error.fault === 'scope') throw new Problem('credentials_refused', error.message)
  throw new Problem('provider_unavailable', error.message, {
    retryAfterSeconds: Math.ceil((error.retryAfterMs ?? 30_000) / 1_000),
  })
}
