/** What a connection leads to: a brand, or the API that its person described. Whoever asks for a connection's provider asks here. */
import { findProvider } from '@tributary/providers'
import { type CustomDefinition, customProvider } from '@tributary/providers/custom'
import type { Provider } from '@tributary/providers/kit'

export interface Leading {
  provider: string
  /** Of a custom API. It was judged before it was stored. */
  definition: CustomDefinition | null
}

export const providerOfConnection = ({ provider, definition }: Leading): Provider | undefined =>
  definition ? customProvider(definition, provider) : findProvider(provider)
