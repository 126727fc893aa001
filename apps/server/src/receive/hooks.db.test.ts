import { randomBytes, randomUUID } from 'node:crypto'
import { request } from 'node:http'
import { providers } from '@tributary/providers'
import type { Notice, Provider } from '@tributary/providers/kit'
import { ProviderError } from '@tributary/providers/kit'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { asAdmin, type SignedInPerson, startServer, type TestServer } from '../../test/kit.ts'
import { dumpOf, spellings } from '../../test/secrets.ts'
import {
  findHookSecret,
  keepSubscription,
  readyHookSecrets,
  resealHookSecrets,
} from '../platform/hooks/hook-secrets.ts'
import { must } from '../platform/must.ts'
import { sealRecord } from '../platform/seal-record.ts'
import { openSealing } from '../platform/sealing.ts'
import { emptyCloud, type MadeCloud, madeCalls, madeProvider, signed } from '../runs/test-provider.ts'
import { prefetchKeys } from './public-keys.ts'
import { subscribeHooks } from './subscribe-hooks.ts'
import { brandApp, brandPosts, forgeriesOf, googleKeys, keptOf, type Post, pathSecretOf } from './test-brand-posts.ts'

let server: TestServer
const clouds = new Map<string, MadeCloud>()
const app = brandApp
const secret = pathSecretOf('strava')

beforeAll(async () => {
  server = await startServer()
  const { parts } = server
  parts.calls.open = async (ref) => ({
    ...(await madeCalls(clouds.get(ref.connectionId) ?? emptyCloud()).open(ref)),
    scopes: await scopesOf(ref),
  })
  parts.calls.appOf = async () => app
  parts.hooks.findProvider = (id) => (id === 'strava' ? madeProvider(emptyCloud()) : undefined)
  await asAdmin(server.database.admin, (client) =>
    client.query(
      'update tributary.hook_secrets set secret = $1 || provider, sealed_secret = null, sealed_kept = null',
      [pathSecretOf('')],
    ),
  )
  await readyHookSecrets(parts.db, parts.sealing, [])
})
afterAll(() => server?.stop())

const hookOf = (provider: string) =>
  server.parts.db.asWriter((tx) => findHookSecret(server.parts.sealing, tx, provider))

const today = Math.floor(Date.now() / 1_000) * 1_000

async function connected(account: string): Promise<SignedInPerson & { connectionId: string; cloud: MadeCloud }> {
  const person = await server.person()
  const connectionId = randomUUID()
  const cloud = emptyCloud()
  clouds.set(connectionId, cloud)
  await server.parts.db.write({ userId: person.userId }, (tx) =>
    sql`insert into connections (user_id, connection_id, provider, provider_account, short_id, status, granted_scopes)
      values (${person.userId}, ${connectionId}, 'strava', ${account}, 'strava', 'active', '{rides,pulses}')`.execute(
      tx,
    ),
  )
  return { ...person, connectionId, cloud }
}

const post = (body: string, headers: Record<string, string>, path = `/hooks/strava/${secret}`) =>
  fetch(`${server.url}${path}`, { method: 'POST', body, headers: { 'content-type': 'text/plain', ...headers } })

const tell = (notices: Notice[]) => {
  const body = JSON.stringify(notices)
  return post(body, signed(app.clientSecret, body))
}

const rows = async <T>({ userId }: { userId: string }, query: (tx: never) => Promise<{ rows: T[] }>): Promise<T[]> =>
  (await server.parts.db.read({ userId }, (tx) => query(tx as never))).rows

const noticesOf = (person: { userId: string }) =>
  rows(person, (tx) =>
    sql<{ kind: string; attempts: number; done: boolean; error_message: string | null; sealed: Buffer | null }>`
      select kind, attempts, done_at is not null as done, error_message, sealed from hook_notices where user_id = ${person.userId}
      order by received_at`.execute(tx),
  )

const settled = (person: { userId: string }) =>
  expect
    .poll(async () => (await noticesOf(person)).every(({ done }) => done), { interval: 20, timeout: 5_000 })
    .toBe(true)

const scopesOf = async (connection: { userId: string; connectionId: string }) => {
  const [row] = await rows(connection, (tx) =>
    sql<{ granted_scopes: string[] }>`
      select granted_scopes from connections where connection_id = ${connection.connectionId}`.execute(tx),
  )
  return row?.granted_scopes ?? []
}

