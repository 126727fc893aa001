import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { type FreshDatabase, freshDatabase, startServer, type TestServer } from '../../test/kit.ts'
import { type TurnedClock, turnedClock } from '../../test/turned-clock.ts'
import { createAttempts } from './attempts.ts'
import { sweep } from './sweep.ts'

const minute = 60_000

describe('guessing', () => {
  let database: FreshDatabase
  let clock: TurnedClock
  let account = 0
  beforeAll(async () => {
    database = await freshDatabase()
    clock = turnedClock()
  })
  afterAll(() => database.drop())
  afterEach(() => clock.turn(25 * 60 * minute))

  async function withAttempts<T>(work: (attempts: ReturnType<typeof createAttempts>) => Promise<T>): Promise<T> {
    const db = database.open()
    try {
      return await work(createAttempts(db, 'secret', clock))
    } finally {
      await db.close()
    }
  }
  const blocked = { code: 'too_many_attempts' }
  /** From a new address each time, as a botnet would. */
  const fromAnywhere = (name: string, i: number) => ({
    account: name,
    address: `10.${i >> 16}.${(i >> 8) & 255}.${i & 255}`,
  })

  test('at one account is free five times, then waits 30 s and twice as long each time, up to a quarter of an hour', () =>
    withAttempts(async (attempts) => {
      const name = `account ${account++}`
      let i = 0
      const guess = () => attempts.count(fromAnywhere(name, i++))
      for (let n = 0; n < 5; n++) await guess()
      for (const seconds of [30, 60, 120, 240, 480, 900, 900]) {
        await expect(guess()).rejects.toMatchObject({ ...blocked, retryAfterSeconds: seconds })
        clock.turn(seconds * 1_000 - 1)
        await expect(guess()).rejects.toMatchObject(blocked)
        clock.turn(1)
        await guess()
      }
    }))

  test('from one address at many accounts is free twenty times', () =>
    withAttempts(async (attempts) => {
      const guess = (n: number) => attempts.count({ account: `victim ${n}`, address: '198.51.100.7' })
      for (let n = 0; n < 20; n++) await guess(n)
      await expect(guess(20)).rejects.toMatchObject({ ...blocked, retryAfterSeconds: 30 })
    }))

  test('with an account of one’s own does not wash an address clean', () =>
    withAttempts(async (attempts) => {
      const address = '198.51.100.8'
      let refused = 0
      for (let n = 0; n < 40; n++) {
        const own = { account: 'my own', address }
        await attempts.count(own).then(
          () => attempts.succeeded(own),
          () => refused++,
        )
        await attempts.count({ account: `target ${n}`, address }).catch(() => refused++)
      }
      expect(refused).toBeGreaterThan(35)
    }))

  test('a hundred at once are counted as a hundred', () =>
    withAttempts(async (attempts) => {
      const name = `account ${account++}`
      const answers = await Promise.allSettled(
        Array.from({ length: 100 }, (_, i) => attempts.count(fromAnywhere(name, i))),
      )
      expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(5)
    }))

  test('ten thousand times over a day tries no more than a hundred and ten passwords', () =>
    withAttempts(async (attempts) => {
      const name = `account ${account++}`
      let tried = 0
      for (let i = 0; i < 1_000; i++) {
        await attempts.count(fromAnywhere(name, i)).then(
          () => tried++,
          () => undefined,
        )
        clock.turn((24 * 60 * minute) / 1_000)
      }
      expect(tried).toBeGreaterThan(50)
      expect(tried).toBeLessThanOrEqual(110)
    }))

  test('is remembered through a restart and by every process', async () => {
    const name = `account ${account++}`
    for (let i = 0; i < 5; i++) await withAttempts((attempts) => attempts.count(fromAnywhere(name, i)))
    await expect(withAttempts((attempts) => attempts.count(fromAnywhere(name, 6)))).rejects.toMatchObject(blocked)
  })

  test('is forgotten after a day without, and then leaves nothing in the table', () =>
    withAttempts(async (attempts) => {
      const name = `account ${account++}`
      for (let i = 0; i < 5; i++) await attempts.count(fromAnywhere(name, i))
      await expect(attempts.count(fromAnywhere(name, 6))).rejects.toMatchObject(blocked)
      clock.turn(24 * 60 * minute + 1)
      for (let i = 0; i < 4; i++) await attempts.count(fromAnywhere(name, i))
      clock.turn(24 * 60 * minute + 1)
      const db = database.open()
      await sweep(db, clock)
      const left = await db.writerPool.query('select count(*)::int as n from sign_in_attempts')
      await db.close()
      expect(left.rows).toEqual([{ n: 0 }])
    }))
})

