import { beforeAll, describe, expect, it } from 'vitest'
import type { CloudOptions } from './cloud.ts'
import { clouds } from './index.ts'
import { VirtualClock } from './kit/clock.ts'
import { Measured } from './kit/measured.ts'
import { accountAt, type CloudPerson, peopleOf } from './people-of.ts'

const until = Date.parse('2026-11-10T20:00:00Z')

describe('people with accounts at several brands', () => {
  let people: CloudPerson[]
  beforeAll(() => {
    people = peopleOf(3, { until, days: 7 })
  })
  const seen = (brand: string, person = people[0]) =>
    new Measured(person?.timeZone ?? '', person?.recordings[brand] ?? [])

  it('are three, in three zones, and nothing of them is later than now', () => {
    expect(people.map(({ name, timeZone }) => [name, timeZone])).toEqual([
      ['Mira Lind', 'Europe/Stockholm'],
      ['Jonas Weber', 'Europe/Berlin'],
      ['Aiko Tan', 'America/Los_Angeles'],
    ])
    for (const person of people)
      for (const brand of Object.keys(person.recordings)) {
        const { t } = seen(brand, person).column('heart_rate')
        expect(t.at(-1) ?? 0).toBeLessThanOrEqual(until)
        for (const { reading } of seen(brand, person).sessions('sleep')) expect(reading.end).toBeLessThanOrEqual(until)
      }
  })

  it('the same workout comes through several brands, a little later and a little longer', () => {
    const [watch] = seen('garmin').sessions('workout')
    const [copy] = seen('strava').sessions('workout')
    const [other] = seen('polar').sessions('workout')
    expect(copy?.reading.start).toBe(watch?.reading.start)
    expect(other?.reading.start).toBe((watch?.reading.start ?? 0) + 5_000)
    const metres = (totals?: Record<string, number>) => totals?.['distance'] ?? 0
    const withWay = seen('garmin')
      .sessions('workout')
      .findIndex(({ reading }) => metres(reading.totals) > 0)
    const [a, b] = ['garmin', 'polar'].map((brand) => metres(seen(brand).sessions('workout')[withWay]?.reading.totals))
    expect((b ?? 0) / (a ?? 1)).toBeCloseTo(1.012, 4)
    const track = other?.reading.track
    if (track) expect(track.t[0]).toBeGreaterThanOrEqual(other?.reading.start ?? 0)
  })

  it('two things worn at night see other nights, and no stage begins before its night', () => {
    const [ring, strap] = ['oura', 'whoop'].map((brand) => seen(brand).sessions('sleep')[0]?.reading)
    expect((ring?.start ?? 0) - (strap?.start ?? 0)).toBe(90_000)
    for (const { reading } of seen('oura').sessions('sleep'))
      expect(Math.min(...reading.parts.map(({ start }) => start))).toBeGreaterThanOrEqual(reading.start)
    expect(seen('oura').day('resting_heart_rate', '2026-11-08')).toBe(
      (seen('whoop').day('resting_heart_rate', '2026-11-08') ?? 0) - 2,
    )
  })

  it('have training planned for the days to come, at the two brands with a calendar', () => {
    const plansAt = (brand: string) =>
      seen(brand)
        .sessions('workout')
        .map(({ reading }) => reading)
        .filter(({ extra }) => extra?.['planned'] === true)
    expect(plansAt('intervals').length).toBeGreaterThan(3)
    expect(plansAt('wahoo')).toEqual(plansAt('intervals'))
    expect(plansAt('strava')).toEqual([])
    for (const { start, end, totals } of plansAt('intervals')) {
      expect(start).toBeGreaterThan(until)
      expect(start).toBeLessThan(until + 11 * 86_400_000)
      expect([end > start, start % 900_000, totals]).toEqual([true, 0, {}])
    }
  })

  it.each(Object.entries(clouds))('%s takes them all, with records that JSON can say', async (id, make) => {
    const options: CloudOptions = { clock: new VirtualClock(until), seed: 1, origin: 'https://cloud.example' }
    const cloud = make(options)
    for (const person of people) expect(cloud.addAccount(accountAt(person, id))).not.toBe('')
    expect(people[0]?.recordings[id]?.length).toBeGreaterThan(0)
  })

  it('a sensor tells glucose every five minutes, that rises after meals and seldom leaves the usual range', () => {
    for (const brand of ['dexcom', 'ultrahuman']) {
      const { t, v } = seen(brand).column('blood_glucose')
      expect(t.length).toBeGreaterThan(6.5 * 288)
      expect(v.filter((value) => value >= 3.9 && value <= 10).length / v.length).toBeGreaterThan(0.97)
      expect([Math.min(...v) > 3, Math.max(...v) < 13, Math.max(...v) > 7.5]).toEqual([true, true, true])
      const jumps = v.map((value, i) => (t[i] === (t[i - 1] ?? 0) + 300_000 ? Math.abs(value - (v[i - 1] ?? 0)) : 0))
      expect(Math.max(...jumps)).toBeLessThan(1)
    }
    const { t } = seen('dexcom').column('carbohydrates_intake')
    expect(t.length).toBeGreaterThan(10)
    const of = (from: number, to: number) => {
      const { v } = seen('dexcom').between('blood_glucose', from, to)
      return v.reduce((sum, value) => sum + value, 0) / v.length
    }
    const rises = t
      .map((at) => of(at + 1_800_000, at + 4_200_000) - of(at - 1_200_000, at))
      .filter((x) => !Number.isNaN(x))
    expect(rises.filter((rise) => rise > 0.3).length / rises.length).toBeGreaterThan(0.8)
  })

  it('the same seed is the same people, another seed others', () => {
    const weights = (seed: number) =>
      new Measured('UTC', peopleOf(seed, { until, days: 2 })[0]?.recordings['withings'] ?? []).column('steps').v
    expect(weights(3)).toEqual(weights(3))
    expect(weights(4)).not.toEqual(weights(3))
  })
})
