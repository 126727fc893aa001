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
}

/** Before its end, so that a token does not end on the way; of short lives a tenth. */
const marginMs = 120_000

export function keepAnswer(
  auth: Pick<OAuth2, 'accessSeconds'>,
  answer: TokenAnswer,
  before: Tokens | undefined,
  now: number,
): Tokens {
  const seconds = answer.expiresIn ?? auth.accessSeconds
  const lifeMs = seconds === undefined ? undefined : seconds * 1_000
  const refreshToken = answer.refreshToken ?? before?.refreshToken
  return {
    accessToken: answer.accessToken,
    ...(refreshToken ? { refreshToken } : {}),
    ...(lifeMs === undefined
      ? {}
      : { expiresAt: now + lifeMs, renewAt: now + lifeMs - Math.min(marginMs, lifeMs / 10) }),
  }
}

export const wantsRenewal = ({ renewAt }: Tokens, now: number): boolean => renewAt !== undefined && now >= renewAt
