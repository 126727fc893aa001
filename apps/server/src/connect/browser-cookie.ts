/** Knows the browser that a sign-in began in, or came back to, by a cookie of its own; it opens nothing, and the row keeps only its hash. */
import { randomBytes, timingSafeEqual } from 'node:crypto'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { hashToken } from '../platform/tokens.ts'

const cookieName = (request: FastifyRequest): string =>
  request.protocol === 'https' ? '__Host-tributary-connect' : 'tributary-connect'

/** The hash of the browser's cookie, which is set if there is none. Lax: the provider's page leads back with a plain link. */
export function markBrowser(request: FastifyRequest, reply: FastifyReply, seconds: number): Buffer {
  const there = request.cookies[cookieName(request)]
  const value = there && /^[\w-]{43}$/.test(there) ? there : randomBytes(32).toString('base64url')
  const secure = request.protocol === 'https'
  reply.setCookie(cookieName(request), value, { path: '/', httpOnly: true, sameSite: 'lax', secure, maxAge: seconds })
  return hashToken(value)
}

/** Of what was asked for without a browser. */
export const noBrowser: Buffer = Buffer.alloc(0)

export function isMarked(request: FastifyRequest, hash: Buffer): boolean {
  const value = request.cookies[cookieName(request)]
  return value !== undefined && timingSafeEqual(hashToken(value), hash)
}
