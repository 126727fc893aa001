import { expect, test } from 'vitest'
import { awayOffset, offsetWords } from './zone.ts'

test('a day at home needs no zone, in summer and in winter', () => {
  expect(awayOffset({ date: '2026-01-10', start_time: '2026-01-09T23:00:00Z' }, 'Europe/Berlin')).toBeUndefined()
  expect(awayOffset({ date: '2026-07-10', start_time: '2026-07-09T22:00:00Z' }, 'Europe/Berlin')).toBeUndefined()
  expect(awayOffset({ date: '2026-07-10', start_time: '2026-07-10T00:00:00Z' }, 'UTC')).toBeUndefined()
})

test('a day in Tokyo and one in Newfoundland say so', () => {
  const tokyo = awayOffset({ date: '2026-07-10', start_time: '2026-07-09T15:00:00Z' }, 'Europe/Berlin')
  expect(tokyo && offsetWords(tokyo)).toBe('UTC+9')
  const away = awayOffset({ date: '2026-01-10', start_time: '2026-01-10T03:30:00Z' }, 'Europe/Berlin')
  expect(away && offsetWords(away)).toBe('UTC−3:30')
})
