import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { asAdmin, type SignedInPerson, startServer, type TestServer } from '../../../test/kit.ts'
import { createApp } from '../../app.ts'
import { addressOf } from '../db/address.ts'
import { openDatabase } from '../db/database.ts'

let server: TestServer
let ada: SignedInPerson
let keys = 0
beforeAll(async () => {
  server = await startServer()
})
afterAll(() => server.stop())
beforeEach(async () => {
  ada = await server.person()
})

const newKey = () => `key-${keys++}`
const scale = { device_type: 'custom', device_name: 'Scale', integration_type: 'api', serial_number: 'S1' }

/** The bytes of the answer, not what they mean. */
async function send(method: string, path: string, key: string, body?: object, token = ada.token) {
  const answer = await fetch(server.url + path, {
    method,
    headers: {
      authorization: `Bearer ${token}`,
      'idempotency-key': key,
      ...(body ? { 'content-type': 'application/json' } : {}),
    },
    ...(body ? { body: JSON.stringify(body) } : {}),
  })
  const text = await answer.text()
  return {
    status: answer.status,
    text,
    type: answer.headers.get('content-type'),
    replayed: answer.headers.get('idempotency-replayed'),
    code: text ? (JSON.parse(text) as { code?: string }).code : undefined,
  }
}
const devices = async () =>
  (await server.call('GET', '/api/v1/devices', { token: ada.token })).body as { device_id: string }[]

test('the same key and body get the same answer, byte for byte, and one effect', async () => {
  const key = newKey()
  const first = await send('POST', '/api/v1/devices', key, scale)
  const second = await send('POST', '/api/v1/devices', key, scale)
  expect(first).toMatchObject({ status: 201, replayed: null })
  expect(second).toEqual({ ...first, replayed: 'true' })
  expect(await devices()).toHaveLength(1)
})

test('an answer without a body is repeated without a body', async () => {
  const made = await send('POST', '/api/v1/devices', newKey(), scale)
  const path = `/api/v1/devices/${(JSON.parse(made.text) as { device_id: string }).device_id}`
  const key = newKey()
  const first = await send('DELETE', path, key)
  expect(first).toMatchObject({ status: 204, text: '' })
  expect(await send('DELETE', path, key)).toEqual({ ...first, replayed: 'true' })
})

test('the same key with another body, path or method is refused', async () => {
  const key = newKey()
  await send('PATCH', '/api/v1/me', key, { display_name: 'Ada' })
  const reused = { status: 422, code: 'idempotency_key_reused' }
  expect(await send('PATCH', '/api/v1/me', key, { display_name: 'Eve' })).toMatchObject(reused)
  expect(await send('POST', '/api/v1/devices', key, scale)).toMatchObject(reused)
  expect(await send('PATCH', '/api/v1/me?x=1', key, { display_name: 'Ada' })).toMatchObject(reused)
})

test('ten at once have one effect and ten equal answers', async () => {
  const key = newKey()
  const answers = await Promise.all(Array.from({ length: 10 }, () => send('POST', '/api/v1/devices', key, scale)))
  expect(new Set(answers.map(({ status, text }) => `${status} ${text}`)).size).toBe(1)
  expect(answers[0]?.status).toBe(201)
  expect(answers.filter(({ replayed }) => replayed === null)).toHaveLength(1)
  expect(await devices()).toHaveLength(1)
})

test('another person may use the same key', async () => {
  const key = newKey()
  const other = await server.person()
  expect((await send('POST', '/api/v1/devices', key, scale)).status).toBe(201)
  expect(await send('POST', '/api/v1/devices', key, scale, other.token)).toMatchObject({ status: 201, replayed: null })
})

test('a secret is not repeated, and its effect stands once', async () => {
  const key = newKey()
  const body = { name: 'export', scopes: ['data:read'] }
  expect((await send('POST', '/api/v1/api-keys', key, body)).status).toBe(201)
  expect(await send('POST', '/api/v1/api-keys', key, body)).toMatchObject({
    status: 409,
    code: 'idempotency_secret_not_repeated',
  })
  const listed = await server.call('GET', '/api/v1/api-keys', { token: ada.token })
  expect((listed.body as { items: unknown[] }).items).toHaveLength(1)
  const withToken = newKey()
  const asked = { ...scale, serial_number: 'S2', issue_token: true }
  expect((await send('POST', '/api/v1/devices', withToken, asked)).status).toBe(201)
  expect(await send('POST', '/api/v1/devices', withToken, asked)).toMatchObject({
    code: 'idempotency_secret_not_repeated',
  })
  const kept = await asAdmin(server.database.admin, (client) =>
    client.query("select string_agg(answer, ' ') as text from tributary.idempotency_keys"),
  )
  expect(kept.rows[0].text).not.toMatch(/tr[a-z]_/)
})

