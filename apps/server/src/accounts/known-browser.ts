/**
 * A browser that has signed in to an account keeps a signed cookie that says so. It opens nothing; it only gives the browser
 * its own count of failed attempts (attempts.ts). The cookie names no account: its signature fits one or it does not.
 */
import { createHmac, hkdfSync, randomBytes, timingSafeEqual } from 'node:crypto'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { cookieOptions, isHttps } from './cookies.ts'

/** A family's browser may know several accounts. */
const maxAccounts = 8
const maxAgeSeconds = 365 * 86_400

export interface KnownBrowsers {
  /** The browser's own name for this account; undefined for a stranger. */
  nameOf(request: FastifyRequest, email: string): string | undefined
  remember(request: FastifyRequest, reply: FastifyReply, email: string): void
}

export function createKnownBrowsers(secret: string): KnownBrowsers {
  const key = Buffer.from(hkdfSync('sha256', secret, '', 'tributary known browser v1', 32))
  const sign = (email: string, name: string) => createHmac('sha256', key).update(`${name}\n${email}`).digest()

  function nameOf(request: FastifyRequest, email: string): string | undefined {
    for (const entry of entriesOf(request)) {
      const [name = '', mac = ''] = entry.split('.')
      const given = Buffer.from(mac, 'base64url')
      const wanted = sign(email, name)
      if (name && given.length === wanted.length && timingSafeEqual(given, wanted)) return name
    }
    return undefined
  }

  return {
    nameOf,
    remember: (request, reply, email) => {
      if (nameOf(request, email)) return
      const name = randomBytes(16).toString('base64url')
      const entries = [`${name}.${sign(email, name).toString('base64url')}`, ...entriesOf(request)]
      const value = entries.slice(0, maxAccounts).join('~')
      reply.setCookie(cookieName(request), value, { ...cookieOptions(request), maxAge: maxAgeSeconds })
    },
  }
}

function entriesOf(request: FastifyRequest): string[] {
  return (request.cookies[cookieName(request)] ?? '').split('~').filter(Boolean).slice(0, maxAccounts)
}

function cookieName(request: FastifyRequest): string {
  return isHttps(request) ? '__Host-tributary-known' : 'tributary-known'
}