const tryAgain = (person: { userId: string }) =>
  server.parts.db.asWriter((tx) =>
    sql`update hook_notices set taken_until = now() where user_id = ${person.userId} and done_at is null`.execute(tx),
  )

const ridesOf = (person: { userId: string }) =>
  rows(person, (tx) =>
    sql<{ external_id: string }>`
      select external_id from sessions where user_id = ${person.userId} and deleted_at is null order by external_id`.execute(
      tx,
    ),
  ).then((found) => found.map(({ external_id }) => external_id))

const ride = (id: string) => ({ id, at: today - 3_600_000, value: 5_000 })

test('two people who share an account are both told, once, however often it is delivered', async () => {
  const [one, two] = [await connected('shared'), await connected('shared')]
  const notice: Notice = { id: 'n1', account: 'shared', kind: 'records', feed: 'rides', records: [ride('r1')] }
  for (let i = 0; i < 3; i++) {
    const answer = await tell([notice])
    expect([answer.status, await answer.text()]).toEqual([202, 'thanks'])
  }
  for (const person of [one, two]) {
    await settled(person)
    expect(await ridesOf(person)).toEqual(['r1'])
    expect(await noticesOf(person)).toEqual([
      { kind: 'records', attempts: 1, done: true, error_message: null, sealed: null },
    ])
  }
  const history = await server.call('GET', '/api/v1/sync/history', { token: one.token })
  expect(history.body).toMatchObject([{ trigger: 'webhook', status: 'completed', records_inserted: 1 }])
})

test('a change is fetched, a deletion followed, a goodbye marked, and an account that nobody has harms nothing', async () => {
  const person = await connected('acc')
  person.cloud.rides.push(ride('r1'), ride('r2'))
  expect((await tell([{ id: 'x', account: 'stranger', kind: 'left' }])).status).toBe(202)
  await tell([{ id: 'c1', account: 'acc', kind: 'changed', feed: 'rides', record: 'r1' }])
  await settled(person)
  expect(await ridesOf(person), 'only the one that was named').toEqual(['r1'])
  await tell([{ id: 'c2', account: 'acc', kind: 'changed', feed: 'rides' }])
  await settled(person)
  expect(await ridesOf(person)).toEqual(['r1', 'r2'])
  person.cloud.scopes = ['rides']
  await tell([{ id: 's1', account: 'acc', kind: 'scopes' }])
  await settled(person)
  person.cloud.granted = () => Promise.reject(new ProviderError('auth', 'gone'))
  await tell([
    { id: 'd1', account: 'acc', kind: 'deleted', feed: 'rides', record: 'r1' },
    { id: 'l1', account: 'acc', kind: 'left' },
  ])
  await settled(person)
  expect(await ridesOf(person)).toEqual(['r2'])
  const [connection] = await rows(person, (tx) =>
    sql`select status, error_code, granted_scopes from connections where user_id = ${person.userId}`.execute(tx),
  )
  expect(connection).toEqual({ status: 'needs_reauth', error_code: 'auth', granted_scopes: ['rides'] })
  const audited = await asAdmin(server.database.admin, async (client) => {
    const lines = 'select actor, action, outcome from tributary.audit_log where user_id = $1 and target = $2'
    return (await client.query(lines, [person.userId, person.connectionId])).rows
  })
  expect(audited).toEqual([{ actor: 'system', action: 'needSignIn', outcome: 'auth' }])
})

test('what cannot be fetched now waits by itself and is tried again, and holds up no other', async () => {
  const [waiting, other] = [await connected('waits'), await connected('goes on')]
  waiting.cloud.faults.rides = new ProviderError('unavailable', 'no')
  other.cloud.rides.push(ride('r1'))
  await tell([{ id: 'w1', account: 'waits', kind: 'changed', feed: 'rides' }])
  await tell([{ id: 'w2', account: 'goes on', kind: 'changed', feed: 'rides' }])
  await settled(other)
  expect(await ridesOf(other)).toEqual(['r1'])
  const why = 'Made up could not be reached this time'
  await expect.poll(() => noticesOf(waiting)).toMatchObject([{ attempts: 1, done: false, error_message: why }])
  waiting.cloud.faults = {}
  waiting.cloud.rides.push(ride('r2'))
  await tryAgain(waiting)
  await settled(waiting)
  expect(await ridesOf(waiting)).toEqual(['r2'])
})

