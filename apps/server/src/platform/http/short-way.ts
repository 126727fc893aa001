/**
 * The short way in, for small uploads of callers we know: past the router and its hooks, which cost more than everything else an
 * upload of a minute needs. It takes only what is ordinary in every respect, decided from the head alone and before a byte of the
 * body is read or a token of the limit spent; all else goes on to the router as it came. So this holds no rule of its own: who asks,
 * what is allowed, what is left, how a problem is spelt are the router's own functions, in the router's order.
 */
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http'
import type { AnswerOf, ParamsOf, RouteContract } from '@tributary/protocol'
import type { FastifyInstance } from 'fastify'
import type { Parts } from '../../parts.ts'
import { newId } from '../new-id.ts'
import type { Asked } from './asked.ts'
import { Errand, fingerprintKeyOf } from './call.ts'
import type { Caller } from './caller.ts'
import { headersOf, problemFor } from './errors.ts'
import type { createHostGuard } from './guard-host.ts'
import { jsonType } from './mount.ts'
import { noteAnswer } from './note-answer.ts'
import { assertAllowed } from './policy.ts'
import type { RateLimit } from './rate-limit.ts'
import { bearerOf } from './sign-in-state.ts'
import { validate } from './validate.ts'

/** A POST whose handler reads its body's bytes itself. */
interface ShortRoute<R extends RouteContract> {
  name: string
  contract: R
  run(errand: Errand<R>, parts: Parts): Promise<AnswerOf<R>>
}

interface Rules {
  guardHost: ReturnType<typeof createHostGuard>
  rateLimit: RateLimit
  /** Of every answer. */
  apiHeaders: Readonly<Record<string, string>>
}

/** What larger bodies cost is their reading, whichever way they come. */
const mostBytes = 128 * 1024
const mostPaths = 50_000

export function openShortWay<R extends RouteContract>(
  app: FastifyInstance,
  route: ShortRoute<R>,
  { guardHost, rateLimit, apiHeaders }: Rules,
  parts: Parts,
): void {
  if (parts.config.TRUST_PROXY.length) return // whose address it is would have to be read out of headers
  const { server } = app
  const [router] = server.listeners('request') as ((request: IncomingMessage, response: ServerResponse) => void)[]
  if (!router) return
  const { contract, name, run } = route
  const fingerprintKey = fingerprintKeyOf(parts.secrets)
  const paths = createPaths(contract)
  let closing = false
  app.addHook('preClose', async () => {
    closing = true
  })
  server.removeListener('request', router)
  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    const entry = closing ? undefined : admit(request)
    if (entry) serve(entry, request, response)
    else router(request, response)
  })

  /** Undefined for whom the router must see. */
  function admit({ method, url, headers, socket }: IncomingMessage): Entry<R> | undefined {
    const { authorization, host } = headers
    if (method !== contract.method || url === undefined || authorization === undefined) return undefined
    if (!isOrdinary(headers) || host === undefined || !plainHost.test(host)) return undefined
    const bearer = bearerOf(authorization)
    const caller = bearer === undefined ? undefined : parts.authenticator.recall({ bearer })
    const params = caller && paths.find(url)
    if (!caller || !params) return undefined
    const entry: Entry<R> = {
      params,
      headers: { ...apiHeaders },
      begunMs: performance.now(),
      id: newId(),
      ip: socket.remoteAddress as string,
      caller,
    }
    try {
      guardHost({ hostname: host.split(':', 1)[0] ?? '' })
      assertAllowed(caller, { policy: contract.scope, contract, params })
      rateLimit.take(entry, { header: (header, value) => (entry.headers[header] = value) })
      return entry
    } catch {
      return undefined // the router comes to the same end, and says so; what it charges has not been charged here
    }
  }

  function serve(entry: Entry<R>, request: IncomingMessage, response: ServerResponse): void {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('error', () => undefined) // the caller went away in the middle: there is nobody to answer
    request.on('end', () => {
      const body = chunks.length === 1 ? chunks[0] : Buffer.concat(chunks)
      void answer(entry, request, body, response)
    })
  }

  async function answer(entry: Entry<R>, request: IncomingMessage, body: unknown, response: ServerResponse) {
    const { id, ip, caller, params, headers } = entry
    const { method = '', url = '' } = request
    const asked: Asked = { id, ip, caller, method, url, headers: request.headers, body }
    let status: number = contract.returns.status
    let text: string
    try {
      if (contract.problems.includes('storage_full')) parts.disk.assertRoom()
      const query = undefined as never
      const errand = new Errand<R>({
        name,
        contract,
        params,
        query,
        body: undefined as never,
        request: asked,
        caller,
        db: parts.db,
        fingerprintKey,
      })
      text = JSON.stringify(await run(errand, parts))
      headers['content-type'] = jsonType
    } catch (error) {
      const problem = problemFor(error, id, parts.log)
      status = problem.status
      text = JSON.stringify(problem.body(id))
      Object.assign(headers, headersOf(problem))
    }
    headers['x-request-id'] = id
    headers['content-length'] = String(Buffer.byteLength(text))
    response.writeHead(status, headers)
    response.end(text)
    noteAnswer(parts, {
      userId: caller.userId,
      deviceId: (params as { device_id?: string }).device_id,
      operation: name,
      method,
      status,
      ms: performance.now() - entry.begunMs,
      requestId: id,
    })
  }
}

interface Entry<R extends RouteContract> {
  params: ParamsOf<R>
  headers: Record<string, string>
  begunMs: number
  id: string
  ip: string
  caller: Caller
}

/** A name or an IPv4 address, and a port: any other spelling of a host is for the router to take apart. */
const plainHost = /^[a-z0-9.-]+(:\d{1,5})?$/i

/** Plain JSON of a known, small length, and nothing in the head that changes what it means. */
function isOrdinary(headers: IncomingHttpHeaders): boolean {
  const type = headers['content-type']
  const length = headers['content-length']
  return (
    (type === 'application/json' || type === 'application/json; charset=utf-8') &&
    length !== undefined &&
    /^[1-9]\d{0,5}$/.test(length) &&
    Number(length) <= mostBytes &&
    headers['transfer-encoding'] === undefined &&
    headers['content-encoding'] === undefined &&
    headers['idempotency-key'] === undefined &&
    headers.expect === undefined &&
    headers.upgrade === undefined &&
    headers.cookie === undefined
  )
}

interface Paths<R extends RouteContract> {
  /** The parameters in an address of the route; undefined for any other. */
  find(url: string): ParamsOf<R> | undefined
}

/** Devices send to one address all their life: it is taken apart and checked once. */
function createPaths<R extends RouteContract>({ path, params: schema }: RouteContract): Paths<R> {
  const pattern = new RegExp(`^${path.replaceAll('.', '\\.').replaceAll(/\{(\w+)\}/g, '(?<$1>[\\w-]+)')}$`)
  const known = new Map<string, ParamsOf<R>>()
  return {
    find(url) {
      const there = known.get(url)
      if (there) return there
      const parts = pattern.exec(url)?.groups
      if (!parts) return undefined
      try {
        const params = validate(schema, { ...parts }, 'path') as ParamsOf<R>
        if (known.size >= mostPaths) known.clear()
        known.set(url, params)
        return params
      } catch {
        return undefined // the router says what is wrong with it
      }
    },
  }
}
