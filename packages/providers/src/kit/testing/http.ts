/** `ProviderHttp` for tests: over a function that answers web-standard requests, such as an emulated cloud. */

import type { ProviderHttp } from '../http.ts'
import type { Provider } from '../provider.ts'
import { type Carry, createProviderHttp } from '../provider-http.ts'

export interface TestHttpOptions {
  headers?: Readonly<Record<string, string>>
  now?: () => number
}

/** Every request that was made stands in `requests`, as `GET /path?query`. */
export function testHttp(
  provider: Pick<Provider, 'name' | 'api' | 'origins' | 'fault'>,
  answer: (request: Request) => Promise<Response> | Response,
  { headers = {}, now = () => 0 }: TestHttpOptions = {},
): ProviderHttp & { requests: string[] } {
  const requests: string[] = []
  const carry: Carry = async (sent) => {
    requests.push(`${sent.method} ${sent.url.pathname}${sent.url.search}`)
    const init = {
      method: sent.method,
      headers: { ...headers, ...sent.headers },
      ...(sent.body ? { body: sent.body } : {}),
    }
    const response = await answer(new Request(sent.url, init))
    return { status: response.status, headers: response.headers, bytes: new Uint8Array(await response.arrayBuffer()) }
  }
  return Object.assign(createProviderHttp(provider, carry, {}, now), { requests })
}
