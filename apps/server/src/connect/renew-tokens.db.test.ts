import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { asAdmin, type FreshDatabase, freshDatabase } from '../../test/database.ts'
import { readConfig } from '../config.ts'
import type { Database } from '../platform/db/database.ts'
import { createEgress, type Egress } from '../platform/egress/egress.ts'
import { EgressRefused } from '../platform/egress/refused.ts'
import { openSealing, type Sealing } from '../platform/sealing.ts'
import { type Connect, openConnect } from './connect.ts'
import { addFeeds, joinAccount, setConnected } from './connections.queries.ts'
import { createJournal } from './journal.ts'

const ada = '0194fdc2-fa2f-7cc0-81d3-ff12045b73c8'
const connectionId = '0194fdc2-fa2f-7cc0-81d3-ff12045b7300'
const ref = { userId: ada, connectionId }
const encryptionKey = 'one key of at least thirty-two characters'

/** A cloud that rotates refresh tokens and ends everything when an old one is used again. */
const cloud = {
  valid: '',
  access: '',
  refreshes: 0,
  revoked: false,
  answer: undefined as undefined | { status: number; body: string } | 'cut' | 'silent',
  delayMs: 0,
  calls: 0,
}
let server: Server
let origin: string
let database: FreshDatabase
let db: Database
let sealing: Sealing
let egress: Egress
let dataDir: string
let connect: Connect
let now = 1_800_000_000_000
const clock = { now: () => now }