test('registering again with the same key makes one account and tells so, though the invite is used up', async () => {
  const { token } = await server.owner()
  const { invite } = (await server.call('POST', '/api/v1/invites', { token, body: {} })).body as { invite: string }
  const body = { email: 'grace@example.org', password: 'correct horse battery staple', invite }
  const headers = { 'idempotency-key': newKey() }
  const register = (more: object = {}) =>
    server.call('POST', '/api/v1/auth/register', { body: { ...body, ...more }, headers })
  expect((await register()).status).toBe(201)
  expect(await register()).toMatchObject({ status: 409, body: { code: 'idempotency_secret_not_repeated' } })
  expect(await register({ email: 'eve@example.org' })).toMatchObject({
    status: 422,
    body: { code: 'idempotency_key_reused' },
  })
})

test('changing the password again with the same key succeeds again, though the old one is not the password any more', async () => {
  const key = newKey()
  const body = { current_password: ada.password, new_password: 'another fine long sentence' }
  expect(await send('POST', '/api/v1/me/password', key, body)).toMatchObject({ status: 204, replayed: null })
  expect(await send('POST', '/api/v1/me/password', key, body)).toMatchObject({ status: 204, replayed: 'true' })
})

test('refreshing again with the same key ends nothing', async () => {
  const headers = { 'idempotency-key': newKey() }
  const refresh = (refresh_token: string, more = {}) =>
    server.call('POST', '/api/v1/auth/refresh', { body: { refresh_token }, headers: more })
  const first = await refresh(ada.refreshToken, headers)
  expect(await refresh(ada.refreshToken, headers)).toMatchObject({
    status: 409,
    body: { code: 'idempotency_secret_not_repeated' },
  })
  expect((await refresh((first.body as { refresh_token: string }).refresh_token)).status).toBe(200)
})

test('a refusal is an answer too: it is repeated even when it would be granted now', async () => {
  const first = await send('POST', '/api/v1/devices', newKey(), scale)
  const key = newKey()
  const refused = await send('POST', '/api/v1/devices', key, scale)
  expect(refused).toMatchObject({ status: 409, code: 'device_exists', type: 'application/problem+json; charset=utf-8' })
  await send('DELETE', `/api/v1/devices/${(JSON.parse(first.text) as { device_id: string }).device_id}`, newKey())
  expect(await send('POST', '/api/v1/devices', key, scale)).toEqual({ ...refused, replayed: 'true' })
})

test('what fails between the effect and its answer undoes both, and the same key may try again', async () => {
  const key = newKey()
  const onDatabase = (statement: string) =>
    asAdmin(server.database.admin, (client) => client.query(`set search_path to tributary; ${statement}`))
  await onDatabase(`create function fail() returns trigger language plpgsql as $$ begin raise exception 'no' using errcode = '57P02'; end $$;
    create trigger fail before update on idempotency_keys for each row when (new.key = '${key}') execute function fail()`)
  const first = await send('POST', '/api/v1/devices', key, scale)
  await onDatabase('drop trigger fail on idempotency_keys; drop function fail()')
  expect(first).toMatchObject({ status: 503, code: 'database_unavailable' })
  expect(await devices()).toEqual([])
  expect(await send('POST', '/api/v1/devices', key, scale)).toMatchObject({ status: 201, replayed: null })
  expect(await devices()).toHaveLength(1)
})

test('after a day the key is new again', async () => {
  const key = newKey()
  await send('PATCH', '/api/v1/me', key, { display_name: 'Ada' })
  await asAdmin(server.database.admin, (client) =>
    client.query("update tributary.idempotency_keys set created_at = now() - interval '25 hours' where key = $1", [
      key,
    ]),
  )
  expect(await send('PATCH', '/api/v1/me', key, { display_name: 'Eve' })).toMatchObject({ status: 200, replayed: null })
})

test('while the first is still at work after the wait, the second is told so', async () => {
  const db = openDatabase({
    address: addressOf(server.database.admin),
    roleSecret: server.database.roleSecret,
    lockTimeoutMs: 50,
    onError: () => undefined,
  })
  const app = await createApp({ ...server.parts, db })
  const key = newKey()
  try {
    const second = await db.write({ userId: ada.userId }, async (tx) => {
      await tx
        .insertInto('idempotency_keys')
        .values({ user_id: ada.userId, key, fingerprint: Buffer.alloc(32) })
        .execute()
      const headers = { host: 'localhost', authorization: `Bearer ${ada.token}`, 'idempotency-key': key }
      return app.inject({ method: 'PATCH', url: '/api/v1/me', headers, payload: { display_name: 'Ada' } })
    })
    expect(second.json()).toMatchObject({ status: 409, code: 'idempotency_in_progress' })
  } finally {
    await app.close()
    await db.close()
  }
})

test('a key takes 1 to 255 characters', async () => {
  const refused = await send('PATCH', '/api/v1/me', 'x'.repeat(256), { display_name: 'Ada' })
  expect(refused).toMatchObject({ status: 400, code: 'invalid_request' })
})