test('an older notice of permissions that is dealt with late undoes nothing: what stands now is asked for', async () => {
  const person = await connected('permits')
  const runs = async () => {
    const { body } = await server.call('GET', '/api/v1/sync/history', { token: person.token })
    return (body as { trigger: string }[]).map(({ trigger }) => trigger)
  }
  person.cloud.scopes = ['rides']
  await tell([{ id: 'first', account: 'permits', kind: 'scopes' }])
  await settled(person)
  expect(await scopesOf(person)).toEqual(['rides'])
  expect(await runs(), 'there is nothing more to read').toEqual([])
  person.cloud.granted = () => Promise.reject(new ProviderError('unavailable', 'no'))
  await tell([{ id: 'older', account: 'permits', kind: 'scopes', granted: ['rides'] } as Notice])
  await expect
    .poll(() => noticesOf(person))
    .toMatchObject([{ done: true }, { done: false, error_message: expect.any(String) }])
  delete person.cloud.granted
  person.cloud.scopes = ['rides', 'pulses']
  await tell([{ id: 'newer', account: 'permits', kind: 'scopes' }])
  await expect.poll(() => scopesOf(person)).toEqual(['rides', 'pulses'])
  await expect.poll(runs, { message: 'what is newly allowed is read' }).toEqual(['webhook'])
  await tryAgain(person)
  await settled(person)
  expect(await scopesOf(person)).toEqual(['rides', 'pulses'])
})

test('an older goodbye that comes late ends no newer sign-in; one that holds ends it, once that can be asked', async () => {
  const person = await connected('comes back')
  const status = async () => {
    const [row] = await rows(person, (tx) =>
      sql<{ status: string }>`select status from connections where user_id = ${person.userId}`.execute(tx),
    )
    return row?.status
  }
  await tell([{ id: 'older goodbye', account: 'comes back', kind: 'left' }])
  await settled(person)
  expect(await status()).toBe('active')
  person.cloud.granted = () => Promise.reject(new ProviderError('unavailable', 'no'))
  await tell([{ id: 'goodbye', account: 'comes back', kind: 'left' }])
  const waits = { done: false, error_message: expect.any(String) }
  await expect.poll(() => noticesOf(person)).toMatchObject([{ done: true }, waits])
  expect(await status()).toBe('active')
  person.cloud.granted = () => Promise.reject(new ProviderError('scope', 'who is that'))
  await tryAgain(person)
  await settled(person)
  expect(await status()).toBe('needs_reauth')
})

test('permissions that change while they are asked for are asked for again', async () => {
  const person = await connected('hesitates')
  const { connectionId, userId } = person
  person.cloud.granted = async () => {
    delete person.cloud.granted
    await server.parts.db.write({ userId }, (tx) =>
      sql`update connections set granted_scopes = '{rides}' where connection_id = ${connectionId}`.execute(tx),
    )
    return ['pulses']
  }
  person.cloud.scopes = ['rides']
  await tell([{ id: 'asked', account: 'hesitates', kind: 'scopes' }])
  await expect.poll(() => noticesOf(person)).toMatchObject([{ done: false, error_message: expect.any(String) }])
  expect(await scopesOf(person)).toEqual(['rides'])
  await tryAgain(person)
  await settled(person)
  expect(await scopesOf(person)).toEqual(['rides'])
})

test('while a connection is paused what is told of it waits, but for deletions, and is dealt with when it goes on', async () => {
  const person = await connected('paused')
  person.cloud.rides.push(ride('r1'))
  await tell([{ id: 'p0', account: 'paused', kind: 'records', feed: 'rides', records: [ride('r0')] }])
  await settled(person)
  const toggle = (isActive: boolean) =>
    server.call('PATCH', `/api/v1/providers/connections/${person.connectionId}/toggle`, {
      token: person.token,
      body: { is_active: isActive },
    })
  expect((await toggle(false)).body).toMatchObject({ status: 'paused' })
  await tell([
    { id: 'p1', account: 'paused', kind: 'changed', feed: 'rides' },
    { id: 'p2', account: 'paused', kind: 'records', feed: 'rides', records: [ride('r2')] },
    { id: 'p3', account: 'paused', kind: 'deleted', feed: 'rides', record: 'r0' },
    { id: 'p5', account: 'paused', kind: 'scopes' },
  ])
  await expect.poll(() => ridesOf(person)).toEqual([])
  const other = await connected('not paused')
  await tell([{ id: 'p4', account: 'not paused', kind: 'records', feed: 'rides', records: [ride('r4')] }])
  await settled(other)
  expect(person.cloud.asked).toEqual([])
  expect((await noticesOf(person)).map(({ kind, done, attempts }) => [kind, done, attempts]).sort()).toEqual([
    ['changed', false, 0],
    ['deleted', true, 1],
    ['records', false, 0],
    ['records', true, 1],
    ['scopes', false, 0],
  ])
  await toggle(true)
  await settled(person)
  expect(await ridesOf(person)).toEqual(['r1', 'r2'])
})

