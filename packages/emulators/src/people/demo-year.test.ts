import { createHash } from 'node:crypto'
import { catalogue, isMetric, type MetricId, type SeriesReading, type SessionReading } from '@tributary/protocol'
import { beforeAll, describe, expect, test } from 'vitest'
import { type DemoBatch, demoBatches, demoYear } from './demo-year.ts'
import { dayMs, localDate, minuteMs } from './local-time.ts'

const until = Date.parse('2026-11-28T16:00:00Z')
const timeZone = 'Europe/Lisbon'

let batches: DemoBatch[]
beforeAll(() => {
  batches = [...demoYear({ until, timeZone })]
})

const series = (source: string, metric: string): SeriesReading[] =>
  batches.flatMap((batch) =>
    batch.source === source
      ? batch.readings.filter((r): r is SeriesReading => r.kind === 'series' && r.metric === metric)
      : [],
  )

const sessions = (source: string): SessionReading[] =>
  batches.flatMap((batch) => (batch.source === source ? batch.sessions : []))

/** Sums by local date, by the offsets that stand beside the values. */
function sums(source: string, metric: string): Map<string, number> {
  const days = new Map<string, number>()
  for (const { t, v, offsets } of series(source, metric))
    for (let i = 0; i < t.length; i++) {
      const date = new Date((t[i] ?? 0) + (offsets?.[i] ?? 0) * minuteMs).toISOString().slice(0, 10)
      days.set(date, (days.get(date) ?? 0) + (v[i] ?? 0))
    }
  return days
}

function statedDays(metric: string): Map<string, number> {
  return new Map(
    batches.flatMap(({ readings }) =>
      readings.flatMap((r) => (r.kind === 'day' && r.metric === metric ? [[r.date, r.value] as const] : [])),
    ),
  )
}

const mean = (list: Iterable<number>) => {
  const all = [...list]
  return all.reduce((sum, x) => sum + x, 0) / all.length
}
const dateBack = (days: number) => localDate(timeZone, until - days * dayMs)
const within = (days: Map<string, number>, back: number, length: number) =>
  [...days].filter(([date]) => date >= dateBack(back) && date < dateBack(back - length)).map(([, value]) => value)

test('the same question gets the same year, to the last bit, and another zone another one', () => {
  const hashOf = (year: Iterable<DemoBatch>) => {
    const hash = createHash('sha256')
    for (const { readings, sessions: all } of year) {
      for (const r of readings) {
        if (r.kind === 'series') hash.update(r.metric).update(r.t).update(r.v)
        else hash.update(JSON.stringify(r))
      }
      for (const { track, streams, ...rest } of all) {
        hash.update(JSON.stringify(rest))
        if (track) hash.update(track.lat).update(track.lon)
        if (streams) for (const { v } of Object.values(streams)) hash.update(v)
      }
    }
    return hash.digest('hex')
  }
  const first = hashOf(batches)
  expect(hashOf(demoYear({ until, timeZone }))).toBe(first)
  expect(hashOf(demoYear({ until, timeZone: 'America/New_York' }))).not.toBe(first)
})

test('it comes in as many batches as said, none of which is large', () => {
  expect(batches).toHaveLength(demoBatches)
  expect(Math.max(...batches.map(({ samples }) => samples))).toBeLessThan(50_000)
  expect(batches.reduce((sum, { samples }) => sum + samples, 0)).toBeGreaterThan(700_000)
})

test('nothing is later than the moment asked for, and the year reaches back a year', () => {
  let [first, last] = [Number.POSITIVE_INFINITY, 0]
  for (const { readings } of batches)
    for (const r of readings)
      if (r.kind === 'series')
        for (let i = 0; i < r.t.length; i++) {
          first = Math.min(first, r.t[i] ?? 0)
          last = Math.max(last, (r.t[i] ?? 0) + (r.durations?.[i] ?? 0))
        }
  for (const { sessions: all } of batches) for (const { end } of all) last = Math.max(last, end)
  expect(last).toBeLessThanOrEqual(until)
  expect(last).toBeGreaterThan(until - 60 * minuteMs)
  expect(first).toBeLessThan(until - 363 * dayMs)
})

test('every value lies within what the catalogue calls plausible, also as an amount in its time', () => {
  const perMs = { s: 1 / 1_000, min: 1 / 60_000, h: 1 / 3_600_000, day: 1 / dayMs }
  const wrong: string[] = []
  for (const { readings } of batches)
    for (const r of readings) {
      if (r.kind !== 'series' && r.kind !== 'day') continue
      expect(isMetric(r.metric), r.metric).toBe(true)
      const { flag, flagRate } = catalogue[r.metric as MetricId]
      for (const [i, value] of (r.kind === 'day' ? [r.value] : r.v).entries()) {
        const length = r.kind === 'series' ? (r.durations?.[i] ?? 0) : 0
        const tooFast = flagRate && length > 0 && value / length > flagRate[0] * perMs[flagRate[1]]
        if (!Number.isFinite(value) || (flag && (value < flag[0] || value > flag[1])) || tooFast)
          wrong.push(`${r.metric} ${value}`)
      }
    }
  expect(wrong).toEqual([])
})

