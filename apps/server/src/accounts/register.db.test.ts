import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { freshDatabase, type ServerOptions, startServer, type TestServer } from '../../test/kit.ts'
import { turnedClock } from '../../test/turned-clock.ts'

const servers: TestServer[] = []
async function serverWith(options: ServerOptions = {}): Promise<TestServer> {
  const server = await startServer(options)
  servers.push(server)
  return server
}
afterEach(async () => {
  for (const server of servers.splice(0).reverse()) await server.stop()
})

const password = 'correct horse battery staple'
const weekMs = 7 * 86_400_000
/** As a proxy in front would send it: somebody who is not at this machine. */
const fromAfar = { 'x-forwarded-for': '203.0.113.9' }

function register(server: TestServer, email: string, more: object = {}, headers: Record<string, string> = {}) {
  return server.call('POST', '/api/v1/auth/register', { body: { email, password, ...more }, headers })
}

async function invite(server: TestServer, token: string, role = 'member'): Promise<string> {
  const made = await server.call('POST', '/api/v1/invites', { token, body: { role } })
  expect(made.status).toBe(201)
  return (made.body as { invite: string }).invite
}

describe('the first account', () => {
  test('made on this machine, it owns the installation', async () => {
    const server = await serverWith()
    expect((await server.call('GET', '/api/v1/setup')).body).toEqual({
      needs_owner: true,
      may_create: true,
      signup: 'invite',
    })
    const { token, userId } = await server.owner()
    const me = await server.call('GET', '/api/v1/me', { token })
    expect(me.body).toMatchObject({ user_id: userId, role: 'owner', time_zone: 'UTC' })
    expect((await server.call('GET', '/api/v1/setup')).body).toEqual({
      needs_owner: false,
      may_create: false,
      signup: 'invite',
    })
  })

  test('made from afar, it needs the set-up link, which is readable by its owner only and ends with the first account', async () => {
    const server = await serverWith({ env: { ALLOW_INSECURE_HTTP: 'true' } })
    const path = join(server.dataDir, 'setup-link')
    const link = (await readFile(path, 'utf8')).trim()
    expect(link).toBe(server.setupLink)
    expect((await stat(path)).mode & 0o777).toBe(0o600)
    const token = new URL(link).searchParams.get('token')

    const without = await register(server, 'a@example.org', {}, fromAfar)
    expect(without).toMatchObject({ status: 403, body: { code: 'setup_link_required' } })
    const wrong = await register(server, 'a@example.org', { setup_token: `trs_${'A'.repeat(43)}` }, fromAfar)
    expect(wrong.status).toBe(403)
    const asked = await server.call('GET', `/api/v1/setup?token=${token}`, { headers: fromAfar })
    expect(asked.body).toMatchObject({ may_create: true })
    expect((await register(server, 'a@example.org', { setup_token: token }, fromAfar)).status).toBe(201)
    await expect(readFile(path)).rejects.toThrow('ENOENT')
    const later = await register(server, 'b@example.org', { setup_token: token }, fromAfar)
    expect(later).toMatchObject({ status: 403, body: { code: 'invite_required' } })
  })

  test('a foreign Host name is not this machine', async () => {
    const server = await serverWith()
    const port = new URL(server.url).port
    const { status, body } = await rawRegister(server, `rebound.example:${port}`)
    expect({ status, code: body.code }).toEqual({ status: 400, code: 'host_not_allowed' })
  })

  test('of twenty people racing for it one becomes the owner', async () => {
    const server = await serverWith()
    const answers = await Promise.all(Array.from({ length: 20 }, (_, i) => register(server, `racer${i}@example.org`)))
    const statuses = answers.map(({ status }) => status)
    expect(statuses.filter((status) => status === 201)).toHaveLength(1)
    expect(
      answers
        .filter(({ status }) => status !== 201)
        .every(({ body }) => (body as { code: string }).code === 'invite_required'),
    ).toBe(true)
  })

  test('comes from OWNER_EMAIL and OWNER_PASSWORD when they are set, once', async () => {
    const database = await freshDatabase()
    const env = { OWNER_EMAIL: 'Boss@Example.org', OWNER_PASSWORD: 'a long unusual sentence' }
    const server = await serverWith({ database, env })
    expect(server.setupLink).toBeUndefined()
    const signIn = (from: TestServer, secret: string) =>
      from.call('POST', '/api/v1/auth/login', { body: { email: 'boss@example.org', password: secret } })
    expect((await signIn(server, env.OWNER_PASSWORD)).status).toBe(200)
    const second = await serverWith({ database, env: { ...env, OWNER_PASSWORD: 'quite another sentence' } })
    expect((await signIn(second, 'quite another sentence')).status).toBe(401)
    expect((await signIn(second, env.OWNER_PASSWORD)).status).toBe(200)
  })

  test('an easy OWNER_PASSWORD stops the start without being shown', async () => {
    const env = { OWNER_EMAIL: 'boss@example.org', OWNER_PASSWORD: 'iloveyou2024' }
    const refused = await startServer({ env }).then(
      (server) => server.stop().then(() => 'it started'),
      (error: Error) => error.message,
    )
    expect(refused).toMatch(/^OWNER_PASSWORD got a value that is not shown, which is among the ones/)
    expect(refused).not.toContain('iloveyou')
  })
})

