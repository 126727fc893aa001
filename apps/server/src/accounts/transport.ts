import type { FastifyRequest } from 'fastify'
import type { Config } from '../config.ts'
import { isThisMachine } from '../platform/http/guard-host.ts'
import { assertSameOrigin } from '../platform/http/sign-in-state.ts'
import { Problem } from '../platform/problem.ts'
import { isHttps } from './cookies.ts'

/** A password travels over HTTPS, or does not leave this machine, or the operator has said that the network is safe. */
export function assertSafeTransport(request: FastifyRequest, config: Config): void {
  assertSameOrigin(request, config.PUBLIC_URL) // a page elsewhere must not sign its visitor in to an account of its own
  if (isHttps(request) || isThisMachine(request) || config.ALLOW_INSECURE_HTTP) return
  throw new Problem(
    'insecure_transport',
    'Over plain HTTP anybody on the way could read the password. Serve HTTPS (TLS_CERT_FILE and TLS_KEY_FILE, or a proxy named in TRUST_PROXY), or set ALLOW_INSECURE_HTTP=true on a network you trust',
  )
}
