/** Every answer that is not a success leaves through here, as a problem with the request's id. */
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'
import type { Log } from '../log.ts'
import { Problem } from '../problem.ts'
import { SeriesGone, StoreBusy, StoreUnavailable } from '../samples/errors.ts'
import { maxBodyBytes } from './body.ts'

export const problemType = 'application/problem+json; charset=utf-8'

/** What Fastify, Node and PostgreSQL call the faults that are the caller's or pass by themselves. */
const known: Record<string, () => Problem> = {
  FST_ERR_CTP_BODY_TOO_LARGE: () =>
    new Problem('payload_too_large', `A body takes at most ${maxBodyBytes} bytes, decompressed`, {
      max_bytes: maxBodyBytes,
    }),
  FST_ERR_CTP_INVALID_MEDIA_TYPE: () => new Problem('media_type_unsupported'),
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: () =>
    new Problem('invalid_request', 'The body is not as long as Content-Length says'),
  FST_ERR_BAD_URL: () => new Problem('not_found'),
  Z_DATA_ERROR: () => new Problem('invalid_request', 'The compressed body is damaged'),
  Z_BUF_ERROR: () => new Problem('invalid_request', 'The compressed body ends too early'),
  ERR__ERROR_FORMAT_PADDING_1: () => new Problem('invalid_request', 'The compressed body is damaged'),
  ECONNREFUSED: () => new Problem('database_unavailable', undefined, { retryAfterSeconds: 2 }),
  ECONNRESET: () => new Problem('database_unavailable', undefined, { retryAfterSeconds: 2 }),
  ENOENT: () => new Problem('database_unavailable', undefined, { retryAfterSeconds: 2 }),
  '40P01': () => new Problem('busy', undefined, { retryAfterSeconds: 1 }), // deadlock_detected: the other one goes on
  '53100': () => new Problem('storage_full'), // disk_full
  '53300': () => new Problem('busy', undefined, { retryAfterSeconds: 1 }), // too_many_connections
  '55P03': () => new Problem('busy', undefined, { retryAfterSeconds: 1 }), // lock_not_available
  '57014': () => new Problem('busy', undefined, { retryAfterSeconds: 1 }), // query_canceled: statement_timeout
  '57P01': () => new Problem('database_unavailable', undefined, { retryAfterSeconds: 2 }), // admin_shutdown
  '57P02': () => new Problem('database_unavailable', undefined, { retryAfterSeconds: 2 }), // crash_shutdown
  '57P03': () => new Problem('database_unavailable', undefined, { retryAfterSeconds: 2 }), // cannot_connect_now
}

/** pg says these only in words. */
const lostConnection =
  /Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error|the database system is/

export function toProblem(error: unknown): Problem | undefined {
  if (error instanceof Problem) return error
  if (error instanceof StoreBusy) return new Problem('busy', undefined, { retryAfterSeconds: error.retryAfter })
  if (error instanceof SeriesGone) return new Problem('not_found')
  if (error instanceof StoreUnavailable)
    return toProblem(error.cause) ?? new Problem('database_unavailable', undefined, { retryAfterSeconds: 2 })
  const { code, message = '', statusCode } = error as FastifyError
  const make = known[code]
  if (make) return make()
  if (code?.startsWith('ERR_BROTLI') || code?.startsWith('ERR__ERROR_FORMAT'))
    return new Problem('invalid_request', 'The compressed body is damaged')
  if (lostConnection.test(message)) return new Problem('database_unavailable', undefined, { retryAfterSeconds: 2 })
  if (statusCode && statusCode >= 400 && statusCode < 500) return new Problem('invalid_request')
  return undefined
}

export function answerError(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  return answerProblem(problemFor(error, request.id, request.log), request, reply)
}

/** Whatever went wrong as what its caller is told. A fault of ours is logged, here and once. */
export function problemFor(error: unknown, requestId: string, log: Pick<Log, 'error'>): Problem {
  const problem = toProblem(error) ?? new Problem('internal')
  if (problem.code === 'internal') log.error({ err: error, request_id: requestId }, 'a request failed')
  return problem
}

/** What is not a page shows nothing and loads nothing; health data is never kept by a cache on the way. */
export const plainHeaders = {
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
}

export function answerProblem(problem: Problem, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  if (!reply.hasHeader('x-content-type-options')) reply.headers(plainHeaders) // refused before its headers were set
  return reply
    .code(problem.status)
    .headers(headersOf(problem))
    .send(JSON.stringify(problem.body(request.id)))
}

/** What a problem's answer says about itself, beside what every answer says. */
export function headersOf({ status, retryAfterSeconds }: Problem): Record<string, string> {
  return {
    'content-type': problemType,
    ...(retryAfterSeconds === undefined ? {} : { 'retry-after': String(Math.ceil(retryAfterSeconds)) }),
    ...(status === 401 ? { 'www-authenticate': 'Bearer realm="tributary"' } : {}),
  }
}
