import type { Provider, ProviderHttp } from '@tributary/providers/kit'

export interface OpenCalls {
  provider: Provider
  http: ProviderHttp
  /** The provider's id of the account. */
  account: string
  scopes: readonly string[]
}

/** How a connection is called: with its token, refreshed inside. Throws `ProviderError('auth')` when it needs a new sign-in, and has marked it so. */
export interface Calls {
  open(ref: { userId: string; connectionId: string }): Promise<OpenCalls>
}
