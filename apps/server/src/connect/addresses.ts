/** Where a person comes back to, and where they may be led from there. */
import type { FastifyRequest } from 'fastify'
import type { Config } from '../config.ts'

/** The address that people and providers know us by. */
export function originOf(
  request: Pick<FastifyRequest, 'protocol' | 'host'>,
  { PUBLIC_URL }: Pick<Config, 'PUBLIC_URL'>,
): string {
  return PUBLIC_URL ? new URL(PUBLIC_URL).origin : `${request.protocol}://${request.host}`
}

/** Each provider has its own, so that the answer of one cannot be passed off as another's (RFC 9700 §2.1). */
export const redirectUriOf = (origin: string, provider: string): string =>
  `${origin}/api/v1/integrations/${provider}/callback`

/** A path of our app, a page of ours, or of an app whose connect session this is; anything else would be an open redirector. */
export function isPlaceToReturnTo(place: string, ours: string, allowedOrigins: readonly string[] = []): boolean {
  if (/[\\\s]|[^\x20-\x7e]/.test(place)) return false // browsers read a backslash as a slash
  // Judged as a browser resolves it: `/.//evil.example` is `//evil.example` once its dots are taken away.
  if (place.startsWith('/')) return !place.startsWith('//') && !new URL(place, ours).pathname.startsWith('//')
  if (!URL.canParse(place)) return false
  const { origin, protocol, username, password } = new URL(place)
  if (username || password || (protocol !== 'https:' && protocol !== 'http:')) return false
  return origin === ours || allowedOrigins.includes(origin)
}

/** Says there what became of it. */
export function returnAddress(place: string, ours: string, result: Readonly<Record<string, string>>): string {
  const url = new URL(place, ours)
  for (const [name, value] of Object.entries(result)) url.searchParams.set(name, value)
  return place.startsWith('/') ? `${url.pathname}${url.search}${url.hash}` : url.href
}

/** RFC 9207, as far as it is spoken: who says to be another provider of ours is not this one. Own redirect addresses are the real defence. */
export function isOtherIssuer(iss: string | null, own: string, others: readonly string[]): boolean {
  if (!iss || !URL.canParse(iss)) return false
  const { origin } = new URL(iss)
  return origin !== new URL(own).origin && others.some((other) => new URL(other).origin === origin)
}
