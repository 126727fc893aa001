/**
 * How a person lets us in, said as data. What is written here is where a brand differs from RFC 6749 or has a choice;
 * states, PKCE verifiers, refreshing, sealing and retries belong to the server.
 */
import type { Words } from './words.ts'

/** What a token endpoint said, in one shape. Times are seconds from the answer. */
export interface TokenAnswer {
  accessToken: string
  /** Absent: keep the one we have (a provider that does not rotate, or has none). */
  refreshToken?: string
  expiresIn?: number
  refreshExpiresIn?: number
  /** As granted; absent when the provider does not say, and then what was asked for counts. */
  scopes?: readonly string[]
  /** The provider's id of the account, where the token answer tells it. */
  account?: string
  /** Whatever else tells who it is (name, picture, country): kept as the connection's profile, shown to its person. Never a token. */
  profile?: Record<string, unknown>
}

export interface ScopeWords {
  /** What it lets us read: `Your activities, with those that only you can see`. */
  words: Words
  /** May be unticked before the person is sent away. */
  optional?: true
}

export type Grant = 'authorization_code' | 'refresh_token'

/** An operator's own app at a provider. */
export interface AppKeys {
  clientId: string
  clientSecret: string
  /** What the provider needs besides (`appSettings`): a subscription key, a webhook token. */
  extra: Readonly<Record<string, string>>
}

export interface OAuth2 {
  kind: 'oauth2'
  authorizeUrl: string
  tokenUrl: string
  /** Where tokens are refreshed, if elsewhere (COROS). */
  refreshUrl?: string
  /** In the order they are asked for. */
  scopes: Readonly<Record<string, ScopeWords>>
  /** Granted without being asked for, or chosen on the provider's own page: nothing is sent. */
  scopesNotSent?: true
  /** RFC 6749 says a space. */
  scopeSeparator?: string
  /** S256 is used wherever the provider takes it. */
  pkce: boolean
  /** Where the client's id and secret go at the token endpoint. */
  client: 'body' | 'basic'
  /** Of the token request; `form` when absent. */
  tokenBody?: 'form' | 'json'
  /** Beyond RFC 6749, in the authorize URL (`approval_prompt`, `access_type`). */
  authorizeParameters?: Readonly<Record<string, string>>
  /** Beyond RFC 6749, in the token request (Withings: `action`). */
  tokenParameters?(grant: Grant, app: AppKeys): Readonly<Record<string, string>>
  /** What the redirect brings besides `code` and `state` and must be kept (Strava: `scope`). Absent: nothing. */
  scopesOfRedirect?(parameters: URLSearchParams): readonly string[] | undefined
  /** When the answer is not RFC 6749's; `before` is what we had, when this refreshed it (COROS may answer without a token). Throws `BadAnswer` with a reason for what has no token in it. */
  readToken?(answer: unknown, before?: { accessToken: string; refreshToken?: string }): TokenAnswer
  /** When a refusal that ends the connection is not `{"error":"invalid_grant"}` (Withings: another `status` inside a 200). */
  refusesGrant?(status: number, answer: unknown): boolean
  /** When a refusal of the operator's app is not `{"error":"invalid_client"}` (intervals.icu: 404). Ends no connection. */
  refusesApp?(status: number, answer: unknown): boolean
  refreshToken: 'rotates' | 'stays' | 'none'
  /** A refused refresh ends the connection only when it was refused for so many hours, where a provider has refused good tokens (Suunto), or may speak of the app (COROS). */
  refusedHours?: number
  /** How a call carries the token where that is not `Authorization: Bearer`. Values of such a query are never logged. */
  carries?(
    accessToken: string,
    account: string,
  ): { query?: Readonly<Record<string, string>>; headers?: Readonly<Record<string, string>> }
  /** A path that must be asked for with each new access token: only then the provider lets go of the old one (Wahoo). */
  afterRefresh?: string
  /** Seconds an access token lives when the answer does not say. */
  accessSeconds?: number
  /** Seconds before its end at which the provider wants it renewed, where it says so. */
  earlySeconds?: number
  /** Seconds a refresh token lives unused, where the provider says so: it is refreshed before. */
  refreshSeconds?: number
}

/** A field of a form in which a person pastes what the provider gave them. */
export interface CredentialField {
  name: string
  title: Words
  secret?: true
  /** An example of its form, never a real one. */
  example?: string
}

/** API keys and personal tokens. */
export interface KeyAuth {
  kind: 'key'
  fields: readonly CredentialField[]
  /** Where a person finds it. */
  help: Words
  helpUrl?: string
  /** The headers that carry it. */
  headers(credentials: Readonly<Record<string, string>>): Readonly<Record<string, string>>
}

/** RFC 5849, HMAC-SHA1: for what still has it. */
export interface OAuth1 {
  kind: 'oauth1'
  requestTokenUrl: string
  authorizeUrl: string
  accessTokenUrl: string
}

/** Data come from an app on the phone, a file or by hand: there is nothing to sign in to. */
export interface NoAuth {
  kind: 'none'
}

export type Auth = OAuth2 | OAuth1 | KeyAuth | NoAuth
