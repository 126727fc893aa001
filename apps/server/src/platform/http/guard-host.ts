import type { FastifyRequest } from 'fastify'
import { Problem } from '../problem.ts'

const loopbackHosts = new Set(['localhost', '127.0.0.1', '[::1]', '::1'])

/** A foreign Host means that a page elsewhere made its own name point here (DNS rebinding). */
export function createHostGuard(publicUrl: string | undefined): (request: Pick<FastifyRequest, 'hostname'>) => void {
  const own = publicUrl ? new URL(publicUrl).hostname : undefined
  return (request) => {
    const hostname = request.hostname.toLowerCase()
    if (!loopbackHosts.has(hostname) && hostname !== own)
      throw new Problem('host_not_allowed', 'This name is not served here: set PUBLIC_URL to the address people use')
  }
}

/**
 * True for somebody at this very machine: a direct loopback connection, not passed on by a proxy, under a loopback name.
 */
export function isThisMachine(request: FastifyRequest): boolean {
  const { headers, socket, hostname } = request
  const forwarded = Object.keys(headers).some((name) => name === 'forwarded' || name.startsWith('x-forwarded-'))
  const address = socket.remoteAddress ?? ''
  const direct = address === '::1' || address.startsWith('127.') || address.startsWith('::ffff:127.')
  return direct && !forwarded && (hostname === 'localhost' || hostname === '127.0.0.1')
}
