import type { SeriesReading } from '@tributary/protocol'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { planSteps } from './plan-steps.ts'

const series = (metric: string, n: number): SeriesReading => ({
  kind: 'series',
  metric,
  t: Float64Array.from({ length: n }, (_, i) => i * 1_000),
  v: Float64Array.from({ length: n }, (_, i) => i),
})

test('a file of a few series is one step', () => {
  const readings = [series('heart_rate', 3), series('power', 2)]
  expect(planSteps(readings, 100)).toEqual([readings])
})

test('a file without samples has no steps', () => {
  expect(planSteps([series('heart_rate', 0)], 100)).toEqual([])
})

test('steps hold every value once, in order, each with its place, and none holds too many', () => {
  const files = fc.array(fc.integer({ min: 0, max: 60 }), { maxLength: 6 })
  fc.assert(
    fc.property(files, fc.integer({ min: 1, max: 50 }), (sizes, most) => {
      const readings = sizes.map((n, i) => series(`m${i}`, n))
      const steps = planSteps(readings, most)
      for (const step of steps) {
        const points = step.reduce((sum, { t }) => sum + t.length, 0)
        expect(points).toBeGreaterThan(0)
        expect(points).toBeLessThanOrEqual(most)
      }
      const values = steps
        .flat()
        .flatMap((part) => [...part.v].map((value, i) => [part.metric, value, part.places?.[i] ?? i]))
      expect(values).toEqual(sizes.flatMap((n, i) => Array.from({ length: n }, (_, at) => [`m${i}`, at, at])))
      expect(planSteps(readings, most)).toEqual(steps)
    }),
  )
})
