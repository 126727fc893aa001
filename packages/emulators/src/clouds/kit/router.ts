/** Which answer belongs to a request: by method and path, `:name` standing for one part of it. */
import type { Account } from './accounts.ts'
import type { Grant } from './grants.ts'
import type { App } from './site.ts'

/** A request, read. */
export interface Ask {
  request: Request
  url: URL
  query: URLSearchParams
  params: Readonly<Record<string, string>>
  text: string
  /** Of a form's body; empty when it is none. */
  form: URLSearchParams
}

export interface AppAsk extends Ask {
  app: App
}

export interface PersonAsk extends AppAsk {
  account: Account
  grant: Grant
}

type Answer = Response | Promise<Response>

interface Place {
  method: string
  path: string
}

export type Route = Place &
  (
    | { who: 'anyone'; answer(ask: Ask): Answer }
    | { who: 'app'; answer(ask: AppAsk): Answer }
    /** One of the scopes is enough; none means that any token is. */
    | { who: 'person'; scopes: readonly string[]; answer(ask: PersonAsk): Answer }
  )

/** Sign-in pages and what needs no token; not counted by limits. */
export const anyone = (method: string, path: string, answer: (ask: Ask) => Answer): Route => ({
  who: 'anyone',
  method,
  path,
  answer,
})

/** With the app's own id and secret. */
export const app = (method: string, path: string, answer: (ask: AppAsk) => Answer): Route => ({
  who: 'app',
  method,
  path,
  answer,
})

/** With a person's access token. */
export const person = (
  method: string,
  path: string,
  scopes: readonly string[],
  answer: (ask: PersonAsk) => Answer,
): Route => ({ who: 'person', method, path, scopes, answer })

export interface Found {
  route: Route
  params: Record<string, string>
}

/** The first that fits; `wrong_method` when only the path does. */
export function findRoute(routes: readonly Route[], method: string, path: string): Found | 'wrong_method' | 'no_route' {
  let fits = false
  for (const route of routes) {
    const params = match(route.path, path)
    if (!params) continue
    if (route.method === method) return { route, params }
    fits = true
  }
  return fits ? 'wrong_method' : 'no_route'
}

function match(pattern: string, path: string): Record<string, string> | null {
  const wanted = pattern.split('/')
  const given = path.split('/')
  if (wanted.length !== given.length) return null
  const params: Record<string, string> = {}
  for (const [i, part] of wanted.entries()) {
    const value = given[i] ?? ''
    if (part.startsWith(':') && value) params[part.slice(1)] = decode(value)
    else if (part !== value) return null
  }
  return params
}

/** As it stands where it is no encoding: then nothing has such an id. */
function decode(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    return part
  }
}

export async function readAsk(request: Request, url: URL, params: Record<string, string>): Promise<Ask> {
  const text = request.body ? await request.text() : ''
  const isForm = request.headers.get('content-type')?.startsWith('application/x-www-form-urlencoded') ?? false
  return { request, url, query: url.searchParams, params, text, form: new URLSearchParams(isForm ? text : '') }
}

/** Of a JSON body that is an object; null for anything else. */
export function jsonOf({ text }: Ask): Record<string, unknown> | null {
  try {
    const body: unknown = JSON.parse(text)
    return typeof body === 'object' && body !== null && !Array.isArray(body) ? { ...body } : null
  } catch {
    return null
  }
}

export function basicOf(request: Request): { id: string; secret: string } | null {
  const [kind, value] = request.headers.get('authorization')?.split(' ') ?? []
  if (kind?.toLowerCase() !== 'basic' || !value) return null
  const text = Buffer.from(value, 'base64').toString('utf8')
  const at = text.indexOf(':')
  return at < 0 ? null : { id: text.slice(0, at), secret: text.slice(at + 1) }
}

export function bearerOf(request: Request): string | null {
  const [kind, value] = request.headers.get('authorization')?.split(' ') ?? []
  return kind?.toLowerCase() === 'bearer' && value ? value : null
}
