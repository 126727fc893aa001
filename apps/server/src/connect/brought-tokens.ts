/** What opens an account and did not come by a sign-in here: another program's tokens, or those that came with a device. Pure. */
import type { KeptTokens, OAuth2, OtherAuth, Provider } from '@tributary/providers/kit'
import type { SignedIn } from './save-connection.ts'
import { keepAnswer, type Tokens } from './tokens.ts'
import { keyAuthOf, oauth2Of } from './ways-in.ts'

export interface Brought extends Omit<KeptTokens, 'accessToken'> {
  accessToken: string | null
  /** The provider's id of the account; empty when nobody said: then the provider is asked. */
  account: string
  /** As they were given, for providers that take a key instead of a token. */
  fields: Readonly<Record<string, string>>
}

export type Standing =
  | ({ kind: 'opens' } & Pick<SignedIn, 'authKind' | 'scopes' | 'tokens' | 'credentials'>)
  /** They came by a way in that the provider has closed. */
  | { kind: 'replaced'; by: OtherAuth }
  /** Nobody signs in to this provider. */
  | { kind: 'no_sign_in' }
  | { kind: 'nothing' }

export function standingOf(provider: Provider, brought: Brought): Standing {
  const { accessToken, fields } = brought
  const [key, auth] = [keyAuthOf(provider), oauth2Of(provider)]
  if (!key && !auth) return { kind: 'no_sign_in' }
  if (key?.fields.every(({ name }) => fields[name]?.trim())) {
    const credentials = Object.fromEntries(key.fields.map(({ name }) => [name, fields[name]?.trim() ?? '']))
    return { kind: 'opens', authKind: 'key', scopes: [], credentials }
  }
  if (!auth || !accessToken) return { kind: 'nothing' }
  const closed = provider.otherAuth?.find(({ gave }) => gave?.({ ...brought, accessToken }))
  if (closed) return { kind: 'replaced', by: closed }
  const scopes = scopesOf(Object.keys(auth.scopes), brought.scopes)
  return { kind: 'opens', authKind: 'oauth2', scopes, tokens: tokensOf(auth, { ...brought, accessToken }) }
}

/** As if the answer had come here: when it did, its end tells. Without an end nobody knows how long it has lain unused. */
function tokensOf(auth: OAuth2, { accessToken, refreshToken, expiresAt }: KeptTokens): Tokens {
  const answer = { accessToken, ...(refreshToken ? { refreshToken } : {}) }
  if (!expiresAt) return answer
  const expiresIn = auth.accessSeconds ?? 0
  return keepAnswer(auth, { ...answer, expiresIn }, undefined, expiresAt.getTime() - expiresIn * 1_000)
}

/** When nobody wrote down what was granted, or in words that are not the provider's, it is tried: a list that is not allowed says so. */
const scopesOf = (known: readonly string[], told: readonly string[]): readonly string[] =>
  !known.length || told.some((scope) => known.includes(scope)) ? told : known

/**
 * The free-form credentials of a device, under the names that programs give them. Whose account they open is not among them: what comes
 * in for an account reaches everybody who has it, so a person could have another's by naming it. The provider says it.
 */
export function broughtWith(credentials: Readonly<Record<string, unknown>>): Brought {
  const text = (...names: string[]) => {
    const found = names.map((name) => credentials[name]).find((value) => value !== undefined && value !== null)
    return typeof found === 'string' || typeof found === 'number' ? String(found).trim() : ''
  }
  return {
    accessToken: text('access_token', 'accessToken') || null,
    refreshToken: text('refresh_token', 'refreshToken') || null,
    expiresAt: timeOf(text('expires_at', 'token_expires_at', 'expiresAt')),
    scopes: text('scope', 'scopes', 'granted_scopes')
      .split(/[\s,]+/)
      .filter(Boolean),
    account: '',
    fields: Object.fromEntries(Object.keys(credentials).map((name) => [name, text(name)])),
  }
}

/** RFC 3339, or seconds or milliseconds since 1970. */
function timeOf(text: string): Date | null {
  const number = Number(text)
  const ms = text && Number.isFinite(number) ? (number < 1e11 ? number * 1_000 : number) : Date.parse(text)
  return Number.isFinite(ms) ? new Date(ms) : null
}
