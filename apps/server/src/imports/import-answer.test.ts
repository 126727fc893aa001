import { expect, test } from 'vitest'
import { secondsLeft } from './import-answer.ts'

const started = new Date('2025-05-05T10:00:00Z')
const reading = {
  user_id: '',
  import_id: '',
  status: 'reading' as const,
  bytes_total: 1_000,
  created_at: started,
  started_at: started,
  finished_at: null,
}
const after = (seconds: number) => started.getTime() + seconds * 1_000

test('what is left takes as long for each byte as what is done', () => {
  expect(secondsLeft(reading, 250, after(10))).toBe(30)
  expect(secondsLeft(reading, 1_000, after(10))).toBe(0)
})

test('nothing is foretold before something was read, nor when it is over', () => {
  expect(secondsLeft(reading, 0, after(10))).toBeNull()
  expect(secondsLeft({ ...reading, status: 'done' }, 1_000, after(10))).toBeNull()
  expect(secondsLeft({ ...reading, status: 'queued', started_at: null }, 0, after(10))).toBeNull()
})
