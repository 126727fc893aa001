/**
 * A connector and the emulated cloud of its brand, put together as the server would: a person signs in, feeds are asked stretch by
 * stretch, notices come and are proved. Both were made from the brand's page without knowing of each other, so that what they
 * disagree about is a mistake of one.
 */
import { createHash } from 'node:crypto'
import {
  type Choice,
  type Cloud,
  type CloudOptions,
  type NewAccount,
  type Recording,
  signIn,
  VirtualClock,
} from '@tributary/emulators/clouds'
import type { SessionPart, SessionReading, SessionType } from '@tributary/protocol'
import type { AppKeys, KeyAuth, OAuth2, TokenAnswer } from '../auth.ts'
import { ProviderError } from '../errors.ts'
import type { FetchContext, Pages, Window } from '../feed.ts'
import type { ProviderHttp } from '../http.ts'
import { authorizationUrl, type GrantOf, readTokenOutcome, type TokenOutcome, tokenRequest } from '../oauth.ts'
import type { Provider } from '../provider.ts'
import { type Carry, createProviderHttp } from '../provider-http.ts'
import { isUnread, readRecord } from '../read-records.ts'
import type { HookKeys, HookRequest } from '../webhook.ts'
import { Shelf } from './test-shelf.ts'

const dayMs = 86_400_000
const redirectUri = 'https://hub.example/api/v1/connections/callback'
export const hookUrl = 'https://hub.example/api/v1/hooks/brand/path-secret'

export interface MatchOptions {
  provider: Provider
  make(options: CloudOptions): Cloud
  /** ISO 8601. */
  now: string
  person: NewAccount
  /** Of the operator's app, beside what the brand gives out. */
  extra?(given: Readonly<Record<string, string>>): Readonly<Record<string, string>>
  choice?: Choice
  limits?: readonly number[]
  /** Why a record may be put aside; any other reason is a mistake. */
  asideFor?: RegExp
}

/** Sends a person to the sign-in page with what the connector says, and comes back with a connection. */
export async function connect(options: MatchOptions): Promise<Connection> {
  const connection = new Connection(options)
  await connection.signIn(options.choice)
  return connection
}

export class Connection {
  readonly provider: Provider
  readonly cloud: Cloud
  readonly clock: VirtualClock
  readonly app: AppKeys
  /** As the cloud knows it; `account` is what the connector learned. */
  readonly cloudAccount: string
  readonly timeZone: string
  readonly http: ProviderHttp
  /** Every request of ours, as `GET /path?query`. */
  readonly requests: string[] = []
  /** What the cloud posted to our address. */
  readonly posted: HookRequest[] = []
  readonly keys: { -readonly [K in keyof HookKeys]: HookKeys[K] }
  account = ''
  scopes: readonly string[] = []
  tokens: TokenAnswer = { accessToken: '' }
  readonly #seen = new Map<string, number>()
  #key: string | undefined
  /** Why records were put aside. */
  readonly aside: string[] = []
  readonly #asideFor: RegExp | undefined

