/**
 * A client with a method for every route of the contract, typed by it, with no generated code between.
 * Works wherever there is `fetch`: browsers, Node, workers.
 */
import { csrfHeader, type RouteContract, routes } from '@tributary/protocol'
import { problemFrom } from './problem-error.ts'
import type { CallOptions, Methods, RawBody, RouteName } from './types.ts'

export interface ClientOptions {
  /** Where the server is, such as `https://hub.example`; in a browser on the same origin leave it out. */
  baseUrl?: string
  /** An access token, API key or device token; a function is asked before every call. Without one the cookie counts. */
  token?: string | (() => string | undefined | Promise<string | undefined>)
  fetch?: typeof globalThis.fetch
  /** Sent with every call. */
  headers?: Record<string, string>
  /** Milliseconds since 1970, for `Retry-After` dates. */
  now?: () => number
}

/** An answer with what came beside it: `X-Total-Count`, `ETag`, whether a replay was answered. */
export interface FullAnswer {
  status: number
  headers: Headers
  answer: unknown
}

export interface Client extends Methods {
  /** Any route by name, with status and headers. */
  call(name: RouteName, options?: AnyOptions): Promise<FullAnswer>
}

/** All that a call can take; which of it a route takes, `Methods` says. */
export interface AnyOptions extends CallOptions {
  params?: Record<string, unknown>
  query?: Record<string, unknown>
  body?: unknown
  raw?: RawBody
  contentType?: string
}

export function createClient(options: ClientOptions = {}): Client {
  const call: Client['call'] = (name, given = {}) => perform(routes[name], given, options)
  const methods = Object.keys(routes).map((name) => [
    name,
    async (given?: AnyOptions) => (await call(name as RouteName, given)).answer,
  ])
  return { ...Object.fromEntries(methods), call } as Client
}

async function perform(route: RouteContract, given: AnyOptions, options: ClientOptions): Promise<FullAnswer> {
  const { baseUrl = '', now = Date.now, fetch = globalThis.fetch } = options
  const address = baseUrl.replace(/\/$/, '') + pathOf(route, given.params) + queryOf(given.query)
  const response = await fetch(address, await requestOf(route, given, options))
  if (!response.ok) throw await problemFrom(response, now)
  return { status: response.status, headers: response.headers, answer: await read(route, response) }
}

async function requestOf(route: RouteContract, given: AnyOptions, options: ClientOptions): Promise<RequestInit> {
  const headers = new Headers(options.headers)
  headers.set(
    'accept',
    [route.returns.body && 'application/json', ...(route.produces ?? [])].filter(Boolean).join(', ') || '*/*',
  )
  const token = typeof options.token === 'function' ? await options.token() : options.token
  if (token) headers.set('authorization', `Bearer ${token}`)
  else if (route.method !== 'GET') headers.set(csrfHeader, '1')
  const body = given.raw ?? (given.body === undefined ? undefined : JSON.stringify(given.body))
  const type = given.contentType ?? (given.raw === undefined && body !== undefined ? 'application/json' : undefined)
  if (type) headers.set('content-type', type)
  for (const [name, value] of Object.entries(given.headers ?? {})) headers.set(name, value)
  return {
    method: route.method,
    headers,
    ...(body !== undefined && { body }),
    ...(given.signal && { signal: given.signal }),
    // Without it fetch refuses a stream: the answer is read only after the whole body was sent.
    ...(body instanceof ReadableStream && { duplex: 'half' }),
  }
}

async function read(route: RouteContract, response: Response): Promise<unknown> {
  if (response.status === 204) return undefined
  const type = response.headers.get('content-type') ?? ''
  if (type.startsWith('application/json')) return response.json()
  if (route.returns.body) return response.text()
  return route.produces ? response.blob() : undefined
}

function pathOf({ path }: RouteContract, params: Record<string, unknown> = {}): string {
  return path.replaceAll(/\{(\w+)\}/g, (_, part: string) => {
    const value = params[part]
    // An empty part would name another route (`/devices/` for `/devices/{device_id}`), `..` another folder of it.
    if (value === undefined || value === '' || value === '.' || value === '..')
      throw new TypeError(`${path} takes a ${part}`)
    return encodeURIComponent(String(value))
  })
}

function queryOf(query: Record<string, unknown> = {}): string {
  const search = new URLSearchParams()
  for (const [name, value] of Object.entries(query)) {
    for (const one of Array.isArray(value) ? value : [value]) {
      if (one !== undefined && one !== null) search.append(name, String(one))
    }
  }
  return search.size > 0 ? `?${search}` : ''
}