describe('the owner at a browser that signed in before', () => {
  let server: TestServer
  beforeAll(async () => {
    server = await startServer({ env: { TRUST_PROXY: '127.0.0.1', ALLOW_INSECURE_HTTP: 'true' } })
  })
  afterAll(() => server.stop())

  test('signs in while strangers everywhere guess at the account, and other browsers wait', async () => {
    const { email, password } = await server.owner()
    const signIn = (secret: string, headers: Record<string, string>) =>
      server.call('POST', '/api/v1/auth/login', { body: { email, password: secret, session: 'cookie' }, headers })
    const first = await signIn(password, {})
    const known = first.headers.getSetCookie().find((cookie) => cookie.startsWith('tributary-known='))
    expect(known).toMatch(/HttpOnly; SameSite=Lax$/)
    const cookie = String(known).split(';')[0] ?? ''
    expect(cookie).not.toContain(email)

    const guesses = await Promise.all(
      Array.from({ length: 30 }, (_, i) => signIn(`guess ${i}`, { 'x-forwarded-for': `203.0.113.${i}` })),
    )
    expect(guesses.filter(({ status }) => status === 401)).toHaveLength(5)
    const refused = guesses.filter(({ status }) => status === 429)
    expect(refused).toHaveLength(25)
    for (const { body, headers } of refused) {
      expect(body).toMatchObject({ code: 'too_many_attempts' })
      expect(Number(headers.get('retry-after'))).toBeGreaterThan(0)
    }
    expect((await signIn(password, { 'x-forwarded-for': '203.0.113.99' })).status).toBe(429)
    expect((await signIn(password, { cookie })).status).toBe(200)
    const forged = cookie
      .replace(/.$/, (last) => (last === 'A' ? 'B' : 'A'))
      .replace(/\.(.)/, (_, sign) => (sign === 'A' ? '.B' : '.A'))
    expect((await signIn(password, { cookie: forged, 'x-forwarded-for': '203.0.113.98' })).status).toBe(429)
  })

  test('does not make a place to guess from without end', async () => {
    const { email, password } = await server.person()
    const signIn = (secret: string, cookie = '') =>
      server.call('POST', '/api/v1/auth/login', {
        body: { email, password: secret },
        headers: cookie ? { cookie } : {},
      })
    const known = (await signIn(password)).headers.getSetCookie().find((line) => line.startsWith('tributary-known='))
    const cookie = String(known).split(';')[0] ?? ''
    const statuses = []
    for (let i = 0; i < 12; i++) statuses.push((await signIn(`guess ${i}`, cookie)).status)
    expect(statuses).toEqual([...new Array(10).fill(401), 429, 429])
  })

  test('has a cookie that is of no use for another account', async () => {
    const owner = await server.owner()
    const other = await server.person()
    const signIn = (email: string, secret: string, cookie = '') =>
      server.call('POST', '/api/v1/auth/login', {
        body: { email, password: secret },
        headers: { cookie, 'x-forwarded-for': '203.0.113.200' },
      })
    const known = (await signIn(other.email, other.password)).headers
      .getSetCookie()
      .find((line) => line.startsWith('tributary-known='))
    const cookie = String(known).split(';')[0] ?? ''
    // The owner's account is still blocked for strangers by the first test.
    expect((await signIn(owner.email, owner.password, cookie)).status).toBe(429)
  })
})
