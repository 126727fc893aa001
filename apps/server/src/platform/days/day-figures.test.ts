import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { clipPoints, noOffset, type Points, pointsOf } from '../samples/points.ts'
import { type DayFigure, DayFigures, figureOptions } from './day-figures.ts'
import { dateOf, dayOfDate, zoneOf } from './zone.ts'

const hour = 3_600_000
const minute = 60_000
const at = (text: string): number => Date.parse(text)

function figuresOf(metric: 'heart_rate' | 'steps', zone: string, ...parts: Points[]): Record<string, DayFigure> {
  const figures = new DayFigures(figureOptions(metric, zoneOf(zone)))
  for (const points of parts) figures.add(points)
  return Object.fromEntries(figures.finish().map((figure) => [dateOf(figure.day), figure]))
}

/** One value each minute of [from, to). */
const everyMinute = (from: number, to: number, value = 60): Points => {
  const n = (to - from) / minute
  return pointsOf(
    Float64Array.from({ length: n }, (_, i) => from + i * minute),
    new Float64Array(n).fill(value),
  )
}

describe('a day is as long as it was', () => {
  const lengths: readonly (readonly [zone: string, date: string, hours: number])[] = [
    ['Europe/Paris', '2026-03-29', 23],
    ['Europe/Paris', '2026-10-25', 25],
    ['America/New_York', '2026-03-08', 23],
    ['America/New_York', '2026-11-01', 25],
    ['Asia/Kathmandu', '2026-06-01', 24],
    ['Pacific/Apia', '2011-12-29', 24],
    ['Pacific/Apia', '2011-12-31', 24],
    ['Pacific/Apia', '2012-04-01', 25],
  ]
  test.each(lengths)('in %s %s has %i hours', (name, date, hours) => {
    const zone = zoneOf(name)
    const day = dayOfDate(date)
    const [start, end] = [zone.startOf(day), zone.startOf(day + 1)]
    expect((end - start) / hour).toBe(hours)
    expect([start - 1, start, end - 1, end].map((t) => dateOf(zone.dayAt(t)))).toEqual([
      name === 'Pacific/Apia' && date === '2011-12-31' ? '2011-12-29' : dateOf(day - 1),
      date,
      date,
      // The date that Apia skipped was nobody's.
      name === 'Pacific/Apia' && date === '2011-12-29' ? '2011-12-31' : dateOf(day + 1),
    ])
    const whole = figuresOf('heart_rate', name, everyMinute(start - 26 * hour, end + 26 * hour))[date]
    expect(whole?.n).toBe(hours * 60)
    expect(whole?.coverage).toBe(1)
  })

  test('Kathmandu is five and three quarters of an hour ahead', () => {
    const figures = figuresOf(
      'heart_rate',
      'Asia/Kathmandu',
      pointsOf([at('2026-06-01T18:14:00Z'), at('2026-06-01T18:15:00Z')], [60, 80]),
    )
    expect(Object.keys(figures)).toEqual(['2026-06-01', '2026-06-02'])
  })

  test('who flies from Paris to New York has a day of 30 hours, and back one of 18', () => {
    const west = everyMinute(at('2026-06-01T00:00:00Z'), at('2026-06-02T04:00:00Z'))
    const z = Int16Array.from(west.t, (t) => (t < at('2026-06-01T12:00:00Z') ? 120 : -240))
    const there = figuresOf('heart_rate', 'Europe/Paris', { ...west, z })['2026-06-01']
    expect(there && [(there.endAt as number) - (there.startAt as number), there.n]).toEqual([30 * hour, 28 * 60])
    expect(there?.coverage).toBeCloseTo(28 / 30, 12)
    const back = Int16Array.from(west.t, (t) => (t < at('2026-06-01T12:00:00Z') ? -240 : 120))
    const home = figuresOf('heart_rate', 'Europe/Paris', { ...west, z: back })['2026-06-01']
    expect(home && [(home.endAt as number) - (home.startAt as number), home.n]).toEqual([18 * hour, 18 * 60])
  })
})