test('what killed everybody who took it up is let go of after many times', async () => {
  const person = await connected('deadly')
  await server.parts.db.write({ userId: person.userId }, (tx) =>
    sql`insert into hook_notices (user_id, connection_id, notice_hash, provider, kind, feed, attempts)
      values (${person.userId}, ${person.connectionId}, '\\x01', 'strava', 'changed', 'rides', 16)`.execute(tx),
  )
  server.parts.hooks.wake()
  await settled(person)
  expect(await noticesOf(person)).toMatchObject([
    { done: true, error_message: expect.stringContaining('however often') },
  ])
  expect(person.cloud.asked).toEqual([])
})

test('of what nobody signed nothing is stored: it is fetched anew, and only with the secret of the path', async () => {
  const person = await connected('hinted')
  person.cloud.rides.push(ride('real'))
  const body = JSON.stringify([
    { id: 'h1', account: 'hinted', kind: 'records', feed: 'rides', records: [ride('forged')] },
    { id: 'h2', account: 'hinted', kind: 'deleted', feed: 'rides', record: 'real' },
    { id: 'h3', account: 'hinted', kind: 'left' },
  ])
  expect((await post(body, { 'x-unsigned': '1' }, '/hooks/strava')).status).toBe(404)
  expect((await post(body, { 'x-unsigned': '1' }, '/hooks/strava/guessed')).status).toBe(404)
  expect(await noticesOf(person)).toEqual([])
  expect((await post(body, { 'x-unsigned': '1' })).status).toBe(202)
  await settled(person)
  expect(await ridesOf(person)).toEqual(['real'])
  const kinds = (await noticesOf(person)).map(({ kind }) => kind)
  expect(kinds).toEqual(['changed', 'changed', 'changed'])
})

test('a handshake is answered, what is no message is refused, and who has no webhook has no such address', async () => {
  const greeting = await fetch(`${server.url}/hooks/strava/${secret}?challenge=hello`)
  expect([greeting.status, await greeting.text()]).toEqual([200, 'hello'])
  expect((await fetch(`${server.url}/hooks/strava/${secret}`, { method: 'HEAD' })).status).toBe(401)
  expect((await post('{', signed(app.clientSecret, '{'))).status).toBe(400)
  expect((await post('[]', signed(app.clientSecret, '[]'), '/hooks/manual')).status).toBe(404)
  const large = 'x'.repeat(17 * 1024 * 1024)
  expect((await post(large, signed(app.clientSecret, large))).status).toBe(413)
})

const own = (id: string) => providers.find((one) => one.id === id)

/** Somebody with an account at each brand that posts, each of which is itself until it is undone. */
async function atEveryBrand(account: number) {
  const person = await server.person()
  const { parts } = server
  for (const provider of Object.keys(brandPosts)) {
    const connectionId = randomUUID()
    clouds.set(connectionId, emptyCloud())
    await parts.db.write({ userId: person.userId }, (tx) =>
      sql`insert into connections (user_id, connection_id, provider, provider_account, short_id, status)
        values (${person.userId}, ${connectionId}, ${provider}, ${String(account)}, ${provider}, 'active')`.execute(tx),
    )
    await parts.db.asWriter((tx) => keepSubscription(parts.sealing, tx, provider, keptOf(provider)))
  }
  const { findProvider } = parts.hooks
  const { openApp } = parts.calls
  parts.hooks.findProvider = own
  parts.calls.openApp = async () => ({ get: async () => ({ body: googleKeys }) }) as never
  await prefetchKeys(parts.hooks) // so that a machine that is busy does not let who posts wait for them
  const undo = async () => {
    parts.hooks.findProvider = findProvider
    parts.calls.openApp = openApp
    await parts.db.write({ userId: person.userId }, (tx) =>
      sql`delete from connections where user_id = ${person.userId}`.execute(tx),
    )
  }
  return { person, undo }
}

