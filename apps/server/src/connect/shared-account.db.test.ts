/** A scale of the family: several people of one installation, and one account at its brand. */
import { clouds, type ServedCloud, serveCloud, signIn } from '@tributary/emulators/clouds'
import { findProvider } from '@tributary/providers'
import { pino } from 'pino'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type SignedInPerson, startServer, type TestServer } from '../../test/kit.ts'
import { subscribeHooks } from '../receive/subscribe-hooks.ts'
import { signingIn } from './test-sign-in.ts'

let server: TestServer
let withings: { cloud: ServedCloud; account: string }
let logged = ''
const { away, back, pending, mine } = signingIn(() => server)

beforeAll(async () => {
  withings = await serveWithings()
  const { origin } = withings.cloud
  const write = (line: string) => {
    logged += line
  }
  server = await startServer({
    env: { WITHINGS_BASE_URL: origin, WITHINGS_AUTH_URL: origin },
    log: pino({ level: 'info' }, { write }),
  })
  const { token } = await server.owner()
  const redirectUris = [`${server.url}/api/v1/integrations/withings/callback`]
  const { clientId: client_id, clientSecret: client_secret } = withings.cloud.cloud.registerApp({ redirectUris })
  await server.call('PUT', '/api/v1/provider-apps/withings', { token, body: { client_id, client_secret } })
})
afterAll(async () => {
  await server?.stop()
  await withings?.cloud.stop()
})

async function serveWithings() {
  const send = async () => new Response(null) // our address answers
  const served = await serveCloud((origin) =>
    clouds.withings({ clock: { now: () => Date.now() }, seed: 1, origin, send }),
  )
  const account = served.cloud.addAccount({
    ...{ name: 'Mira', email: 'mira@example.org', timeZone: 'UTC', recordings: [] },
  })
  return { cloud: served, account }
}

/** All sign in to the scale's account. */
async function share(people: readonly SignedInPerson[]): Promise<[SignedInPerson, string][]> {
  const began: [SignedInPerson, string][] = []
  for (const person of people) {
    const { authorization_url, cookie } = await away(person, {}, 'withings')
    const query = Object.fromEntries((await signIn(withings.cloud.cloud, authorization_url)).searchParams)
    const page = await back(query, cookie, { provider: 'withings' })
    if (page.href.includes('#')) await pending(page, 'withings').say(person)
    const [connection] = await mine(person)
    expect(connection?.provider_account).toBe(withings.account)
    began.push([person, connection?.connection_id ?? ''])
  }
  return began
}
const leave = ([{ token }, id]: [SignedInPerson, string]) =>
  server.call('DELETE', `/providers/connections/${id}`, { token })
const goodbyes = () =>
  withings.cloud.cloud.log.filter(({ query }) => new URLSearchParams(query).get('action') === 'revoke').length

test('of people who leave a shared account at the same moment one tells the provider', async () => {
  const people = [await server.person(), await server.person(), await server.person()]
  for (let round = 1; round <= 3; round++) {
    const before = goodbyes()
    const answers = await Promise.all((await share(people)).map(leave))
    expect(answers.map(({ status }) => status)).toEqual([204, 204, 204])
    expect(goodbyes() - before).toBe(1)
  }
})

test('whoever leaves an account that somebody else here has takes neither access nor notices from them; the last one tells the provider', async () => {
  const began = await share([await server.person(), await server.person()])
  await subscribeHooks({
    ...{ ...server.parts.hooks, findProvider, publicUrl: 'https://hub.example' },
    ...{ log: server.parts.log, clock: server.parts.clock },
  })
  const noticesOf = async ([{ userId }, connectionId]: [SignedInPerson, string]) => {
    const { http } = await server.parts.calls.open({ userId, connectionId })
    const { body } = await http.post('/notify', { form: { action: 'list' } })
    return (body as { status: number; body: { profiles?: unknown[] } }).body.profiles?.length
  }
  const [first, last] = began as [[SignedInPerson, string], [SignedInPerson, string]]
  const notices = await noticesOf(last)
  expect(notices).toBeGreaterThan(3)
  const before = goodbyes()
  const tells = async ([person]: [SignedInPerson, string]) => (await mine(person)).map((one) => one.tells_provider)
  expect([...(await tells(first)), ...(await tells(last))]).toEqual([false, false])
  expect((await leave(first)).status).toBe(204)
  expect(await tells(last)).toEqual([true])
  expect(goodbyes()).toBe(before)
  expect(logged).toContain('somebody else here has the same account')
  expect(await noticesOf(last)).toBe(notices)
  expect((await leave(last)).status).toBe(204)
  expect(goodbyes() - before).toBe((notices ?? 0) + 1) // each notice, then the access
})
