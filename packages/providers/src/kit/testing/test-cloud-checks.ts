/**
 * What every connector must get right with its brand's cloud, and the proof that these checks see mistakes: the same checks run
 * against connectors that had one mistake put into them.
 */
import {
  accountAt,
  type Choice,
  type Cloud,
  type CloudOptions,
  type CloudPerson,
  peopleOf,
  type Recording,
} from '@tributary/emulators/clouds'
import { describe, expect, test } from 'vitest'
import { ProviderError } from '../errors.ts'
import { tellsApartApp } from '../oauth.ts'
import type { Provider } from '../provider.ts'
import type { HookRequest, Notice } from '../webhook.ts'
import { holdClock, zones } from './test-clock-change.ts'
import { type Connection, connect } from './test-cloud-match.ts'
import type { Shelf } from './test-shelf.ts'

export interface Match {
  provider: Provider
  make(options: CloudOptions): Cloud
  /** ISO 8601. */
  now: string
  /** What the operator types in beside id and secret, from what the brand gave them. */
  extra?(given: Readonly<Record<string, string>>): Readonly<Record<string, string>>
  /** Instead of what a person's things of this brand measured. */
  recordings?: readonly Recording[]
  /** Beside those: what a person's fortnight need not have, and the brand tells in a way of its own. */
  oddities?: readonly Recording[]
  traits?: readonly string[]
  /** All that a fortnight's recordings say is on the shelf, and nothing else. Throws for what is not. */
  compare(shelf: Shelf, recordings: readonly Recording[], connection: Connection): void
  /** More of one kind than a page holds. Absent where lists come whole. */
  pages?: { feed: string; recordings: readonly Recording[]; asks: RegExp; atLeast: number; count(shelf: Shelf): number }
  /** Uploaded today, measured so many days before: a later run must bring it. */
  late: { feeds: readonly string[]; recording: Recording; arrived(shelf: Shelf): boolean }
  /** The same recording with another figure. */
  corrected: {
    feeds: readonly string[]
    first: Recording
    second: Recording
    tell(shelf: Shelf): unknown
    now: unknown
  }
  /** Where lists tell what people move and delete: one recording of each kind, and the same at another time. */
  entries?: { feeds: readonly string[]; first: Recording; moved: Recording }
  /** So few requests in each window, asked in this feed, and the wait that the brand's headers then mean. */
  limit: { limits: readonly number[]; feed: string; waitMs: number | undefined }
  /** One feed's scope is unticked. Absent where people cannot choose. */
  scope?: { choice: Choice; feed: string }
  /** A notice of a change and of a deletion, by the brand's own ids. */
  notices?: {
    recording: Recording
    feed: string
    /** Where the operator, not the connector, asks the brand to tell us. */
    begin?(connection: Connection): Promise<unknown>
    /** The brand tells of no deletions, or not of the record. */
    deletes?: false
    /** What the header is called that signs; absent when the brand signs nothing. */
    signature?: string
    /** Nothing is signed, and a post is proven all the same by what only we and the brand know. */
    isProven?: true
    /** What others could make of a post of a brand that signs nothing: none of it is believed. */
    forgeries?(post: HookRequest): HookRequest[]
    /** ms after which a post is too old to be believed; absent when nothing in it tells its time. */
    staleMs?: number
  }
  /** What a used refresh token is worth then: `refused` where it dies at once. */
  oldRefreshToken: 'refused' | 'good'
  /** A refresh makes the same access token live longer. */
  keepsAccessToken?: true
  /** Why the connector puts records of this brand aside; any other reason is a mistake. */
  asideFor?: RegExp
  /** It tells moments and no zone. */
  isZoneless?: true
  /** What this brand alone has: each a fact, by its own recordings. */
  cases?: readonly Case[]
  faults: readonly Planted[]
  /** So many days of the fortnight are enough to see a mistake in. All of it when absent. */
  days?: number
}

export interface Case {
  fact: string
  recordings?: readonly Recording[]
  traits?: readonly string[]
  choice?: Choice
  asideFor?: RegExp
  /** Throws when it is not so. */
  holds(connection: Connection): Promise<void>
  /** Any of which makes it untrue. */
  mistakes: readonly Mistake[]
}

/** A mistake, as a change of the connector. */
export interface Mistake {
  mistake: string
  spoil(provider: Provider): Provider
}