const postOf = (brand: string, { body, headers }: Post, path = pathSecretOf(brand)) =>
  post(body, headers, `/hooks/${brand}/${path}`)

/** Of each brand here; `npm run prove` asks for 10 times as many. The other 500 are judged without a server (`brand-posts.test.ts`). */
const rounds = process.env['DEEP'] ? 50 : 5

test('with the right path nothing forged, altered or stale of any brand is taken, and nothing genuine with a path that was guessed', async () => {
  const account = 4711
  const { person, undo } = await atEveryBrand(account)
  let n = 0
  const pick = (below: number) => n++ % Math.max(1, below)
  const taken: unknown[] = []
  for (const [brand, { post: genuine }] of Object.entries(brandPosts)) {
    const before = server.parts.hooks.counts.of(brand)
    const tried = Array.from({ length: rounds }, () => forgeriesOf(brand, account, Date.now(), pick)).flat()
    const answers = await Promise.all([
      ...tried.map((forgery) => postOf(brand, forgery)),
      postOf(brand, genuine(account, 1, Date.now()), randomUUID()),
    ])
    taken.push(...answers.flatMap(({ status }, i) => ([401, 404].includes(status) ? [] : [[brand, status, tried[i]]])))
    const { refused } = server.parts.hooks.counts.of(brand)
    expect(refused - before.refused, 'and all of them are counted').toBe(tried.length + 1)
  }
  expect(taken).toEqual([])
  expect(await noticesOf(person)).toEqual([])
  await undo()
})

test('what a brand posts is taken with no other brand’s path, neither under that brand’s name nor under its own', async () => {
  const account = 4751
  const { person, undo } = await atEveryBrand(account)
  const tried: { brand: string; other: string; answers: number[] }[] = []
  for (const [brand, { post: genuine }] of Object.entries(brandPosts))
    for (const other of Object.keys(brandPosts)) {
      if (other === brand) continue
      const posted = genuine(account, 1, Date.now())
      const answers = await Promise.all([postOf(other, posted), postOf(brand, posted, pathSecretOf(other))])
      tried.push({ brand, other, answers: answers.map(({ status }) => status) })
    }
  expect(tried).toHaveLength(10 * 9)
  expect(tried.filter(({ answers: [atOther, atOwn] }) => atOther !== 401 || atOwn !== 404)).toEqual([])
  expect(await noticesOf(person)).toEqual([])
  await undo()
})

test('what a brand posts is taken once, however often it is replayed, and the operator sees what came of it', async () => {
  const account = 4721
  const { person, undo } = await atEveryBrand(account)
  const { token } = await server.owner()
  const seen = async (brand: string) =>
    (await server.call('GET', `/api/v1/provider-apps/${brand}`, { token })).body as {
      webhook_counts: Record<string, number>
    }
  const noticed = () =>
    rows(person, (tx) =>
      sql<{ provider: string }>`
        select provider, attempts from hook_notices where user_id = ${person.userId} order by provider`.execute(tx),
    )
  const at = Math.floor(Date.now() / 60_000) * 60_000
  const counted: Record<string, unknown> = {}
  for (const [brand, { post: genuine }] of Object.entries(brandPosts)) {
    const before = (await seen(brand)).webhook_counts
    const posted = genuine(account, 42, at)
    for (let i = 0; i < 3; i++) expect((await postOf(brand, posted)).ok, brand).toBe(true)
    expect((await postOf(brand, genuine(account + 1, 42, at))).ok, 'whoever it is about').toBe(true)
    const after = (await seen(brand)).webhook_counts
    counted[brand] = ['kept', 'known', 'unknown_account', 'refused'].map(
      (name) => (after[name] ?? 0) - (before[name] ?? 0),
    )
  }
  await settled(person)
  const brands = Object.keys(brandPosts).sort()
  expect(counted).toEqual(Object.fromEntries(brands.map((brand) => [brand, [1, 2, 1, 0]])))
  expect(await noticed(), 'and dealt with once').toEqual(brands.map((provider) => ({ provider, attempts: 1 })))
  await undo()
})

