/** What the other stages ask a person's provider with. The tokens, and that they are renewed, are nobody's business but this folder's. */
import type { AppKeys, Carry, Provider, ProviderHttp } from '@tributary/providers/kit'

export interface ConnectionRef {
  userId: string
  connectionId: string
}

export interface OpenedConnection {
  provider: Provider
  http: ProviderHttp
  /** The provider's id of the account. */
  account: string
  scopes: readonly string[]
}

export interface CallOptions {
  /** Gives up what is under way. */
  signal?: AbortSignal
  /** Stands between a feed and the wire: counts against limits, waits, keeps answers. It never sees a token. */
  around?(next: Carry): Carry
}

export interface Calls {
  /**
   * Throws `ProviderError('auth')` when it needs a new sign-in (and has marked it so) or has ended. Whether it is paused is the
   * caller's to look at.
   */
  open(ref: ConnectionRef, options?: CallOptions): Promise<OpenedConnection>
  /** For what concerns the operator's app as a whole (subscriptions, public keys): no person's token goes with it. */
  openApp(provider: Provider, options?: CallOptions): Promise<ProviderHttp>
  /** The operator's app, from the environment or the settings; undefined when there is none. */
  appOf(provider: Provider): Promise<AppKeys | undefined>
}