/** And the check that must see it. */
export interface Planted extends Mistake {
  seenBy: keyof typeof checks
}

const people = new Map<string, CloudPerson>()

/** Somebody with a fortnight behind them. */
function personAt(now: string): CloudPerson {
  const known = people.get(now)
  if (known) return known
  const [person] = peopleOf(11, { until: Date.parse(now), days: 14, most: 1 })
  if (!person) throw new Error('there is nobody')
  people.set(now, person)
  return person
}

/** Enough to see a mistake in: a fortnight takes its time. */
const fewDays = 5

type Wish = { recordings?: readonly Recording[]; choice?: Choice; limits?: readonly number[] }

function join(match: Match, { recordings = [], choice, limits }: Wish = {}) {
  const { provider, make, now, extra, traits, asideFor } = match
  const person = { ...accountAt(personAt(now), provider.id), recordings, ...(traits ? { traits } : {}) }
  return connect({
    provider,
    make,
    now,
    person,
    ...(extra ? { extra } : {}),
    ...(choice ? { choice } : {}),
    ...(limits ? { limits } : {}),
    ...(asideFor ? { asideFor } : {}),
  })
}

function recordingsOf({ provider, now, recordings, oddities = [], days = 14 }: Match): readonly Recording[] {
  if (recordings) return [...recordings, ...oddities]
  const all = personAt(now).recordings[provider.id] ?? []
  const first = new Date(Date.parse(now) - (days - 1) * 86_400_000).toISOString().slice(0, 10)
  // Keys end with the date, and some with the time, of what they are of.
  const late = days === 14 ? all : all.filter(({ key }) => (/\d{4}-\d\d-\d\d/.exec(key)?.[0] ?? '') >= first)
  return [...late, ...oddities]
}
/** What sleeps and rides of the brand are measured with. */
function deviceOf({ provider, now, recordings = personAt(now).recordings[provider.id] ?? [] }: Match) {
  const night = recordings.find(({ readings }) =>
    readings.some((one) => one.kind === 'session' && one.type === 'sleep'),
  )
  const [first] = recordings
  if (!first) throw new Error('nothing was measured')
  return (night ?? first).device
}

const roomy = Array.from({ length: 8 }, () => 1_000_000)

/** What went wrong with asking; a success is undefined. */
export async function faultOf(ask: Promise<unknown>): Promise<ProviderError | undefined> {
  try {
    await ask
    return undefined
  } catch (error) {
    if (error instanceof ProviderError) return error
    throw error
  }
}