beforeAll(async () => {
  server = createServer((request, response) => {
    let text = ''
    request.on('data', (part) => (text += part))
    request.on('end', () => {
      const reply = (status: number, body: object | string) =>
        setTimeout(
          () =>
            response
              .writeHead(status, { 'content-type': 'application/json' })
              .end(typeof body === 'string' ? body : JSON.stringify(body)),
          cloud.delayMs,
        )
      if (request.url === '/oauth/token') {
        if (cloud.answer === 'silent') return
        if (cloud.answer === 'cut')
          return void response.writeHead(200, { 'content-length': '200' }).write('{"access', () => response.destroy())
        if (cloud.answer) return reply(cloud.answer.status, cloud.answer.body)
        const token = new URLSearchParams(text).get('refresh_token')
        if (cloud.revoked || token !== cloud.valid) {
          cloud.revoked = true
          return reply(400, { error: 'invalid_grant' })
        }
        cloud.refreshes++
        cloud.valid = `r${cloud.refreshes}`
        cloud.access = `a${cloud.refreshes}`
        return reply(200, { access_token: cloud.access, refresh_token: cloud.valid, expires_in: 3600 })
      }
      cloud.calls++
      if (request.headers.authorization !== `Bearer ${cloud.access}` || cloud.revoked)
        return reply(401, { error: 'no' })
      return reply(200, { id: 1 })
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  database = await freshDatabase()
  db = database.open()
  sealing = await openSealing(encryptionKey, db)
  egress = createEgress()
  await asAdmin(database.admin, (client) =>
    client.query(`insert into tributary.users (user_id, email, role) values ('${ada}', 'ada@example.org', 'member')`),
  )
})
afterAll(async () => {
  await egress.close()
  await db.close()
  await database.drop()
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
})

beforeEach(async () => {
  await connect?.stop()
  if (dataDir) await rm(dataDir, { recursive: true, force: true })
  dataDir = await mkdtemp(join(tmpdir(), 'trb-connect-'))
  connect = await open()
  Object.assign(cloud, {
    valid: 'r0',
    access: 'a0',
    refreshes: 0,
    revoked: false,
    answer: undefined,
    delayMs: 0,
    calls: 0,
  })
  await db.write({ userId: ada }, async (tx) => {
    await joinAccount(tx, { userId: ada, provider: 'wahoo', account: '1', former: [], newId: connectionId })
    const at = new Date(now)
    await setConnected(tx, ada, connectionId, {
      authKind: 'oauth2',
      scopes: ['user_read'],
      profile: {},
      region: null,
      expiresAt: null,
      renewIdleAt: null,
      isDemo: false,
      at,
    })
    await addFeeds(tx, ada, connectionId, ['workouts'])
    await connect.vault.seal(tx, { ...ref, provider: 'wahoo' }, 'tokens', {
      accessToken: 'a0',
      refreshToken: 'r0',
      renewAt: now + 3_000_000,
    })
  })
})
afterAll(() => connect?.stop())

const open = () =>
  openConnect({
    config: readConfig({
      WAHOO_CLIENT_ID: 'id-of-ours',
      WAHOO_CLIENT_SECRET: 'ours',
      WAHOO_BASE_URL: origin,
      WAHOO_AUTH_URL: origin,
    }),
    dataDir,
    db,
    sealing,
    isKeyChanging: false,
    egress,
    clock,
    log: pino({ level: 'silent' }),
    lookAgainMs: () => 5,
    onRenewal: (provider, outcome) => renewals.push(`${provider} ${outcome}`),
  })

/** What became of each question. */
const renewals: string[] = []
beforeEach(() => void renewals.splice(0))

const call = async (from: Connect) => (await (await from.calls.open(ref)).http.get('/v1/user')).status
const statusOf = async () =>
  await db.read({ userId: ada }, (tx) =>
    tx.selectFrom('connections').select(['status', 'error_code', 'token_version']).executeTakeFirstOrThrow(),
  )

/** As many expiries as a connection meets in months; `npm run prove` makes a thousand of them. */
const expiries = process.env['DEEP'] ? 1_000 : 200

test(`fifty workers of two processes meet ${expiries} expiries: as many refreshes, and the connection lives`, async () => {
  const other = await open()
  cloud.delayMs = 1
  const workers = await Promise.all(Array.from({ length: 50 }, (_, at) => (at % 2 ? other : connect).calls.open(ref)))
  for (let expiry = 0; expiry < expiries; expiry++) {
    now += 3_600_000
    const answers = await Promise.all(workers.map(({ http }) => http.get('/v1/user')))
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]))
  }
  await other.stop()
  // Wahoo wants to see each new token once before anybody uses it.
  expect(cloud).toMatchObject({ refreshes: expiries, revoked: false, calls: 51 * expiries })
  expect(renewals).toEqual(new Array(expiries).fill('wahoo renewed'))
  expect(await statusOf()).toMatchObject({ status: 'active' })
  expect(await readdir(join(dataDir, 'token-journal'))).toEqual([])
}, 900_000)

test('a token that the provider ended early is renewed once, by whoever notices first', async () => {
  cloud.access = 'none'
  expect(await Promise.all(Array.from({ length: 20 }, () => call(connect)))).toEqual(new Array(20).fill(200))
  expect(cloud.refreshes).toBe(1)
})

test('errors, pages and silence of the token endpoint cost no connection', async () => {
  now += 3_600_000
  for (const answer of [
    { status: 500, body: '{"error":"invalid_grant"}' },
    { status: 400, body: '{"error":"invalid_request"}' },
    { status: 400, body: '' },
    { status: 401, body: '{"error":"invalid_client"}' },
    { status: 503, body: '<html>later</html>' },
    { status: 200, body: '<html>maintenance</html>' },
    { status: 429, body: '{}' },
  ]) {
    cloud.answer = answer
    await expect(call(connect)).rejects.toMatchObject({ fault: 'unavailable' })
    expect(await statusOf()).toMatchObject({ status: 'active' })
  }
  const real = egress.request
  egress.request = (request) => real({ ...request, timeoutMs: 50 })
  for (const answer of ['cut', 'silent'] as const) {
    cloud.answer = answer
    await expect(call(connect), answer).rejects.toMatchObject({ fault: 'unavailable' })
    expect(await statusOf()).toMatchObject({ status: 'active' })
  }
  cloud.answer = undefined
  egress.request = async () => {
    throw new EgressRefused('private_address', 'this address is not one of the public internet')
  }
  await expect(call(connect), 'its name leads nowhere today').rejects.toMatchObject({ fault: 'unavailable' })
  egress.request = real
  expect(await statusOf()).toMatchObject({ status: 'active' })
  expect(await call(connect)).toBe(200)
  expect(cloud.refreshes).toBe(1)
  expect(renewals).toEqual([...new Array(10).fill('wahoo failed'), 'wahoo renewed'])
})

test('a refusal that is said twice means a new sign-in, with its reason, and no call is made after it', async () => {
  now += 3_600_000
  cloud.revoked = true
  await expect(call(connect)).rejects.toMatchObject({ fault: 'auth' })
  expect(await statusOf()).toMatchObject({ status: 'needs_reauth', error_code: 'access_ended' })
  const { calls } = cloud
  await expect(call(connect)).rejects.toMatchObject({
    fault: 'auth',
    message: expect.stringContaining('sign in again'),
  })
  expect(cloud.calls).toBe(calls)
  expect(renewals).toEqual(['wahoo ended'])
})

test('an answer that came just before the process died is stored at the next start, and revives what was given up for want of it', async () => {
  now += 3_600_000
  const { token_version: version } = await statusOf()
  Object.assign(cloud, { valid: 'r1', access: 'a1' }) // the provider answered, the process died
  await createJournal(dataDir, sealing).keep({
    ...ref,
    provider: 'wahoo',
    version,
    tokens: { accessToken: 'a1', refreshToken: 'r1', renewAt: now + 1_000_000 },
  })
  await expect(call(connect)).rejects.toMatchObject({ fault: 'auth' }) // another process, without that journal
  expect(await statusOf()).toMatchObject({ status: 'needs_reauth' })
  cloud.revoked = false // this cloud counts to two
  await connect.stop()
  connect = await open()
  expect(await statusOf()).toMatchObject({ status: 'active', error_code: null, token_version: version + 1 })
  expect(await call(connect)).toBe(200)
  expect(await readdir(join(dataDir, 'token-journal'))).toEqual([])
})

test('a kept answer that is older than what the database holds changes nothing; a damaged one is told and stays', async () => {
  const { token_version: version } = await statusOf()
  const journal = createJournal(dataDir, sealing)
  await journal.keep({
    ...ref,
    provider: 'wahoo',
    version: version - 1,
    tokens: { accessToken: 'old', refreshToken: 'old' },
  })
  expect(await createJournal(dataDir, sealing).settleAll(connect.vault.store)).toEqual({ stored: 1, unreadable: [] })
  expect(await call(connect)).toBe(200)
  await journal.keep({ ...ref, provider: 'wahoo', version, tokens: { accessToken: 'a9' } })
  const stranger = await openSealing('another key of at least thirty-two characters', db, [encryptionKey])
  const sealedByOther = createJournal(dataDir, { sealOwn: stranger.sealOwn, openOwn: sealing.openOwn })
  await sealedByOther.keep({ ...ref, provider: 'wahoo', version, tokens: { accessToken: 'a9' } })
  const { stored, unreadable } = await createJournal(dataDir, sealing).settleAll(connect.vault.store)
  expect([stored, unreadable.length]).toEqual([1, 1])
})

test('a lease that a dead process holds is taken over when it runs out', async () => {
  now += 3_600_000
  await asAdmin(database.admin, (client) =>
    client.query(
      `update tributary.connections set refresh_lease = gen_random_uuid(), refresh_until = now() + interval '400 milliseconds'`,
    ),
  )
  const begun = performance.now()
  expect(await call(connect)).toBe(200)
  expect(performance.now() - begun).toBeGreaterThan(300)
  expect(cloud.refreshes).toBe(1)
})
