/** Keys that people have of themselves, one each: whoever shows one is its owner, without an app in between. */
import type { Grant } from './grants.ts'
import type { Ids } from './ids.ts'
import type { App } from './site.ts'

export interface KeyStyle {
  /** What a request carries of it; null when it carries none. */
  of(request: Request): string | null
  /** All that it opens. */
  scopes: readonly string[]
}

/** Stands where an app would: in counts of limits. */
export const noApp: App = {
  clientId: '',
  clientSecret: '',
  extra: {},
  redirectUris: [],
  webhookUrl: undefined,
  notes: new Map(),
}

export class Keys {
  readonly #ids: Ids
  readonly #renewed = new Map<string, number>()

  constructor(ids: Ids) {
    this.#ids = ids
  }

  of(account: string): string {
    return this.#ids.hex(20, 'api key', account, this.#renewed.get(account) ?? 0)
  }

  /** The one before is worth nothing any more. */
  renew(account: string): void {
    this.#renewed.set(account, (this.#renewed.get(account) ?? 0) + 1)
  }

  ownerOf(key: string, accounts: Iterable<string>): string | undefined {
    return [...accounts].find((account) => this.of(account) === key)
  }
}

/** As if an app without a name had been let in. */
export const grantOfKey = (account: string, { scopes }: KeyStyle): Grant => ({
  account,
  clientId: noApp.clientId,
  scopes,
  ended: false,
  access: [],
  refresh: [],
})