test('keys that never come are not waited for: what a brand signed with them is to be sent again', async () => {
  const account = 4731
  const { undo } = await atEveryBrand(account)
  const { hooks, calls } = server.parts
  calls.openApp = async () => ({ get: () => new Promise(() => undefined) }) as never
  hooks.findProvider = (id) => {
    const found = own(id)
    // Of another name, since this process knows Google's keys by now.
    return found?.id === 'fitbit' ? ({ ...found, id: 'oura' } as Provider) : found
  }
  const { post: genuine } = must(brandPosts['fitbit'], 'it posts')
  const answer = await postOf('fitbit', genuine(account, 7, Date.now()), pathSecretOf('oura'))
  expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '30'])
  await undo()
})

/** No cloud answers until it is over, and no record can be kept raw, which comes before it is read. */
async function whileAllIsHeld(work: () => Promise<void>): Promise<void> {
  const { calls, db, hooks } = server.parts
  const { open } = calls
  const over = Promise.withResolvers<void>()
  calls.open = async (ref) => {
    await over.promise
    return open(ref)
  }
  await asAdmin(server.database.admin, async (client) => {
    await client.query('begin')
    await client.query('lock table tributary.raw_payloads')
    try {
      await work()
    } finally {
      await client.query('rollback')
      over.resolve()
      calls.open = open
    }
  })
  // What gave up waiting is tried again at once.
  await db.asWriter((tx) => sql`update hook_notices set taken_until = now() where done_at is null`.execute(tx))
  hooks.wake()
}

test('every brand is answered as soon as what it posts is kept: no cloud is waited for, and nothing is read before', async () => {
  const account = 4761
  const { person, undo } = await atEveryBrand(account)
  await whileAllIsHeld(async () => {
    for (const [brand, { post: genuine }] of Object.entries(brandPosts))
      expect((await postOf(brand, genuine(account, 1, Date.now()))).ok, brand).toBe(true)
    expect((await noticesOf(person)).map(({ done }) => done)).toEqual(Object.keys(brandPosts).map(() => false))
  })
  await settled(person)
  await undo()
})

test('a delivery as large as one may be is answered as soon as what concerns somebody here is kept', async () => {
  const account = 4771
  const { person, undo } = await atEveryBrand(account)
  const item = (userId: number, note: string) => ({ userId: String(userId), summaryId: `of-${userId}`, note })
  const bodyComps = [item(account, 'x'), ...Array.from({ length: 100 }, (_, n) => item(n, 'x'.repeat(1_000_000)))]
  const limit = 100 * 1024 * 1024
  const short = limit - JSON.stringify({ bodyComps }).length
  const body = JSON.stringify({ bodyComps: [...bodyComps.slice(0, -1), item(99, 'x'.repeat(1_000_000 + short))] })
  const headers = { 'content-type': 'application/json', 'garmin-client-id': app.clientId }
  expect(body).toHaveLength(limit)
  await whileAllIsHeld(async () => {
    expect((await postOf('garmin', { body, headers })).status).toBe(200)
    expect(await noticesOf(person)).toMatchObject([{ kind: 'records', done: false }])
  })
  await settled(person)
  await undo()
})

/** What a sender is told that has announced so many bytes and sent none. */
const answerBefore = (bytes: number, path: string, headers: Record<string, string>) =>
  new Promise<number | undefined>((resolve, reject) => {
    const options = { method: 'POST', headers: { ...headers, 'content-length': bytes } }
    const asking = request(`${server.url}${path}`, options, (answer) => {
      resolve(answer.statusCode)
      asking.destroy()
    })
    asking.on('error', reject).flushHeaders()
  })

test('a delivery of Garmin’s is taken when it is larger than other requests may be, in parts, and once', async () => {
  const account = 4741
  const { person, undo } = await atEveryBrand(account)
  // So that what came is still there to be looked at.
  await server.parts.db.write({ userId: person.userId }, (tx) =>
    sql`update connections set paused_at = now() where user_id = ${person.userId}`.execute(tx),
  )
  const note = 'x'.repeat(1_000_000)
  const item = (n: number) => ({ userId: String(account), summaryId: `large-${n}`, note })
  const body = JSON.stringify({ bodyComps: Array.from({ length: 17 }, (_, n) => item(n)) })
  const headers = { 'content-type': 'application/json', 'garmin-client-id': app.clientId }
  expect(body.length).toBeGreaterThan(16 * 1024 * 1024)
  for (let i = 0; i < 2; i++) expect((await postOf('garmin', { body, headers })).status).toBe(200)
  const kept = await noticesOf(person)
  expect(kept.map(({ kind }) => kind)).toEqual(Array.from({ length: 5 }, () => 'records'))
  const limit = 100 * 1024 * 1024
  expect(
    await answerBefore(limit + 1, `/hooks/garmin/${pathSecretOf('garmin')}`, headers),
    'no byte of it is waited for',
  ).toBe(413)
  expect(await answerBefore(limit + 1, '/hooks/garmin/guessed', headers)).toBe(404)
  await undo()
})

