/** Secrets that we hand out once and then know only by their hash. 256 random bits need no slow hash and no constant-time look-up. */
import { createHash, randomBytes } from 'node:crypto'

/** What a token begins with says what it is; leak scanners and people can tell. */
export const tokenKinds = {
  refresh: 'trr_',
  apiKey: 'trb_',
  device: 'trd_',
  invite: 'tri_',
  setup: 'trs_',
  cookie: 'trc_',
  connect: 'trx_',
} as const
export type TokenKind = keyof typeof tokenKinds

export function makeToken(kind: TokenKind): string {
  return `${tokenKinds[kind]}${randomBytes(32).toString('base64url')}`
}

export function hashToken(token: string): Buffer {
  return createHash('sha256').update(token).digest()
}

/** The kind of a token by its looks; undefined for what we never made. */
export function kindOfToken(token: string): TokenKind | undefined {
  if (token.length !== 47) return undefined // 4 of the prefix and 43 of 32 bytes in base64url
  const prefix = token.slice(0, 4)
  return (Object.keys(tokenKinds) as TokenKind[]).find((kind) => tokenKinds[kind] === prefix)
}
