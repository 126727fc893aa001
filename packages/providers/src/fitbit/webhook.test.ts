import { generateKeyPairSync, sign, verify as verifySignature } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import type { HookKeys, HookRequest } from '../kit/index.ts'
import { answers, fixture, testHttp } from '../kit/testing/index.ts'
import { fitbit } from './index.ts'
import { notifying } from './subscriber.ts'
import { at } from './test-points.ts'

describe('notices', () => {
  const body = fixture<object>(import.meta.url, 'notice')
  const secret = 'random'
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const jwk = publicKey.export({ format: 'jwk' })
  const bytesOf = (text: string | undefined) => Buffer.from(text ?? '', 'base64url')
  const field = (number: number, bytes: Uint8Array) =>
    Buffer.concat([Buffer.from([number * 8 + 2, bytes.length]), bytes])
  /** As Tink writes an EcdsaPublicKey: version, parameters, x, y with a leading zero where the first bit is set. */
  const value = Buffer.concat([
    Buffer.from([8, 0]),
    field(2, Buffer.from([8, 3, 16, 2, 24, 2])),
    field(3, Buffer.concat([Buffer.from([0]), bytesOf(jwk.x)])),
    field(4, bytesOf(jwk.y)),
  ])
  const publicKeys = {
    primaryKeyId: 7,
    key: [{ keyId: 7, status: 'ENABLED', outputPrefixType: 'TINK', keyData: { value: value.toString('base64') } }],
  }
  const keys: HookKeys = { app: undefined, secret, publicKeys }
  const signed = (bytes: Uint8Array, keyId = 7) =>
    Buffer.concat([
      Buffer.from([1, 0, 0, 0, keyId]),
      sign('sha256', bytes, { key: privateKey, dsaEncoding: 'der' }),
    ]).toString('base64')
  const post = (content: unknown, headers: Record<string, string> = {}): HookRequest => {
    const bytes = new TextEncoder().encode(typeof content === 'string' ? content : JSON.stringify(content))
    return {
      method: 'POST',
      headers: { authorization: `Bearer ${secret}`, 'google-health-api-signature': signed(bytes), ...headers },
      query: new URLSearchParams(),
      body: bytes,
      at: 0,
    }
  }
  const { verify, read, handshake } = fitbit.webhook

  test('one that is signed by Google’s key and carries our secret is taken', () => {
    expect(verify(post(body), keys)).toEqual({ kind: 'proven' })
  })

  test('one with another secret, or altered after it was signed, is refused', () => {
    expect(verify(post(body, { authorization: 'Bearer other' }), keys)).toMatchObject({ kind: 'refused' })
    const altered = { ...post(body), body: new TextEncoder().encode(JSON.stringify({ ...body, more: 1 })) }
    expect(verify(altered, keys)).toMatchObject({ kind: 'refused' })
  })

  test('one signed with a key that is not published yet makes the list be fetched anew, and is a hint until then', () => {
    const bytes = new TextEncoder().encode(JSON.stringify(body))
    const request = post(body, { 'google-health-api-signature': signed(bytes, 8) })
    expect(fitbit.webhook.publicKeys?.knows(publicKeys, request)).toBe(false)
    expect(fitbit.webhook.publicKeys?.knows(publicKeys, post(body))).toBe(true)
    expect(verify(request, keys)).toEqual({ kind: 'hint' })
    expect(verify(post(body), { ...keys, publicKeys: 'an error page' })).toEqual({ kind: 'hint' })
  })

  test('the handshake wants 201 with the secret and 401 without it', () => {
    const check = { type: 'verification' }
    expect(handshake?.(post(check), keys)).toEqual({ status: 201 })
    expect(handshake?.(post(check, { authorization: '' }), keys)).toEqual({ status: 401 })
    expect(handshake?.(post(body), keys)).toBeUndefined()
  })

  test('a notice says what to read again: whose, which type, which stretch; one object or a list of them', () => {
    const expected = {
      account: '111222333444555666',
      kind: 'changed',
      feed: 'sleep',
      window: { from: at('2026-11-11T22:18:30Z'), to: at('2026-11-12T05:49:30Z') + 1 },
    }
    expect(read(post(body))).toMatchObject([expected])
    expect(read(post([body, body]))).toMatchObject([expected, expected])
    expect(read({ ...post(body), at: 59_000 })).toEqual(read(post(body)))
    // A correction is told in the same words as what it corrects.
    expect(read({ ...post(body), at: 3_600_000 })[0]?.id).not.toBe(read(post(body))[0]?.id)
  })

  test('a type that is not read is no notice; what is not JSON is refused', () => {
    expect(read(post({ data: { healthUserId: '1', dataType: 'blood-pressure' } }))).toEqual([])
    expect(read(post({ data: { healthUserId: '1', dataType: 'sedentary-period' } }))).toMatchObject([{ feed: 'days' }])
    expect(read(post({ data: { healthUserId: '1', dataType: 'steps' } }))).toMatchObject([{ feed: 'steps' }])
    expect(read(post({ data: { healthUserId: '1', dataType: 'total-calories' } }))).toMatchObject([{ feed: 'days' }])
    expect(() => read(post('<html>'))).toThrow('not JSON')
  })
})

