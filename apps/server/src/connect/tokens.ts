/** A connection's tokens as they are kept, and when they want renewing. Pure. */
import type { OAuth2, TokenAnswer } from '@tributary/providers/kit'

export interface Tokens {
  accessToken: string
  refreshToken?: string
  /** Of OAuth 1. */
  tokenSecret?: string
  /** ms; absent when it lives until it is ended. */
  expiresAt?: number
  /** ms; from then on it is renewed before it is used. */
  renewAt?: number
  /** ms; from then on it is renewed though nobody uses it: unused, its refresh token would end. */
  renewIdleAt?: number
}

/** Before its end, so that a token does not end on the way; of short lives a tenth. Where the provider says earlier, half of it at most. */
const marginMs = 120_000
/** Of the time that a refresh token lives unused: a provider may be away for as long as what is left of it. */
const idleShare = 2 / 3

export function keepAnswer(
  auth: Pick<OAuth2, 'accessSeconds' | 'earlySeconds' | 'refreshSeconds'>,
  answer: TokenAnswer,
  before: Tokens | undefined,
  now: number,
): Tokens {
  const seconds = answer.expiresIn ?? auth.accessSeconds
  const lifeMs = seconds === undefined ? undefined : seconds * 1_000
  const refreshToken = answer.refreshToken ?? before?.refreshToken
  const idleSeconds = refreshToken ? (answer.refreshExpiresIn ?? auth.refreshSeconds) : undefined
  return {
    accessToken: answer.accessToken,
    ...(refreshToken ? { refreshToken } : {}),
    ...(lifeMs === undefined
      ? {}
      : { expiresAt: now + lifeMs, renewAt: now + lifeMs - marginOf(auth.earlySeconds, lifeMs) }),
    ...(idleSeconds === undefined ? {} : { renewIdleAt: now + idleSeconds * 1_000 * idleShare }),
  }
}

const marginOf = (earlySeconds: number | undefined, lifeMs: number): number =>
  earlySeconds === undefined ? Math.min(marginMs, lifeMs / 10) : Math.min(earlySeconds * 1_000, lifeMs / 2)

export const dateOrNull = (ms: number | undefined): Date | null => (ms === undefined ? null : new Date(ms))

export const wantsRenewal = ({ renewAt }: Tokens, now: number): boolean => renewAt !== undefined && now >= renewAt