test('a provider with one subscription for all is asked once somebody is connected, and again when it is due', async () => {
  await connected('subscriber')
  const begun: string[] = []
  const provider = madeProvider(emptyCloud())
  const subscribe = {
    per: 'app' as const,
    everyDays: 2,
    begin: async (_http: unknown, url: string) => {
      begun.push(url)
      return { id: `${begun.length}` }
    },
    end: async () => undefined,
  }
  const withHook = { ...provider, webhook: { ...provider.webhook, subscribe } } as Provider
  let now = Date.now()
  const edges = {
    ...server.parts,
    calls: { appOf: async () => app, openApp: async () => ({}) as never, open: server.parts.calls.open },
    findProvider: () => withHook,
    clock: { now: () => now },
    publicUrl: 'https://hub.example/' as string | undefined,
  }
  await subscribeHooks({ ...edges, publicUrl: 'http://hub.example' })
  expect(begun, 'an address that cannot be called is told to nobody').toEqual([])
  for (let i = 0; i < 2; i++) await subscribeHooks(edges)
  expect(begun).toEqual([`https://hub.example/hooks/strava/${secret}`])
  now += 2 * 86_400_000
  await subscribeHooks(edges)
  expect(begun).toHaveLength(2)

  const perConnection = {
    ...withHook,
    webhook: { ...withHook.webhook, subscribe: { ...subscribe, per: 'connection' } },
  }
  const connections = await server.parts.db.asWriter((tx) =>
    sql`select 1 from connections where provider = 'strava' and status = 'active'`.execute(tx),
  )
  for (let i = 0; i < 2; i++) await subscribeHooks({ ...edges, findProvider: () => perConnection as Provider })
  expect(begun, 'or once by each of its connections').toHaveLength(2 + connections.rows.length)
})

test('with the last connection a provider’s subscription for all ends, once it can be asked to, whatever of another’s does not open', async () => {
  const ended: Record<string, string>[] = []
  let fault: Error | undefined = new ProviderError('unavailable', 'no')
  const provider = madeProvider(emptyCloud())
  const subscribe = {
    per: 'app' as const,
    begin: async () => ({ id: 's1' }),
    end: async (_http: unknown, kept: Record<string, string>) => {
      if (fault) throw fault
      ended.push(kept)
    },
  }
  const edges = {
    ...server.parts,
    calls: { appOf: async () => app, openApp: async () => ({}) as never, open: server.parts.calls.open },
    findProvider: (id: string) =>
      id === 'oura' ? ({ ...provider, id, webhook: { ...provider.webhook, subscribe } } as Provider) : undefined,
    publicUrl: 'https://hub.example',
  }
  const person = await server.person()
  const connectionId = randomUUID()
  const set = (status: string) =>
    server.parts.db.write({ userId: person.userId }, (tx) =>
      sql`insert into connections (user_id, connection_id, provider, provider_account, short_id, status)
        values (${person.userId}, ${connectionId}, 'oura', 'acc', 'oura', ${status})
        on conflict (user_id, connection_id) do update set status = excluded.status`.execute(tx),
    )
  await set('active')
  await subscribeHooks(edges)
  await set('paused')
  await subscribeHooks(edges)
  expect(ended, 'one that is paused goes on some day').toEqual([])
  await set('ended')
  const stranger = sealRecord(randomBytes(32), 'of-another-house', 'somewhere', 'nobody reads this')
  await server.parts.db.asWriter((tx) =>
    sql`insert into hook_secrets (provider, sealed_secret, sealed_kept) values ('mqtt', ${stranger}, ${stranger})`.execute(
      tx,
    ),
  )
  await subscribeHooks(edges)
  fault = undefined
  for (let i = 0; i < 2; i++) await subscribeHooks(edges)
  expect(ended, 'once, with what the provider said and nothing of ours').toEqual([{ id: 's1' }])
  await server.parts.db.asWriter((tx) => sql`delete from hook_secrets where provider = 'mqtt'`.execute(tx))
})

