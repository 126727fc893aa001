import { ProviderError } from '../kit/errors.ts'
import { faultOfPairs } from '../kit/limit-pairs.ts'

/** A person who has not accepted Polar's own terms gets 403: their token is good. Windows begin with the first call, and tell their end. */
export function fault(status: number, _body: unknown, headers: Headers): ProviderError | undefined {
  if (status === 403)
    return new ProviderError('scope', 'Polar waits for its terms to be accepted: sign in to Polar Flow once', {
      status,
    })
  return faultOfPairs('Polar', status, headers)
}
