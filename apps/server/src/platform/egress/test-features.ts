/**
 * For the tests: everything of the server that asks somebody else's server, by what tells it where. Each runs as it does in the program;
 * the database beside it is nobody, so that a thousand tries take a moment.
 */
import { generateKeyPairSync, randomUUID } from 'node:crypto'
import { findProvider, providers } from '@tributary/providers'
import { customProvider } from '@tributary/providers/custom'
import type { Carry, Provider, ProviderHttp, StandIns } from '@tributary/providers/kit'
import { pino } from 'pino'
import type { Apps } from '../../connect/apps.ts'
import { createCalls } from '../../connect/create-calls.ts'
import { readDefinition } from '../../connect/custom-definition.ts'
import { dryRunCustomApi } from '../../connect/dry-run.ts'
import { testProviderApp } from '../../connect/provider-apps.ts'
import { createRenew } from '../../connect/renew-tokens.ts'
import { beginOAuth1, signInWithVerifier } from '../../connect/sign-in-by-oauth1.ts'
import { signInWithCode, signInWithKey } from '../../connect/sign-in-to.ts'
import type { Held } from '../../connect/vault.ts'
import { keyAuthOf, oauth2Of, pageAuthOf } from '../../connect/ways-in.ts'
import { judgeTold } from '../../ingest/judge-told.ts'
import { publicKeysFor } from '../../receive/public-keys.ts'
import { must } from '../must.ts'
import type { Egress } from './egress.ts'

/** A feature that says in its answer that nothing came. */
export class NothingCame extends Error {
  override name = 'NothingCame'
}

/** What a feature is told of where to ask. */
export interface Told {
  /** In the configuration, in the place of the brand's own origins. */
  standIns: StandIns
  /** In an answer, a notice or a definition: an address of this brand's for this path. */
  address(path: string, ofBrand: string): string
  /** Of the try, for features that have several brands. */
  n: number
}

/** `configured`: told by the operator. `answered`: by a brand's answer or notice, or by a person. */
export interface Feature {
  told: 'configured' | 'answered'
  ask(egress: Egress, told: Told): Promise<unknown>
}

const log = pino({ level: 'silent' })
const clock = { now: () => Date.UTC(2026, 10, 12, 8) }

function serviceAccount(): string {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const private_key = privateKey.export({ type: 'pkcs8', format: 'pem' })
  return JSON.stringify({ client_email: 'hub@example.com', private_key })
}

const app = {
  clientId: 'us',
  clientSecret: 'shared',
  extra: { project_number: '7', service_account: serviceAccount() },
}
const all: readonly Provider[] = providers
const called = (id: string) => must(findProvider(id), 'it is one of the brands')
const turn = <T>(list: readonly T[], n: number): T => must(list[n % list.length], 'there is one at least')
const appsAt = (standIns: StandIns) =>
  ({ find: async () => ({ keys: app, origin: 'environment' }), standInsOf: () => standIns }) as unknown as Apps

const tokens = { accessToken: 'a', refreshToken: 'r' }
const heldAt = (provider: Provider, more: object): Held =>
  ({
    ref: { userId: 'ada', connectionId: 'c' },
    row: { provider_account: '1', granted_scopes: [], region: null, is_demo: false, token_version: 1 },
    provider,
    auth: provider.auth,
    ...more,
  }) as unknown as Held

/** As connections are opened, with tokens that are good. */
function edgesOf(egress: Egress, standIns: StandIns, held: Held) {
  const nothingKept = { keep: async () => undefined, settle: async () => undefined }
  return {
    db: { read: async () => undefined, write: async () => true },
    vault: { read: async () => held, needSignIn: async () => undefined },
    journal: nothingKept,
    ...{ egress, clock, log, apps: appsAt(standIns) },
  } as unknown as Parameters<typeof createCalls>[0]
}
const callsOf = (egress: Egress, standIns: StandIns, held: Held) => createCalls(edgesOf(egress, standIns, held)).calls

