import { expect, test } from 'vitest'
import { createFormat, duration, hoursAndMinutes, pace } from './format.ts'

const metric = createFormat({ locale: 'en-GB', timeZone: 'UTC', units: 'metric' })
const imperial = createFormat({ locale: 'en-US', timeZone: 'America/New_York', units: 'imperial' })
const plain = (words: string) => words.replaceAll('\u00a0', ' ')

test('a distance is read in kilometres or miles, a short one in metres', () => {
  expect(plain(metric.total('distance', 88_802))).toBe('88.8 km')
  expect(plain(imperial.total('distance', 88_802))).toBe('55.18 mi')
  expect(plain(metric.total('distance', 67.85))).toBe('68 m')
})

test('speed, weight, temperature and height follow the chosen units', () => {
  expect(plain(metric.total('speed_avg', 8.3))).toBe('29.9 km/h')
  expect(plain(imperial.total('speed_avg', 8.3))).toBe('18.6 mph')
  expect(plain(imperial.value('body_mass', 74))).toBe('163.1 lb')
  expect(plain(imperial.value('body_temperature', 37))).toBe('98.6 °F')
  expect(plain(imperial.total('elevation_gain', 299))).toBe('981 ft')
})

test('a difference of temperature gains no 32 degrees', () => {
  expect(plain(imperial.value('skin_temperature_deviation', 0.5))).toBe('0.9 °F')
})

test('a percentage stands close to its sign, a score alone', () => {
  expect(metric.value('spo2', 97.4)).toBe('97.4%')
  expect(metric.value('stress_score', 40)).toBe('40')
})

test('lengths of time are read as a clock would say them', () => {
  expect([5, 245, 3_723, 36_000].map(duration)).toEqual(['0:05', '4:05', '1:02:03', '10:00:00'])
})

test('sleep is told in hours and minutes, a workout as on a stop watch', () => {
  expect(metric.total('sleep_total', 24_060)).toBe('6 h 41 min')
  expect(metric.total('moving_duration', 24_060)).toBe('6:41:00')
  expect([40, 240, 7_200].map(hoursAndMinutes)).toEqual(['40 s', '4 min', '2 h'])
})

test('pace is minutes for a kilometre or a mile, and nothing while standing', () => {
  expect(pace(2.5, 'metric')).toBe('6:40 /km')
  expect(pace(2.5, 'imperial')).toBe('10:44 /mi')
  expect(pace(0, 'metric')).toBeUndefined()
})

test('the past is told from now', () => {
  const now = Date.UTC(2026, 0, 2, 12)
  expect(metric.since(now - 5 * 60_000, now)).toBe('5 minutes ago')
  expect(metric.since(now - 26 * 3_600_000, now)).toBe('yesterday')
  expect(metric.since(now + 12 * 60_000, now)).toBe('in 12 minutes')
})

test('a session is dated by the clock on the wall where it happened', () => {
  const now = Date.UTC(2026, 5, 1)
  expect(metric.longDateTime('2026-03-01T01:30:00Z', -420, now)).toBe('Sat 28 Feb, 18:30')
  expect(metric.longDateTime('2017-06-11T14:32:51Z', null, now)).toContain('2017')
})

test('bytes are told in the largest unit that fits', () => {
  expect([999, 36_400, 5_200_000, 3_000_000_000].map(metric.bytes)).toEqual(['999 bytes', '36.4 kB', '5.2 MB', '3 GB'])
})

test('nothing below zero is no minus', () => {
  expect(createFormat({ locale: 'en-GB', timeZone: 'UTC', units: 'metric' }).number(-0.04, 1)).toBe('0')
})
