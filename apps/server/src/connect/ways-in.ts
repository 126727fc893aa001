/** By which a person may sign in to a provider: its usual way, and others as long as they are open. */
import type { Auth, KeyAuth, OAuth1, OAuth2, OtherAuth, Provider } from '@tributary/providers/kit'

/** Those of a page of the provider's own. */
export type PageAuth = OAuth2 | OAuth1

/** The way in by something pasted, if the provider has one that is open. */
export const keyAuthOf = (provider: Provider): KeyAuth | undefined =>
  allOf(provider).find((auth) => auth.kind === 'key')

export const oauth2Of = (provider: Provider): OAuth2 | undefined =>
  allOf(provider).find((auth) => auth.kind === 'oauth2')

/** The usual one, or the one that is named; whether it is still open, `otherWaysInto` tells. */
export const pageAuthOf = (provider: Provider, kind?: PageAuth['kind']): PageAuth | undefined =>
  allOf(provider).find((auth): auth is PageAuth =>
    kind ? auth.kind === kind : auth.kind === 'oauth2' || auth.kind === 'oauth1',
  )

/** Beside the usual one, at this time: a way that ends is open until that day. */
export const otherWaysInto = ({ otherAuth = [] }: Provider, now: number): OtherAuth[] =>
  otherAuth.filter(({ closed, endsOn }) => !closed && !(endsOn && hasEnded({ endsOn }, now)))

/** The way of this kind that the provider ends, or has ended; one that has the kind of the usual way cannot be told from it. */
export const endingWay = (
  { auth, otherAuth = [] }: Provider,
  kind: Auth['kind'] | null,
): (OtherAuth & { endsOn: string }) | undefined =>
  kind === auth.kind
    ? undefined
    : otherAuth.find((way): way is OtherAuth & { endsOn: string } => way.auth.kind === kind && way.endsOn !== undefined)

export const hasEnded = ({ endsOn }: { endsOn: string }, now: number): boolean =>
  new Date(now).toISOString().slice(0, 10) >= endsOn

const allOf = ({ auth, otherAuth = [] }: Provider): Auth[] => [
  auth,
  ...otherAuth.filter(({ closed }) => !closed).map((other) => other.auth),
]
