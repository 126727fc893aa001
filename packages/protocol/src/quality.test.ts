import fc from 'fast-check'
import { expect, test } from 'vitest'
import { qualityAsSent, qualityCode, qualityScore, qualityWords } from './quality.ts'

test('good is 1, fair 0.7, poor 0.4 and unknown has no score', () => {
  const scores = qualityWords.map((word) => qualityScore(qualityCode(word) ?? Number.NaN))
  expect(scores).toEqual([1, 0.7, 0.4, null])
})

test('a word is given back as it was sent', () => {
  for (const word of qualityWords) expect(qualityAsSent(qualityCode(word) ?? Number.NaN)).toBe(word)
})

test('a number of up to six decimals is given back as it was sent', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 1_000_000 }), (millionths) => {
      const sent = Number(`${millionths}e-6`)
      expect(qualityAsSent(qualityCode(sent) ?? Number.NaN)).toBe(sent)
    }),
  )
})

test('the number 1 and the word good stay apart, though they score the same', () => {
  expect(qualityCode(1)).not.toBe(qualityCode('good'))
  expect(qualityAsSent(qualityCode(1) ?? Number.NaN)).toBe(1)
  expect(qualityScore(qualityCode(1) ?? Number.NaN)).toBe(1)
})

test('nothing said is stored as 0 and given back as nothing', () => {
  expect(qualityCode(undefined)).toBe(0)
  expect(qualityCode(null)).toBe(0)
  expect(qualityAsSent(0)).toBeUndefined()
  expect(qualityScore(0)).toBeNull()
})

test('the codes in storage never change', () => {
  expect(['good', 'fair', 'poor', 'unknown', 0, 0.95, 1].map(qualityCode)).toEqual([1, 2, 3, 4, 10, 950_010, 1_000_010])
})

test.each([1.01, -0.01, Number.NaN, Number.POSITIVE_INFINITY, 'excellent', 'GOOD', '', '0.9', true, {}])(
  'a quality of %s is not understood',
  (input) => {
    expect(qualityCode(input)).toBeUndefined()
  },
)
