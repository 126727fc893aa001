import fc from 'fast-check'
import { expect, test } from 'vitest'
import { isInstant, isUuid, readCursor, writeCursor } from './cursor.ts'

const id = '019aa0c1-0000-7000-8000-000000000001'

test('a cursor leads back to the key it was made from', () => {
  const key = ['2025-11-02T10:00:00.000Z', id]
  expect(readCursor(writeCursor(key), isInstant, isUuid)).toEqual(key)
})

test('whatever is not one of our cursors is refused as cursor_invalid and nothing else', () => {
  const hostile = fc.oneof(fc.string(), fc.json(), fc.array(fc.string()).map(writeCursor))
  fc.assert(
    fc.property(hostile, (cursor) => {
      expect(() => readCursor(cursor, isInstant, isUuid)).toThrow(expect.objectContaining({ code: 'cursor_invalid' }))
    }),
  )
})
