import type { SleepStage } from '@tributary/protocol'
import { runs } from '@tributary/protocol/testing'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { nightsOf, type StageSpan } from './nights.ts'

const evening = Date.UTC(2026, 9, 11, 22)
const of = { externalId: (start: number) => `sleep/${start}`, offset: () => 0 }
const minutes = (stage: SleepStage, from: number, to: number): StageSpan => ({
  stage,
  start: evening + from * 60_000,
  end: evening + to * 60_000,
})
const shapeOf = (parts: readonly { start: number; end: number; label?: string }[]) =>
  parts.map(({ start, end, label }) => [label, (start - evening) / 60_000, (end - evening) / 60_000])

test('stages of a watch are one night with the seconds of each', () => {
  const [night, ...others] = nightsOf(
    [
      minutes('light', 0, 60),
      minutes('deep', 60, 120),
      minutes('awake', 120, 125),
      minutes('rem', 125, 200),
      minutes('awake', 200, 210),
    ],
    of,
  )
  expect(others).toEqual([])
  expect(night).toMatchObject({
    type: 'sleep',
    start: evening,
    end: evening + 210 * 60_000,
    externalId: `sleep/${evening}`,
    offset: 0,
  })
  expect(night?.totals).toEqual({
    duration: 12_600,
    sleep_time_in_bed: 12_600,
    sleep_total: 11_700,
    sleep_light: 3600,
    sleep_deep: 3600,
    sleep_rem: 4500,
    sleep_awake: 300, // what comes after the last sleep is getting up
    sleep_awakenings: 1,
    sleep_efficiency: (11_700 / 12_600) * 100,
  })
})

test('a source that only knows asleep does not say that nobody slept deeply', () => {
  const [night] = nightsOf(
    [minutes('in_bed', 0, 480), minutes('asleep_unspecified', 20, 200), minutes('asleep_unspecified', 210, 470)],
    of,
  )
  expect(night?.totals).toEqual({
    duration: 28_800,
    sleep_time_in_bed: 28_800,
    sleep_total: 26_400,
    sleep_efficiency: (26_400 / 28_800) * 100,
    sleep_latency: 1200,
  })
  expect(shapeOf(night?.parts ?? [])).toEqual([
    ['in_bed', 0, 20],
    ['asleep_unspecified', 20, 200],
    ['in_bed', 200, 210],
    ['asleep_unspecified', 210, 470],
    ['in_bed', 470, 480],
  ])
})

test('time in bed alone is no sleep', () => {
  const [night] = nightsOf([minutes('in_bed', 0, 480)], of)
  expect(night?.totals).toEqual({ duration: 28_800, sleep_time_in_bed: 28_800 })
})

test('a gap of more than an hour parts two sleeps, one of an hour does not', () => {
  expect(nightsOf([minutes('light', 0, 60), minutes('light', 120, 180)], of)).toHaveLength(1)
  expect(nightsOf([minutes('light', 0, 60), minutes('light', 121, 180)], of)).toHaveLength(2)
})

test('of two stages that say as much the later one cuts the earlier, and what is left of it goes on', () => {
  const [night] = nightsOf([minutes('light', 0, 100), minutes('deep', 40, 60)], of)
  expect(shapeOf(night?.parts ?? [])).toEqual([
    ['light', 0, 40],
    ['deep', 40, 60],
    ['light', 60, 100],
  ])
})

test.each([
  ['40 minutes in the afternoon', 14, 40, true],
  ['2 hours before midnight', 21, 120, true],
  ['2 hours until 7 in the morning', 5, 120, undefined],
  ['4 hours in the afternoon', 13, 240, undefined],
])('%s: a nap is short and ends outside the morning', (_, hour, length, nap) => {
  const start = Date.UTC(2026, 9, 12, hour) - 120 * 60_000
  const [night] = nightsOf([{ stage: 'light', start, end: start + length * 60_000 }], { ...of, offset: () => 120 })
  expect(night?.isNap).toBe(nap)
})

test('nobody says nap where the zone is unknown', () => {
  const start = Date.UTC(2026, 9, 12, 14)
  const [night] = nightsOf([{ stage: 'light', start, end: start + 600_000 }], { externalId: String })
  expect(night?.isNap).toBeUndefined()
  expect(night && 'offset' in night).toBe(false)
})

const stage = fc
  .record({
    stage: fc.constantFrom<SleepStage>('awake', 'light', 'deep', 'rem', 'asleep_unspecified', 'in_bed', 'unknown'),
    start: fc.integer({ min: 0, max: 2000 }).map((minute) => evening + minute * 60_000),
    end: fc.integer({ min: 0, max: 300 }),
  })
  .map(({ stage, start, end }) => ({ stage, start, end: start + end * 60_000 }))

test('whatever comes, parts never overlap, cover exactly what stages covered, and their order does not matter', () => {
  fc.assert(
    fc.property(fc.array(stage, { maxLength: 40 }), fc.integer(), (stages, seed) => {
      const nights = nightsOf(stages, of)
      const shuffled = [...stages].sort((a, b) => Math.sin(seed + a.start + a.end) - Math.sin(seed + b.start + b.end))
      expect(nightsOf(shuffled, of)).toEqual(nights)
      const parts = nights.flatMap((night) => night.parts)
      for (let i = 1; i < parts.length; i++) expect(parts[i]?.start).toBeGreaterThanOrEqual(parts[i - 1]?.end ?? 0)
      const covered = new Set(
        stages.flatMap(({ start, end }) =>
          Array.from({ length: (end - start) / 60_000 }, (_, i) => start + i * 60_000),
        ),
      )
      expect(parts.reduce((sum, part) => sum + (part.end - part.start) / 60_000, 0)).toBe(covered.size)
    }),
    { numRuns: runs(500) },
  )
})

test('a hundred thousand stages on top of one another take no longer than as many in a row', () => {
  const stages = Array.from({ length: 100_000 }, (_, i) => ({
    stage: 'light' as const,
    start: evening + i,
    end: evening + 86_400_000 - i,
  }))
  const begun = performance.now()
  expect(nightsOf(stages, of)).toHaveLength(1)
  expect(performance.now() - begun).toBeLessThan(3000)
})
