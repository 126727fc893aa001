import type { FastifyRequest } from 'fastify'
import type { Parts } from '../../parts.ts'
import { Problem } from '../problem.ts'

/** The cookie's name over HTTPS and over plain loopback HTTP, where browsers refuse the `__Host-` prefix. */
export const cookieNames = { secure: '__Host-tributary', plain: 'tributary' } as const
/** A page elsewhere can make a browser send the cookie, but not this header. */
export const csrfHeader = 'x-tributary-csrf'

const safeMethods = new Set(['GET', 'HEAD', 'OPTIONS'])

/** Finds who asks and keeps it on the request. Bad credentials end here with 401; none at all are the policy's business. */
export function identifyCaller(parts: Parts) {
  return async (request: FastifyRequest): Promise<void> => {
    const { authorization } = request.headers
    if (authorization !== undefined) {
      const bearer = /^Bearer +(\S+)$/i.exec(authorization)?.[1]
      if (!bearer) throw new Problem('token_invalid', 'The Authorization header takes Bearer and a token')
      const caller = await parts.authenticate({ bearer })
      if (caller) request.caller = caller
      return
    }
    const cookie = request.cookies[request.protocol === 'https' ? cookieNames.secure : cookieNames.plain]
    if (!cookie || request.routeOptions.config?.policy === 'public') return
    const caller = await parts.authenticate({ cookie })
    if (!caller) return
    if (!safeMethods.has(request.method) && request.headers[csrfHeader] === undefined) throw new Problem('csrf_missing')
    request.caller = caller
  }
}
