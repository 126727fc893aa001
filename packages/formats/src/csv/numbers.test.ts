import fc from 'fast-check'
import { expect, test } from 'vitest'
import { isEmptyCell, readCell } from './numbers.ts'

test.each([
  ['72.5', '.', 72.5, ''],
  ['72,5', ',', 72.5, ''],
  [' -1,5 ', ',', -1.5, ''],
  ['−3', '.', -3, ''],
  ['1,234.5', '.', 1234.5, ''],
  ['1.234,5', ',', 1234.5, ''],
  ['12 345', '.', 12345, ''],
  ['12\u202f345,5', ',', 12345.5, ''],
  ["1'234'567.8", '.', 1234567.8, ''],
  ['1e3', '.', 1000, ''],
  ['.5', '.', 0.5, ''],
  ['5.', '.', 5, ''],
  ['72,5 kg', ',', 72.5, 'kg'],
  ['97%', '.', 97, '%'],
  ['5 mmol/L', '.', 5, 'mmol/L'],
] as const)('“%s” with the decimal sign %s', (text, decimal, value, unit) => {
  expect(readCell(text, decimal)).toEqual({ value, unit })
})

test.each([
  ['', '.'],
  ['kg', '.'],
  ['1,5', '.'], // with points as decimal signs this is neither 15 nor 1.5
  ['1.5', ','],
  ['1.2.3', '.'],
  ['12:30', ','],
  ['--5', '.'],
  ['1e999', '.'],
] as const)('“%s” with the decimal sign %s is no number, or has a unit that nobody knows', (text, decimal) => {
  const found = readCell(text, decimal)
  expect(found === undefined || found.unit.startsWith(':')).toBe(true)
})

test('what people write for nothing is nothing', () => {
  expect(['', ' ', '-', '--', 'n/a', 'NaN', 'null'].every(isEmptyCell)).toBe(true)
  expect(['0', '-1', 'none of it'].some(isEmptyCell)).toBe(false)
})

test('any number comes back from either way of writing it', () => {
  fc.assert(
    fc.property(fc.double({ noNaN: true, min: -1e12, max: 1e12 }), (value) => {
      const text = String(value)
      expect(readCell(text, '.')?.value).toBe(value)
      expect(readCell(text.replace('.', ','), ',')?.value).toBe(value)
    }),
  )
  fc.assert(
    fc.property(fc.integer({ min: -1e9, max: 1e9 }), fc.integer({ min: 0, max: 99 }), (whole, cents) => {
      const value = Number(`${whole}.${String(cents).padStart(2, '0')}`)
      const format = (locale: string) => new Intl.NumberFormat(locale, { minimumFractionDigits: 2 }).format(value)
      expect(readCell(format('en-US'), '.')?.value).toBe(value)
      expect(readCell(format('de-DE'), ',')?.value).toBe(value)
      expect(readCell(format('fr-FR'), ',')?.value).toBe(value)
      expect(readCell(format('de-CH'), '.')?.value).toBe(value)
    }),
  )
})
