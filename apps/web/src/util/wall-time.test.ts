import { expect, test } from 'vitest'
import { instantOf, offsetOf, offsetWords, wallOf, zoneWords } from './wall-time.ts'

test('an offset is said as people say it', () => {
  expect([540, 0, -210, 330].map(offsetWords)).toEqual(['UTC+9', 'UTC', 'UTC−3:30', 'UTC+5:30'])
})

test('a zone has another offset in summer', () => {
  expect(offsetOf('Europe/Berlin', Date.UTC(2026, 0, 15))).toBe(60)
  expect(offsetOf('Europe/Berlin', Date.UTC(2026, 6, 15))).toBe(120)
  expect(offsetOf('America/St_Johns', Date.UTC(2026, 0, 15))).toBe(-210)
  expect(offsetOf('UTC', 0)).toBe(0)
})

test('what a clock on the wall shows is one instant, in winter, in summer and beside a clock change', () => {
  const instants = ['2026-01-15T07:30', '2026-07-15T07:30', '2026-03-29T01:59', '2026-03-29T03:00', '2026-03-29T02:30']
  expect(instants.map((wall) => instantOf(wall, 'Europe/Berlin').toISOString())).toEqual([
    '2026-01-15T06:30:00.000Z',
    '2026-07-15T05:30:00.000Z',
    '2026-03-29T00:59:00.000Z',
    '2026-03-29T01:00:00.000Z',
    '2026-03-29T01:30:00.000Z',
  ])
  expect(wallOf(Date.parse('2026-07-15T05:30:00Z'), 120)).toBe('2026-07-15T07:30')
})

test('a night at home is told in the time of home, one far away says how far', () => {
  const at = Date.UTC(2026, 0, 15)
  expect(zoneWords(60, 'Europe/Berlin', at)).toBe('Berlin time, UTC+1')
  expect(zoneWords(540, 'Europe/Berlin', at)).toBe('UTC+9, 8 h ahead of Berlin')
  expect(zoneWords(-210, 'America/New_York', at)).toBe('UTC−3:30, 1 h 30 min ahead of New York')
  expect(zoneWords(0, 'UTC', at)).toBe('UTC')
})