  constructor({ provider, make, now, person, extra, limits, asideFor }: MatchOptions) {
    this.#asideFor = asideFor
    this.provider = provider
    this.clock = new VirtualClock(now)
    this.cloud = make({
      clock: this.clock,
      seed: 7,
      origin: new URL(provider.api ?? '').origin,
      send: (request) => this.#receive(request),
      ...(limits ? { limits } : {}),
    })
    const app = this.cloud.registerApp({ redirectUris: [redirectUri], webhookUrl: hookUrl })
    this.app = { ...app, extra: { ...app.extra, ...extra?.(app.extra) } }
    this.cloudAccount = this.cloud.addAccount(person)
    this.timeZone = person.timeZone
    this.keys = { app: this.app, secret: 'path-secret' }
    this.http = createProviderHttp(provider, this.#carry, {}, () => this.clock.now())
  }

  get auth(): OAuth2 {
    if (this.provider.auth.kind !== 'oauth2') throw new Error(`${this.provider.name} has no sign-in page`)
    return this.provider.auth
  }

  /** The headers that show a key of the person's own, where the brand has those and the connector wants one. */
  #keyHeaders({ fields: [field], headers }: KeyAuth): Readonly<Record<string, string>> {
    const { apiKey } = this.cloud
    if (!apiKey || !field) throw new Error(`${this.provider.name} gives no keys`)
    this.#key ??= apiKey.of(this.cloudAccount)
    return headers({ [field.name]: this.#key })
  }

  /** As the person does on the brand's site. */
  async throwOut(): Promise<void> {
    if (this.provider.auth.kind === 'key') this.cloud.apiKey?.renew(this.cloudAccount)
    else await this.cloud.revoke(this.cloudAccount, this.app.clientId)
  }

  async signIn(choice: Choice = {}): Promise<void> {
    if (this.provider.auth.kind === 'key') {
      const learned = await this.provider.account?.(this.http)
      this.account = learned?.account ?? ''
      this.scopes = learned?.scopes ?? []
      return
    }
    const { auth, app } = this
    const verifier = 'v'.repeat(64)
    const asked = {
      clientId: app.clientId,
      redirectUri,
      state: 'state-of-a-test-0001',
      scopes: Object.keys(auth.scopes),
      challenge: createHash('sha256').update(verifier).digest('base64url'),
    }
    const { searchParams } = await signIn(this.cloud, authorizationUrl(auth, asked), choice)
    const code = searchParams.get('code')
    if (!code || searchParams.get('state') !== asked.state) throw new Error(`the redirect brought ${searchParams}`)
    const outcome = await this.token({ grant: 'authorization_code', code, redirectUri, verifier })
    if (outcome.kind !== 'ok') throw new Error(`the token endpoint: ${JSON.stringify(outcome)}`)
    this.tokens = outcome.token
    const learned = await this.provider.account?.(this.http, outcome.token)
    this.account = learned?.account ?? outcome.token.account ?? ''
    this.scopes =
      auth.scopesOfRedirect?.(searchParams) ?? learned?.scopes ?? outcome.token.scopes ?? Object.keys(auth.scopes)
  }

  async token(asked: GrantOf): Promise<TokenOutcome> {
    const { method, url, headers, body } = tokenRequest(this.auth, this.app, asked)
    const answer = await this.cloud.handle(new Request(url, { method, headers, ...(body ? { body } : {}) }))
    const received = { status: answer.status, bytes: new Uint8Array(await answer.arrayBuffer()) }
    return readTokenOutcome(this.auth, received, asked.grant === 'refresh_token' ? this.tokens : undefined)
  }

  /** With the refresh token we have, or an older one. What it brings is kept, as the server keeps it. */
  async refresh(refreshToken = this.tokens.refreshToken ?? ''): Promise<TokenOutcome> {
    const outcome = await this.token({ grant: 'refresh_token', refreshToken })
    if (outcome.kind !== 'ok') return outcome
    this.tokens = { ...this.tokens, ...outcome.token }
    if (this.auth.afterRefresh) await this.http.get(this.auth.afterRefresh)
    return outcome
  }

  #carried(): { query?: Readonly<Record<string, string>>; headers?: Readonly<Record<string, string>> } {
    const { provider, tokens, account } = this
    if (provider.auth.kind === 'key') return { headers: this.#keyHeaders(provider.auth) }
    const bearer = { headers: { authorization: `Bearer ${tokens.accessToken}` } }
    return this.auth.carries?.(tokens.accessToken, account) ?? bearer
  }

  readonly #carry: Carry = async (sent) => {
    const { provider, app } = this
    const url = new URL(sent.url)
    const carried = this.#carried()
    const own: Record<string, string> = sent.withoutToken ? {} : { ...provider.headers?.(app), ...carried.headers }
    if (!sent.withoutToken)
      for (const [name, value] of Object.entries(carried.query ?? {})) url.searchParams.set(name, value)
    this.requests.push(`${sent.method} ${sent.url.pathname}${sent.url.search}`)
    const headers = { 'user-agent': 'Tributary', accept: 'application/json', ...own, ...sent.headers }
    try {
      const { method, body } = sent
      const answer = await this.cloud.handle(new Request(url, { method, headers, ...(body ? { body } : {}) }))
      return { status: answer.status, headers: answer.headers, bytes: new Uint8Array(await answer.arrayBuffer()) }
    } catch (cause) {
      throw new ProviderError('unavailable', 'no whole answer came', { cause })
    }
  }

  async #receive(request: Request): Promise<Response> {
    const { webhook } = this.provider
    if (!webhook) throw new Error(`${this.provider.name} posts, and its connector takes no posts`)
    const hook: HookRequest = {
      method: request.method as HookRequest['method'],
      headers: Object.fromEntries(request.headers),
      query: new URL(request.url).searchParams,
      body: new Uint8Array(await request.arrayBuffer()),
      at: this.clock.now(),
    }
    const shaken = webhook.handshake?.(hook, this.keys)
    if (!shaken) this.posted.push(hook)
    const { status, headers = {}, body = null } = shaken ?? webhook.answer ?? { status: 200 }
    return new Response(body, { status, headers })
  }