test('days add up to what people do: steps, energy, and never more than the catalogue allows', () => {
  const steps = sums('watch', 'steps')
  expect(mean(steps.values())).toBeGreaterThan(7_000)
  expect(mean(steps.values())).toBeLessThan(14_000)
  expect(Math.max(...steps.values())).toBeLessThan(45_000)
  const basal = sums('watch', 'energy_basal')
  expect(mean(basal.values())).toBeGreaterThan(1_300)
  expect(mean(basal.values())).toBeLessThan(1_800)
})

test('watch and phone count the same walks differently, and neither is always right', () => {
  const watch = sums('watch', 'steps')
  const phone = sums('phone', 'steps')
  const both = [...watch.keys()].filter((date) => phone.has(date))
  expect(both.length).toBeGreaterThan(300)
  expect(both.every((date) => watch.get(date) !== phone.get(date))).toBe(true)
  expect(mean(both.map((date) => (phone.get(date) ?? 0) / (watch.get(date) ?? 1)))).toBeLessThan(0.98)
  // The watch lay at home, the phone went along.
  expect([...phone.keys()].filter((date) => !watch.has(date)).length).toBeGreaterThan(4)
})

test('scale and typed weights disagree by the clothes', () => {
  const byHand = series('phone', 'body_mass')
  expect(byHand.every(({ method }) => method === 'manual')).toBe(true)
  const difference =
    mean(byHand.flatMap(({ v }) => [...v])) - mean(series('scale', 'body_mass').flatMap(({ v }) => [...v]))
  expect(difference).toBeGreaterThan(0.3)
})

describe('the illness week', () => {
  test('shows in resting heart rate, heart rate variability, temperature and steps', () => {
    const rhr = statedDays('resting_heart_rate')
    expect(mean(within(rhr, 227, 5)) - mean(within(rhr, 250, 20))).toBeGreaterThan(5)
    const warmth = statedDays('skin_temperature_deviation')
    expect(mean(within(warmth, 227, 4))).toBeGreaterThan(0.7)
    const steps = sums('watch', 'steps')
    expect(mean(within(steps, 227, 4))).toBeLessThan(0.45 * mean(within(steps, 250, 20)))
    expect(series('phone', 'body_temperature').flatMap(({ v }) => [...v]).length).toBeGreaterThan(8)
  })

  test('has no workout in it', () => {
    const trained = sessions('watch').filter(
      ({ type, start }) => type === 'workout' && start > until - 227 * dayMs && start < until - 223 * dayMs,
    )
    expect(trained).toEqual([])
  })
})

describe('sleep', () => {
  const nights = () => sessions('watch').filter(({ type, isNap }) => type === 'sleep' && !isNap)

  test('has its stages without a gap, and totals that are their sums', () => {
    for (const { start, end, parts, totals } of nights()) {
      expect(parts[0]?.start).toBe(start)
      expect(parts.at(-1)?.end).toBe(end)
      for (const [i, part] of parts.entries()) if (i) expect(part.start).toBe(parts[i - 1]?.end)
      const { sleep_light = 0, sleep_deep = 0, sleep_rem = 0, sleep_total } = totals
      expect(sleep_light + sleep_deep + sleep_rem).toBe(sleep_total)
    }
  })

  test('lasts as long as people sleep, with shares of stages as people have', () => {
    const hours = nights().map(({ totals }) => (totals['sleep_total'] ?? 0) / 3_600)
    expect(mean(hours)).toBeGreaterThan(6.2)
    expect(mean(hours)).toBeLessThan(8.2)
    const share = (stage: string) =>
      mean(nights().map(({ totals }) => (totals[stage] ?? 0) / (totals['sleep_total'] ?? 1)))
    expect(share('sleep_deep')).toBeGreaterThan(0.1)
    expect(share('sleep_deep')).toBeLessThan(0.3)
    expect(share('sleep_rem')).toBeGreaterThan(0.12)
    expect(share('sleep_rem')).toBeLessThan(0.3)
  })

  test('is missing where the watch was, and there are naps', () => {
    expect(nights().length).toBeGreaterThan(330)
    expect(nights().length).toBeLessThan(362)
    expect(sessions('watch').filter(({ isNap }) => isNap).length).toBeGreaterThan(8)
  })
})

