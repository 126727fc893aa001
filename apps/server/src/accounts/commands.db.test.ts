import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { asAdmin, startServer, type TestServer } from '../../test/kit.ts'
import { type CommandEdges, disableUser, enableUser, inviteUser, listUsers, resetPassword } from './commands.ts'

let server: TestServer
let edges: CommandEdges
beforeAll(async () => {
  server = await startServer()
  edges = server.parts
})
afterAll(() => server.stop())

const signIn = (email: string, password: string) =>
  server.call('POST', '/api/v1/auth/login', { body: { email, password } })
const me = async (token: string) => (await server.call('GET', '/api/v1/me', { token })).status

describe('at the command line', () => {
  test('nobody can be invited before there is an owner', async () => {
    await expect(inviteUser(edges)).rejects.toThrow('there is no owner yet')
  })

  test('a forgotten password is replaced, which ends every sign-in and forgets what strangers guessed', async () => {
    const { email, password, token, refreshToken } = await server.owner()
    for (let i = 0; i < 6; i++) await signIn(email, `guess ${i}`)
    expect((await signIn(email, password)).status).toBe(429)
    const made = await resetPassword(edges, email.toUpperCase())
    expect(made.password).toMatch(/^([b-df-hj-km-np-tv-z2-9]{5}-){3}[b-df-hj-km-np-tv-z2-9]{5}$/)
    expect((await signIn(email, password)).status).toBe(401)
    expect((await signIn(email, made.password)).status).toBe(200)
    await expect.poll(() => me(token), { timeout: 10_000 }).toBe(401)
    expect((await server.call('POST', '/api/v1/auth/refresh', { body: { refresh_token: refreshToken } })).status).toBe(
      401,
    )
    expect(await resetPassword(edges, email, password)).toEqual({ password })
    await expect(resetPassword(edges, email, 'password1')).rejects.toThrow('this password is among the ones')
    await expect(resetPassword(edges, 'nobody@example.org')).rejects.toThrow(
      'there is no account with the address nobody@example.org',
    )
  })

  test('an invite lets somebody in, and the list shows them', async () => {
    const { invite } = await inviteUser(edges, 'viewer')
    const body = { email: 'guest@example.org', password: 'correct horse battery staple', invite }
    expect((await server.call('POST', '/api/v1/auth/register', { body })).status).toBe(201)
    expect(await listUsers(edges)).toMatchObject([
      { email: 'owner@example.org', role: 'owner', disabled: false },
      { email: 'guest@example.org', role: 'viewer', disabled: false },
    ])
  })

  test('a disabled account is out within a second, with its keys, and comes back when it is enabled', async () => {
    const { body } = await signIn('guest@example.org', 'correct horse battery staple')
    const { access_token } = body as { access_token: string }
    const { api_key } = (
      await server.call('POST', '/api/v1/api-keys', {
        token: access_token,
        body: { name: 'k', scopes: ['account:read'] },
      })
    ).body as { api_key: string }
    expect(await me(api_key)).toBe(200)
    await disableUser(edges, 'guest@example.org')
    await expect.poll(() => me(access_token), { timeout: 10_000 }).toBe(401)
    await expect.poll(() => me(api_key), { timeout: 10_000 }).toBe(401)
    const refused = await signIn('guest@example.org', 'correct horse battery staple')
    expect(refused).toMatchObject({ status: 401, body: { code: 'credentials_wrong' } })
    await enableUser(edges, 'guest@example.org')
    expect((await signIn('guest@example.org', 'correct horse battery staple')).status).toBe(200)
    expect(await me(api_key)).toBe(200)
    await expect(disableUser(edges, 'owner@example.org')).rejects.toThrow('the owner cannot be disabled')
  })

  test('everything done leaves an audit line', async () => {
    const { rows } = await asAdmin(server.database.admin, (client) =>
      client.query(
        "select action, outcome, user_id is not null as named from tributary.audit_log where actor = 'cli' order by audit_id",
      ),
    )
    expect(rows.map(({ action }) => action)).toEqual([
      'resetPassword',
      'resetPassword',
      'createInvite',
      'disableUser',
      'enableUser',
    ])
    expect(rows.every(({ outcome, named }) => outcome === 'ok' && named)).toBe(true)
  })
})
