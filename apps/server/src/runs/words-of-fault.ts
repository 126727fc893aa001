/** What went wrong at a provider, for the person whose data it is about. */
import { ProviderError, type ProviderFault } from '@tributary/providers/kit'
import { EgressRefused } from '../platform/egress/refused.ts'
import { instantOf } from '../platform/instant.ts'
import { SeriesGone } from '../platform/samples/errors.ts'

export type RunFault = ProviderFault | 'timeout' | 'interrupted' | 'internal'

export interface FaultWords {
  code: RunFault
  message: string
  /** When it is worth trying again, where the provider says so. */
  retryAt?: string
}

export function wordsOfFault(error: unknown, providerName: string, what: string, now: number): FaultWords {
  if (error instanceof SeriesGone)
    return { code: 'interrupted', message: `${what} was read while the connection, or its data, were removed` }
  if (!(error instanceof ProviderError))
    return {
      code: 'internal',
      message: `${what} could not be read for a reason that is ours to find; it is in the log`,
    }
  const { fault, retryAfterMs, cause } = error
  if (cause instanceof EgressRefused) return { code: fault, message: `${providerName}: ${cause.forPeople}` }
  const retryAt = retryAfterMs === undefined ? undefined : instantOf(now + retryAfterMs)
  return { code: fault, message: sentences[fault](providerName, what), ...(retryAt ? { retryAt } : {}) }
}

/** Without the instant, which readers are shown in their own form. */
const sentences: Record<ProviderFault, (name: string, what: string) => string> = {
  auth: (name) => `${name} no longer lets us in: sign in to it again`,
  scope: (name, what) => `${name} was not allowed to share this with us: ${what}`,
  rate_limit: (name) => `${name} asks us to wait before asking again`,
  unavailable: (name) => `${name} could not be reached this time`,
  bad_data: (name, what) => `${name} answered with something that could not be read: ${what}`,
}

export const timedOut = (seconds: number): FaultWords => ({
  code: 'timeout',
  message: `It took longer than ${seconds} seconds; the next sync goes on from there`,
})

/** Nothing more can be had of a provider that said this, whichever list is asked for. */
export const endsRun = ({ code }: FaultWords): boolean => code === 'auth' || code === 'rate_limit' || code === 'timeout'
