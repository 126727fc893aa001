/** The whole way with brands' clouds over HTTP: signed in to, fetched, told of changes, left. The clouds are made from the brands' pages and share no code with the connectors. */
import { type Choice, clouds, type Recording, type ServedCloud, serveCloud, signIn } from '@tributary/emulators/clouds'
import { findProvider } from '@tributary/providers'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { runTributary } from '../../../cli/test/run-tributary.ts'
import { cookiesOf, type SignedInPerson, startServer, type TestServer } from '../../test/kit.ts'
import { findHookSecret } from '../platform/hooks/hook-secrets.ts'
import { must } from '../platform/must.ts'
import type { SyncRun } from './run-view.ts'

let strava: ServedCloud
let garmin: ServedCloud
let wahoo: ServedCloud
let server: TestServer

const today = Math.floor(Date.now() / 1_000) * 1_000
const hour = 3_600_000
const day = 24 * hour
/** Of the server and of the clouds alike: it goes on, and can be turned. Its milliseconds are anybody's guess. */
let turnedBy = 0
const clock = { now: () => Date.now() + turnedBy }
/** What the clouds post then comes to nothing. */
let isDown = false
const send = async (request: Request) => (isDown ? new Response(null, { status: 503 }) : fetch(request))

function run(key: string, daysAgo: number, distance = 2_400, extra: Record<string, unknown> = {}): Recording {
  const start = today - daysAgo * day
  const end = start + 600_000
  return {
    key,
    device: { name: 'Aurora Pulse', manufacturer: 'Aurora', model: 'Pulse 4', serial: 'W1' },
    readings: [
      {
        kind: 'session',
        type: 'workout',
        activity: 'running',
        title: key,
        start,
        end,
        offset: 60,
        externalId: key,
        extra,
        totals: { duration: 600, active_duration: 600, distance, heart_rate_avg: 150 },
        parts: [{ kind: 'lap', start, end, totals: { distance } }],
      },
    ],
  }
}

beforeAll(async () => {
  const options = { clock, seed: 1, send }
  strava = await serveCloud((origin) => clouds.strava({ ...options, origin }))
  garmin = await serveCloud((origin) => clouds.garmin({ ...options, origin }))
  wahoo = await serveCloud((origin) => clouds.wahoo({ ...options, origin }))
  server = await startServer({
    clock,
    env: {
      WAHOO_BASE_URL: wahoo.origin,
      WAHOO_AUTH_URL: wahoo.origin,
      STRAVA_BASE_URL: strava.origin,
      STRAVA_AUTH_URL: strava.origin,
      GARMIN_BASE_URL: garmin.origin,
      GARMIN_AUTH_URL: garmin.origin,
    },
  })
})
afterAll(async () => {
  await server?.stop()
  await strava?.stop()
  await garmin?.stop()
  await wahoo?.stop()
})
async function hookOf(provider: string): Promise<{ secret: string; url: string }> {
  const hook = await server.parts.db.asWriter((tx) => findHookSecret(server.parts.sealing, tx, provider))
  const { secret } = must(hook, 'a start makes the address of each webhook')
  return { secret, url: `${server.url}/hooks/${provider}/${secret}` }
}

/** With an app that the owner sets up, whose posts go to the address that the server names. */
async function connected({ cloud }: ServedCloud, choice?: Choice): Promise<{ person: SignedInPerson; path: string }> {
  const { id } = cloud
  const redirectUris = [`${server.url}/api/v1/integrations/${id}/callback`]
  const app = cloud.registerApp({ redirectUris, webhookUrl: (await hookOf(id)).url })
  await server.call('PUT', `/api/v1/provider-apps/${id}`, {
    token: (await server.owner()).token,
    body: { client_id: app.clientId, client_secret: app.clientSecret },
  })
  const person = await server.person()
  const asked = await server.call('POST', `/api/v1/integrations/${id}/auth`, { token: person.token, body: {} })
  const cookie = cookiesOf(asked.headers)
  const { authorization_url } = asked.body as { authorization_url: string }
  const back = await signIn(cloud, authorization_url, choice)
  await server.call('GET', `${back.pathname}${back.search}`, { headers: { cookie } })
  const [connection] = (await server.call('GET', '/api/v1/providers/connections', { token: person.token })).body as {
    connection_id: string
  }[]
  return { person, path: `/api/v1/providers/connections/${connection?.connection_id}` }
}

