import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type SignedInPerson, startServer, type TestServer } from '../../test/kit.ts'
import { type TurnedClock, turnedClock } from '../../test/turned-clock.ts'

const minute = 60_000
const day = 86_400_000
const csrf = { 'x-tributary-csrf': '1' }

let server: TestServer
let clock: TurnedClock
let ada: SignedInPerson
beforeAll(async () => {
  clock = turnedClock()
  server = await startServer({ clock, env: { SIGNUP: 'open' } })
  await server.owner()
})
afterAll(() => server.stop())
beforeEach(async () => {
  ada = await newPerson()
})

let people = 0
/** Not by invite: the owner's token ends when the clock is turned. */
async function newPerson(): Promise<SignedInPerson> {
  const email = `ada${people++}@example.org`
  const password = 'correct horse battery staple'
  const { status, body } = await server.call('POST', '/api/v1/auth/register', { body: { email, password } })
  expect(status).toBe(201)
  const made = body as Tokens & { user: { user_id: string } }
  return { email, password, userId: made.user.user_id, token: made.access_token, refreshToken: made.refresh_token }
}

type Tokens = { access_token: string; refresh_token: string }
const me = (token: string) => server.call('GET', '/api/v1/me', { token })
const refresh = (token: string) => server.call('POST', '/api/v1/auth/refresh', { body: { refresh_token: token } })
const signIn = (password = ada.password, more: object = {}) =>
  server.call('POST', '/api/v1/auth/login', { body: { email: ada.email, password, ...more } })

async function newTokens(): Promise<Tokens> {
  const { status, body } = await signIn()
  expect(status).toBe(200)
  return body
}

async function newCookie(): Promise<string> {
  const { body, headers } = await signIn(ada.password, { session: 'cookie' })
  expect(Object.keys(body).sort()).toEqual(['expires_in', 'token_type', 'user'])
  const set = headers.getSetCookie().find((cookie) => cookie.startsWith('tributary='))
  expect(set).toMatch(/; Path=\/; HttpOnly; SameSite=Lax$/)
  return String(set).split(';')[0] ?? ''
}

describe('signing in', () => {
  test('upper and lower case of the address are the same, those of the password are not', async () => {
    const again = await server.call('POST', '/api/v1/auth/login', {
      body: { email: ada.email.toUpperCase(), password: ada.password },
    })
    expect(again).toMatchObject({
      status: 200,
      body: { token_type: 'bearer', expires_in: 900, user: { user_id: ada.userId } },
    })
    expect((await signIn(ada.password.toUpperCase())).status).toBe(401)
  })

  test('an unknown address and a wrong password get the same answer', async () => {
    const wrong = await signIn('not the password at all')
    const unknown = await server.call('POST', '/api/v1/auth/login', {
      body: { email: 'nobody@example.org', password: 'not the password at all' },
    })
    const told = ({ status, body }: { status: number; body: object }) => ({ status, ...body, instance: '' })
    expect(told(wrong)).toEqual(told(unknown))
    expect(wrong).toMatchObject({ status: 401, body: { code: 'credentials_wrong' } })
  })

  test('a stale token beside it does no harm', async () => {
    const answer = await server.call('POST', '/api/v1/auth/login', {
      token: 'ended-long-ago',
      body: { email: ada.email, password: ada.password },
    })
    expect(answer.status).toBe(200)
  })

  test('an access token ends after fifteen minutes', async () => {
    const { access_token } = await newTokens()
    clock.turn(15 * minute - 1_000)
    expect((await me(access_token)).status).toBe(200)
    clock.turn(1_000)
    expect(await me(access_token)).toMatchObject({ status: 401, body: { code: 'token_invalid' } })
  })
})