const checks = {
  async 'keeps its hours where clocks change'(match: Match) {
    for (const zone of zones) await holdClock(zone, { ...match, device: deviceOf(match) })
  },
  async 'signs in'(match: Match) {
    const connection = await join(match)
    expect(connection.account).toBe(connection.cloudAccount)
    if (refreshes(match)) expect(connection.tokens.expiresIn ?? connection.auth.accessSeconds).toBeGreaterThan(0)
    if (match.provider.auth.kind === 'key') expect(connection.feeds).toEqual(Object.keys(match.provider.feeds))
    else expect(new Set(connection.scopes)).toEqual(new Set(Object.keys(connection.auth.scopes)))
  },
  async 'brings a fortnight'(match: Match) {
    const recordings = recordingsOf(match)
    const connection = await join(match, { recordings, limits: roomy })
    const shelf = await connection.pull()
    expect(shelf.torn).toEqual([])
    match.compare(shelf, recordings, connection)
  },
  async 'brings it once'(match: Match) {
    const connection = await join(match, { recordings: recordingsOf({ ...match, days: fewDays }), limits: roomy })
    const first = await connection.pull()
    const ids = [...first.sessions.keys()].sort()
    const both = first.add(await connection.pull())
    expect([...both.sessions.keys()].sort()).toEqual(ids)
    expect(both.torn).toEqual([])
  },
  async 'reads every page'(match: Match) {
    const { feed, recordings, asks, atLeast, count } = needed(match.pages)
    const connection = await join(match, { recordings, limits: roomy })
    const shelf = await connection.pull([feed])
    expect(count(shelf)).toBe(recordings.length)
    expect(connection.requests.filter((request) => asks.test(request)).length).toBeGreaterThanOrEqual(atLeast)
  },
  async 'brings what came late'(match: Match) {
    const { feeds, recording, arrived } = match.late
    const connection = await join(match, { recordings: [], limits: roomy })
    const cursor = connection.clock.now()
    expect(arrived(await connection.pull(feeds))).toBe(false)
    await connection.cloud.record(connection.cloudAccount, recording)
    connection.clock.advance(2_400_000)
    await connection.cloud.catchUp()
    expect(arrived(await connection.again(feeds, cursor))).toBe(true)
  },
  async 'replaces what was corrected'(match: Match) {
    const { feeds, first, second, tell, now } = match.corrected
    const connection = await join(match, { recordings: [first], limits: roomy })
    const shelf = await connection.pull(feeds)
    const cursor = connection.clock.now()
    expect(tell(shelf)).not.toEqual(now)
    const ids = [...shelf.sessions.keys()]
    connection.clock.advance(1_200_000)
    await connection.cloud.record(connection.cloudAccount, second)
    connection.clock.advance(1_200_000)
    await connection.cloud.catchUp()
    const after = shelf.add(await connection.again(feeds, cursor))
    expect(tell(after)).toEqual(now)
    expect([...after.sessions.keys()]).toEqual(ids)
  },
  async 'moves what was moved'(match: Match) {
    const { feeds, first, moved } = needed(match.entries)
    const [connection, shelf] = await withEntries(match)
    await connection.cloud.record(connection.cloudAccount, moved)
    const { ids, size } = shelf
    expect(size).toBe(first.readings.length)
    shelf.add(await connection.again(feeds, connection.clock.now()))
    expect(shelf.ids.sort()).toEqual(ids.sort())
    expect(shelf.size).toBe(size)
    const fresh = await (await join(match, { recordings: [moved], limits: roomy })).pull(feeds)
    expect(shelf.whole).toEqual(fresh.whole)
  },
  async 'lets go of what was deleted'(match: Match) {
    const { feeds } = needed(match.entries)
    const [connection, shelf] = await withEntries(match)
    expect(shelf.size).toBeGreaterThan(0)
    for (const id of shelf.ids) await connection.cloud.deleteRecord(connection.cloudAccount, id)
    shelf.add(await connection.again(feeds, connection.clock.now()))
    expect(shelf.whole).toEqual([])
  },
  async 'waits as long as it is told'(match: Match) {
    const { limits, feed, waitMs } = match.limit
    const connection = await join(match, { limits })
    let fault: ProviderError | undefined
    for (let i = 0; i < 20 && !fault; i++) fault = await faultOf(connection.pull([feed]))
    expect(fault?.fault).toBe('rate_limit')
    expect(fault?.retryAfterMs).toBe(waitMs)
  },
  async 'takes trouble for trouble'(match: Match) {
    const { cloud, ...connection } = await parted(match)
    const { feed } = match.limit
    const kinds: [Parameters<Cloud['failNext']>[1], string[]][] = [
      [{ kind: 'status', status: 500 }, ['unavailable']],
      [{ kind: 'status', status: 503, body: 'busy', headers: { 'retry-after': '30' } }, ['unavailable']],
      [{ kind: 'html' }, ['unavailable']],
      [{ kind: 'html', status: 200 }, ['bad_data', 'unavailable']],
      [{ kind: 'cut' }, ['unavailable', 'bad_data']],
    ]
    for (const [fault, means] of kinds) {
      cloud.failNext('/', fault)
      expect(means, JSON.stringify(fault)).toContain((await faultOf(connection.pull([feed])))?.fault)
    }
    expect(await faultOf(connection.pull([feed]))).toBeUndefined()
  },
  async 'notices that it was thrown out'(match: Match) {
    const connection = await join(match, { limits: roomy })
    await connection.throwOut()
    expect((await faultOf(connection.pull([match.limit.feed])))?.fault).toBe('auth')
    if (refreshes(match)) expect((await connection.refresh()).kind).toBe('refused')
  },
  async 'knows a missing scope from a dead token'(match: Match) {
    const { choice, feed } = needed(match.scope)
    const connection = await join(match, { choice, limits: roomy })
    expect(connection.scopes.length).toBeLessThan(Object.keys(connection.auth.scopes).length)
    expect(connection.feeds).not.toContain(feed)
    expect((await faultOf(connection.pull([feed])))?.fault).toBe('scope')
  },
  async 'keeps its tokens fresh'(match: Match) {
    const connection = await join(match, { limits: roomy })
    const old = connection.tokens
    connection.clock.advance(((old.expiresIn ?? connection.auth.accessSeconds ?? 0) + 1) * 1_000)
    expect((await faultOf(connection.pull([match.limit.feed])))?.fault).toBe('auth')
    expect((await connection.refresh()).kind).toBe('ok')
    expect(connection.tokens.accessToken === old.accessToken).toBe(match.keepsAccessToken ?? false)
    expect(await faultOf(connection.pull([match.limit.feed]))).toBeUndefined()
    expect((await connection.refresh(old.refreshToken)).kind).toBe(match.oldRefreshToken === 'good' ? 'ok' : 'refused')
  },
  async 'stays connected through many refreshes'(match: Match) {
    const connection = await join(match, { limits: roomy })
    for (let i = 0; i < 12; i++) {
      connection.clock.advance((connection.tokens.expiresIn ?? connection.auth.accessSeconds ?? 0) * 1_000)
      expect((await connection.refresh()).kind, `refresh ${i + 1}`).toBe('ok')
    }
  },
  async 'a token endpoint in trouble ends nothing'(match: Match) {
    const connection = await join(match, { limits: roomy })
    for (const fault of [{ kind: 'status', status: 503 }, { kind: 'html' }, { kind: 'html', status: 400 }] as const) {
      connection.cloud.failNext('/', fault)
      expect((await connection.refresh()).kind).toBe('failed')
    }
    expect((await connection.refresh()).kind).toBe('ok')
  },
  async 'a wrong secret of the operator ends nothing'(match: Match) {
    const connection = await join(match, { limits: roomy })
    const { clientSecret } = connection.app
    connection.app.clientSecret = `${clientSecret}x`
    expect((await connection.refresh()).kind).toBe('app')
    connection.app.clientSecret = clientSecret
    expect((await connection.refresh()).kind).toBe('ok')
  },
  async 'believes only its brand'(match: Match) {
    const notices = needed(match.notices)
    const webhook = needed(match.provider.webhook)
    const connection = await told(match)
    const { keys, posted } = connection
    const [post] = posted
    if (!post) throw new Error('nothing was posted')
    expect(webhook.verify(post, keys).kind).toBe(notices.signature || notices.isProven ? 'proven' : 'hint')
    for (const forged of notices.forgeries?.(post) ?? []) expect(webhook.verify(forged, keys).kind).toBe('refused')
    if (!notices.signature) return
    const { [notices.signature]: signature = '', ...unsigned } = post.headers
    const text = new TextDecoder().decode(post.body)
    const altered = new TextEncoder().encode(text.replace(/\d/, (digit) => String((Number(digit) + 1) % 10)))
    const forged = signature.replace(/[0-9a-f](?=[^0-9a-f]*$)/i, (digit) => (digit === '0' ? '1' : '0'))
    const kind = (change: Partial<typeof post>) => webhook.verify({ ...post, ...change }, keys).kind
    expect(kind({ body: altered })).toBe('refused')
    expect(kind({ headers: { ...unsigned, [notices.signature]: forged } })).toBe('refused')
    expect(kind({ headers: unsigned })).not.toBe('proven')
    if (notices.staleMs !== undefined) {
      expect(kind({ at: post.at + notices.staleMs - 2_000 })).toBe('proven')
      expect(kind({ at: post.at + notices.staleMs + 2_000 })).toBe('refused')
    }
  },
  async 'hears of what changed and what is gone'(match: Match) {
    const notices = needed(match.notices)
    const webhook = needed(match.provider.webhook)
    const connection = await told(match)
    const said = () => connection.posted.flatMap((post) => webhook.read(post))
    const about = (kind: Notice['kind'], list: readonly Notice[]) =>
      list.find((notice) => notice.kind === kind && 'feed' in notice && notice.feed === notices.feed)
    const news = said()
    const changed = about('changed', news) ?? about('records', news)
    expect(changed).toBeDefined()
    expect(new Set(news.map(({ account }) => account))).toEqual(new Set([connection.account]))
    const shelf = await (changed?.kind !== 'changed'
      ? connection.takePosted()
      : changed.record === undefined
        ? connection.pull([notices.feed], changed.window)
        : connection.one(notices.feed, changed.record))
    expect(shelf.sessions.size + shelf.values.size + shelf.days.size + shelf.events.size).toBeGreaterThan(0)
    if (notices.deletes === false || changed?.kind !== 'changed' || changed.record === undefined) return
    connection.posted.splice(0)
    await connection.cloud.deleteRecord(connection.cloudAccount, changed.record)
    const gone = about('deleted', said())
    expect([...shelf.sessions.keys()]).toContain(gone?.kind === 'deleted' ? gone.record : 'no deletion was told')
  },
}

