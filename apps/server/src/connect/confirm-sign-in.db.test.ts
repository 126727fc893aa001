import { afterAll, beforeAll, expect, test } from 'vitest'
import { cookiesOf, type SignedInPerson, startServer, type TestServer } from '../../test/kit.ts'
import { dumpOf } from '../../test/secrets.ts'
import { startTestCloud, type TestCloud } from './test-cloud.ts'
import { type Away, signingIn } from './test-sign-in.ts'

let cloud: TestCloud
let server: TestServer
let accounts = 500
const { away, back, pending, mine, connect } = signingIn(() => server)

beforeAll(async () => {
  cloud = await startTestCloud()
  server = await startServer({ env: cloud.env })
})
afterAll(async () => {
  await server?.stop()
  await cloud?.close()
})

test('whoever comes back in another browser is shown the account and asked; only the person themselves can say yes, once', async () => {
  const [person, stranger] = [await server.person(), await server.person()]
  const { state } = await away(person)
  const page = await back({ code: `account-${accounts++}`, state })
  expect(page.title).toBe('Is this your account?')
  expect(await mine(person)).toEqual([])
  const { ask, say } = pending(page)
  expect((await ask(person)).body).toMatchObject({ reason: 'other_browser', profile: { name: 'Ada Byron' } })
  for (const refused of [await ask(stranger), await say(stranger), await ask(person, { of: 'fitbit' })])
    expect(refused.status).toBe(404)
  const both = await Promise.all([say(person), say(person)])
  expect(both.map(({ status }) => status).sort()).toEqual([201, 404])
  expect(await mine(person)).toHaveLength(1)
})

test('the yes counts only in the browser that the provider’s answer came to, whoever has the link to it', async () => {
  const [person, victim] = [await server.person(), await server.person()]
  const cookieOf = async (who: SignedInPerson) => (await away(who)).cookie

  // A link to sign in, made by one and opened by the other: whose account it is stays unseen, though the link came out.
  const begun = await away(person)
  const theirs = await back({ code: `account-${accounts++}`, state: begun.state })
  const lured = pending(theirs)
  for (const cookie of ['', begun.cookie, await cookieOf(victim)])
    for (const refused of [await lured.ask(person, { cookie }), await lured.say(person, { cookie })])
      expect(refused.status).toBe(404)
  expect((await lured.ask(victim)).status, 'the browser is right and the person another').toBe(404)

  // A state that came out, answered with somebody's own account, and the link to the yes sent to whom the state is of.
  const stolen = await away(victim)
  const planted = pending(await back({ code: `account-${accounts++}`, state: stolen.state }, await cookieOf(person)))
  expect((await planted.say(victim, { cookie: stolen.cookie })).status).toBe(404)

  // One account for two: in the browser that began it too it is this one that is asked.
  const account = accounts++
  await connect(person, account)
  const began = await away(victim)
  const shared = pending(await back({ code: `account-${account}`, state: began.state }, began.cookie))
  expect((await shared.say(victim, { cookie: await cookieOf(victim) })).status).toBe(404)
  expect([(await mine(person)).length, (await mine(victim)).length]).toEqual([1, 0])
  expect((await shared.say(victim)).status).toBe(201)
})

test('two people may share one account, but the second is asked first; who the other is stays unsaid', async () => {
  const [one, two] = [await server.person(), await server.person()]
  const account = accounts++
  await connect(one, account)
  const page = await connect(two, account)
  expect(page.title).toBe('Somebody here has this account')
  expect(page.html).not.toContain(one.email)
  expect((await pending(page).say(two)).status).toBe(201)
  expect((await connect(two, account)).title).toBe('Somebody here has this account')
  expect([(await mine(one)).length, (await mine(two)).length]).toEqual([1, 1])
})

test('of two people who connect one account at the same moment the second is asked, and who says no leaves nothing behind', async () => {
  const account = accounts++
  const people = [await server.person(), await server.person()]
  const ways = await Promise.all(people.map((person) => away(person)))
  const pages = await Promise.all(ways.map(({ state, cookie }) => back({ code: `account-${account}`, state }, cookie)))
  const asked = pages.findIndex(({ href }) => href.includes('/connections/confirm/'))
  expect(pages.filter(({ href }) => href.includes('/connections/confirm/'))).toHaveLength(1)
  const [page, person] = [pages[asked], people[asked]]
  if (!page || !person) throw new Error('one of them was asked')
  const { ask, decline } = pending(page)
  expect((await ask(person)).body).toMatchObject({
    reason: 'shared_account',
    provider_account: expect.stringMatching(/./),
  })
  expect((await decline(people[1 - asked] as SignedInPerson)).status, 'nobody else says no for them').toBe(404)
  expect((await decline(person)).status).toBe(204)
  expect((await ask(person)).status).toBe(404)
  expect(await mine(person)).toEqual([])
  const rows = await server.parts.db.read({ userId: person.userId }, (tx) =>
    tx.selectFrom('oauth_states').select('provider').execute(),
  )
  expect(rows).toEqual([])
})

