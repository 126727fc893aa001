import { afterAll, beforeAll, expect, test } from 'vitest'
import { asAdmin, startServer, type TestServer } from '../../test/kit.ts'

let server: TestServer
beforeAll(async () => {
  server = await startServer()
})
afterAll(() => server.stop())

const signIn = (email: string, password: string) =>
  server.call('POST', '/api/v1/auth/login', { body: { email, password } })

test('signing in, failing to, and every change leave an audit line, without a value in it', async () => {
  const { token, userId, email, password } = await server.person()
  await signIn(email, 'not the password')
  await signIn('stranger@example.org', 'not the password')
  await signIn(email, password)
  await server.call('PATCH', '/api/v1/me', { token, body: { display_name: 'Grace Hopper', birth_on: '1906-12-09' } })
  await server.call('POST', '/api/v1/auth/logout', { token })
  const { rows } = await asAdmin(server.database.admin, (client) =>
    client.query(
      "select * from tributary.audit_log where user_id = $1 or outcome = 'credentials_wrong' order by audit_id",
      [userId],
    ),
  )
  const told = rows
    .filter((row) => row.user_id === userId)
    .map(({ action, outcome, fields }) => ({ action, outcome, fields }))
  const credentials = ['email', 'password', 'session']
  expect(told).toEqual([
    { action: 'register', outcome: 'ok', fields: ['email', 'password', 'invite', 'session'] },
    { action: 'login', outcome: 'credentials_wrong', fields: credentials },
    { action: 'login', outcome: 'ok', fields: credentials },
    { action: 'updateMe', outcome: 'ok', fields: ['display_name', 'birth_on'] },
    { action: 'logout', outcome: 'ok', fields: [] },
  ])
  expect(
    rows.filter((row) => row.action === 'login' && row.user_id === '00000000-0000-0000-0000-000000000000'),
  ).not.toEqual([])
  for (const value of ['Grace', '1906', email, 'stranger@example.org', password])
    expect(JSON.stringify(rows)).not.toContain(value)
})