test('who disconnects ends the connection’s own subscription, and a provider that fails at it keeps nobody connected', async () => {
  const { parts } = server
  const ended: unknown[] = []
  const made = madeProvider(emptyCloud())
  const subscribe = {
    per: 'connection' as const,
    begin: async () => ({ id: 'own' }),
    end: async (_http: unknown, kept: unknown, { secret: path }: { secret: string }) => {
      ended.push([kept, path])
      throw new TypeError('an answer nobody thought of')
    },
  }
  const provider = { ...made, webhook: { ...made.webhook, subscribe } } as Provider
  const person = await connected('leaves')
  await subscribeHooks({ ...parts, findProvider: () => provider, publicUrl: 'https://hub.example' })
  const read = parts.connect.vault.read
  parts.connect.vault.read = async (ref) =>
    ({ ref, provider, row: { is_demo: false }, auth: provider.auth }) as unknown as Awaited<ReturnType<typeof read>>
  const path = `/api/v1/providers/connections/${person.connectionId}`
  const answer = await server.call('DELETE', path, { token: person.token })
  parts.connect.vault.read = read
  expect(answer.status).toBe(204)
  expect(ended).toEqual([[{ id: 'own' }, secret]])
  expect((await server.call('GET', '/api/v1/providers/connections', { token: person.token })).body).toEqual([])
})

test('neither the path of a webhook nor what proves a provider’s calls stands in the database, from before or from now', async () => {
  const { db, sealing } = server.parts
  const old = { secret: 'a path of an older version', key: 'a signing key of an older version' }
  await asAdmin(server.database.admin, (client) =>
    client.query(
      `update tributary.hook_secrets set secret = $1, kept = $2, sealed_secret = null, sealed_kept = null where provider = 'polar'`,
      [old.secret, JSON.stringify({ id: '7', signature_secret_key: old.key })],
    ),
  )
  await readyHookSecrets(db, sealing, ['polar', 'strava'])
  const now = { id: '8', signature_secret_key: 'a signing key of today' }
  await db.asWriter((tx) => keepSubscription(sealing, tx, 'wahoo', now))
  expect(await hookOf('polar')).toEqual({ secret: old.secret, kept: { id: '7', signature_secret_key: old.key } })
  expect(await hookOf('wahoo')).toMatchObject({ kept: now })
  expect((await hookOf('strava'))?.secret, 'a start changes no address').toBe(secret)
  const dump = await dumpOf(server.database)
  for (const hidden of [old.secret, old.key, now.signature_secret_key, secret, (await hookOf('wahoo'))?.secret ?? ''])
    for (const form of spellings(hidden)) expect(dump).not.toContain(form)
})

test('a start makes the address of a webhook, and looking at it makes none', async () => {
  const { db, sealing } = server.parts
  const owner = await server.owner()
  await db.asWriter((tx) => sql`delete from hook_secrets where provider = 'garmin'`.execute(tx))
  const shown = async () =>
    ((await server.call('GET', '/api/v1/provider-apps/garmin', { token: owner.token })).body as { webhook_url: string })
      .webhook_url
  expect(await shown()).toBeNull()
  expect(await hookOf('garmin')).toBeUndefined()
  await readyHookSecrets(db, sealing, ['garmin'])
  expect(await shown()).toBe(`${server.url}/hooks/garmin/${(await hookOf('garmin'))?.secret}`)
})

test('a new ENCRYPTION_KEY seals them anew, over what is read and not over what came meanwhile', async () => {
  const { db } = server.parts
  const former = 'sealing-in-tests-sealing-in-tests-sealing' // as the kit's servers are
  const next = await openSealing('the next key, thirty-two characters and more', db, [former])
  const before = await hookOf('polar')
  expect((await resealHookSecrets(db, next)).rows).toBeGreaterThan(2)
  expect(await resealHookSecrets(db, next)).toEqual({ rows: 0, lost: [] })
  await expect(hookOf('polar'), 'the former key alone opens them no more').rejects.toThrow('a key that is not given')
  expect(await db.asWriter((tx) => findHookSecret(next, tx, 'polar'))).toEqual(before)
})
