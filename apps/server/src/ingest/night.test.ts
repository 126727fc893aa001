import { runs } from '@tributary/protocol/testing'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { addStage, gapMs, type Night, spanOf, totalsOf } from './night.ts'
import type { StageRow } from './sifted.ts'

const minute = 60_000
const start = Date.UTC(2024, 1, 10)
const row = (stage: StageRow['stage'], from: number, to: number): StageRow => ({
  reading: 0,
  place: 0,
  quality: 0,
  stage,
  start: start + from * minute,
  end: start + to * minute,
  offset: null,
})

test('stages an hour apart are one night, further apart two', () => {
  const nights: Night[] = []
  addStage(nights, row('deep', 0, 30))
  addStage(nights, row('deep', 90, 120))
  expect(nights).toHaveLength(1)
  addStage(nights, row('deep', 181, 200))
  expect(nights).toHaveLength(2)
})

test('a stage that closes the gap makes two nights one and leaves the other empty', () => {
  const nights: Night[] = []
  addStage(nights, row('deep', 0, 30))
  addStage(nights, row('rem', 180, 200))
  const { outcome, night } = addStage(nights, row('light', 80, 130))
  expect(outcome).toBe('accepted')
  expect(nights.map(({ stages }) => stages.size)).toEqual([3, 0])
  expect(spanOf(night.stages)).toEqual({ start, end: start + 200 * minute })
})

test('awake is counted only between falling asleep and waking up', () => {
  const nights: Night[] = []
  for (const stage of [
    row('awake', 0, 10),
    row('light', 10, 40),
    row('awake', 40, 45),
    row('rem', 45, 60),
    row('awake', 60, 80),
  ])
    addStage(nights, stage)
  expect(totalsOf(nights[0]?.stages ?? new Map())).toEqual({
    duration: 4_800,
    sleep_time_in_bed: 4_800,
    sleep_total: 2_700,
    sleep_light: 1_800,
    sleep_deep: 0,
    sleep_rem: 900,
    sleep_awake: 300,
  })
})

const someStage = fc
  .tuple(
    fc.integer({ min: 0, max: 1_000 }),
    fc.integer({ min: 1, max: 40 }),
    fc.constantFrom('light' as const, 'deep' as const, 'awake' as const),
  )
  .map(([from, length, stage]) => row(stage, from, from + length))

test('in whatever order stages come, the nights are the same and lie more than an hour apart', () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(someStage, { selector: (stage) => stage.start, maxLength: 30 }),
      fc.nat(),
      (stages, turn) => {
        const built = (list: StageRow[]) => {
          const nights: Night[] = []
          for (const stage of list) addStage(nights, stage)
          return nights
            .filter((night) => night.stages.size)
            .map((night) => spanOf(night.stages))
            .sort((a, b) => a.start - b.start)
        }
        const turned = stages.map((_, i) => stages[(i + turn) % stages.length] as StageRow)
        const spans = built(stages)
        expect(built(turned)).toEqual(spans)
        for (const [i, span] of spans.entries())
          if (i) expect(span.start - (spans[i - 1]?.end ?? 0)).toBeGreaterThan(gapMs)
      },
    ),
    { numRuns: runs(500) },
  )
})