const sessionsOf = async ({ userId }: SignedInPerson) => {
  const { rows } = await server.parts.db.read({ userId }, (tx) =>
    sql<{ title: string; external_id: string; start_at: Date }>`
      select title, external_id, start_at from sessions where user_id = ${userId} and deleted_at is null order by start_at`.execute(
      tx,
    ),
  )
  return rows
}

const titlesOf = (person: SignedInPerson) =>
  expect.poll(async () => (await sessionsOf(person)).map(({ title }) => title), { timeout: 10_000 })

async function ended({ token }: SignedInPerson, syncId: string): Promise<SyncRun> {
  const read = async () => (await server.call('GET', `/api/v1/sync/history/${syncId}`, { token })).body as SyncRun
  await expect.poll(read, { interval: 20, timeout: 10_000 }).toMatchObject({ end_time: expect.any(String) })
  return read()
}

async function sync(person: SignedInPerson, path: string): Promise<SyncRun> {
  const { body } = await server.call('POST', `${path}/sync`, { token: person.token })
  return ended(person, (body as { sync_id: string }).sync_id)
}

const mira = { name: 'Mira Lind', email: 'mira@example.org', timeZone: 'Europe/Oslo' }

test('signing in brings what was recorded, a change is told and fetched, the command line syncs, and leaving there is noticed here', async () => {
  const { cloud } = strava
  const account = cloud.addAccount({ ...mira, recordings: [run('one', 20), run('two', 10), run('three', 2)] })
  const { person, path } = await connected(strava)
  const titles = () => titlesOf(person)
  await titles().toEqual(['one', 'two', 'three'])

  const provider = must(findProvider('strava'), 'Strava is known')
  const { calls } = server.parts
  const { secret, url } = await hookOf('strava')
  const keys = { app: await calls.appOf(provider), secret }
  await provider.webhook?.subscribe?.begin(await calls.openApp(provider), url, keys)
  await cloud.record(account, run('four', 1))
  await cloud.catchUp()
  await titles().toEqual(['one', 'two', 'three', 'four'])
  const nothingNew = expect.objectContaining({ status: 'completed', records_inserted: 0, records_failed: 0 })
  expect(await syncByCommand(person, 'strava')).toMatchObject({
    code: 0,
    synced: [{ connection: 'strava', run: nothingNew }],
  })
  expect(await syncByCommand(person, 'garmin')).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('there are: strava'),
  })

  isDown = true
  await cloud.record(account, run('untold', 0.5))
  await cloud.catchUp()
  isDown = false
  expect(await sync(person, path), 'what was told in vain comes with the next sync').toMatchObject({
    records_inserted: 1,
  })
  await titles().toEqual(['one', 'two', 'three', 'four', 'untold'])

  const [first] = await sessionsOf(person)
  await cloud.deleteRecord(account, first?.external_id ?? '')
  await cloud.catchUp()
  await titles().toEqual(['two', 'three', 'four', 'untold'])

  await cloud.revoke(account, keys.app?.clientId ?? '')
  await cloud.catchUp()
  const status = async () => (await server.call('GET', path, { token: person.token })).body
  await expect.poll(status, { timeout: 10_000 }).toMatchObject({ status: 'needs_reauth', error_code: 'auth' })
  expect(await syncByCommand(person)).toMatchObject({
    code: 1,
    synced: [{ connection: 'strava', run: { status: 'failed' } }],
  })
  await titles().toEqual(['two', 'three', 'four', 'untold'])
})

async function syncByCommand({ token }: SignedInPerson, ...words: string[]) {
  const env = { TRIBUTARY_URL: server.url, TRIBUTARY_TOKEN: token, XDG_CONFIG_HOME: server.dataDir }
  const { code, stdout, stderr } = await runTributary(['sync', '--json', ...words], { env })
  return { code, stderr, synced: stdout ? (JSON.parse(stdout) as unknown) : undefined }
}

