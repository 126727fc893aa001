import { expect, test } from 'vitest'
import type { SessionPart } from '../../api/types.ts'
import { medianOf, spansOf, stageAt, sumsOf } from './night.ts'

const part = (label: string, from: number, to: number, kind: SessionPart['kind'] = 'stage'): SessionPart => ({
  kind,
  index: from,
  label,
  start_time: new Date(from * 60_000).toISOString(),
  end_time: new Date(to * 60_000).toISOString(),
  totals: {},
})

test('stages stand in order of time, whatever is no stage is left out', () => {
  const spans = spansOf([part('deep', 30, 60), part('awake', 0, 30), part('manual', 0, 60, 'lap')])
  expect(spans.map(({ stage }) => stage)).toEqual(['awake', 'deep'])
})

test('minutes and shares of a night add up to the whole of it', () => {
  const sums = sumsOf(
    spansOf([part('light', 0, 30), part('deep', 30, 60), part('light', 60, 90), part('awake', 90, 100)]),
  )
  expect(sums.map(({ title, seconds, times }) => [title, seconds / 60, times])).toEqual([
    ['Awake', 10, 1],
    ['Light', 60, 2],
    ['Deep', 30, 1],
  ])
  expect(sums.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1)
})

test('the stage at a time is the one that lasts then, at the very end the last', () => {
  const spans = spansOf([part('light', 0, 30), part('deep', 30, 60)])
  expect(stageAt(spans, 30 * 60_000)?.stage).toBe('deep')
  expect(stageAt(spans, 60 * 60_000)?.stage).toBe('deep')
  expect(stageAt(spans, 61 * 60_000)).toBeUndefined()
})

test('the usual night is the middle one', () => {
  expect(medianOf([7, 5, 9])).toBe(7)
  expect(medianOf([5, 7])).toBe(6)
  expect(medianOf([])).toBeUndefined()
})
