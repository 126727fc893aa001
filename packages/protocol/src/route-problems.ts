import { type ProblemCode, problems } from './problems.ts'
import type { RouteContract } from './route.ts'

/** Every problem that a route may answer with: its own, and those that its shape brings along. */
export function problemsOf(route: RouteContract): ProblemCode[] {
  const codes = new Set<ProblemCode>([
    'host_not_allowed',
    'too_many_requests',
    'internal',
    'database_unavailable',
    'busy',
  ])
  const add = (...more: readonly ProblemCode[]) => {
    for (const code of more) codes.add(code)
  }
  if (route.params || route.query || takesBody(route)) add('invalid_request')
  if (takesBody(route)) add('invalid_json', 'payload_too_large', 'media_type_unsupported', 'encoding_unsupported')
  if (route.scope !== 'public') add('not_signed_in', 'token_invalid', 'not_allowed')
  if (route.method !== 'GET') add('idempotency_key_reused', 'idempotency_in_progress')
  if (route.method !== 'GET' && route.scope !== 'public') add('csrf_missing')
  if (route.secret) add('idempotency_secret_not_repeated')
  add(...route.problems)
  return [...codes].sort((a, b) => problems[a].status - problems[b].status || (a < b ? -1 : 1))
}

export function takesBody({ body, consumes }: RouteContract): boolean {
  return body !== undefined || consumes !== undefined
}
