import { randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { keyIdOf, openRecord, SealError, sealRecord } from './seal-record.ts'

const key = randomBytes(32)

test('what is sealed opens to the same text, at its place and with its key', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.string(), (text, place) => {
      expect(openRecord(key, place, sealRecord(key, 'k1', place, text)).toString('utf8')).toBe(
        Buffer.from(text).toString('utf8'),
      )
    }),
  )
})

test('the record says its version and its key, and never looks the same twice', () => {
  const record = sealRecord(key, 'k1', 'here', 'secret')
  expect(record).toMatch(/^v1\.k1\.[\w-]{16}\.[\w-]{8}\.[\w-]{22}$/)
  expect(keyIdOf(record)).toBe('k1')
  expect(sealRecord(key, 'k1', 'here', 'secret')).not.toBe(record)
})

test('it opens nowhere else, with no other key, and not when a single bit was changed', () => {
  const record = sealRecord(key, 'k1', 'here', 'a secret of some length')
  expect(() => openRecord(key, 'there', record)).toThrow(SealError)
  expect(() => openRecord(randomBytes(32), 'here', record)).toThrow(SealError)
  expect(() => openRecord(key, 'here', record.replace('.k1.', '.k2.'))).toThrow(SealError)
  expect(() => openRecord(key, 'here', record.replace('v1', 'v2'))).toThrow(SealError)
  expect(() => openRecord(key, 'here', record.slice(0, -6))).toThrow(SealError)
  const parts = record.split('.')
  for (const part of [2, 3, 4]) {
    const bytes = Buffer.from(parts[part] ?? '', 'base64url')
    for (let bit = 0; bit < bytes.length * 8; bit++) {
      const changed = Buffer.from(bytes)
      changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7))
      const forged = parts.with(part, changed.toString('base64url')).join('.')
      expect(() => openRecord(key, 'here', forged)).toThrow(SealError)
    }
  }
})
