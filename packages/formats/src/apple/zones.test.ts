import { expect, test } from 'vitest'
import { NamedZones } from './zones.ts'

const zones = new NamedZones()

test.each([
  ['Europe/Madrid', '2024-03-31T00:59:59Z', 60],
  ['Europe/Madrid', '2024-03-31T01:00:00Z', 120],
  ['America/St_Johns', '2026-01-01T00:00:00Z', -210],
  ['Asia/Kolkata', '2026-01-01T00:00:00Z', 330],
  ['Australia/Lord_Howe', '2026-01-01T00:00:00Z', 660],
  ['Australia/Lord_Howe', '2026-07-01T00:00:00Z', 630],
  ['UTC', '2026-07-01T00:00:00Z', 0],
  ['GMT', '2026-07-01T00:00:00Z', 0],
  ['GMT+0200', '2026-07-01T00:00:00Z', 120],
  ['GMT-03:30', '2026-07-01T00:00:00Z', -210],
  ['Nowhere/Land', '2026-07-01T00:00:00Z', undefined],
  ['', '2026-07-01T00:00:00Z', undefined],
  ['x'.repeat(1000), '2026-07-01T00:00:00Z', undefined],
])('%s at %s is %s minutes east of UTC', (zone, time, minutes) => {
  expect(zones.offsetAt(zone, Date.parse(time))).toBe(minutes)
  expect(zones.offsetAt(zone, Date.parse(time))).toBe(minutes)
})