/** Of a brand that has none of it, it is not asked (`applies`). */
function needed<T>(part: T | undefined): T {
  if (part === undefined) throw new Error('the brand has none of this')
  return part
}

const refreshes = ({ provider: { auth } }: Match) => auth.kind === 'oauth2' && auth.refreshToken !== 'none'
const tells = ({ notices }: Match) => notices !== undefined

/** What not every brand has. */
const applies: Partial<Record<keyof typeof checks, (match: Match) => boolean>> = {
  'reads every page': ({ pages }) => pages !== undefined,
  'moves what was moved': ({ entries }) => entries !== undefined,
  'lets go of what was deleted': ({ entries }) => entries !== undefined,
  'knows a missing scope from a dead token': ({ scope }) => scope !== undefined,
  'keeps its tokens fresh': refreshes,
  'stays connected through many refreshes': refreshes,
  'a token endpoint in trouble ends nothing': refreshes,
  'a wrong secret of the operator ends nothing': (match) =>
    refreshes(match) && match.provider.auth.kind === 'oauth2' && tellsApartApp(match.provider.auth),
  'believes only its brand': tells,
  'hears of what changed and what is gone': tells,
}

/** Somebody whose cloud has just told us of a new recording. */
async function told(match: Match): Promise<Connection> {
  if (!match.notices) throw new Error('the brand tells of nothing')
  const connection = await join(match, { recordings: [], limits: roomy })
  await (match.notices.begin?.(connection) ?? connection.subscribe())
  await connection.cloud.record(connection.cloudAccount, match.notices.recording)
  connection.clock.advance(2_400_000)
  await connection.cloud.catchUp()
  return connection
}