describe('a refresh token', () => {
  test('is traded for new tokens of the same sign-in', async () => {
    const first = await newTokens()
    const second = await refresh(first.refresh_token)
    expect(second.status).toBe(200)
    expect((await me((second.body as Tokens).access_token)).status).toBe(200)
    expect((await refresh((second.body as Tokens).refresh_token)).status).toBe(200)
  })

  test('used twice ends the whole sign-in', async () => {
    const first = await newTokens()
    const second = (await refresh(first.refresh_token)).body as Tokens
    expect((await me(second.access_token)).status).toBe(200)
    expect(await refresh(first.refresh_token)).toMatchObject({ status: 401, body: { code: 'refresh_token_reused' } })
    expect((await me(second.access_token)).status).toBe(401)
    expect((await refresh(second.refresh_token)).status).toBe(401)
  })

  test('used ten times at once works once at most, and the sign-in is over', async () => {
    const first = await newTokens()
    const answers = await Promise.all(Array.from({ length: 10 }, () => refresh(first.refresh_token)))
    const worked = answers.filter(({ status }) => status === 200)
    expect(worked).toHaveLength(1)
    for (const { body } of worked) expect((await me((body as Tokens).access_token)).status).toBe(401)
  })

  test('lasts thirty days unused, and refreshing goes on for ninety', async () => {
    const idle = await newTokens()
    let { refresh_token } = await newTokens()
    for (const days of [29, 29, 29]) {
      clock.turn(days * day)
      const answer = await refresh(refresh_token)
      expect(answer.status).toBe(200)
      refresh_token = (answer.body as Tokens).refresh_token
    }
    expect(await refresh(idle.refresh_token)).toMatchObject({ status: 401, body: { code: 'token_invalid' } })
    clock.turn(3 * day)
    expect(await refresh(refresh_token)).toMatchObject({ status: 401, body: { code: 'token_invalid' } })
  })

  test('that we never made is refused', async () => {
    expect(await refresh(`trr_${'A'.repeat(43)}`)).toMatchObject({ status: 401, body: { code: 'token_invalid' } })
  })
})

describe('signing out', () => {
  test('bites at once in this process', async () => {
    const { access_token, refresh_token } = await newTokens()
    expect((await me(access_token)).status).toBe(200)
    expect((await server.call('POST', '/api/v1/auth/logout', { token: access_token })).status).toBe(204)
    expect((await me(access_token)).status).toBe(401)
    expect((await refresh(refresh_token)).status).toBe(401)
    expect((await me(ada.token)).status).toBe(200)
  })

  test('bites within a second in another process', async () => {
    const otherClock = turnedClock(clock.now())
    const other = await startServer({ database: server.database, clock: otherClock })
    try {
      const { access_token } = await newTokens()
      const meThere = () => other.call('GET', '/api/v1/me', { token: access_token })
      expect((await meThere()).status).toBe(200)
      await server.call('POST', '/api/v1/auth/logout', { token: access_token })
      otherClock.turn(1_000)
      expect((await meThere()).status).toBe(401)
    } finally {
      await other.stop()
    }
  })
})

describe('a browser', () => {
  test('holds a cookie that no script can read, and no tokens', async () => {
    const cookie = await newCookie()
    expect((await server.call('GET', '/api/v1/me', { headers: { cookie } })).status).toBe(200)
    const out = await server.call('POST', '/api/v1/auth/logout', { headers: { cookie, ...csrf } })
    expect(out.status).toBe(204)
    expect(out.headers.getSetCookie().join()).toMatch(/tributary=;.*Expires=Thu, 01 Jan 1970/)
    expect(await server.call('GET', '/api/v1/me', { headers: { cookie } })).toMatchObject({
      status: 401,
      body: { code: 'not_signed_in' },
    })
  })

  test('must show that a change comes from our own pages', async () => {
    const cookie = await newCookie()
    const rename = (headers: Record<string, string>) =>
      server.call('PATCH', '/api/v1/me', { headers: { cookie, ...headers }, body: { display_name: 'Eve' } })
    const refused = { status: 403, body: { code: 'csrf_missing' } }
    expect(await rename({})).toMatchObject(refused)
    expect(await rename({ ...csrf, origin: 'https://elsewhere.example' })).toMatchObject(refused)
    expect(await rename({ ...csrf, 'sec-fetch-site': 'cross-site' })).toMatchObject(refused)
    expect(await rename({ ...csrf, origin: 'null' })).toMatchObject(refused)
    expect((await rename({ ...csrf, origin: server.url, 'sec-fetch-site': 'same-origin' })).status).toBe(200)
  })

  test('cannot be signed in by a page elsewhere', async () => {
    const answer = await server.call('POST', '/api/v1/auth/login', {
      body: { email: ada.email, password: ada.password, session: 'cookie' },
      headers: { origin: 'https://elsewhere.example' },
    })
    expect(answer).toMatchObject({ status: 403, body: { code: 'csrf_missing' } })
  })

  test('is forgotten after thirty days of silence, and after ninety in any case', async () => {
    const idle = await newCookie()
    const used = await newCookie()
    const meWith = async (cookie: string) => (await server.call('GET', '/api/v1/me', { headers: { cookie } })).status
    for (const days of [29, 29, 29]) {
      clock.turn(days * day)
      expect(await meWith(used)).toBe(200)
      await server.parts.accounts.settle()
    }
    expect(await meWith(idle)).toBe(401)
    clock.turn(3 * day)
    expect(await meWith(used)).toBe(401)
  })
})