test('the journey is felt: twelve days by other clocks, short first nights, many steps', () => {
  const abroad = sessions('watch').filter(({ offset }) => offset === 540)
  const dates = new Set(abroad.map(({ start }) => localDate('Asia/Tokyo', start)))
  expect(dates.size).toBeGreaterThanOrEqual(10)
  expect(dates.size).toBeLessThanOrEqual(14)
  const [first, ...rest] = abroad
    .filter(({ type, isNap }) => type === 'sleep' && !isNap)
    .sort((a, b) => a.start - b.start)
  expect(first?.totals['sleep_total']).toBeLessThan(mean(rest.slice(5).map(({ totals }) => totals['sleep_total'] ?? 0)))
  const run = abroad.find(({ activity }) => activity === 'running')
  expect(run?.track?.lat[0]).toBeCloseTo(35.68, 1)
})

describe('training', () => {
  const workouts = () => sessions('watch').filter(({ type }) => type === 'workout')
  const km = (back: number, days: number) =>
    workouts()
      .filter(
        ({ activity, start }) =>
          activity === 'running' && start >= until - back * dayMs && start < until - (back - days) * dayMs,
      )
      .reduce((sum, { totals }) => sum + (totals['distance'] ?? 0) / 1_000, 0)

  test('three to five times a week, of four kinds', () => {
    const perWeek = (workouts().length * 7) / 365
    expect(perWeek).toBeGreaterThan(2.9)
    expect(perWeek).toBeLessThan(5)
    expect(new Set(workouts().map(({ activity }) => activity))).toEqual(
      new Set(['running', 'cycling', 'swimming_pool', 'strength']),
    )
  })

  test('grows in the block, shrinks in the taper, and ends in a race', () => {
    expect(km(80, 21)).toBeGreaterThan(1.2 * km(125, 21))
    expect(km(58, 12)).toBeLessThan(0.7 * km(78, 12))
    expect(
      Math.max(
        ...workouts()
          .filter(({ activity }) => activity === 'running')
          .map(({ totals }) => totals['distance'] ?? 0),
      ),
    ).toBeGreaterThan(20_000)
  })

  test('has ways that go on at the speed that is stated, laps that cover it, and heart rates of a living person', () => {
    for (const { activity, start, end, totals, track, parts } of workouts()) {
      expect(totals['heart_rate_avg']).toBeGreaterThan(90)
      expect(totals['heart_rate_avg']).toBeLessThan(185)
      if (!track) continue
      const metres = lengthOf(track)
      expect(
        Math.abs(metres - (totals['distance'] ?? 0)) / metres,
        `${activity} ${new Date(start).toISOString()}`,
      ).toBeLessThan(0.06)
      const laps = parts.filter(({ kind }) => kind === 'lap')
      expect(laps[0]?.start).toBe(start)
      expect(end - (laps.at(-1)?.end ?? 0)).toBeLessThanOrEqual(10_000)
    }
  })

  test('some rides are told by the phone as well, a little differently', () => {
    const twice = sessions('phone').filter(({ type }) => type === 'workout')
    const pairs = twice.flatMap(({ start, totals }) => {
      const same = workouts().find((ride) => Math.abs(ride.start - start) < 60_000)
      return same ? [[totals['distance'], same.totals['distance']]] : [] // none where the watch lay at home
    })
    expect(pairs.length).toBeGreaterThan(8)
    for (const [phone, watch] of pairs) expect(phone).not.toBe(watch)
  })

  test('no two sessions of one source have one name', () => {
    for (const source of ['watch', 'phone']) {
      const names = sessions(source).map(({ externalId }) => externalId)
      expect(new Set(names).size).toBe(names.length)
    }
  })
})

test.each(['America/New_York', 'Asia/Tokyo', 'UTC', 'Pacific/Auckland'])(
  'somebody in %s has a year like that too',
  (zone) => {
    const year = [...demoYear({ until, timeZone: zone })]
    const nights = year.flatMap(({ source, sessions: all }) =>
      source === 'watch' ? all.filter(({ type, isNap }) => type === 'sleep' && !isNap) : [],
    )
    expect(nights.length).toBeGreaterThan(325)
    expect(new Set(nights.map(({ offset }) => offset)).size).toBeGreaterThanOrEqual(2)
    for (const [i, night] of nights.entries()) if (i) expect(night.start).toBeGreaterThan(nights[i - 1]?.end ?? 0)
  },
)

function lengthOf({ lat, lon }: { lat: Float64Array; lon: Float64Array }): number {
  let metres = 0
  for (let i = 1; i < lat.length; i++) {
    const north = (lat[i] ?? 0) - (lat[i - 1] ?? 0)
    const east = ((lon[i] ?? 0) - (lon[i - 1] ?? 0)) * Math.cos(((lat[i] ?? 0) * Math.PI) / 180)
    metres += 111_195 * Math.hypot(north, east)
  }
  return metres
}
