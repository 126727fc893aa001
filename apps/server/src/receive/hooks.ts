/** /hooks/{provider}/{secret}: where providers post to. Bodies are taken as they come, byte for byte, because signatures are over bytes, and not before the path is right. */
import type { Readable } from 'node:stream'
import type { HookRequest } from '@tributary/providers/kit'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Parts } from '../parts.ts'
import type { ArrivingBody } from './hold-body.ts'
import { takeHook } from './take-hook.ts'

export async function mountHooks(app: FastifyInstance, parts: Pick<Parts, 'hooks' | 'clock'>): Promise<void> {
  await app.register(async (own) => {
    own.removeAllContentTypeParsers()
    own.addContentTypeParser('*', (_request: FastifyRequest, payload: Readable, done: (e: null, b: Readable) => void) =>
      done(null, payload),
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
  const asked = { provider, secret, head: headOf(request, clock.now()), body: bodyOf(request) }
  const { status, headers = {}, body } = await takeHook(hooks, asked)
  return reply.code(status).headers(headers).send(body)
}

function headOf({ method, headers, url }: FastifyRequest, at: number): Omit<HookRequest, 'body'> {
  return {
    method: method as HookRequest['method'],
    headers: Object.fromEntries(
      Object.entries(headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : (value ?? '')]),
    ),
    query: new URL(url, 'http://hooks').searchParams,
    at,
  }
}

function bodyOf({ body, headers }: FastifyRequest): ArrivingBody | undefined {
  if (!body) return undefined
  const { 'content-length': length, 'content-encoding': encoding = 'identity' } = headers
  const isKnown = length !== undefined && encoding.toLowerCase() === 'identity'
  return { payload: body as Readable, length: isKnown ? Number(length) : undefined }
}
