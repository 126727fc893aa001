/** Each brand's own way to end a sign-in, and how it is kept: at their emulated clouds, by clocks that are turned by hand. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { clouds, type Fault, type ServedCloud, serveCloud, settingsOf, signIn } from '@tributary/emulators/clouds'
import { findProvider } from '@tributary/providers'
import { authorizationUrl, type ProviderHttp } from '@tributary/providers/kit'
import { sql } from 'kysely'
import { pino } from 'pino'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { asAdmin, type FreshDatabase, freshDatabase } from '../../test/database.ts'
import { readConfig } from '../config.ts'
import type { Database } from '../platform/db/database.ts'
import { createEgress, type Egress } from '../platform/egress/egress.ts'
import { must } from '../platform/must.ts'
import { openSealing, type Sealing } from '../platform/sealing.ts'
import type { ConnectionRef } from './calls.ts'
import { type Connect, openConnect } from './connect.ts'
import { saveConnection } from './save-connection.ts'
import { signInWithCode } from './sign-in-to.ts'
import { oauth2Of } from './ways-in.ts'

const ada = '0194fdc2-fa2f-7cc0-81d3-ff12045b73c8'
const brands = ['withings', 'coros', 'suunto', 'garmin'] as const
type Brand = (typeof brands)[number]
const hour = 3_600_000
const day = 24 * hour
const redirectUri = 'https://hub.example/callback'

const served = new Map<Brand, ServedCloud>()
const env: Record<string, string> = {}
let database: FreshDatabase
let db: Database
let sealing: Sealing
let egress: Egress
let dataDir: string
let connect: Connect
let now = Date.UTC(2026, 5, 1)
/** How far the clouds' clocks are before ours: a token that they have ended looks good here. */
let ahead = 0

beforeAll(async () => {
  for (const brand of brands) {
    const clock = { now: () => now + ahead }
    const one = await serveCloud((origin) => clouds[brand]({ clock, seed: 1, origin }))
    one.cloud.addAccount({ name: 'Mira', email: 'mira@example.org', timeZone: 'UTC', recordings: [] })
    const app = one.cloud.registerApp({ redirectUris: [redirectUri] })
    served.set(brand, one)
    const name = brand.toUpperCase()
    Object.assign(env, { [`${name}_CLIENT_ID`]: app.clientId, [`${name}_CLIENT_SECRET`]: app.clientSecret })
    Object.assign(env, { [`${name}_BASE_URL`]: one.origin, [`${name}_AUTH_URL`]: one.origin })
    for (const [part, value] of Object.entries(settingsOf(app))) env[`${name}_${part.toUpperCase()}`] = value
  }
  database = await freshDatabase()
  db = database.open()
  sealing = await openSealing('one key of at least thirty-two characters', db)
  egress = createEgress()
  dataDir = await mkdtemp(join(tmpdir(), 'trb-connect-'))
  connect = await open()
  await asAdmin(database.admin, (client) =>
    client.query(`insert into tributary.users (user_id, email, role) values ('${ada}', 'ada@example.org', 'member')`),
  )
})
afterAll(async () => {
  await connect?.stop()
  await egress?.close()
  await db?.close()
  await database?.drop()
  for (const { stop } of served.values()) await stop()
  await rm(dataDir, { recursive: true, force: true })
})

const open = () =>
  openConnect({
    ...{ config: readConfig(env), dataDir, db, sealing, isKeyChanging: false, egress, log: pino({ level: 'silent' }) },
    clock: { now: () => now },
  })

const cloudOf = (brand: Brand) => must(served.get(brand), 'every brand is served').cloud
const refreshesOf = (brand: Brand) =>
  cloudOf(brand).log.filter(({ query }) => query.includes('grant_type=refresh_token')).length

/** As a person does it, through the brand's page. */
async function signedIn(brand: Brand): Promise<ConnectionRef> {
  const provider = must(findProvider(brand), 'it is known')
  const auth = must(oauth2Of(provider), 'it is signed in to')
  const app = must(await connect.apps.find(provider), 'it is set up')
  const asked = Object.keys(auth.scopes)
  const [verifier, challenge] = ['a'.repeat(43), 'ZtNPunH49FD35FWYhT5Tv8I7vRKQJ8uxMaL0_9eHjNA']
  const wish = { clientId: app.keys.clientId, redirectUri, state: 'a-state', scopes: asked, challenge }
  const url = authorizationUrl(auth, wish, connect.apps.standInsOf(provider))
  const parameters = (await signIn(cloudOf(brand), url)).searchParams
  const code = parameters.get('code') ?? ''
  const brought = { code, verifier, redirectUri, region: null, asked, parameters }
  const edges = { apps: connect.apps, egress, clock: { now: () => now } }
  const answer = await signInWithCode(edges, provider, auth, app, brought)
  if (answer.kind !== 'ok') throw new Error(`${brand} gave no token: ${answer.kind}`)
  const row = await db.write({ userId: ada }, (tx) =>
    saveConnection(tx, connect.vault, { userId: ada, provider, signedIn: answer.signedIn, at: new Date(now) }),
  )
  return { userId: ada, connectionId: row.connection_id }
}

const httpOf = async (ref: ConnectionRef, from = connect) => (await from.calls.open(ref)).http

const stateOf = async ({ connectionId }: ConnectionRef) =>
  db.read({ userId: ada }, async (tx) => {
    const { rows } = await sql<{ status: string; error_code: string | null; refused_at: Date | null }>`
      select status, error_code, refused_at from connections where connection_id = ${connectionId}`.execute(tx)
    return rows[0]
  })

