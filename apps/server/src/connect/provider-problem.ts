/** What went wrong at a provider while a person waits for the answer. */
import { type KeyAuth, type Provider, ProviderError } from '@tributary/providers/kit'
import { Problem } from '../platform/problem.ts'

/** A key that the provider does not know is told at the field it stands in. */
export const asKeyProblem =
  ({ name }: Pick<Provider, 'name'>, { fields }: Pick<KeyAuth, 'fields'>) =>
  (error: unknown): never => {
    if (!(error instanceof ProviderError) || error.fault !== 'auth') return asProblem(error)
    const detail = `${name} does not know this key`
    const secrets = fields.filter(({ secret }) => secret)
    throw new Problem('credentials_refused', detail, {
      errors: secrets.map((field) => ({ pointer: `/credentials/${field.name}`, detail })),
    })
  }

export function asProblem(error: unknown): never {
  if (!(error instanceof ProviderError)) throw error
  if (error.fault === 'auth' || error.fault === 'scope') throw new Problem('credentials_refused', error.message)
  throw new Problem('provider_unavailable', error.message, {
    retryAfterSeconds: Math.ceil((error.retryAfterMs ?? 30_000) / 1_000),
  })
}