describe('subscribing', () => {
  const { subscribe } = fitbit.webhook
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const account = {
    client_email: 'hub@p.iam.example',
    private_key: privateKey.export({ type: 'pkcs8', format: 'pem' }),
  }
  const extra = { project_number: '123', service_account: JSON.stringify(account) }
  const app = { clientId: 'c', clientSecret: 's', extra }
  const keys: HookKeys = { app, secret: 'random', now: Date.UTC(2026, 10, 28) }
  const url = 'https://hub.example/hooks/fitbit/random'

  test('a subscriber is made once, in the name of the service account, and taken away again', async () => {
    const sent: { headers: Headers; body: string }[] = []
    const http = testHttp(fitbit, async (request) => {
      sent.push({ headers: request.headers, body: await request.text() })
      return request.url.endsWith('/token')
        ? Response.json({ access_token: 'service' })
        : Response.json({ name: 'operations/1' })
    })
    const kept = (await subscribe?.begin(http, url, keys)) ?? {}
    expect(kept['subscriber']).toMatch(/^projects\/123\/subscribers\/[a-z][a-z0-9-]{2,34}[a-z0-9]$/)
    const [token, made] = sent as [(typeof sent)[0], (typeof sent)[0]]
    const [header, claims, signature] = (new URLSearchParams(token.body).get('assertion') ?? '').split('.')
    expect(JSON.parse(Buffer.from(claims ?? '', 'base64url').toString())).toMatchObject({
      iss: 'hub@p.iam.example',
      iat: 1_795_824_000,
      exp: 1_795_827_600,
    })
    expect(
      verifySignature(
        'sha256',
        Buffer.from(`${header}.${claims}`),
        publicKey,
        Buffer.from(signature ?? '', 'base64url'),
      ),
    ).toBe(true)
    expect(made.headers.get('authorization')).toBe('Bearer service')
    expect(JSON.parse(made.body)).toMatchObject({
      endpointUri: url,
      subscriberConfigs: [{ subscriptionCreatePolicy: 'AUTOMATIC' }],
      endpointAuthorization: { secret: 'Bearer random' },
    })
    await subscribe?.end(http, kept, keys)
    expect(http.requests.at(-1)).toBe(`DELETE /v4/${kept['subscriber']}?force=true`)
  })

  test('one that is there already is the same one', async () => {
    const http = testHttp(fitbit, (request) =>
      request.url.endsWith('/token')
        ? Response.json({ access_token: 'a' })
        : Response.json({ error: {} }, { status: 409 }),
    )
    expect(await subscribe?.begin(http, url, keys)).toEqual(await subscribe?.begin(http, url, keys))
  })

  test('without a service account the operator does it by hand; a key that is none is not shown in the error', async () => {
    const http = testHttp(fitbit, answers({}))
    expect(await subscribe?.begin(http, url, { ...keys, app: { ...app, extra: {} } })).toEqual({})
    await subscribe?.end(http, {}, keys)
    const bad = { ...app, extra: { ...extra, service_account: 'very private' } }
    const failed = subscribe?.begin(http, url, { ...keys, app: bad })
    await expect(failed).rejects.toThrow('is not the JSON file')
    await expect(failed).rejects.not.toThrow('very private')
    expect(http.requests).toEqual([])
  })

  test('notices are asked for types that are read', () => {
    const body = { data: { healthUserId: '1', dataType: '' } }
    for (const dataType of notifying) {
      const bytes = new TextEncoder().encode(JSON.stringify({ data: { ...body.data, dataType } }))
      const request: HookRequest = { method: 'POST', headers: {}, query: new URLSearchParams(), body: bytes, at: 0 }
      expect(fitbit.webhook.read(request)).toHaveLength(1)
    }
  })
})
