/**
 * Who let which app in, and the tokens that stand for it.
 * A grant begins with a code, lives through its tokens and ends when the person, the account or a misuse ends it; an ended one never comes back.
 */
import type { Ids } from './ids.ts'
import type { OAuthStyle } from './oauth-style.ts'

export interface Grant {
  account: string
  clientId: string
  scopes: readonly string[]
  ended: boolean
  access: Token[]
  refresh: RefreshToken[]
}

interface Token {
  token: string
  expiresAt: number
}

interface RefreshToken extends Token {
  /** ms; when its successor was given. */
  replacedAt?: number
  /** A token given after this one has been used. */
  isOutlived: boolean
}

export interface Code {
  code: string
  clientId: string
  account: string
  scopes: readonly string[]
  /** As it was in the authorize request; null when it was not. */
  redirectUri: string | null
  challenge: { method: 'S256' | 'plain'; value: string } | null
  expiresAt: number
  /** Brings no refresh token. */
  isBrief?: boolean
  /** What it was given for, once used. */
  grant: Grant | null
}

export type Access = { kind: 'known'; grant: Grant } | { kind: 'expired' } | { kind: 'unknown' }

export class Grants {
  readonly #style: OAuthStyle
  readonly #ids: Ids
  readonly #isLenient: boolean
  readonly #codes = new Map<string, Code>()
  readonly #byAccess = new Map<string, Grant>()
  readonly #byRefresh = new Map<string, Grant>()
  readonly #all: Grant[] = []

  constructor(style: OAuthStyle, ids: Ids, refreshing: 'strict' | 'lenient' | undefined) {
    this.#style = style
    this.#ids = ids
    this.#isLenient = (refreshing ?? style.refreshing) === 'lenient'
  }

  writeCode(code: Omit<Code, 'code' | 'grant' | 'expiresAt'>, now: number): string {
    const drawn = this.#ids.draw('code', 32)
    this.#codes.set(drawn, { ...code, code: drawn, grant: null, expiresAt: now + this.#style.codeSeconds * 1000 })
    return drawn
  }

  code(code: string): Code | undefined {
    return this.#codes.get(code)
  }

  begin(code: Code, now: number): { grant: Grant; access: Token; refresh: Token | undefined } {
    const { account, clientId, scopes } = code
    const grant: Grant = { account, clientId, scopes, ended: false, access: [], refresh: [] }
    code.grant = grant
    this.#all.push(grant)
    return {
      grant,
      access: this.#newAccess(grant, now),
      refresh: code.isBrief ? undefined : this.#newRefresh(grant, now),
    }
  }

