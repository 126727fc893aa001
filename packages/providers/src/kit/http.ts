/** What a feed is given to ask with. The server's signs, guards, counts against limits, retries, keeps raw answers; a test's is a plain fetch. */

export type QueryValue = string | number | boolean | undefined | readonly string[]
export type Query = Readonly<Record<string, QueryValue>>

export interface RequestOptions {
  query?: Query
  /** One of these wins over the server's own of that name, `authorization` among them. */
  headers?: Readonly<Record<string, string>>
  /** Statuses besides 2xx that the feed wants to see for itself (404 of an optional part, 204). Others throw `ProviderError`. */
  expects?: readonly number[]
  /** Neither token nor the provider's own headers go with it: for signed or public addresses elsewhere (a CDN). */
  withoutToken?: true
  /** Bytes instead of JSON (`body` is then a Uint8Array): files of an activity. */
  bytes?: true
}

export interface ProviderAnswer {
  status: number
  headers: Headers
  /** Parsed JSON, integers that no number can hold as their digits; bytes when asked for; undefined when the answer was empty. */
  body: unknown
}

/**
 * `path` begins with `/` and is added to the provider's `api`; a whole URL must lie on `api` or one of `origins` (the links that
 * some answers bring), or the request is refused.
 */
export interface ProviderHttp {
  get(path: string, query?: Query, options?: RequestOptions): Promise<ProviderAnswer>
  post(path: string, body: { json?: unknown; form?: Query }, options?: RequestOptions): Promise<ProviderAnswer>
  put(path: string, body: { json?: unknown; form?: Query }, options?: RequestOptions): Promise<ProviderAnswer>
  delete(path: string, options?: RequestOptions): Promise<ProviderAnswer>
}
