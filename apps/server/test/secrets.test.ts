import { randomBytes } from 'node:crypto'
import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { searchFor, spellings } from './secrets.ts'

const secret = 'a/secret "with" signs & more+=='
const others = Array.from({ length: 200 }, () => randomBytes(24).toString('base64url'))
const search = searchFor([...others, secret])

test('a secret is found in each of its spellings, anywhere in other bytes', () => {
  expect(spellings(secret).length).toBeGreaterThan(10)
  for (const spelt of spellings(secret)) {
    const bytes = Buffer.concat([randomBytes(5_000), Buffer.from(spelt, 'latin1'), randomBytes(3)])
    expect([spelt, search(bytes)]).toEqual([spelt, [secret]])
    expect(search(Buffer.from(spelt, 'latin1'))).toEqual([secret])
  }
})

test('it is found in what holds it in Base64, in JSON, in a form and in an address, wherever it begins', () => {
  for (let at = 0; at < 3; at++)
    expect(search(Buffer.from(`${'x'.repeat(at)}${secret} and more`).toString('base64url'))).toEqual([secret])
  expect(search(JSON.stringify({ token: secret }))).toEqual([secret])
  expect(search(new URLSearchParams({ token: secret }).toString())).toEqual([secret])
  expect(search(new URL(`https://example.org/?token=${encodeURIComponent(secret)}`).href)).toEqual([secret])
})

test('where it is not, nothing is found: not a part of it, and not what is packed or sealed', () => {
  expect(search(secret.slice(0, -6))).toEqual([])
  expect(search(gzipSync(`${others.join('\n')}\n${others.join('\n')}`))).toEqual([])
  expect(search(randomBytes(1_000_000))).toEqual([])
  expect(search('')).toEqual([])
})