/** Somebody whose entries were read once, and what was told of them. */
async function withEntries(match: Match): Promise<[Connection, Shelf]> {
  const { feeds, first } = needed(match.entries)
  const connection = await join(match, { recordings: [first], limits: roomy })
  const shelf = await connection.pull(feeds)
  connection.clock.advance(1_200_000)
  return [connection, shelf]
}

async function parted(match: Match) {
  const connection = await join(match, { limits: roomy })
  return { cloud: connection.cloud, pull: (names: readonly string[]) => connection.pull(names) }
}

async function hold(match: Match, { recordings, choice, traits, asideFor, holds }: Case): Promise<void> {
  const wish = { limits: roomy, ...(recordings ? { recordings } : {}), ...(choice ? { choice } : {}) }
  const odd = { ...match, ...(traits ? { traits } : {}), ...(asideFor ? { asideFor } : {}) }
  await holds(await join(odd, wish))
}

/** The suite of a brand. */
export function matchCloud(match: Match): void {
  const { cases = [] } = match
  const by = match.provider.auth.kind === 'key' ? ', by a key' : ''
  describe(`${match.provider.name}’s connector and cloud agree${by}: it`, () => {
    const asked = Object.entries(checks).filter(([name]) => applies[name as keyof typeof checks]?.(match) ?? true)
    test.each(asked)('%s', (_, check) => check(match))
  })
  if (match.cases) test.each(match.cases.map((one) => [one.fact, one] as const))('%s', (_, one) => hold(match, one))
  describe(`a mistake is seen${by}`, () => {
    test('and none where there is none', () => checks['brings a fortnight']({ ...match, days: fewDays }))
    test.each(match.faults.map((fault) => [fault.mistake, fault] as const))('%s', async (_, { seenBy, spoil }) => {
      const spoilt = { ...match, provider: spoil(match.provider), days: fewDays }
      await expect(checks[seenBy](spoilt)).rejects.toThrow()
    })
    const ofCases = cases.flatMap((one) => one.mistakes.map((mistake) => [mistake.mistake, one, mistake] as const))
    if (ofCases.length)
      test.each(ofCases)('%s', async (_, one, { spoil }) => {
        await expect(hold({ ...match, provider: spoil(match.provider) }, one)).rejects.toThrow()
      })
  })
}