const planned = (key: string, inDays: number, more: Record<string, unknown> = {}) =>
  run(key, -inDays, 2_400, { planned: true, ...more })

test('what Wahoo’s calendar holds is planned, and goes when it is taken out there', async () => {
  const { cloud } = wahoo
  const account = cloud.addAccount({
    ...mira,
    recordings: [planned('Ladder', 3, { plan: 'Up and down', route: 12_000 }), planned('Loop', 5), planned('Walk', 6)],
  })
  const { person, path } = await connected(wahoo)
  interface Listed {
    planned_session_id: string
    title: string
    status: string
    description: string | null
    distance: number | null
  }
  const plans = async () => {
    const { body } = await server.call('GET', '/api/v1/planned-sessions', { token: person.token })
    return (body as { items: Listed[] }).items
  }
  const titles = async () => (await plans()).map(({ title }) => title)
  await expect.poll(titles, { timeout: 10_000 }).toEqual(['Ladder', 'Loop', 'Walk'])
  const [ladder, loop] = (await plans()) as [Listed, Listed]
  expect(ladder).toMatchObject({ description: 'Up and down', distance: 12_000, status: 'planned' })
  const nothingNew = { status: 'completed', records_inserted: 0, records_updated: 0, records_failed: 0 }
  await sync(person, path) // the one that signing in began, or after it
  expect(await sync(person, path), 'three plans and the power zones').toMatchObject({
    ...nothingNew,
    records_skipped: 4,
  })

  await server.call('DELETE', `/api/v1/planned-sessions/${loop.planned_session_id}`, { token: person.token })
  await cloud.record(account, planned('Walk', 8))
  expect(await sync(person, path)).toMatchObject({ records_updated: 1, records_skipped: 3, records_inserted: 0 })
  expect(await titles()).toEqual(['Ladder', 'Walk'])

  const { rows } = await server.parts.db.read({ userId: person.userId }, (tx) =>
    sql<{ external_id: string }>`select external_id from planned_sessions where title = 'Walk'`.execute(tx),
  )
  await cloud.deleteRecord(account, rows[0]?.external_id ?? '')
  cloud.failNext('/v1/workouts', { kind: 'status', status: 503 })
  expect((await sync(person, path)).status, 'nothing is taken out by a list that failed').not.toBe('completed')
  expect(await titles()).toEqual(['Ladder', 'Walk'])
  expect(await sync(person, path)).toMatchObject({ status: 'completed', records_updated: 1, records_fetched: 4 })
  expect(await titles()).toEqual(['Ladder'])
})

/** How many days ago each began, as it was when the tests did. */
const daysOf = (person: SignedInPerson) =>
  expect.poll(async () => (await sessionsOf(person)).map(({ start_at }) => (today - start_at.getTime()) / day), {
    timeout: 10_000,
  })

const backfills = () => garmin.cloud.log.filter(({ path }) => path.includes('/backfill/'))
/** The stretches of one list, in seconds, in the order in which they were asked for. */
const stretches = () =>
  backfills()
    .filter(({ path, status }) => path.endsWith('/activities') && status === 202)
    .map(({ query }) => [...query.matchAll(/InSeconds=(\d+)/g)].map(([, seconds]) => Number(seconds)))

/** Time goes by, and what is due at Garmin is sent. */
async function pass(ms: number): Promise<void> {
  turnedBy += ms
  await garmin.cloud.catchUp()
}