describe('later accounts', () => {
  let shared: TestServer
  beforeAll(async () => {
    shared = await startServer()
  })
  afterAll(() => shared.stop())

  test('an invite works once, for its role, and not after a week', async () => {
    const clock = turnedClock()
    const server = await serverWith({ clock })
    const { token } = await server.owner()
    const code = await invite(server, token, 'viewer')
    const made = await register(server, 'guest@example.org', { invite: code })
    expect(made).toMatchObject({ status: 201, body: { user: { role: 'viewer' } } })
    expect(await register(server, 'other@example.org', { invite: code })).toMatchObject({
      status: 403,
      body: { code: 'invite_invalid' },
    })
    const late = await invite(server, token)
    clock.turn(weekMs + 1)
    expect(await register(server, 'late@example.org', { invite: late })).toMatchObject({
      status: 403,
      body: { code: 'invite_invalid' },
    })
  })

  test('of ten people with the same invite one gets in', async () => {
    const server = shared
    const code = await invite(server, (await server.owner()).token)
    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, i) => register(server, `p${i}@example.org`, { invite: code })),
    )
    expect(answers.map(({ status }) => status).sort()).toEqual([201, ...new Array(9).fill(403)])
  })

  test('an e-mail address that is taken leaves the invite unused', async () => {
    const server = shared
    const owner = await server.owner()
    const code = await invite(server, owner.token)
    expect(await register(server, owner.email.toUpperCase(), { invite: code })).toMatchObject({
      status: 409,
      body: { code: 'email_taken' },
    })
    expect((await register(server, 'new@example.org', { invite: code })).status).toBe(201)
  })

  test('a withdrawn invite lets nobody in', async () => {
    const server = shared
    const { token } = await server.owner()
    const made = await server.call('POST', '/api/v1/invites', { token, body: { note: 'for Ada' } })
    const { invite: code, invite_id, url } = made.body as { invite: string; invite_id: string; url: string }
    expect(url).toBe(`${server.url}/register?invite=${code}`)
    expect((await server.call('GET', '/api/v1/invites?used=false', { token })).body).toMatchObject({
      items: [{ invite_id, note: 'for Ada', used_at: null }],
    })
    expect((await server.call('DELETE', `/api/v1/invites/${invite_id}`, { token })).status).toBe(204)
    expect((await server.call('DELETE', `/api/v1/invites/${invite_id}`, { token })).status).toBe(404)
    expect(await register(server, 'ada@example.org', { invite: code })).toMatchObject({
      status: 403,
      body: { code: 'invite_invalid' },
    })
  })

  test('only the owner can invite an admin', async () => {
    const server = shared
    const admin = await server.person('admin')
    const refused = await server.call('POST', '/api/v1/invites', { token: admin.token, body: { role: 'admin' } })
    expect(refused).toMatchObject({ status: 403, body: { code: 'not_allowed' } })
    await invite(server, admin.token, 'member')
  })

  test('SIGNUP=open takes members, SIGNUP=closed takes nobody, not even with an invite', async () => {
    const database = await freshDatabase()
    const open = await serverWith({ database, env: { SIGNUP: 'open' } })
    const { token } = await open.owner()
    expect(await register(open, 'm@example.org')).toMatchObject({ status: 201, body: { user: { role: 'member' } } })
    const code = await invite(open, token)
    const closed = await serverWith({ database, env: { SIGNUP: 'closed' } })
    expect(await register(closed, 'n@example.org', { invite: code })).toMatchObject({
      status: 403,
      body: { code: 'signup_closed' },
    })
  })

  test('an easy password is refused with its reason', async () => {
    const server = shared
    const refused = await register(server, 'someone@example.org', { password: 'P@ssw0rd123' })
    expect(refused).toMatchObject({ status: 400, body: { code: 'password_weak' } })
    expect(await register(server, 'someone@example.org', { password: 'short' })).toMatchObject({
      status: 400,
      body: { code: 'invalid_request' },
    })
  })
})

test('a password never travels over plain HTTP from another machine unless the operator allows it', async () => {
  const server = await serverWith()
  const owner = await server.owner()
  const body = { email: owner.email, password: owner.password }
  const refused = await server.call('POST', '/api/v1/auth/login', { body, headers: fromAfar })
  expect(refused).toMatchObject({ status: 403, body: { code: 'insecure_transport' } })
  const behindTls = await serverWith({ database: server.database, env: { TRUST_PROXY: '127.0.0.1' } })
  const secure = await behindTls.call('POST', '/api/v1/auth/login', {
    body: { ...body, session: 'cookie' },
    headers: { ...fromAfar, 'x-forwarded-proto': 'https' },
  })
  expect(secure.status).toBe(200)
  const cookies = secure.headers.getSetCookie()
  expect(cookies.find((cookie) => cookie.startsWith('__Host-tributary='))).toMatch(
    /; Path=\/; HttpOnly; Secure; SameSite=Lax/,
  )
})

/** fetch does not let one choose the Host. */
async function rawRegister(server: TestServer, host: string): Promise<{ status: number; body: { code: string } }> {
  const answer = await server.app.inject({
    method: 'POST',
    url: '/api/v1/auth/register',
    headers: { host, 'content-type': 'application/json' },
    payload: JSON.stringify({ email: 'a@example.org', password }),
  })
  return { status: answer.statusCode, body: answer.json() }
}