async function opened(
  egress: Egress,
  provider: Provider,
  { standIns }: Told,
  around?: (next: Carry) => Carry,
): Promise<ProviderHttp> {
  const held = heldAt(provider, { tokens })
  return (await callsOf(egress, standIns, held).open(held.ref, around ? { around } : {})).http
}

const window = { from: clock.now() - 86_400_000, to: clock.now() }
const contextOf = (scopes: readonly string[] = []) => ({ account: '1', now: clock.now(), timeZone: 'UTC', scopes })

async function read(pages: AsyncIterable<readonly unknown[]> | undefined): Promise<unknown[]> {
  const records: unknown[] = []
  for await (const page of pages ?? []) records.push(...page)
  return records
}

/** The brand's first answer is given; what it leads to is asked for. */
const answering =
  (path: RegExp, body: unknown) =>
  (next: Carry): Carry =>
  async (sent) =>
    path.test(sent.url.pathname)
      ? { status: 200, headers: new Headers(), bytes: new TextEncoder().encode(JSON.stringify(body)) }
      : next(sent)

const definitionAt = (base_url: string, next?: string) => ({
  name: 'Garage scale',
  base_url,
  auth: { kind: 'none' },
  feeds: [
    {
      id: 'weights',
      title: 'Weights',
      path: '/weights',
      records: '$.items[*]',
      ...(next ? { paging: { kind: 'next_url', next } } : {}),
      map: [{ metric: 'body_mass', value: '$.w', unit: 'kg', time: '$.at' }],
    },
  ],
})

/** Where a custom API lies: a definition knows no stand-in, so the one that leads astray is its own address. */
const ofDefinition = ({ standIns, address }: Told) => standIns.baseUrl ?? address('/', 'https://scale.example.com')

async function syncCustom(egress: Egress, base_url: string, next?: string, around?: (next: Carry) => Carry) {
  const { definition } = readDefinition(definitionAt(base_url, next))
  const provider = customProvider(definition, 'custom')
  const held = heldAt(provider, { credentials: {} })
  const { http } = await callsOf(egress, {}, held).open(held.ref, around ? { around } : {})
  return read(provider.feeds['weights']?.fetch?.(http, window, contextOf()))
}

const brandsWith = <T>(part: (provider: Provider) => T | undefined) =>
  all.flatMap((provider): [Provider, T][] => {
    const found = provider.arrives === 'cloud' ? part(provider) : undefined
    return found === undefined ? [] : [[provider, found]]
  })
const feeds = brandsWith(({ feeds: all }) => all).flatMap(([provider, all]) =>
  Object.values(all).map((feed) => ({ provider, feed })),
)
const lists = feeds.filter(({ feed }) => feed.fetch ?? feed.requestHistory)
/** Those of COROS and Garmin are addresses, and have lines of their own. */
const named = feeds.filter(({ provider, feed }) => feed.fetchOne && !['coros', 'garmin'].includes(provider.id))
const askedWho = brandsWith(({ account }) => account)
const signedInTo = brandsWith(oauth2Of)
const subscribed = brandsWith(({ webhook }) => webhook?.subscribe)
const left = brandsWith(({ leave }) => leave)
const files = 'https://cdn.wahooligan.com'
const garminApi = 'https://apis.garmin.com'

const broughtBack = {
  code: 'c',
  verifier: 'v',
  redirectUri: 'https://hub.example/back',
  region: null,
  asked: [],
  parameters: new URLSearchParams(),
}
const kept = {
  id: '7',
  subscriber: 'projects/7/subscribers/1',
  url: 'https://hub.example/hooks',
  weight: '1',
  signature_secret_key: 'k',
}