  /** Of OAuth 1: one token that lives until it is ended. */
  beginLasting({ account, clientId, scopes }: Pick<Grant, 'account' | 'clientId' | 'scopes'>): Token {
    const access = { token: this.#ids.draw('access'), expiresAt: Number.POSITIVE_INFINITY }
    const grant: Grant = { account, clientId, scopes, ended: false, access: [access], refresh: [] }
    this.#all.push(grant)
    this.#byAccess.set(access.token, grant)
    return access
  }

  /** Null when the token is worth nothing (any more). */
  renew(token: string, clientId: string, now: number) {
    const grant = this.#byRefresh.get(token)
    const old = grant?.refresh.find((one) => one.token === token)
    if (!grant || !old || grant.clientId !== clientId || grant.ended || old.expiresAt <= now) return null
    if (old.replacedAt !== undefined && !this.#isHonoured(old, now)) {
      if (this.#style.refreshAgain === 'ends') this.#end(grant)
      return null
    }
    this.#outlive(grant, old)
    const kept = this.#style.refreshExtends ? this.#extended(grant, now) : this.#keptAccess(grant, now)
    if (kept) return { grant, access: kept, refresh: grant.refresh.at(-1) } // nothing is new, so nothing rotates
    const access = this.#newAccess(grant, now)
    if (this.#style.refresh !== 'rotates') {
      old.expiresAt = now + (this.#style.refreshSeconds ?? Number.POSITIVE_INFINITY) * 1000
      return { grant, access, refresh: old }
    }
    old.replacedAt ??= now
    return { grant, access, refresh: this.#newRefresh(grant, now) }
  }

  /** An access token that was shown. Using it proves that the answer with it arrived, so what was before it is dead. */
  use(token: string, now: number): Access {
    const grant = this.#byAccess.get(token)
    const access = grant?.access.find((one) => one.token === token)
    if (!grant || !access || grant.ended) return { kind: 'unknown' }
    if (access.expiresAt <= now) return { kind: 'expired' }
    if (access === grant.access.at(-1)) {
      this.#outlive(grant, grant.refresh.at(-1))
      if (this.#style.oldAccess === 'dies_by_use') grant.access = [access]
    }
    return { kind: 'known', grant }
  }

  /** Whether the account may have no further access token at this app. */
  isFull(account: string, clientId: string, now: number): boolean {
    const { accessMax, accessSeconds } = this.#style
    if (!accessMax) return false
    const since = now + (accessSeconds - accessMax.days * 86_400) * 1000
    const counted = this.live(account, clientId).flatMap(({ access }) =>
      access.filter(({ expiresAt }) => expiresAt > since),
    )
    return counted.length >= accessMax.tokens
  }

  /** The grant of a refresh token, used or not. */
  byRefresh(token: string): Grant | undefined {
    return this.#byRefresh.get(token)
  }

  /** Of either kind, by what a revocation endpoint is sent. */
  byToken(token: string): Grant | undefined {
    return this.#byAccess.get(token) ?? this.#byRefresh.get(token)
  }

  live(account: string, clientId?: string): Grant[] {
    return this.#all.filter(
      (grant) => !grant.ended && grant.account === account && (!clientId || grant.clientId === clientId),
    )
  }

  accountsOf(clientId: string): Set<string> {
    return new Set(this.#all.filter((one) => !one.ended && one.clientId === clientId).map(({ account }) => account))
  }

  /** Answers whether there was any. */
  end(account: string, clientId?: string): boolean {
    const ended = this.live(account, clientId)
    for (const grant of ended) this.#end(grant)
    return ended.length > 0
  }

  endGrant(grant: Grant): void {
    this.#end(grant)
  }

  #end(grant: Grant): void {
    grant.ended = true
  }

  #isHonoured({ replacedAt = 0, isOutlived }: RefreshToken, now: number): boolean {
    const { oldRefreshSeconds = Number.POSITIVE_INFINITY } = this.#style
    return this.#isLenient && !isOutlived && now < replacedAt + oldRefreshSeconds * 1000
  }

  #outlive({ refresh }: Grant, used: RefreshToken | undefined): void {
    for (const one of refresh) {
      if (one === used) return
      one.isOutlived = true
    }
  }

  #keptAccess({ access }: Grant, now: number): Token | undefined {
    const last = access.at(-1)
    const { keepsAccessOver } = this.#style
    return last && keepsAccessOver !== undefined && last.expiresAt - now > keepsAccessOver * 1000 ? last : undefined
  }

  #extended({ access }: Grant, now: number): Token | undefined {
    const last = access.at(-1)
    if (last) last.expiresAt = now + this.#style.accessSeconds * 1000
    return last
  }

  #newAccess(grant: Grant, now: number): Token {
    if (this.#style.oldAccess === 'dies') grant.access = []
    const expiresAt = now + this.#style.accessSeconds * 1000
    const drawn = this.#ids.draw('access')
    const access = { token: this.#style.writeToken?.(drawn, grant, expiresAt) ?? drawn, expiresAt }
    grant.access.push(access)
    this.#byAccess.set(access.token, grant)
    return access
  }

  #newRefresh(grant: Grant, now: number): Token | undefined {
    const { refresh, refreshScope, refreshSeconds = Number.POSITIVE_INFINITY } = this.#style
    if (refresh === 'none' || (refreshScope && !grant.scopes.includes(refreshScope))) return undefined
    const expiresAt = now + refreshSeconds * 1000
    const drawn = this.#ids.draw('refresh')
    const token = { token: this.#style.writeToken?.(drawn, grant, expiresAt) ?? drawn, expiresAt, isOutlived: false }
    grant.refresh.push(token)
    this.#byRefresh.set(token.token, grant)
    return token
  }
}
