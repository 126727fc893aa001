import { runs } from '@tributary/protocol/testing'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { MomentReader, momentOf, numberOf } from './read-values.ts'

const number = (text: string) => numberOf(Buffer.from(text), 0, Buffer.byteLength(text))

function moment(text: string) {
  const reader = new MomentReader()
  const bytes = Buffer.from(`xx${text}yy`)
  return reader.read(bytes, 2, bytes.length - 2) ? { t: reader.t, offset: reader.offset } : undefined
}

test('a number from bytes is the number that the language itself reads', () => {
  const texts = fc.oneof(
    fc.double({ noNaN: true, noDefaultInfinity: true }).map(String),
    fc.integer().map(String),
    fc
      .tuple(fc.bigInt({ min: -(10n ** 20n), max: 10n ** 20n }), fc.nat({ max: 999_999_999 }))
      .map(([a, b]) => `${a}.${b}`),
    fc.double({ min: 0, max: 1000, noNaN: true }).map((value) => value.toFixed(5)),
  )
  fc.assert(
    fc.property(texts, (text) => {
      expect(number(text)).toBe(Number(text))
    }),
    { numRuns: runs(5000) },
  )
})

test.each(['', '-', '.', '1.2.3', '0x10', 'NaN', 'Infinity', '1e400', '12a', '1 2', '--1', '9'.repeat(500)])(
  '"%s" is no number',
  (text) => {
    expect(number(text)).toBeNaN()
  },
)

test('a decimal comma is understood', () => {
  expect(number('63,5')).toBe(63.5)
})

test.each([
  ['2026-10-13 08:01:40 +0200', '2026-10-13T06:01:40Z', 120],
  ['2026-10-13 08:01:40 -0330', '2026-10-13T11:31:40Z', -210],
  ['2024-02-29 23:59:59 +0000', '2024-02-29T23:59:59Z', 0],
  ['2026-10-13T08:01:40Z', '2026-10-13T08:01:40Z', 0],
  ['2026-10-13T08:01:40.250+02:00', '2026-10-13T06:01:40.250Z', 120],
])('%s is %s', (text, iso, offset) => {
  expect(moment(text)).toEqual({ t: Date.parse(iso), offset })
})

test.each([
  '2026-02-30 08:00:00 +0200',
  '2026-13-01 08:00:00 +0200',
  '2026-10-13 24:00:00 +0200',
  '2026-10-13 08:60:00 +0200',
  '2026-10-13 08:00:00',
  '2026-10-13',
  'yesterday',
  '2026-10-13 08:01:40 +9900',
  '٢٠٢٦-10-13 08:01:40 +0200',
])('%s is no time', (text) => {
  expect(moment(text)).toBeUndefined()
  expect(momentOf(text)).toBeUndefined()
})

test('the fast way to read a date and the careful one agree, whatever stands there', () => {
  const digits = (count: number) => fc.stringMatching(new RegExp(`^[0-9]{${count}}$`))
  const like = fc
    .tuple(
      fc.constantFrom('19', '20', '99'),
      digits(2),
      fc.nat(14),
      fc.nat(33),
      fc.nat(25),
      fc.nat(61),
      fc.nat(62),
      fc.constantFrom('+', '-', 'x'),
      fc.nat(20),
      fc.nat(61),
    )
    .map(([c, y, mo, d, h, mi, s, sign, oh, om]) => {
      const two = (n: number) => String(n).padStart(2, '0')
      return `${c}${y}-${two(mo)}-${two(d)} ${two(h)}:${two(mi)}:${two(s)} ${sign}${two(oh)}${two(om)}`
    })
  fc.assert(
    fc.property(fc.oneof(like, fc.string({ maxLength: 30 })), (text) => {
      expect(moment(text)).toEqual(momentOf(text))
    }),
    { numRuns: runs(5000) },
  )
})