describe('the list of sign-ins', () => {
  test('says where, since when and which is this one; each can be ended, or all others', async () => {
    const second = await newTokens()
    const third = await newTokens()
    const list = async (token: string) =>
      (
        (await server.call('GET', '/api/v1/me/sign-ins', { token })).body as {
          items: { sign_in_id: string; current: boolean; address: string }[]
        }
      ).items
    const seen = await list(second.access_token)
    expect(seen).toHaveLength(3)
    expect(seen.filter(({ current }) => current)).toHaveLength(1)
    expect(seen.every(({ address }) => address === '127.0.0.1')).toBe(true)
    const mine = seen.find(({ current }) => current)?.sign_in_id
    const thirds = (await list(third.access_token)).find(({ current }) => current)?.sign_in_id
    const end = (query: string) => server.call('DELETE', `/api/v1/me/sign-ins${query}`, { token: second.access_token })
    expect((await end(`?sign_in_id=${thirds}`)).body).toEqual({ ended: 1 })
    expect((await me(third.access_token)).status).toBe(401)
    expect((await end(`?sign_in_id=${thirds}`)).status).toBe(404)
    expect((await end('')).body).toEqual({ ended: 1 })
    expect((await me(ada.token)).status).toBe(401)
    expect((await list(second.access_token)).map(({ sign_in_id }) => sign_in_id)).toEqual([mine])
  })

  test("never ends somebody else's", async () => {
    const other = await newPerson()
    const theirs = await server.call('GET', '/api/v1/me/sign-ins', { token: other.token })
    const id = (theirs.body as { items: { sign_in_id: string }[] }).items[0]?.sign_in_id
    expect((await server.call('DELETE', `/api/v1/me/sign-ins?sign_in_id=${id}`, { token: ada.token })).status).toBe(404)
    expect((await me(other.token)).status).toBe(200)
  })
})

describe('a new password', () => {
  const change = (token: string, current: string, next: string) =>
    server.call('POST', '/api/v1/me/password', { token, body: { current_password: current, new_password: next } })

  test('ends every other sign-in and leaves this one', async () => {
    const other = await newTokens()
    expect((await change(ada.token, ada.password, 'another fine long sentence')).status).toBe(204)
    expect((await me(ada.token)).status).toBe(200)
    expect((await me(other.access_token)).status).toBe(401)
    expect((await refresh(other.refresh_token)).status).toBe(401)
    expect((await signIn()).status).toBe(401)
    expect((await signIn('another fine long sentence')).status).toBe(200)
  })

  test('takes the old one, and is checked like the first', async () => {
    expect(await change(ada.token, 'a guess', 'another fine long sentence')).toMatchObject({
      status: 401,
      body: { code: 'credentials_wrong' },
    })
    expect(await change(ada.token, ada.password, 'qwertyuiop')).toMatchObject({
      status: 400,
      body: { code: 'password_weak' },
    })
  })

  test('cannot be guessed at from a phone left lying about', async () => {
    const guesses = []
    for (let i = 0; i < 12; i++)
      guesses.push((await change(ada.token, `guess number ${i}`, 'another fine long sentence')).status)
    expect(guesses.slice(0, 10)).toEqual(new Array(10).fill(401))
    expect(guesses.slice(10)).toEqual([429, 429])
  })
})

test('the profile changes only in the keys given', async () => {
  const patch = (body: object) => server.call('PATCH', '/api/v1/me', { token: ada.token, body })
  const set = await patch({
    display_name: 'Ada',
    time_zone: 'Europe/Berlin',
    units: 'imperial',
    birth_on: '1990-02-28',
    body_height: 1.7,
  })
  expect(set).toMatchObject({
    status: 200,
    body: { display_name: 'Ada', time_zone: 'Europe/Berlin', birth_on: '1990-02-28' },
  })
  const cleared = await patch({ display_name: null })
  expect(cleared.body).toEqual({ ...(set.body as object), display_name: null })
  expect((await patch({})).body).toEqual(cleared.body)
  expect(await patch({ role: 'owner' })).toMatchObject({
    status: 400,
    body: { errors: [{ pointer: '/role', code: 'unknown_field' }] },
  })
  expect((await patch({ time_zone: 'Mars/Olympus' })).status).toBe(400)
})
