/**
 * A provider: one folder that holds this literal (and what it is made of), its fixtures, its test and a README, and one line in
 * `../index.ts`. It says how the brand is not like the others; tokens, retries, SQL, clocks and logging belong to the server.
 */
import type { AppKeys, Auth, TokenAnswer } from './auth.ts'
import type { ProviderError } from './errors.ts'
import type { Feed } from './feed.ts'
import type { ProviderHttp } from './http.ts'
import type { Webhook } from './webhook.ts'
import type { Words } from './words.ts'

export interface Limit {
  requests: number
  per: '1s' | '1m' | '5m' | '15m' | '1h' | '1d'
  /** Whom it counts: all people of the operator's app together, or each by themselves. */
  of: 'app' | 'person'
}

/** Who is at the other end, learned with the first token. */
export interface ProviderAccount {
  /** Never changes while the account lives; connections are told apart by it. */
  account: string
  /** Shown to its person; never a token. */
  profile: Record<string, unknown>
  /** Ids that the provider once gave the same account: a connection that has one of them is this one (Fitbit's, at Google). */
  formerAccounts?: readonly string[]
  /** As the provider says it granted them, where only this call tells. */
  scopes?: readonly string[]
}

/** Something of the operator's app besides id and secret. */
export interface AppSetting {
  name: string
  title: Words
  secret?: true
  /** Without it nobody can be let in. */
  needed?: true
}

/** One of several clouds of a brand. A person's account lies in one of them, and the others know nothing of it. */
export interface Region {
  id: string
  title: Words
  /** Stands in for the origin of `api`, `authorizeUrl` and `tokenUrl` (an operator's own `_BASE_URL` and `_AUTH_URL` win); paths stay. */
  origin: string
}

/** Tokens that another program kept, as far as it wrote down what they are. */
export interface KeptTokens {
  accessToken: string
  refreshToken: string | null
  expiresAt: Date | null
  scopes: readonly string[]
}

/** Another way in than `Provider.auth`. */
export interface OtherAuth {
  auth: Auth
  /** What a person is told of it: how it differs, or why they must sign in again. */
  words: Words
  /** Nobody new comes in this way; connections that once did are kept until `endsOn`. */
  closed?: true
  /** YYYY-MM-DD: from then on the provider refuses its tokens for good, and the person must sign in through `Provider.auth`. */
  endsOn?: string
  /** Of one that ends, or has: whether such tokens came by it. */
  gave?(kept: KeptTokens): boolean
}

/** `cloud`: signed in to · `phone`: pushed by an app on the phone · `file`: imported · `local`: by hand, by a device, by a broker. */
export type Arrival = 'cloud' | 'phone' | 'file' | 'local'

export interface Provider {
  id: string
  name: string
  /** Words a device's type begins with, or its maker is called, in lower case. */
  makers: readonly string[]
  arrives: Arrival
  auth: Auth
  otherAuth?: readonly OtherAuth[]
  /** What must be had first (a contract, a membership, a developer account), or how its data get here without a sign-in. */
  access?: Words
  /** Page where an operator registers an app. */
  appUrl?: string
  appSettings?: readonly AppSetting[]
  /** Origin and base path of its API. */
  api?: string
  /** Chosen by the person before signing in and kept with the connection; the first is the one of `api`. Absent: there is one cloud. */
  regions?: readonly Region[]
  /** More origins that its answers may point at; `https://*.example.com` for any host below a name. */
  origins?: readonly string[]
  /** Headers of every call, beside `Authorization: Bearer`. */
  headers?(app: AppKeys | undefined): Readonly<Record<string, string>>
  limits: readonly Limit[]
  /** What an answer that is no success means, where status alone misleads (Strava: 401 for a missing scope). Undefined: by status. */
  fault?(status: number, body: unknown, headers: Headers, now: number): ProviderError | undefined
  /** Whether an answer with a good status says that the token has ended, as a 401 does elsewhere: a new one is then asked for, and the call repeated (Withings, COROS). */
  isTokenEnded?(body: unknown): boolean
  /**
   * Milliseconds in which nothing more should be asked, when the headers of a good answer say that a limit is used up. For limits
   * that a provider sets for each app by itself, beside which `limits` are only the usual ones.
   */
  pause?(headers: Headers, now: number): number | undefined
  /**
   * Asked once after signing in, with what the token endpoint said (and may register the person, as Polar wants). Absent when the
   * token answer tells the account and nothing else is to do.
   */
  account?(http: ProviderHttp, token?: TokenAnswer): Promise<ProviderAccount>
  /**
   * The scopes that stand now, asked when a notice says that they changed (`Notice` `scopes`), or that the person left: what is told of
   * that may be older than what they did since. `auth` or `scope` when nothing stands any more.
   */
  granted?(http: ProviderHttp): Promise<readonly string[]>
  /**
   * Throws unless the operator's app is known with its secret. For a provider whose token endpoint may refuse a code without having
   * looked who asks (Withings).
   */
  proveApp?(http: ProviderHttp, app: AppKeys, now: number): Promise<void>
  /** Ends the grant at the provider when the last person who has the account here disconnects. `now`, ms: for signatures with a time in them; the clock's own when absent. */
  leave?(
    http: ProviderHttp,
    tokens: { accessToken: string; refreshToken?: string; account?: string },
    app: AppKeys,
    now?: number,
  ): Promise<void>
  feeds: Readonly<Record<string, Feed>>
  webhook?: Webhook
}

/** Declares a provider. It only gives the literal its type; nothing happens here. */
export function defineProvider<const P extends Provider>(provider: P): P {
  return provider
}
