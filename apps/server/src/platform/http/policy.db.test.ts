import { afterAll, beforeAll, expect, test } from 'vitest'
import { startServer, type TestServer } from '../../../test/kit.ts'
import { createApp } from '../../app.ts'

let server: TestServer
beforeAll(async () => {
  server = await startServer()
})
afterAll(() => server.stop())

test('a route that says of nobody who may call it stops the start', async () => {
  const app = await createApp(server.parts)
  expect(() => app.get('/api/v1/open-door', () => 'welcome')).toThrow(
    'GET /api/v1/open-door declares no policy: say who may call it',
  )
  await app.close()
})

test('what is not there answers 404 to everybody, signed in or not', async () => {
  const { token } = await server.owner()
  for (const headers of [{}, { authorization: `Bearer ${token}` }])
    expect(await server.call('GET', '/api/v1/no-such-thing', { headers })).toMatchObject({
      status: 404,
      body: { code: 'not_found' },
    })
})

test('every answer says its request, and a problem quotes it', async () => {
  const { headers, body } = await server.call('GET', '/api/v1/me')
  expect(headers.get('x-request-id')).toBe((body as { instance: string }).instance)
  expect(headers.get('content-type')).toBe('application/problem+json; charset=utf-8')
  expect(headers.get('www-authenticate')).toBe('Bearer realm="tributary"')
})

test('a caller beyond the rate is asked to wait, others are not', async () => {
  const slow = await startServer({ env: { RATE_LIMIT_PER_SECOND: '5' } })
  try {
    const { token } = await slow.owner()
    const answers = await Promise.all(Array.from({ length: 40 }, () => slow.call('GET', '/api/v1/me', { token })))
    const refused = answers.filter(({ status }) => status === 429)
    expect(refused.length).toBeGreaterThan(20)
    for (const { headers, body } of refused) {
      expect(body).toMatchObject({ code: 'too_many_requests' })
      expect(headers.get('retry-after')).toBe('1')
    }
    expect(answers[0]?.headers.get('ratelimit-policy')).toBe('"caller";q=5;w=1')
    expect((await slow.call('GET', '/health')).status).toBe(200)
  } finally {
    await slow.stop()
  }
})
