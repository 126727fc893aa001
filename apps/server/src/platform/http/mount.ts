/** Puts the handlers on the wire: policy, validation, the answer. Everything a route says about itself is read from its contract. */
import type { RouteContract } from '@tributary/protocol'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Parts } from '../../parts.ts'
import { Problem } from '../problem.ts'
import { parseJson } from './body.ts'
import { Call, fingerprintKeyOf, Replay } from './call.ts'
import type { Caller } from './caller.ts'
import { problemType, toProblem } from './errors.ts'
import { isThisMachine } from './guard-host.ts'
import { Answer, type Handler, sent } from './handle.ts'
import { claimKey, keepAnswer } from './idempotency.queries.ts'
import { assertAllowed } from './policy.ts'
import { validate } from './validate.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Who may call. A route without it stops the start. */
    policy?: RouteContract['scope']
    contract?: RouteContract
    name?: string
  }
  interface FastifyRequest {
    caller?: Caller
  }
}

export const jsonType = 'application/json; charset=utf-8'

export function mount(app: FastifyInstance, handlers: Record<string, Handler>, parts: Parts): void {
  const fingerprintKey = fingerprintKeyOf(parts.secrets)
  for (const [name, handler] of Object.entries(handlers)) {
    const { contract } = handler
    for (const path of pathsOf(contract))
      app.route({
        method: contract.method,
        url: urlOf(path),
        config: { policy: contract.scope, contract, name },
        // Only reading answers much; its hooks would cost each upload more than reading its body.
        ...(contract.method === 'GET' ? {} : { compress: false }),
        handler: (request, reply) => answer({ name, handler, parts, fingerprintKey }, request, reply),
      })
  }
}

/** A path that exists answers the methods it lacks with 405 and says which it has. */
export function refuseOtherMethods(app: FastifyInstance, handlers: Record<string, Handler>): void {
  const addresses = Object.values(handlers).flatMap(({ contract }) =>
    pathsOf(contract).map((path) => ({ path, method: contract.method })),
  )
  for (const [path, own] of Map.groupBy(addresses, ({ path }) => path)) {
    const taken: string[] = own.map(({ method }) => method).sort()
    const allow = (taken.includes('GET') ? [...taken, 'HEAD'] : taken).join(', ')
    app.route({
      method: (['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const).filter(
        (method) => !taken.includes(method),
      ),
      url: urlOf(path),
      exposeHeadRoute: false,
      config: { policy: 'public' },
      onRequest: async (_request, reply) => {
        reply.header('allow', allow)
        throw new Problem('method_not_allowed', `This address takes ${allow}`)
      },
      handler: () => undefined,
    })
  }
}

const pathsOf = ({ path, alsoAt }: RouteContract): string[] => (alsoAt ? [path, alsoAt] : [path])

/** `{name}` of a contract is `:name` of the router. */
const urlOf = (path: string) => path.replaceAll(/\{(\w+)\}/g, ':$1')

interface Mounted {
  name: string
  handler: Handler
  parts: Parts
  fingerprintKey: Buffer
}

async function answer(mounted: Mounted, request: FastifyRequest, reply: FastifyReply) {
  const { name, handler, parts, fingerprintKey } = mounted
  const { contract, raw } = handler
  if (contract.problems.includes('storage_full')) parts.disk.assertRoom()
  const call = new Call({
    name,
    contract,
    params: validate(contract.params, request.params, 'path') as never,
    query: validate(contract.query, request.query, 'query') as never,
    body: (raw ? undefined : validate(contract.body, bodyOf(request), 'body')) as never,
    request,
    reply,
    caller: request.caller,
    db: parts.db,
    fingerprintKey,
  })
  try {
    return send(await handler.run(call, parts), contract.returns.status, reply)
  } catch (error) {
    if (error instanceof Replay) return sendAgain(error, reply)
    await keepRefusal(call, error, parts)
    throw error
  }
}

/** What was kept goes out as it was, byte for byte. */
function sendAgain({ status, answer }: Replay, reply: FastifyReply): FastifyReply {
  reply.code(status).header('idempotency-replayed', 'true')
  if (status === 204) return reply.send()
  return reply.type(status < 400 ? jsonType : problemType).send(answer)
}

function bodyOf(request: FastifyRequest): unknown {
  const { body } = request
  if (body === undefined || body === null) return undefined
  if (!Buffer.isBuffer(body) || !request.headers['content-type']?.startsWith('application/json'))
    throw new Problem('media_type_unsupported')
  return body.length ? parseJson(body) : undefined
}

function send(result: unknown, status: number, reply: FastifyReply): FastifyReply {
  if (result === sent) return reply
  if (result instanceof Answer)
    return result.body === undefined || result.status === 204
      ? reply.code(result.status).send()
      : json(reply.code(result.status), result.body)
  return status === 204 || result === undefined ? reply.code(status).send() : json(reply.code(status), result)
}

/** Plain JSON.stringify: a serialiser made from a schema would silently drop what the schema forgot. */
function json(reply: FastifyReply, body: unknown): FastifyReply {
  return reply.type(jsonType).send(JSON.stringify(body))
}

/** A refusal (4xx) is an answer too: the same key gets the same one. 401, 429 and 5xx pass, so they are not kept. */
async function keepRefusal(call: Call, error: unknown, parts: Parts): Promise<void> {
  const caller = call.optionalCaller
  const problem = toProblem(error)
  const key = call.contract.method === 'GET' ? undefined : call.request.headers['idempotency-key']
  if (
    !caller ||
    !problem ||
    typeof key !== 'string' ||
    call.contract.consumes?.includes('multipart/form-data') || // a stream has gone by and cannot be compared
    (call.request.body !== null && !Buffer.isBuffer(call.request.body ?? Buffer.alloc(0)))
  )
    return
  if (
    problem.status >= 500 ||
    problem.status === 401 ||
    problem.status === 429 ||
    problem.code.startsWith('idempotency_')
  )
    return
  await parts.db.write({ userId: caller.userId }, async (tx) => {
    const kept = await claimKey(tx, caller.userId, key, call.fingerprint())
    if (!kept) await keepAnswer(tx, caller.userId, key, problem.status, JSON.stringify(problem.body(call.request.id)))
  })
}

/** Runs before every handler: who is it, and may they? */
export function checkPolicy(request: FastifyRequest): void {
  if (request.is404) return
  const { policy, contract } = request.routeOptions.config
  if (contract?.thisMachine && isThisMachine(request)) return
  assertAllowed(request.caller, { policy, contract, params: request.params })
}
