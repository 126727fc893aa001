import { runs } from '@tributary/protocol/testing'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { cleanFileName } from './file-name.ts'

test.each([
  ['ride.fit', 'ride.fit'],
  ['../../etc/passwd', 'passwd'],
  ['C:\\Users\\me\\Пробежка 5 км.gpx', 'Пробежка 5 км.gpx'],
  ['..', 'unnamed'],
  ['', 'unnamed'],
  [undefined, 'unnamed'],
  ['a\r\nSet-Cookie: x.fit', 'aSet-Cookie: x.fit'],
  ['ride\u202Etif.exe', 'ridetif.exe'],
  ['zero\0.fit', 'zero.fit'],
])('a file sent as %j is shown as %j', (sent, shown) => {
  expect(cleanFileName(sent)).toBe(shown)
})

test('no name keeps a path, a control character or more than 255 characters', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (sent) => {
      const name = cleanFileName(sent)
      expect(name).toMatch(/^[^/\\\p{Cc}]+$/u)
      expect([...name].length).toBeLessThanOrEqual(255)
      expect(name.isWellFormed()).toBe(true)
    }),
    { numRuns: runs(60) },
  )
})
