/** FIT files: the only form in which several providers have the course of a workout. The server reads them; here they are only fetched. */
import { ProviderError } from './errors.ts'
import type { ProviderHttp, RequestOptions } from './http.ts'

/** A record with its file beside it, or with the reason why there is none: the summary is told either way. */
export type WithFit = { fit: Uint8Array } | { fit_missing: string }

const gone = [404, 410]
/** Who signed an address refuses it when it is too old: that is no fault of the connection. At the brand's own API it would be one. */
const signedGone = [401, 403, ...gone]

/** From the brand's own API, or `withoutToken` from the signed address of a store. */
export async function fitOf(http: ProviderHttp, path: string, options: RequestOptions = {}): Promise<WithFit> {
  const missing = options.withoutToken ? signedGone : gone
  try {
    const { status, body } = await http.get(path, options.query, { ...options, bytes: true, expects: missing })
    if (missing.includes(status)) return { fit_missing: `the file’s address answered ${status}` }
    return isFit(body) ? { fit: body } : { fit_missing: 'what came is no FIT file' }
  } catch (error) {
    if (!(error instanceof ProviderError) || error.fault !== 'bad_data') throw error
    return { fit_missing: error.message }
  }
}

/** Bytes 8 to 11 say so; errors may come as JSON with status 200. */
function isFit(body: unknown): body is Uint8Array {
  return body instanceof Uint8Array && body.length > 12 && String.fromCharCode(...body.subarray(8, 12)) === '.FIT'
}
