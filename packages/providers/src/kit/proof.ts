/** What webhooks are proved with. */
import { createHash, createHmac, timingSafeEqual } from 'node:crypto'

/** In a time that tells nothing of where two texts differ, nor of how long the right one is. */
export function isSameSecret(given: string | undefined, right: string | undefined): boolean {
  if (given === undefined || !right) return false
  const digest = (text: string) => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(given), digest(right))
}

export function hmac(
  algorithm: 'sha1' | 'sha256',
  key: string,
  bytes: Uint8Array | string,
  encoding: 'hex' | 'base64' = 'hex',
): string {
  return createHmac(algorithm, key).update(bytes).digest(encoding)
}

/** A short name for content: the same for the same, so that what is delivered twice is known by it. */
export const digestOf = (content: Uint8Array | string): string =>
  createHash('sha256').update(content).digest('hex').slice(0, 32)

/**
 * For notices that say no more than "look again", word for word the same after each change: told twice within a minute they are one,
 * later they are another.
 */
export const noticeId = ({ body, at }: { body: Uint8Array | string; at: number }): string =>
  `${digestOf(body)}:${Math.floor(at / 60_000)}`
