/** How a brand's OAuth 2.0 differs from the others', as data. */
import type { Account } from './accounts.ts'
import type { Grant } from './grants.ts'

export interface Issued {
  grant: Grant
  account: Account
  accessToken: string
  /** Whole seconds that it has left. */
  expiresIn: number
  /** Seconds since 1970. */
  expiresAt: number
  refreshToken: string | undefined
  /** What it was given for. */
  by: 'authorization_code' | 'refresh_token'
}

/** RFC 6749 §5.2. */
export type TokenError =
  | 'invalid_request'
  | 'invalid_client'
  | 'invalid_grant'
  | 'unauthorized_client'
  | 'unsupported_grant_type'

export interface OAuthStyle {
  authorizePaths: readonly string[]
  /** None: the brand answers its token path itself, with `exchange`. */
  tokenPaths: readonly string[]
  /** Scope to what the page says of it. */
  scopes: Readonly<Record<string, string>>
  separator: ' ' | ','
  /** `ticks`: the person may untick some on the page · `all`: yes or no to all that is asked for. */
  choice: 'ticks' | 'all'
  /** The redirect tells what was granted. */
  tellsScopes?: true
  /** Asked for nothing, this is granted. */
  scopesByDefault?: readonly string[]
  /** What is wrong with scopes that each exist. */
  scopesFault?(scopes: readonly string[]): string | undefined
  pkce: 'required' | 'optional' | 'none'
  /** `domain`: only the host is compared. */
  redirect: 'exact' | 'domain'
  /** Characters that a state must have. */
  stateLength?: number
  codeSeconds: number
  /** What a token request without `grant_type` is taken for. */
  grantTypeByDefault?: 'authorization_code'
  /** A code used twice: is refused, or ends what it was given for besides. */
  codeAgain: 'refused' | 'ends'
  /** How an app says who it is at the token endpoint. */
  client: readonly ('body' | 'basic')[]
  body: 'form' | 'json'
  accessSeconds: number
  /** A refresh while the access token has at least so many seconds left answers with the same one. */
  keepsAccessOver?: number
  /** What becomes of the old access token when there is a new one; `dies_by_use`: once the new one has been used. */
  oldAccess: 'lives' | 'dies' | 'dies_by_use'
  /** Access tokens that one account may have at one app before there are no more, each counted for so many days. */
  accessMax?: { tokens: number; days: number }
  /** A refresh gives the same access token another life. */
  refreshExtends?: true
  /** How a token is written, where more than the drawn text stands in it. */
  writeToken?(drawn: string, grant: Grant, expiresAt: number): string
  refresh: 'rotates' | 'stays' | 'none'
  /** Whether what the authorize URL asks for brings a refresh token; always when absent. */
  refreshAsked?(query: URLSearchParams, isFirst: boolean): boolean
  /** Only with this scope is there a refresh token. */
  refreshScope?: string
  /** What a refresh must say besides. */
  refreshNeeds?: Readonly<Record<string, string>>
  /** `strict`: an old refresh token is dead at once · `lenient`: it is honoured until a new token is used, at most `oldRefreshSeconds`. */
  refreshing: 'strict' | 'lenient'
  oldRefreshSeconds?: number
  /** An old refresh token used again: is refused, or ends the whole grant. */
  refreshAgain: 'refused' | 'ends'
  /** Unused for so long, it is dead. */
  refreshSeconds?: number
  /** Accounts that an app may have before the brand has looked at it. */
  accountsPerApp?: number
  /** The body of a token's answer. */
  answer(issued: Issued): unknown
  /** When a refusal is not RFC 6749's. */
  refuse?(error: TokenError, reason: string): Response
}
