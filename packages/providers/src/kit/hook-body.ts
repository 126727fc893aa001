/** The body of a webhook's request, as JSON. */
import { ProviderError } from './errors.ts'
import { parseJson } from './parse-json.ts'
import type { HookRequest } from './webhook.ts'

/** Undefined for what is no JSON: for `verify` and `handshake`, which refuse rather than throw. */
export function jsonIn({ body }: Pick<HookRequest, 'body'>): unknown {
  try {
    return parseJson(new TextDecoder().decode(body))
  } catch {
    return undefined // who sends what is no JSON is not believed, and told so by the caller
  }
}

/** For `read`. Throws `ProviderError('bad_data')` for what is no JSON. */
export function jsonOf(request: Pick<HookRequest, 'body'>, provider: string): unknown {
  const said = jsonIn(request)
  if (said === undefined) throw new ProviderError('bad_data', `a notice of ${provider} is not JSON`)
  return said
}
