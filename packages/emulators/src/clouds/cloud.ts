/**
 * An emulated brand's cloud: it answers requests as the brand does, quirks and limits included, by a clock that is turned by hand.
 * It is made from the brand's page, never from our connector, and shares no code with it; so the two can prove each other.
 */
import type { Reading } from '@tributary/protocol'

/** What the person's thing measured, before any brand has spelt it: metrics of the catalogue in its units, sessions, nights. */
export interface Recording {
  /** The same for a correction of the same thing; the brand's own ids are made from it. */
  key: string
  device: { name: string; manufacturer: string; model: string; serial: string }
  readings: readonly Reading[]
}

export interface CloudClock {
  /** ms since 1970. */
  now(): number
}

export interface CloudOptions {
  clock: CloudClock
  /** Decides ids, tokens and everything else that looks random: the same seed is the same cloud. */
  seed: number
  /** Where the cloud is reached, for links in its own answers: `http://127.0.0.1:4810`. */
  origin: string
  /** Carries its webhooks; the default sends nothing. */
  send?(request: Request): Promise<Response>
  /** What an old refresh token is worth: `strict` nothing · `lenient` as much as before, until the new one is used. The brand's own way when absent. */
  refreshing?: 'strict' | 'lenient'
  /** Path of `appsPage`, to which the sign-in page then leads. */
  appsPath?: string
  /** Requests that each of the brand's windows takes, in its order, so that a test reaches a limit with few. */
  limits?: readonly number[]
}

/** What an operator gets when registering an app at the brand. */
export interface RegisteredApp {
  clientId: string
  clientSecret: string
  /** Besides id and secret, by the names of the brand's page. */
  extra: Readonly<Record<string, string>>
}

/** `extra` under the names that settings have: clouds name them as their pages do, `subscriptionKey` is entered as `subscription_key`. */
export const settingsOf = ({ extra }: Pick<RegisteredApp, 'extra'>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(extra).map(([name, value]) => [
      name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
      value,
    ]),
  )

export interface NewApp {
  redirectUris: readonly string[]
  webhookUrl?: string
}

/** A person with an account at the brand, and what their devices of this brand measured. */
export interface NewAccount {
  /** Shown on the sign-in page, where it is chosen with one click. */
  name: string
  email: string
  timeZone: string
  recordings: readonly Recording[]
  /** What is special about it at its brand, by the words of the brand's cloud: `lapsed` at Oura, `registered` at Polar (README). */
  traits?: readonly string[]
}

export interface Fault {
  /** `html`: an error page with status 502 · `cut`: the answer ends in the middle · `silent`: none comes until the request is given up. */
  kind: 'status' | 'html' | 'cut' | 'silent'
  status?: number
  body?: string
  headers?: Readonly<Record<string, string>>
}

export interface Cloud {
  readonly id: string
  readonly name: string
  /** Sign-in pages, token endpoint and API, by the brand's own paths. */
  handle(request: Request): Promise<Response>
  registerApp(app: NewApp): RegisteredApp
  /** The brand's id of the account. */
  addAccount(account: NewAccount): string
  /** More data, late or corrected: what has a known id replaces. Tells subscribed apps, as the brand does. */
  record(account: string, recording: Recording): Promise<void>
  /** The person deletes one of their records at the brand, by the brand's id. */
  deleteRecord(account: string, id: string): Promise<void>
  /** The person takes the app's access away on the brand's own site. */
  revoke(account: string, clientId: string): Promise<void>
  /** Where people have keys of their own: what stands in their settings, and how they make a new one, which ends the old. */
  readonly apiKey?: { of(account: string): string; renew(account: string): void }
  /** From now on, instead of those it had. */
  setTraits(account: string, traits: readonly string[]): void
  /** The account ends, with all data. */
  deleteAccount(account: string): Promise<void>
  /** The next requests whose path begins so are answered with this instead. */
  failNext(pathPrefix: string, fault: Fault, times?: number): void
  /** Does what has become due by the clock: webhooks that failed and are tried again, scores that were pending. */
  catchUp(): Promise<void>
  /** Every request so far: for tests of limits and of what was asked. No secrets are in it: `query` is the query or form without them. */
  readonly log: readonly { method: string; path: string; query: string; status: number }[]
}
