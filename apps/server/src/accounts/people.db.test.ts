import { afterAll, beforeAll, expect, test } from 'vitest'
import { startServer, type TestServer } from '../../test/kit.ts'

let server: TestServer
beforeAll(async () => {
  server = await startServer()
})
afterAll(() => server.stop())

test('the first account on this machine owns the installation and can sign in', async () => {
  const owner = await server.owner()
  const me = await server.call('GET', '/api/v1/me', { token: owner.token })
  expect(me.status).toBe(200)
  expect(me.body).toMatchObject({ user_id: owner.userId, role: 'owner', email: owner.email })
  const again = await server.call('POST', '/api/v1/auth/login', {
    body: { email: owner.email, password: owner.password },
  })
  expect(again.status).toBe(200)
  const person = await server.person()
  expect(person.userId).not.toBe(owner.userId)
})
