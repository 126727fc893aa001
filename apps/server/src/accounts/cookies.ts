import type { FastifyReply, FastifyRequest } from 'fastify'
import { sessionCookieName } from '../platform/http/sign-in-state.ts'
import { absoluteMs } from './sign-in-life.ts'

export function isHttps(request: FastifyRequest): boolean {
  return request.protocol === 'https'
}

/** No script can read it, no page elsewhere can send it along with a change, and over HTTPS it never leaves in the clear. */
export function cookieOptions(request: FastifyRequest) {
  return { path: '/', httpOnly: true, sameSite: 'lax' as const, secure: isHttps(request) }
}

export function setSessionCookie(request: FastifyRequest, reply: FastifyReply, value: string): void {
  reply.setCookie(sessionCookieName(request), value, { ...cookieOptions(request), maxAge: absoluteMs / 1_000 })
}

export function clearSessionCookie(request: FastifyRequest, reply: FastifyReply): void {
  reply.clearCookie(sessionCookieName(request), cookieOptions(request))
}