  /** Asks the brand to tell us, where the connector does that itself. */
  async subscribe(): Promise<void> {
    const kept = await this.provider.webhook?.subscribe?.begin(this.http, hookUrl, {
      ...this.keys,
      now: this.clock.now(),
    })
    if (kept) this.keys.kept = kept
    await this.fetchKeys()
  }

  /** The brand's public keys, where its posts are signed with one. */
  async fetchKeys(): Promise<void> {
    const url = this.provider.webhook?.publicKeys?.url
    if (url) this.keys.publicKeys = await (await this.cloud.handle(new Request(new URL(url)))).json()
  }

  get context(): FetchContext {
    const { account, scopes, timeZone } = this
    return { account, scopes, timeZone, now: this.clock.now() }
  }

  /** The feeds that what was granted lets us ask for. */
  get feeds(): string[] {
    return Object.entries(this.provider.feeds).flatMap(([name, { fetch, requestHistory, scopes }]) =>
      (fetch || requestHistory) && (!scopes || scopes.some((scope) => this.scopes.includes(scope))) ? [name] : [],
    )
  }

  /** As a first run does, stretch by stretch; `window` is the last fortnight when absent. */
  async pull(names: readonly string[] = this.feeds, window?: Window): Promise<Shelf> {
    const now = this.clock.now()
    const { from, to } = window ?? { from: now - 14 * dayMs, to: now }
    const shelf = new Shelf()
    for (const name of names) {
      const feed = this.#feed(name)
      for (let at = from; at < to; at += feed.windowDays * dayMs) {
        const stretch = { from: at, to: Math.min(to, at + feed.windowDays * dayMs) }
        if (feed.requestHistory) await feed.requestHistory(this.http, stretch, this.context)
        else await this.#take(shelf, name, feed.fetch?.(this.http, stretch, this.context))
      }
    }
    if (!names.some((name) => this.#feed(name).requestHistory)) return shelf
    this.clock.advance(120_000)
    await this.cloud.catchUp()
    return this.takePosted(shelf)
  }

  /** As a later run does: from where the last one ended, less what the feed wants to see again. */
  again(names: readonly string[], cursor: number): Promise<Shelf> {
    return names.reduce<Promise<Shelf>>(async (before, name) => {
      const shelf = await before
      if (!this.#feed(name).fetch) return this.takePosted(shelf) // what is sent by itself is not asked for again
      const from = cursor - this.#feed(name).lookBackDays * dayMs
      return shelf.add(await this.pull([name], { from, to: this.clock.now() }))
    }, Promise.resolve(new Shelf()))
  }

  /** What a notice named. */
  async one(name: string, record: string): Promise<Shelf> {
    const shelf = new Shelf()
    await this.#take(shelf, name, this.#feed(name).fetchOne?.(this.http, record, this.context))
    return shelf
  }

  /** Everything that was posted and not read yet, believed as far as it proves itself. */
  async takePosted(shelf = new Shelf()): Promise<Shelf> {
    const { webhook } = this.provider
    for (const post of this.posted.splice(0)) {
      const verdict = webhook?.verify(post, this.keys)
      if (verdict?.kind !== 'proven') throw new Error(`a post is not proven: ${JSON.stringify(verdict)}`)
      for (const notice of webhook?.read(post) ?? []) {
        if (notice.kind === 'records') await this.#take(shelf, notice.feed, pageOf(notice.records))
        else if (notice.kind === 'changed' && notice.record !== undefined)
          await this.#take(
            shelf,
            notice.feed,
            this.#feed(notice.feed).fetchOne?.(this.http, notice.record, this.context),
          )
      }
    }
    return shelf
  }

  #feed(name: string) {
    const feed = this.provider.feeds[name]
    if (!feed) throw new Error(`${this.provider.name} has no feed ${name}`)
    return feed
  }

  async #take(shelf: Shelf, name: string, pages: Pages | undefined): Promise<void> {
    if (!pages) throw new Error(`${name} cannot be asked so`)
    const feed = this.#feed(name)
    for await (const page of pages)
      for (const record of page) {
        const read = readRecord(feed, record, { ...this.context })
        if (isUnread(read) && this.#asideFor?.test(read.detail)) {
          this.aside.push(read.detail)
          continue
        }
        if (isUnread(read)) throw new Error(`${name} cannot be read: ${read.detail}`)
        const parsed = feed.version && feed.raw.safeParse(record)
        const version = parsed?.success ? feed.version?.(parsed.data) : undefined
        if (version) {
          const key = `${name}/${version.key}`
          if (version.rank < (this.#seen.get(key) ?? Number.NEGATIVE_INFINITY)) continue
          this.#seen.set(key, version.rank)
        }
        for (const told of read.told) shelf.put(told, read.source)
      }
  }
}

async function* pageOf(records: readonly unknown[]): Pages {
  yield records
}

/** What recordings say of a metric, by time. */
export function valuesIn(recordings: readonly Recording[], metric: string): Map<number, number> {
  const values = new Map<number, number>()
  for (const { readings } of recordings)
    for (const reading of readings) {
      if (!('metric' in reading) || reading.metric !== metric) continue
      if (reading.kind === 'series') for (const [i, t] of reading.t.entries()) values.set(t, reading.v[i] ?? 0)
      if (reading.kind === 'sample') values.set(reading.t, reading.value)
    }
  return new Map([...values].sort(([a], [b]) => a - b))
}

/** What recordings say of a metric, by date. */
export function daysIn(recordings: readonly Recording[], metric: string): Map<string, number> {
  const days = new Map<string, number>()
  for (const { readings } of recordings)
    for (const reading of readings)
      if (reading.kind === 'day' && reading.metric === metric) days.set(reading.date, reading.value)
  return days
}

/** What was done; what somebody means to do is `plansOf`. */
export const sessionsIn = (recordings: readonly Recording[], type: SessionType): SessionReading[] =>
  allSessionsIn(recordings).filter((one) => one.type === type && one.extra?.['planned'] !== true)

const allSessionsIn = (recordings: readonly Recording[]): SessionReading[] =>
  recordings
    .flatMap(({ readings }) => readings.filter((one): one is SessionReading => one.kind === 'session'))
    .sort((a, b) => a.start - b.start)

/** `[start, title, seconds]` of each, in their order: as it stands in the recordings, and as it was told. */
export const plansOf = (recordings: readonly Recording[]) =>
  allSessionsIn(recordings)
    .filter(({ extra }) => extra?.['planned'] === true)
    .map(({ start, end, title }) => [start, title, (end - start) / 1_000])
export const plansTold = ({ plans }: Shelf) =>
  [...plans.values()]
    .sort((a, b) => (a.start ?? 0) - (b.start ?? 0))
    .map(({ start, title, duration }) => [start, title, duration])

const columns = new WeakMap<ReadonlyMap<number, number>, number[]>()

/** Values whose time is in a stretch; `to` is in it. Of what `valuesIn` answers, whose times ascend. */
export function between(values: ReadonlyMap<number, number>, from: number, to: number): number[] {
  const times = columns.get(values) ?? [...values.keys()]
  columns.set(values, times)
  let [low, high] = [0, times.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((times[middle] ?? 0) < from) low = middle + 1
    else high = middle
  }
  const found: number[] = []
  for (let i = low; i < times.length && (times[i] ?? 0) <= to; i++) found.push(values.get(times[i] ?? 0) ?? Number.NaN)
  return found
}

export const meanOf = (values: readonly number[]): number => values.reduce((sum, v) => sum + v, 0) / values.length

/** Where two columns differ by more than `within`: what was lost, what nobody measured, what has another value. Empty is good. */
export function differences<K>(
  measured: ReadonlyMap<K, number>,
  told: ReadonlyMap<K, number> | undefined,
  within = 0,
): string[] {
  const got = told ?? new Map<K, number>()
  const found: string[] = []
  for (const [key, value] of measured) {
    const said = got.get(key)
    if (said === undefined) found.push(`${key} is lost`)
    else if (!(Math.abs(said - value) <= within + 1e-9)) found.push(`${key} is ${said}, not ${value}`)
  }
  for (const key of got.keys()) if (!measured.has(key)) found.push(`${key} was never measured`)
  return found
}

/** The same of figures of a session; those that the brand does not tell are not asked for. */
export const figures = (totals: Readonly<Record<string, number | undefined>>): Map<string, number> =>
  new Map(Object.entries(totals).flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const])))

/** How long the parts of a label are together, in seconds. */
export const secondsOf = (parts: readonly SessionPart[], label: string): number =>
  parts.filter((part) => part.label === label).reduce((sum, { start, end }) => sum + (end - start) / 1_000, 0)