test('a permission that was taken back and given again at Garmin stands, though the older of the two notices comes last', async () => {
  const { cloud } = garmin
  const account = cloud.addAccount({ ...mira, name: 'Ada Holm', email: 'ada@example.org', recordings: [] })
  const { person, path } = await connected(garmin, { without: ['HISTORICAL_DATA_EXPORT'] })
  const asked = () => cloud.log.filter(({ path }) => path.endsWith('/user/permissions')).length
  const allowed = async () =>
    ((await server.call('GET', path, { token: person.token })).body as { granted_scopes: string[] }).granted_scopes
  const before = { asked: asked(), allowed: await allowed() }
  expect(before.allowed).toContain('HEALTH_EXPORT')
  isDown = true
  cloud.setTraits(account, ['no_health'])
  await cloud.catchUp()
  isDown = false
  cloud.setTraits(account, [])
  await cloud.catchUp()
  await expect.poll(asked, { timeout: 10_000 }).toBe(before.asked + 1)
  await pass(60_000)
  await expect.poll(asked, { timeout: 10_000 }).toBe(before.asked + 2)
  expect(await allowed()).toEqual(before.allowed)
  cloud.setTraits(account, ['no_health'])
  await cloud.catchUp()
  await expect.poll(allowed, { timeout: 10_000 }).not.toContain('HEALTH_EXPORT')
  await cloud.deleteAccount(account)
})

test('Garmin is asked for the past once it is allowed to, as far back as is wanted, and for what it sent while nobody heard', async () => {
  const { cloud } = garmin
  const account = cloud.addAccount({ ...mira, recordings: [run('new', 2), run('month', 20), run('season', 50)] })
  cloud.failNext('/wellness-api/rest/backfill', { kind: 'status', status: 403 })
  const { person, path } = await connected(garmin)
  const first = await sync(person, path) // the one that signing in began, or after it
  const note = { code: 'history_not_allowed', message: expect.stringContaining('has not allowed history at Garmin') }
  expect(first).toMatchObject({ status: 'completed', error_code: null })
  expect(first.feeds?.map((feed) => feed.note)).toEqual(Array.from({ length: 16 }, () => note))
  expect((await sync(person, path)).status).toBe('completed')
  expect(
    backfills().map(({ status }) => status),
    'one list was refused, and then none was asked for',
  ).toEqual([403])

  cloud.setTraits(account, [])
  await cloud.catchUp()
  await expect.poll(() => backfills().length, { timeout: 10_000 }).toBe(17)
  await pass(120_000)
  await daysOf(person).toEqual([20, 2])

  const { connection_id } = (await server.call('GET', path, { token: person.token })).body as { connection_id: string }
  const device = { device_type: 'garmin_watch', device_name: 'Watch', integration_type: 'api' }
  const made = await server.call('POST', '/api/v1/devices', {
    token: person.token,
    body: { ...device, sync_settings: { sync_historical_days: 60 } },
  })
  await server.parts.db.write({ userId: person.userId }, (tx) =>
    sql`update devices set connection_id = ${connection_id} where device_id = ${(made.body as { device_id: string }).device_id}`.execute(
      tx,
    ),
  )
  expect(await sync(person, path)).toMatchObject({ status: 'completed', error_code: null })
  await pass(120_000)
  await daysOf(person).toEqual([50, 20, 2])
  const [[start = 0, end = 0] = [], [before, until] = []] = stretches()
  expect([end - start, until]).toEqual([30 * 86_400, start])
  expect(start - (before ?? 0)).toBeLessThanOrEqual(30 * 86_400)
  expect(
    backfills()
      .slice(1)
      .every(({ status }) => status === 202),
  ).toBe(true)
  const asked = backfills().length
  await sync(person, path)
  expect(backfills(), 'what was asked for is not asked for again').toHaveLength(asked)

  isDown = true
  await cloud.record(account, run('unheard', 1)) // before it was last heard, and uploaded after
  await pass(10 * day)
  isDown = false
  await cloud.record(account, run('heard again', -10))
  await daysOf(person).toEqual([50, 20, 2, -10])
  const { email, password } = person
  const signedIn = await server.call('POST', '/api/v1/auth/login', { body: { email, password } })
  const later = { ...person, token: (signedIn.body as { access_token: string }).access_token }
  expect(await sync(later, path)).toMatchObject({ status: 'completed', error_code: null })
  await pass(120_000)
  await daysOf(person).toEqual([50, 20, 2, 1, -10])
  await sync(later, path)
  expect(backfills()).toHaveLength(asked + 16)
})
