/** `ProviderHttp` over whatever carries a request: the server's guarded, signed one, or a test's. */
import { addressOf, type StandIns } from './address.ts'
import { ProviderError } from './errors.ts'
import { faultOf } from './fault-of.ts'
import type { ProviderAnswer, ProviderHttp, Query, RequestOptions } from './http.ts'
import { parseJson } from './parse-json.ts'
import type { Provider } from './provider.ts'

export interface Sent {
  method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  url: URL
  headers: Readonly<Record<string, string>>
  body?: string
  /** Goes to an address that must not learn the token. */
  withoutToken?: true
}

export interface Received {
  status: number
  headers: Headers
  bytes: Uint8Array
}

/** Adds the token and the provider's own headers; throws `ProviderError('unavailable')` when no answer came. */
export type Carry = (request: Sent) => Promise<Received>

export function createProviderHttp(
  provider: Pick<Provider, 'name' | 'api' | 'origins' | 'fault'>,
  carry: Carry,
  standIns: StandIns,
  now: () => number,
): ProviderHttp {
  async function ask(
    method: Sent['method'],
    path: string,
    { query, headers = {}, expects = [], bytes, withoutToken }: RequestOptions,
    body?: { json?: unknown; form?: Query },
  ): Promise<ProviderAnswer> {
    const url = addressOf(provider, path, query, standIns)
    const answer = await carry({
      method,
      url,
      headers: { ...headers, ...typeOf(body) },
      ...textOf(body),
      ...(withoutToken ? { withoutToken } : {}),
    })
    const good = (answer.status >= 200 && answer.status < 300) || expects.includes(answer.status)
    if (bytes && good) return { ...answer, body: answer.bytes }
    const parsed = parse(answer.bytes)
    if (good && parsed === unreadable)
      throw new ProviderError('bad_data', `${provider.name} answered ${answer.status} with what is not JSON`, {
        status: answer.status,
      })
    if (!good) throw faultOf(provider, answer.status, parsed, answer.headers, now())
    return { status: answer.status, headers: answer.headers, body: parsed }
  }
  return {
    get: (path, query, options = {}) => ask('GET', path, { ...options, ...(query ? { query } : {}) }),
    post: (path, body, options = {}) => ask('POST', path, options, body),
    put: (path, body, options = {}) => ask('PUT', path, options, body),
    delete: (path, options = {}) => ask('DELETE', path, options),
  }
}

const unreadable = Symbol('an answer that is not JSON')

function parse(bytes: Uint8Array): unknown {
  if (!bytes.length) return undefined
  try {
    return parseJson(new TextDecoder().decode(bytes))
  } catch {
    return unreadable // the caller says which answer it was; its content may be about a person's health
  }
}

const typeOf = (body: { json?: unknown; form?: Query } | undefined): Record<string, string> => {
  if (!body) return {}
  return { 'content-type': body.form ? 'application/x-www-form-urlencoded' : 'application/json' }
}

function textOf(body: { json?: unknown; form?: Query } | undefined): { body?: string } {
  if (!body) return {}
  if (!body.form) return { body: JSON.stringify(body.json ?? {}) }
  const form = new URLSearchParams()
  for (const [name, value] of Object.entries(body.form)) {
    if (value === undefined) continue
    for (const one of Array.isArray(value) ? value : [value]) form.append(name, String(one))
  }
  return { body: form.toString() }
}
