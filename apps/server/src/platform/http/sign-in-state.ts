import type { FastifyRequest } from 'fastify'
import type { Config } from '../../config.ts'
import { Problem } from '../problem.ts'
import type { Authenticator, Credentials } from './caller.ts'
import type { RateLimit } from './rate-limit.ts'

/** A page elsewhere can make a browser send the cookie, but not this header. */
const csrfHeader = 'x-tributary-csrf'

const safeMethods = new Set(['GET', 'HEAD', 'OPTIONS'])

/** Over plain HTTP browsers refuse the `__Host-` prefix. */
export function sessionCookieName(request: FastifyRequest): string {
  return request.protocol === 'https' ? '__Host-tributary' : 'tributary'
}

interface Edges {
  authenticator: Authenticator
  rateLimit: RateLimit
  config: Pick<Config, 'PUBLIC_URL'>
}

/**
 * Finds who asks and keeps it on the request. A bad token ends here with 401; none at all, or a cookie that has ended, is the policy's business.
 * A public route asks nobody: signing in must work beside a token that has just ended.
 */
export function identifyCaller({ authenticator, rateLimit, config }: Edges) {
  const charge = (request: FastifyRequest) => (error: unknown) => {
    rateLimit.charge(request)
    throw error
  }
  return async (request: FastifyRequest): Promise<void> => {
    if (request.is404 || request.routeOptions.config?.policy === 'public') return
    const credentials = credentialsOf(request)
    if (!credentials) return
    const known = authenticator.recall(credentials)
    // A token that was not seen in the last second costs a look-up: who sends too many bad ones waits.
    if (!known) rateLimit.assertRoom(request)
    const caller = known ?? (await authenticator.identify(credentials).catch(charge(request)))
    if (!caller) return rateLimit.charge(request)
    if (credentials.cookie !== undefined) assertFromOurPages(request, config.PUBLIC_URL)
    request.caller = caller
  }
}

export const bearerOf = (authorization: string): string | undefined => /^Bearer +(\S+)$/i.exec(authorization)?.[1]

function credentialsOf(request: FastifyRequest): Credentials | undefined {
  const { authorization } = request.headers
  if (authorization !== undefined) {
    const bearer = bearerOf(authorization)
    if (!bearer) throw new Problem('token_invalid', 'The Authorization header takes Bearer and a token')
    return { bearer }
  }
  const cookie = request.cookies[sessionCookieName(request)]
  return cookie ? { cookie } : undefined
}

/** A change made with the cookie must carry the header, and come from where our pages come from. */
function assertFromOurPages(request: FastifyRequest, publicUrl: string | undefined): void {
  if (safeMethods.has(request.method)) return
  if (request.headers[csrfHeader] === undefined) throw new Problem('csrf_missing')
  assertSameOrigin(request, publicUrl)
}

/** Browsers say where a request comes from in two headers that no script can set; other programs say nothing. */
export function assertSameOrigin(request: FastifyRequest, publicUrl: string | undefined): void {
  const { origin, 'sec-fetch-site': site } = request.headers
  if (typeof site === 'string' && site !== 'same-origin' && site !== 'none')
    throw new Problem('csrf_missing', `The request comes from another site (Sec-Fetch-Site: ${site.slice(0, 40)})`)
  if (origin === undefined) return
  const own = [`${request.protocol}://${request.host}`, ...(publicUrl ? [new URL(publicUrl).origin] : [])]
  if (!own.includes(origin)) throw new Problem('csrf_missing', 'The request comes from a page that is not ours')
}