/** Of the audit log, what says that a person must sign in again. */
const saidOf = ({ connectionId }: ConnectionRef) =>
  asAdmin(database.admin, async (client) => {
    const lines = `select user_id, actor, action, outcome from tributary.audit_log where target = $1 and action = 'needSignIn'`
    return (await client.query(lines, [connectionId])).rows
  })

const askWithings = async (http: ProviderHttp) =>
  ((await http.post('/v2/user', { form: { action: 'getdevice' } })).body as { status: number }).status
const askCoros = async (http: ProviderHttp) => ((await http.get('/coros/bindState')).body as { result: string }).result

test.each([
  ['withings', '/v2/user', 4 * hour, askWithings, 0, '{"status":401,"body":{},"error":"invalid_token"}', 401],
  ['coros', '/coros/bindState', 31 * day, askCoros, '0000', '{"result":"5006","message":"token is invalid"}', '5006'],
] as const)(
  '%s says inside a good answer that a token has ended: it is renewed once, and the call repeated once',
  async (brand, path, life, ask, good, refusal, refused) => {
    const ref = await signedIn(brand)
    ahead = life
    expect(await Promise.all([httpOf(ref), httpOf(ref)].map(async (http) => ask(await http)))).toEqual([good, good])
    expect(refreshesOf(brand)).toBe(1)
    const answers = cloudOf(brand).log.length
    const always: Fault = { kind: 'status', status: 200, body: refusal }
    cloudOf(brand).failNext(path, always, 2)
    expect(await ask(await httpOf(ref)), 'what is said again is left to whoever asked').toBe(refused)
    expect(cloudOf(brand).log.length - answers).toBe(3)
    expect(await stateOf(ref)).toMatchObject({ status: 'active' })
    ahead = 0
  },
)

const mistyped = {
  withings: '{"status":503,"body":{},"error":"Invalid Params: invalid client id/secret"}',
  coros: '{"result":"5006","message":"client_secret"}',
}

test.each([
  ['withings', 4 * hour, askWithings, '/v2/oauth2', 1],
  ['coros', 31 * day, askCoros, '/oauth2/refresh-token', 2], // asked twice, as it cannot be told from a refused grant
] as const)(
  'a secret of %s that the operator mistyped ends nobody’s connection, and the right one makes it whole',
  async (brand, life, ask, path, times) => {
    const ref = await signedIn(brand)
    now += life
    cloudOf(brand).failNext(path, { kind: 'status', status: 200, body: mistyped[brand] }, times)
    await expect(ask(await httpOf(ref))).rejects.toMatchObject({ fault: 'unavailable' })
    expect(await stateOf(ref)).toMatchObject({ status: 'active', error_code: null })
    await ask(await httpOf(ref))
    expect(await stateOf(ref)).toMatchObject({ status: 'active', refused_at: null })
  },
)

test('Suunto’s refusal ends a sign-in only when it lasts for hours, and what it renews meanwhile makes it whole', async () => {
  const ref = await signedIn('suunto')
  const refused: Fault = { kind: 'status', status: 400, body: '{"error":"invalid_grant"}' }
  const tried = async () => {
    cloudOf('suunto').failNext('/oauth/token', refused, 2)
    return httpOf(ref).then((http) => http.get('/v3/workouts/'))
  }
  now += day
  await expect(tried()).rejects.toMatchObject({ fault: 'unavailable' })
  const first = now
  now += 5 * hour
  await expect(tried()).rejects.toMatchObject({ fault: 'unavailable' })
  expect(await stateOf(ref)).toEqual({ status: 'active', error_code: null, refused_at: new Date(first) })
  await (await httpOf(ref)).get('/v3/workouts/') // the outage is over
  expect(await stateOf(ref)).toMatchObject({ status: 'active', refused_at: null })
  now += day
  await expect(tried()).rejects.toMatchObject({ fault: 'unavailable' })
  now += 6 * hour
  expect(await saidOf(ref)).toEqual([])
  await expect(tried()).rejects.toMatchObject({ fault: 'auth' })
  expect(await stateOf(ref)).toMatchObject({ status: 'needs_reauth', error_code: 'access_ended' })
  await expect(tried()).rejects.toMatchObject({ fault: 'auth' })
  expect(await saidOf(ref), 'told once').toEqual([
    { user_id: ada, actor: 'system', action: 'needSignIn', outcome: 'access_ended' },
  ])
})

test('a sign-in that nobody uses is renewed when a third of its life is left, once, paused or not, and never dies of it', async () => {
  const ref = await signedIn('garmin')
  const other = await open()
  const both = () => Promise.all([connect.renewIdle(), other.renewIdle()])
  await db.write({ userId: ada }, (tx) =>
    sql`update connections set status = 'paused', paused_at = now() where connection_id = ${ref.connectionId}`.execute(
      tx,
    ),
  )
  const before = refreshesOf('garmin')
  now += 59 * day
  await both()
  expect(refreshesOf('garmin') - before).toBe(0)
  now += 2 * day
  cloudOf('garmin').failNext('/di-oauth2-service/oauth/token', { kind: 'html' })
  await connect.renewIdle()
  expect(await stateOf(ref), 'an overloaded cloud').toMatchObject({ status: 'paused' })
  for (let month = 0; month < 6; month++) {
    const known = refreshesOf('garmin')
    await both()
    await both()
    expect(refreshesOf('garmin') - known).toBe(1)
    now += 61 * day
  }
  await asAdmin(database.admin, (client) => client.query('update tributary.connections set renew_idle_at = null'))
  const known = refreshesOf('garmin')
  await both()
  await both()
  expect(refreshesOf('garmin') - known, 'nobody knows how long it has been lying').toBe(1)
  await (await httpOf(ref)).get('/wellness-api/rest/user/id')
  expect(await saidOf(ref)).toEqual([])
  await other.stop()
})