test('a key to an account that somebody else here has is kept until its person has said yes', async () => {
  const [one, two] = [await server.person(), await server.person()]
  const give = async (who: SignedInPerson) =>
    server.call('POST', '/api/v1/integrations/intervals/auth', {
      token: who.token,
      body: { credentials: { api_key: 'key-9' } },
    })
  expect((await give(one)).body).toMatchObject({ provider_account: 'i9' })
  const { status, headers, body } = await give(two)
  expect([status, Object.keys(body as object)]).toEqual([200, ['confirm_url', 'expires_at']])
  expect(await mine(two)).toEqual([])
  const { confirm_url: href } = body as { confirm_url: string }
  const { ask, say } = pending({ href, headers }, 'intervals')
  expect((await ask(two)).body).toMatchObject({ reason: 'shared_account', provider: 'intervals' })
  expect((await ask(one)).status).toBe(404)
  expect(await say(two)).toMatchObject({ status: 201, body: { provider_account: 'i9', status: 'active' } })
  expect((await say(two)).status).toBe(404)
  expect([(await mine(one)).length, (await mine(two)).length]).toEqual([1, 1])

  const three = await server.person()
  const login = await server.call('POST', '/api/v1/auth/login', {
    body: { email: three.email, password: three.password, session: 'cookie' },
  })
  const pasted = await server.call('POST', '/api/v1/integrations/intervals/auth', {
    headers: { cookie: cookiesOf(login.headers), 'x-tributary-csrf': '1' },
    body: { credentials: { api_key: 'key-9' } },
  })
  const page = pending(
    { href: (pasted.body as { confirm_url: string }).confirm_url, headers: pasted.headers },
    'intervals',
  )
  expect((await page.say(three, { cookie: '' })).status, 'pasted in a browser it is that browser’s').toBe(404)
  expect((await page.say(three)).status).toBe(201)
})

test('a guest of a connect session says yes to an account that somebody else here has in the page that they came by', async () => {
  const [one, two] = [await server.person(), await server.person()]
  const account = accounts++
  await connect(one, account)
  const session = async (person: SignedInPerson) => {
    const made = await server.call('POST', '/api/v1/connect-sessions', {
      token: person.token,
      body: { language: 'fr' },
    })
    return made.body as { token: string; connect_session_id: string }
  }
  const guest = await session(two)
  const here = `/connect?session=${guest.connect_session_id}&language=fr&window=wahoo`
  const begun = await server.call('POST', '/api/v1/integrations/wahoo/auth', {
    token: guest.token,
    body: { return_to: here },
  })
  const page = await back({ code: `account-${account}`, state: (begun.body as Away).state }, cookiesOf(begun.headers))
  expect(page.title).toBe('Quelqu’un ici a déjà ce compte')
  expect(page.href).toMatch(new RegExp(`^${here.replace('?', '\\?')}&confirm=wahoo#confirm=[\\w-]{43}$`))
  const { ask, say } = pending(page)
  const refused = [
    await say(two),
    await say(one),
    await say(await session(one)),
    await say(guest, { cookie: '' }),
    await ask(two),
  ]
  expect(refused.map(({ status }) => status)).toEqual([404, 404, 404, 404, 404])
  expect((await ask(guest)).body).toMatchObject({ reason: 'shared_account', profile: { name: 'Ada Byron' } })
  expect((await say(guest)).status).toBe(201)
  expect(await mine(two)).toMatchObject([{ provider_account: String(account), status: 'active' }])

  const give = (token: string) =>
    server.call('POST', '/api/v1/integrations/intervals/auth', { token, body: { credentials: { api_key: 'key-21' } } })
  expect((await give(one.token)).status).toBe(201)
  const { headers, body } = await give(guest.token)
  const { confirm_url: href } = body as { confirm_url: string }
  expect(href).toMatch(new RegExp(`^/connect\\?session=${guest.connect_session_id}&confirm=intervals#confirm=`))
  const pasted = pending({ href, headers }, 'intervals')
  expect((await pasted.say(two)).status).toBe(404)
  expect((await pasted.say(guest)).status).toBe(201)
  const bad = await server.call('POST', '/api/v1/integrations/intervals/auth', {
    token: guest.token,
    body: { credentials: { api_key: 'key-21' }, return_to: 'https://evil.example/' },
  })
  expect(bad.body).toMatchObject({ code: 'return_to_not_allowed' })
})

test('what waits for a yes stands nowhere in the clear', async () => {
  const person = await server.person()
  const { state } = await away(person)
  const account = accounts++
  const { href } = await back({ code: `account-${account}`, state })
  const dump = await dumpOf(server.database)
  for (const secret of [`a-${account}`, `r-${account}`, state, href.split('#')[1] ?? ''])
    expect([secret, dump.includes(secret)]).toEqual([secret, false])
})
