/** RFC 5849, HMAC-SHA1: the header that signs a request, for what was connected before OAuth 2. */
import { hmac } from './proof.ts'

export interface OAuth1Keys {
  consumerKey: string
  consumerSecret: string
  token?: string
  tokenSecret?: string
}

export interface OAuth1Request {
  method: string
  url: URL
  /** Of a form body (application/x-www-form-urlencoded), which is signed too. */
  form?: URLSearchParams
}

export function signOAuth1(
  { method, url, form }: OAuth1Request,
  keys: OAuth1Keys,
  { nonce, seconds }: { nonce: string; seconds: number },
  more: Readonly<Record<string, string>> = {},
): string {
  const own: Record<string, string> = {
    oauth_consumer_key: keys.consumerKey,
    oauth_nonce: nonce,
    oauth_signature_method: 'HMAC-SHA1',
    oauth_timestamp: String(seconds),
    oauth_version: '1.0',
    ...(keys.token ? { oauth_token: keys.token } : {}),
    ...more,
  }
  const signed = [...url.searchParams, ...(form ?? []), ...Object.entries(own)]
    .map(([name, value]) => [escaped(name), escaped(value)] as const)
    .sort(([a, x], [b, y]) => (a === b ? compare(x, y) : compare(a, b)))
    .map(([name, value]) => `${name}=${value}`)
    .join('&')
  const base = [method.toUpperCase(), `${url.origin}${url.pathname}`, signed].map(escaped).join('&')
  const signature = hmac('sha1', `${escaped(keys.consumerSecret)}&${escaped(keys.tokenSecret ?? '')}`, base, 'base64')
  const header = Object.entries({ ...own, oauth_signature: signature }).map(
    ([name, value]) => `${escaped(name)}="${escaped(value)}"`,
  )
  return `OAuth ${header.join(', ')}`
}

/** RFC 3986, which is stricter than encodeURIComponent. */
const escaped = (text: string): string =>
  encodeURIComponent(text).replace(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`)

/** By bytes, as §3.4.1.3.2 wants; what is escaped is ASCII. */
const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)