describe('the figure', () => {
  const noon = at('2026-04-01T12:00:00Z')

  test('an hour of running at one value a second weighs an hour, not sixty', () => {
    const calm = everyMinute(noon - 6 * hour, noon, 60)
    const t = Float64Array.from({ length: 3_600 }, (_, i) => noon + i * 1_000)
    const run = pointsOf(
      t,
      t.map(() => 150),
    )
    const figure = figuresOf('heart_rate', 'UTC', calm, run)['2026-04-01']
    expect(figure?.avg).toBeCloseTo((6 * 60 + 150) / 7, 3)
    expect([figure?.min, figure?.max, figure?.last, figure?.lastAt, figure?.n]).toEqual([
      60,
      150,
      150,
      noon + 3_599_000,
      3_960,
    ])
  })

  test('a value now and then counts like any other', () => {
    const figure = figuresOf('heart_rate', 'UTC', pointsOf([noon, noon + hour, noon + 3 * hour], [60, 70, 110]))[
      '2026-04-01'
    ]
    expect([figure?.avg, figure?.n]).toEqual([80, 3])
    // Ten minutes each for those that have one after them; the last holds as long as the one before it.
    expect(figure?.coverage).toBeCloseTo(30 / 1_440, 12)
  })

  test('quality is the mean of what was said', () => {
    const q = Uint32Array.of(1, 0, 3)
    const figure = figuresOf('heart_rate', 'UTC', pointsOf([noon, noon + hour, noon + 2 * hour], [60, 70, 80], { q }))
    expect(figure['2026-04-01']?.quality).toBeCloseTo(0.7, 12)
  })

  test('an amount of two days gives each its share, by its own clock where it says one', () => {
    const d = Float64Array.of(36 * hour)
    const z = Int16Array.of(330)
    const points = pointsOf([at('2026-03-31T20:00:00Z')], [3_600], { d, z })
    const figures = figuresOf('steps', 'UTC', points)
    expect(Object.entries(figures).map(([date, { sum, n, coverage }]) => [date, sum, n, coverage])).toEqual([
      ['2026-04-01', 2_250, 1, 22.5 / 24],
      ['2026-04-02', 1_350, 1, 13.5 / 24],
    ])
  })

  test('stretches that overlap cover a minute once', () => {
    const d = Float64Array.of(hour, hour)
    const figure = figuresOf('steps', 'UTC', pointsOf([noon, noon + hour / 2], [10, 20], { d }))['2026-04-01']
    expect([figure?.sum, figure?.coverage]).toEqual([30, 1.5 / 24])
  })
})

describe('always', () => {
  const zones = [
    'UTC',
    'Europe/Paris',
    'America/New_York',
    'Asia/Kathmandu',
    'Pacific/Apia',
    'America/Sao_Paulo',
    'Africa/Cairo',
  ]
  /** Around both clock changes and the date that Apia skipped. */
  const anyStart = fc
    .constantFrom('2026-03-28', '2026-10-24', '2026-03-07', '2026-10-31', '2011-12-29', '2018-11-03', '2024-04-25')
    .map(at)
  const anyPoint = fc.record({
    t: fc.integer({ min: 0, max: 4 * 24 * 60 }).map((minutes) => minutes * minute),
    v: fc.integer({ min: 0, max: 10_000 }),
    d: fc.oneof(
      fc.constant(0),
      fc.integer({ min: 1, max: 36 * 60 }).map((minutes) => minutes * minute),
    ),
    z: fc.constantFrom(noOffset, noOffset, 60, -300, 345, 840, -720),
  })
  const anyPoints = fc
    .tuple(anyStart, fc.uniqueArray(anyPoint, { selector: ({ t }) => t, minLength: 1, maxLength: 60 }))
    .map(([start, list]) => {
      const sorted = [...list].sort((a, b) => a.t - b.t)
      return pointsOf(
        sorted.map(({ t }) => start + t),
        sorted.map(({ v }) => v),
        { d: Float64Array.from(sorted, ({ d }) => d), z: Int16Array.from(sorted, ({ z }) => z) },
      )
    })

  test('the sums of the days add up to what was counted, wherever midnight is', () => {
    fc.assert(
      fc.property(anyPoints, fc.constantFrom(...zones), (points, zone) => {
        const figures = Object.values(figuresOf('steps', zone, points))
        const total = points.v.reduce((sum, v) => sum + v, 0)
        expect(figures.reduce((sum, { sum: day }) => sum + (day ?? 0), 0)).toBeCloseTo(total, 6)
        for (const { coverage, sum, startAt, endAt } of figures) {
          expect(sum).toBeGreaterThanOrEqual(-1e-9)
          expect(coverage).toBeGreaterThanOrEqual(0)
          expect(coverage).toBeLessThanOrEqual(1)
          expect(startAt as number).toBeLessThanOrEqual(endAt as number)
        }
      }),
    )
  })

  test('it does not matter in which pieces the points come', () => {
    fc.assert(
      fc.property(
        anyPoints,
        fc.constantFrom(...zones),
        fc.nat(100),
        fc.constantFrom('steps', 'heart_rate'),
        (points, zone, share, metric) => {
          const middle =
            (points.t[0] as number) +
            Math.floor((((points.t.at(-1) as number) - (points.t[0] as number)) * share) / 100)
          const parts = [
            clipPoints(points, Number.NEGATIVE_INFINITY, middle),
            clipPoints(points, middle, Number.POSITIVE_INFINITY),
          ]
          expect(figuresOf(metric as 'steps', zone, ...parts)).toEqual(figuresOf(metric as 'steps', zone, points))
        },
      ),
    )
  })

  test('every moment has one date, and dates follow each other', () => {
    fc.assert(
      fc.property(
        anyStart,
        fc.integer({ min: -72 * 60, max: 72 * 60 }),
        fc.constantFrom(...zones),
        (start, minutes, name) => {
          const zone = zoneOf(name)
          const t = start + minutes * minute
          const day = zone.dayAt(t)
          expect(zone.startOf(day)).toBeLessThanOrEqual(t)
          expect(zone.startOf(day + 1)).toBeGreaterThan(t)
          expect(zone.dayAt(t + minute)).toBeGreaterThanOrEqual(day)
        },
      ),
    )
  })
})
