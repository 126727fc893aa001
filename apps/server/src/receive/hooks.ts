/** /hooks/{provider}/{secret}: where providers post to. Bodies are taken as they come, byte for byte, because signatures are over bytes. */
import type { HookRequest } from '@tributary/providers/kit'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Parts } from '../parts.ts'
import { maxBodyBytes } from '../platform/http/body.ts'
import { takeHook } from './take-hook.ts'

export async function mountHooks(app: FastifyInstance, parts: Pick<Parts, 'hooks' | 'clock'>): Promise<void> {
  await app.register(async (own) => {
    own.removeAllContentTypeParsers()
    own.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit: maxBodyBytes }, (_request, body, done) =>
      done(null, body),
    )
    own.route({
      method: ['GET', 'POST'],
      url: '/hooks/:provider/:secret',
      config: { policy: 'public', name: 'receiveHook' },
      handler: (request, reply) => receiveHook(parts, request, reply),
    })
  })
}

async function receiveHook(
  { hooks, clock }: Pick<Parts, 'hooks' | 'clock'>,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const { provider, secret } = request.params as { provider: string; secret: string }
  const asked = { provider, secret, request: requestOf(request, clock.now()) }
  const { status, headers = {}, body } = await takeHook(hooks, asked)
  return reply.code(status).headers(headers).send(body)
}

function requestOf({ method, headers, url, body }: FastifyRequest, at: number): HookRequest {
  return {
    method: method as HookRequest['method'],
    headers: Object.fromEntries(
      Object.entries(headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : (value ?? '')]),
    ),
    query: new URL(url, 'http://hooks').searchParams,
    body: Buffer.isBuffer(body) ? new Uint8Array(body) : new Uint8Array(),
    at,
  }
}
