import { expect, test } from 'vitest'
import { secondsLeft } from './import-answer.ts'

const resumed = new Date('2025-05-05T10:00:00Z')
const reading = { status: 'reading' as const, bytes: 250, bytes_total: 1_000, resumed_at: resumed, resumed_bytes: 0 }
const after = (seconds: number) => resumed.getTime() + seconds * 1_000

test('what is left takes as long for each byte as what is done', () => {
  expect(secondsLeft(reading, after(10))).toBe(30)
  expect(secondsLeft({ ...reading, bytes: 1_000 }, after(10))).toBe(0)
})

test('a pause between two workers does not count as reading', () => {
  expect(secondsLeft({ ...reading, bytes: 600, resumed_bytes: 500 }, after(10))).toBe(40)
})

test('nothing is foretold before something was read, nor when it is over', () => {
  expect(secondsLeft({ ...reading, bytes: 0 }, after(10))).toBeNull()
  expect(secondsLeft({ ...reading, bytes: 500, resumed_bytes: 500 }, after(10))).toBeNull()
  expect(secondsLeft({ ...reading, status: 'done', bytes: 1_000 }, after(10))).toBeNull()
  expect(secondsLeft({ ...reading, status: 'queued', bytes: 0, resumed_at: null }, after(10))).toBeNull()
})
