/** What a provider posts to us, said as pure functions over one request. Nothing here is believed beyond what `verify` proves. */
import type { AppKeys } from './auth.ts'
import type { ProviderHttp } from './http.ts'
import type { Words } from './words.ts'

export interface HookRequest {
  method: 'GET' | 'POST' | 'HEAD'
  /** Lower-case names. */
  headers: Readonly<Record<string, string>>
  query: URLSearchParams
  /** As it arrived, byte for byte: signatures are over these. */
  body: Uint8Array
  /** ms; when it arrived, by our clock. */
  at: number
}

/** What an installation shares with the provider. */
export interface HookKeys {
  app: AppKeys | undefined
  /** Ours alone, random for each provider: the last part of the path, and the verify token where one is wanted. */
  secret: string
  /** What `subscribe.begin` said to keep: an id, a key that signs. */
  kept?: Readonly<Record<string, string>>
  /** ms; by our clock, for `subscribe`: some requests are signed with their time. */
  now?: number
  /** The list of `Webhook.publicKeys` as it was last fetched. */
  publicKeys?: unknown
}

/** `proven`: signed, and fresh · `hint`: not signed by the provider, but the path's secret was right: nothing in it is stored, it is fetched anew · `refused`: with the reason for the count. */
export type Verdict = { kind: 'proven' } | { kind: 'hint' } | { kind: 'refused'; reason: string }

/** What a request said. `id` is the same when the same thing is delivered again. */
export type Notice = { id: string; account: string } & (
  | { kind: 'changed'; feed: string; record?: string; window?: { from: number; to: number } }
  | { kind: 'records'; feed: string; records: readonly unknown[] }
  /** `record` is the external id that the feed told it by. */
  | { kind: 'deleted'; feed: string; record: string }
  | { kind: 'left' }
  /** What the person allows has changed. What it is now is asked for (`Provider.granted`): a notice may be older than the next one. */
  | { kind: 'scopes' }
)

export interface HookAnswer {
  status: number
  headers?: Readonly<Record<string, string>>
  body?: string
}

export interface Webhook {
  /** How an operator switches it on at the provider, with the URL to paste. Absent: `subscribe` does it. */
  setUp?: Words
  /** Answers a handshake; undefined for what is none. */
  handshake?(request: HookRequest, keys: HookKeys): HookAnswer | undefined
  verify(request: HookRequest, keys: HookKeys): Verdict
  /** Public keys of the provider (JSON), fetched before `verify`: kept for so many hours, and fetched anew for a request signed with one that is not among them. */
  publicKeys?: { url: string; hours: number; knows(list: unknown, request: HookRequest): boolean }
  /** Throws `ProviderError('bad_data')` for a body that is not what the provider's page says. Items of other people are others' notices. */
  read(request: HookRequest): readonly Notice[]
  /** Of providers whose deliveries may be larger than other requests: how large, and how they are cut into smaller ones, each of which `read` takes. */
  large?: { maxBytes: number; parts(request: HookRequest): Iterable<HookRequest> }
  /** What the provider wants to hear; 200 and an empty body when absent. */
  answer?: HookAnswer
  /** Makes sure that the provider will call `url`, and says what to keep to undo it. For the app as a whole, or for each connection with its own token. */
  subscribe?: {
    per: 'app' | 'connection'
    /**
     * Begun again after so many days, with what was kept in `keys`: subscriptions that end, or that a provider drops after a while
     * without an answer. What is then said replaces what was kept. Absent: once is enough.
     */
    everyDays?: number
    begin(http: ProviderHttp, url: string, keys: HookKeys): Promise<Record<string, string>>
    end(http: ProviderHttp, kept: Readonly<Record<string, string>>, keys: HookKeys): Promise<void>
  }
}
