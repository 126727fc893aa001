import { hkdfSync } from 'node:crypto'
import { SignJWT, UnsecuredJWT } from 'jose'
import { expect, test } from 'vitest'
import { turnedClock } from '../../test/turned-clock.ts'
import { createAccessTokens } from './access-token.ts'

const secret = 'a secret of at least thirty-two characters'
const clock = turnedClock(Date.UTC(2026, 0, 1))
const tokens = createAccessTokens(secret, clock)
const userId = '0194fdc2-fa2f-7cc0-81d3-ff12045b73c8'
const signInId = '0194fdc2-fa2f-7cc0-81d3-ff12045b73c9'
const now = Math.floor(clock.now() / 1_000)
const realKey = new Uint8Array(hkdfSync('sha256', secret, '', 'tributary access token v1', 32))

/** A token like ours, but for one thing. */
function forge({ key = realKey, header = {}, claims = {} }: { key?: Uint8Array; header?: object; claims?: object }) {
  const payload = {
    sub: userId,
    sid: signInId,
    iss: 'tributary',
    aud: 'tributary',
    iat: now,
    exp: now + 900,
    ...claims,
  }
  return new SignJWT(payload).setProtectedHeader({ alg: 'HS256', typ: 'at+jwt', ...header }).sign(key)
}

test('a token that we made is read for fifteen minutes', async () => {
  const token = await tokens.make(userId, signInId)
  expect(await tokens.read(token)).toEqual({ userId, signInId, expiresAtMs: (now + 900) * 1_000 })
  const later = turnedClock(clock.now() + 900_000)
  await expect(createAccessTokens(secret, later).read(token)).rejects.toMatchObject({ code: 'token_invalid' })
})

test('the forger below makes a token that is taken when nothing is wrong with it', async () => {
  expect(await tokens.read(await forge({}))).toMatchObject({ userId })
})

const unsigned = new UnsecuredJWT({ sid: signInId })
  .setSubject(userId)
  .setIssuer('tributary')
  .setAudience('tributary')
  .setIssuedAt(now)
  .setExpirationTime(now + 900)
  .encode()
const swap = async (part: number, change: (text: string) => string) => {
  const parts = (await forge({})).split('.')
  const decoded = Buffer.from(parts[part] ?? '', 'base64url').toString()
  parts[part] = Buffer.from(change(decoded)).toString('base64url')
  return parts.join('.')
}

test.each<[string, () => string | Promise<string>]>([
  ['no signature (alg none)', () => unsigned],
  ['alg none written over a real signature', () => swap(0, (header) => header.replace('HS256', 'none'))],
  ['another key', () => forge({ key: new Uint8Array(32) })],
  ['the secret itself for key', () => forge({ key: new TextEncoder().encode(secret) })],
  ['an empty key', () => forge({ key: new Uint8Array(1) })],
  ['another algorithm with the right key', () => forge({ header: { alg: 'HS512' }, key: new Uint8Array(64).fill(1) })],
  ['another type', () => forge({ header: { typ: 'JWT' } })],
  ['no type', () => forge({ header: { typ: undefined } })],
  ['another audience', () => forge({ claims: { aud: 'elsewhere' } })],
  ['another issuer', () => forge({ claims: { iss: 'elsewhere' } })],
  ['an end in the past', () => forge({ claims: { exp: now - 1 } })],
  ['no end', () => forge({ claims: { exp: undefined } })],
  ['a start in the future', () => forge({ claims: { nbf: now + 60 } })],
  ['no sign-in', () => forge({ claims: { sid: undefined } })],
  ['a sign-in that is no text', () => forge({ claims: { sid: 7 } })],
  ['another person written over a real signature', () => swap(1, (claims) => claims.replace(userId, signInId))],
  [
    'another sign-in written over a real signature',
    () => swap(1, (claims) => claims.replace(`"sid":"${signInId}"`, `"sid":"${userId}"`)),
  ],
  [
    'a key to be fetched from its header',
    () => forge({ header: { jku: 'https://elsewhere.example/keys' }, key: new Uint8Array(32) }),
  ],
  [
    'a critical extension nobody knows',
    async () =>
      (await forge({})).replace(
        /^[^.]+/,
        Buffer.from('{"alg":"HS256","typ":"at+jwt","crit":["x"],"x":1}').toString('base64url'),
      ),
  ],
  ['nothing', () => ''],
  ['no token at all', () => 'hello'],
  ['four parts', async () => `${await forge({})}.x`],
])('a token with %s is refused', async (_what, make) => {
  await expect(tokens.read(await make())).rejects.toMatchObject({ code: 'token_invalid', status: 401 })
})