export const features: Readonly<Record<string, Feature>> = {
  'a sync of a custom API': { told: 'answered', ask: (egress, told) => syncCustom(egress, ofDefinition(told)) },
  'the next page of a custom API': {
    told: 'answered',
    ask: (egress, { standIns, address }) => {
      const base = standIns.baseUrl ?? 'https://scale.example.com'
      const next = standIns.baseUrl ? `${base}/next` : address('/next', base)
      return syncCustom(egress, base, '$.next', answering(/\/weights$/, { items: [], next }))
    },
  },
  'a dry run of a custom API': {
    told: 'answered',
    ask: async (egress, told) => {
      const call = {
        caller: { userId: 'ada' },
        body: { definition: definitionAt(ofDefinition(told)) },
        write: (work: () => unknown) => work(),
      }
      const answer = await dryRunCustomApi.run(call as never, { egress, clock, judgeTold } as never)
      const [feed] = (answer as { feeds: { error_code: string | null }[] }).feeds
      if (feed?.error_code) throw new NothingCame(feed.error_code)
      return answer
    },
  },
  'a list of a brand': {
    told: 'configured',
    ask: async (egress, told) => {
      const { provider, feed } = turn(lists, told.n)
      const http = await opened(egress, provider, told)
      return feed.fetch
        ? read(feed.fetch(http, window, contextOf(feed.scopes)))
        : feed.requestHistory?.(http, window, contextOf(feed.scopes))
    },
  },
  'a record that a notice names': {
    told: 'configured',
    ask: async (egress, told) => {
      const { provider, feed } = turn(named, told.n)
      return read(feed.fetchOne?.(await opened(egress, provider, told), '2026', contextOf(feed.scopes)))
    },
  },
  'the address of a file of Wahoo’s': {
    told: 'answered',
    ask: async (egress, told) => {
      const file = { url: told.address('/a.fit', files) }
      const workout = { id: 7, starts: '2026-11-12T07:00:00Z', workout_summary: { id: 7, file } }
      const wahoo = called('wahoo')
      const http = await opened(egress, wahoo, told, answering(/\/v1\/workouts\/7$/, workout))
      const [record] = await read(wahoo.feeds['workouts']?.fetchOne?.(http, '7', contextOf()))
      return withoutFile(record)
    },
  },
  'the address of a file of COROS’': {
    told: 'answered',
    ask: async (egress, told) => {
      const fitUrl = told.address('/fit/a/b.fit', 'https://oss.coros.com')
      const workout = { labelId: '7', mode: 8, subMode: 1, fitUrl }
      const coros = called('coros')
      const http = await opened(egress, coros, told, answering(/\/detail\/fit$/, { result: '0000', data: workout }))
      const [record] = await read(coros.feeds['workouts']?.fetchOne?.(http, JSON.stringify(workout), contextOf()))
      return withoutFile(record)
    },
  },
  'the callbackURL of a ping of Garmin’s': {
    told: 'answered',
    ask: async (egress, told) => {
      const url = told.address('/wellness-api/rest/dailies', garminApi)
      return read(
        called('garmin').feeds['dailies']?.fetchOne?.(await opened(egress, called('garmin'), told), url, contextOf()),
      )
    },
  },
  'the callbackURL of a file of Garmin’s': {
    told: 'answered',
    ask: async (egress, told) => {
      const notice = { userId: '1', callbackURL: told.address('/wellness-api/rest/activityFile', garminApi) }
      const { feeds } = called('garmin')
      const http = await opened(egress, called('garmin'), told)
      return read(feeds['activity_files']?.fetchOne?.(http, JSON.stringify(notice), contextOf()))
    },
  },
  'a code of a person who came back': {
    told: 'configured',
    ask: async (egress, { standIns, n }) => {
      const [provider, auth] = turn(signedInTo, n)
      const found = { keys: app, origin: 'environment' as const }
      const edges = { apps: appsAt(standIns), egress, clock }
      return noToken(await signInWithCode(edges, provider, auth, found, broughtBack))
    },
  },
  'a sign-in by OAuth 1': {
    told: 'configured',
    ask: async (egress, { standIns, n }) => {
      const provider = called('garmin')
      const auth = pageAuthOf(provider, 'oauth1')
      if (auth?.kind !== 'oauth1') throw new TypeError('Garmin has that way in')
      const asking = { provider, auth, app: { keys: app, origin: 'environment' as const }, region: null }
      const edges = { apps: appsAt(standIns), egress, clock }
      const brought = { temporary: { token: 't', secret: 's' }, verifier: 'v' }
      return noToken(
        n % 2
          ? await beginOAuth1(edges, asking, 'https://hub.example/back')
          : await signInWithVerifier(edges, asking, brought),
      )
    },
  },
  'a pasted key': {
    told: 'configured',
    ask: (egress, { standIns }) => {
      const provider = called('intervals')
      const auth = must(keyAuthOf(provider), 'it takes a key')
      return signInWithKey({ apps: appsAt(standIns), egress, clock }, provider, auth, { api_key: 'k' }, null)
    },
  },
  'whose account tokens open that were brought from elsewhere': {
    told: 'configured',
    ask: (egress, { standIns, n }) => {
      const [provider] = turn(askedWho, n)
      const held = heldAt(provider, { row: { provider_account: '', is_demo: false }, tokens, credentials: {} })
      return callsOf(egress, standIns, held).open(held.ref)
    },
  },
  'a renewal of tokens': {
    told: 'configured',
    ask: (egress, { standIns, n }) => {
      const [provider, auth] = turn(signedInTo, n)
      const held = heldAt(provider, { auth, tokens: { ...tokens, renewAt: 0 } })
      return createRenew(edgesOf(egress, standIns, held))(held.ref)
    },
  },
  'the test button of an operator’s app': {
    told: 'configured',
    ask: async (egress, { standIns, n }) => {
      const [provider] = turn(signedInTo, n)
      const call = {
        params: { provider: provider.id },
        request: { protocol: 'https', host: 'hub.example' },
        repeatIfKept: async () => undefined,
        write: (work: () => unknown) => work(),
      }
      const parts = { connect: { apps: appsAt(standIns) }, egress, config: {} }
      const { result, detail } = (await testProviderApp.run(call as never, parts as never)) as Record<string, string>
      if (result === 'unreachable' || result === 'unclear') throw new NothingCame(detail)
      return result
    },
  },
  'a subscription to a brand’s notices, and its end': {
    told: 'configured',
    ask: async (egress, told) => {
      const [provider, { per, begin, end }] = turn(subscribed, told.n)
      const held = heldAt(provider, { tokens })
      const calls = callsOf(egress, told.standIns, held)
      const http = per === 'app' ? await calls.openApp(provider) : (await calls.open(held.ref)).http
      const keys = { app, secret: 'path', kept, now: clock.now() }
      return told.n % 2 ? begin(http, 'https://hub.example/hooks/x/path', keys) : end(http, kept, keys)
    },
  },
  'the keys that Google signs notices with': {
    told: 'configured',
    ask: async (egress, { standIns }) => {
      const google = called('fitbit')
      const calls = callsOf(egress, standIns, heldAt(google, { tokens }))
      const at = clock.now()
      const post = { method: 'POST', headers: {}, query: new URLSearchParams(), body: new Uint8Array(), at } as const
      // Of a name of its own each time: keys that could not be had are not looked for again within a minute.
      const found = await publicKeysFor({ calls, log, clock }, { ...google, id: randomUUID() }, post)
      if (found === 'not_yet' || found.list !== undefined) return found
      throw new NothingCame('there are none')
    },
  },
  'a good-bye to a brand': {
    told: 'configured',
    ask: async (egress, told) => {
      const [provider, leave] = turn(left, told.n)
      return leave(await opened(egress, provider, told), { ...tokens, account: '1' }, app, clock.now())
    },
  },
}

/** A workout without its file says why. */
function withoutFile(record: unknown): unknown {
  const { fit_missing: why } = record as { fit_missing?: string }
  if (why) throw new NothingCame(why)
  return record
}

function noToken<T extends { kind: string }>(answer: T): T {
  if (answer.kind === 'failed') throw new NothingCame('no token')
  return answer
}
