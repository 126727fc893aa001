/** The whole way with a brand's cloud over HTTP: signed in to, fetched, told of changes, left. The cloud is made from the brand's page and shares no code with the connector. */
import { clouds, type Recording, type ServedCloud, serveCloud, signIn } from '@tributary/emulators/clouds'
import { findProvider } from '@tributary/providers'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { runTributary } from '../../../cli/test/run-tributary.ts'
import { type SignedInPerson, startServer, type TestServer } from '../../test/kit.ts'
import { findHookSecret } from '../platform/hooks/hook-secrets.ts'
import { must } from '../platform/must.ts'

let cloud: ServedCloud
let server: TestServer
let person: SignedInPerson
let account: string

const today = Math.floor(Date.now() / 1_000) * 1_000
const hour = 3_600_000

function run(key: string, daysAgo: number, distance = 2_400): Recording {
  const start = today - daysAgo * 24 * hour
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
        totals: { duration: 600, active_duration: 600, distance, heart_rate_avg: 150 },
        parts: [{ kind: 'lap', start, end, totals: { distance } }],
      },
    ],
  }
}

beforeAll(async () => {
  cloud = await serveCloud((origin) =>
    clouds.strava({ clock: { now: () => Date.now() }, seed: 1, origin, send: fetch }),
  )
  account = cloud.cloud.addAccount({
    name: 'Mira Lind',
    email: 'mira@example.org',
    timeZone: 'Europe/Oslo',
    recordings: [run('one', 20), run('two', 10), run('three', 2)],
  })
  const app = cloud.cloud.registerApp({ redirectUris: ['http://127.0.0.1/callback'] })
  server = await startServer({
    env: {
      STRAVA_CLIENT_ID: app.clientId,
      STRAVA_CLIENT_SECRET: app.clientSecret,
      STRAVA_BASE_URL: cloud.origin,
      STRAVA_AUTH_URL: cloud.origin,
    },
  })
  person = await server.person()
})
afterAll(async () => {
  await server?.stop()
  await cloud?.stop()
})

const sessions = async () => {
  const { rows } = await server.parts.db.read({ userId: person.userId }, (tx) =>
    sql<{ title: string; external_id: string }>`
      select title, external_id from sessions where user_id = ${person.userId} and deleted_at is null order by start_at`.execute(
      tx,
    ),
  )
  return rows
}
const titles = async () => (await sessions()).map(({ title }) => title)

test('signing in brings what was recorded, a change is told and fetched, the command line syncs, and leaving there is noticed here', async () => {
  const asked = await server.call('POST', '/api/v1/integrations/strava/auth', { token: person.token, body: {} })
  const cookie = asked.headers
    .getSetCookie()
    .map((line) => line.split(';')[0])
    .join('; ')
  const { authorization_url } = asked.body as { authorization_url: string }
  const back = await signIn(cloud.cloud, authorization_url)
  await server.call('GET', `${back.pathname}${back.search}`, { headers: { cookie } })
  await expect.poll(titles, { timeout: 10_000 }).toEqual(['one', 'two', 'three'])

  const strava = must(findProvider('strava'), 'Strava is known')
  const { calls } = server.parts
  const hook = await server.parts.db.asWriter((tx) => findHookSecret(server.parts.sealing, tx, 'strava'))
  const { secret } = must(hook, 'a start makes the address of each webhook')
  const url = `${server.url}/hooks/strava/${secret}`
  const keys = { app: await calls.appOf(strava), secret }
  await strava.webhook?.subscribe?.begin(await calls.openApp(strava), url, keys)
  await cloud.cloud.record(account, run('four', 1))
  await cloud.cloud.catchUp()
  await expect.poll(titles, { timeout: 10_000 }).toEqual(['one', 'two', 'three', 'four'])

  const [connection] = (await server.call('GET', '/api/v1/providers/connections', { token: person.token })).body as {
    connection_id: string
  }[]
  const path = `/api/v1/providers/connections/${connection?.connection_id}`
  const sync = async (...words: string[]) => {
    const env = { TRIBUTARY_URL: server.url, TRIBUTARY_TOKEN: person.token, XDG_CONFIG_HOME: server.dataDir }
    const { code, stdout, stderr } = await runTributary(['sync', '--json', ...words], { env })
    return { code, stderr, synced: stdout ? (JSON.parse(stdout) as unknown) : undefined }
  }
  const nothingNew = expect.objectContaining({ status: 'completed', records_inserted: 0, records_failed: 0 })
  expect(await sync('strava')).toMatchObject({ code: 0, synced: [{ connection: 'strava', run: nothingNew }] })
  expect(await sync('garmin')).toMatchObject({ code: 1, stderr: expect.stringContaining('there are: strava') })
  expect(await titles()).toEqual(['one', 'two', 'three', 'four'])

  const [first] = await sessions()
  await cloud.cloud.deleteRecord(account, first?.external_id ?? '')
  await cloud.cloud.catchUp()
  await expect.poll(titles, { timeout: 10_000 }).toEqual(['two', 'three', 'four'])

  await cloud.cloud.revoke(account, keys.app?.clientId ?? '')
  await cloud.cloud.catchUp()
  const status = async () => (await server.call('GET', path, { token: person.token })).body
  await expect.poll(status, { timeout: 10_000 }).toMatchObject({ status: 'needs_reauth', error_code: 'auth' })
  expect(await sync()).toMatchObject({ code: 1, synced: [{ connection: 'strava', run: { status: 'failed' } }] })
  expect(await titles(), 'what was read stays').toEqual(['two', 'three', 'four'])
}, 60_000)
