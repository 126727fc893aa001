/** Where a request of a provider goes: its own origins and nowhere else, or what an operator put in their place. */
import { ProviderError } from './errors.ts'
import type { Query } from './http.ts'
import type { Provider } from './provider.ts'

/** Origins (and a path before the provider's own, if any) that stand in for the brand's: `<PROVIDER>_BASE_URL` and `_AUTH_URL`. */
export interface StandIns {
  baseUrl?: string | undefined
  authUrl?: string | undefined
}

/** The address of `path`, or of a whole URL that an answer brought. Throws `ProviderError('bad_data')` for one that lies elsewhere. */
export function addressOf(
  { api, origins = [] }: Pick<Provider, 'api' | 'origins'>,
  path: string,
  query: Query = {},
  { baseUrl }: StandIns = {},
): URL {
  const url = path.startsWith('/') ? new URL(`${api ?? ''}${path}`) : parse(path)
  if (!path.startsWith('/') && ![api, ...origins, baseUrl].some((allowed) => isAt(url, allowed)))
    throw new ProviderError('bad_data', 'an answer points at an address that is not the provider’s')
  for (const [name, value] of Object.entries(query)) {
    if (value === undefined) continue
    if (Array.isArray(value)) for (const one of value) url.searchParams.append(name, one)
    else url.searchParams.set(name, String(value))
  }
  return moved(url, baseUrl)
}

/** The same path and query at another origin; a stand-in's own path goes before. */
export function moved(url: URL, standIn: string | undefined): URL {
  if (!standIn || url.origin === new URL(standIn).origin) return url
  const { origin, pathname } = new URL(standIn)
  return new URL(`${origin}${pathname.replace(/\/$/, '')}${url.pathname}${url.search}`)
}

function parse(text: string): URL {
  if (!URL.canParse(text)) throw new ProviderError('bad_data', 'an answer points at what is no address')
  return new URL(text)
}

/** An origin may begin with `*.`, for providers that keep files on any host below a name: `https://*.example.com`. */
function isAt(url: URL, allowed: string | undefined): boolean {
  if (!allowed) return false
  const { protocol, host, origin } = new URL(allowed)
  return host.startsWith('*.') ? url.protocol === protocol && url.host.endsWith(host.slice(1)) : url.origin === origin
}
