import { expect, test } from 'vitest'
import { planUploads } from './plan-uploads.ts'

const file = (name: string, size: number) => ({ name, size }) as File
const many = (count: number, size: number) => Array.from({ length: count }, (_, i) => file(`${i}.fit`, size))

test('two thousand and one small files are three forms, none lost', () => {
  const { together } = planUploads(many(2_001, 100))
  expect(together.map(({ length }) => length)).toEqual([1_000, 1_000, 1])
})

test('a form never grows beyond what the server takes', () => {
  const { together } = planUploads(many(100, 7_000_000))
  expect(together.flat()).toHaveLength(100)
  for (const form of together) expect(form.reduce((sum, { size }) => sum + size, 0)).toBeLessThan(512_000_000)
})

test('a large file goes alone', () => {
  const { together, alone } = planUploads([file('a.fit', 10), file('export.zip', 9_000_000)])
  expect(together).toEqual([[file('a.fit', 10)]])
  expect(alone).toEqual([file('export.zip', 9_000_000)])
})

test('what only the operating system reads stays where it is, and is counted', () => {
  const plan = planUploads([file('.DS_Store', 10), file('Thumbs.db', 10), file('ride.fit', 10)])
  expect(plan).toEqual({ together: [[file('ride.fit', 10)]], alone: [], leftOut: 2 })
})
