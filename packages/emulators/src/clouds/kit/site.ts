/** A running cloud from the inside: what its routes read and change. */
import type { CloudOptions, NewAccount, RegisteredApp } from '../cloud.ts'
import type { Account, Change, MakeRecords } from './accounts.ts'
import type { Courier } from './courier.ts'
import type { Grant, Grants } from './grants.ts'
import type { Ids } from './ids.ts'
import type { KeyStyle, Keys } from './keys.ts'
import type { LimitStyle } from './limits.ts'
import type { OAuthStyle } from './oauth-style.ts'
import type { OAuth1Style } from './oauth1.ts'
import type { Ask, PersonAsk, Route } from './router.ts'

export interface App extends RegisteredApp {
  redirectUris: readonly string[]
  webhookUrl: string | undefined
  /** What a brand remembers of it: subscriptions, keys. */
  notes: Map<string, unknown>
}

/** Why a request gets no answer of its route. */
export type Refused =
  | 'no_token'
  | 'unknown_token'
  | 'expired_token'
  | 'missing_scope'
  | 'bad_client'
  | 'no_route'
  | 'wrong_method'

export interface Site {
  brand: Brand
  options: CloudOptions
  ids: Ids
  apps: Map<string, App>
  accounts: Map<string, Account>
  grants: Grants
  keys: Keys
  courier: Courier
  now(): number
  accountOf(grant: Grant): Account
  /** The apps that the person has let in. */
  appsOf(account: Account): App[]
}

/** How a brand's cloud differs from the others'. */
export interface Brand {
  id: string
  name: string
  oauth: OAuthStyle
  /** Where it still speaks OAuth 1 besides. */
  oauth1?: OAuth1Style
  limits?: LimitStyle
  accountId(ids: Ids, account: NewAccount): string
  appExtra?(ids: Ids, clientId: string): Record<string, string>
  /** Its records of what was measured: pure, made anew with every recording. */
  records: (ids: Ids) => MakeRecords
  routes(site: Site): Route[]
  /** Where people have keys of their own besides. */
  apiKey?: KeyStyle
  /** Of a path that needs one; Bearer when absent. */
  tokenOf?(request: Request): string | null
  /** An app by its own id and secret; HTTP Basic when absent. */
  appOf?(ask: Ask, site: Site): App | undefined
  refuse(why: Refused, scopes: readonly string[]): Response
  /** May say no to what scope and token allow: a consent that is missing, a subscription that has ended. */
  bars?(ask: PersonAsk, site: Site, route: Route): Response | undefined
  /** Told after records have changed: webhooks. */
  tell?(site: Site, account: Account, changes: readonly Change[]): Promise<void>
  /** Told after an account's traits were set anew: what follows is put off with the courier. */
  changed?(site: Site, account: Account): void
  /** Told after a person has taken the access away, on the brand's site. */
  left?(site: Site, account: Account, app: App): Promise<void>
}
