import { findProvider } from '@tributary/providers'
import type { Provider } from '@tributary/providers/kit'
import { Problem } from '../platform/problem.ts'

export function providerCalled(id: string): Provider {
  const provider = findProvider(id)
  if (!provider) throw new Problem('provider_unknown')
  return provider
}
