import fc from 'fast-check'
import { expect, test } from 'vitest'
import { countDays, covers, type Item, metricsOf, newest, nightMetrics, subtract, unite, within } from './plan.ts'

const anyItem = fc
  .record({
    sourceId: fc.constantFrom('a', 'b'),
    metric: fc.constantFrom('steps' as const, 'heart_rate' as const),
    from: fc.nat(40),
    length: fc.nat(12),
  })
  .map(({ length, ...item }): Item => ({ ...item, to: item.from + length }))
const anyItems = fc.array(anyItem, { maxLength: 12 })

/** Every figure by itself. */
const each = (items: readonly Item[]): Set<string> =>
  new Set(
    items.flatMap(({ sourceId, metric, from, to }) =>
      Array.from({ length: to - from + 1 }, (_, i) => `${sourceId} ${metric} ${from + i}`),
    ),
  )

test('united ranges mean the same figures, each once', () => {
  fc.assert(
    fc.property(anyItems, (items) => {
      const united = unite(items)
      expect(each(united)).toEqual(each(items))
      expect(countDays(united)).toBe(each(items).size)
    }),
  )
})

test('what is taken and what is left are together what there was', () => {
  fc.assert(
    fc.property(anyItems, anyItems, (items, others) => {
      const [all, taken] = [unite(items), unite(others)]
      const left = subtract(all, taken)
      expect(each(left)).toEqual(each(all).difference(each(taken)))
      expect(all.every((item) => covers(taken, item))).toBe(each(left).size === 0)
    }),
  )
})

test('no more is taken at once than fits, the newest first', () => {
  fc.assert(
    fc.property(anyItems, fc.integer({ min: 1, max: 60 }), (items, most) => {
      const all = unite(items)
      const taken = newest(all, most)
      expect(countDays(taken)).toBe(Math.min(most, countDays(all)))
      expect(each(taken).isSubsetOf(each(all))).toBe(true)
    }),
  )
  const item: Item = { sourceId: 'a', metric: 'steps', from: 1, to: 100 }
  expect(newest([item, { ...item, sourceId: 'b', to: 50 }], 10)).toEqual([{ ...item, from: 91 }])
})

test('a range without an end loses a part and stays without an end', () => {
  const [from, to] = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY]
  const item: Item = { sourceId: 'a', metric: 'steps', from, to }
  const days = within([item], { from: 10, to: 20 })
  expect(days).toEqual([{ ...item, from: 10, to: 20 }])
  expect(subtract([item], days)).toEqual([
    { ...item, to: 9 },
    { ...item, from: 21 },
  ])
})

test('a blood pressure is three figures, a night ten and more, a word and a beat none', () => {
  expect(metricsOf('blood_pressure')).toEqual(['bp_systolic', 'bp_diastolic', 'bp_mean'])
  expect(metricsOf('sleep')).toBe(nightMetrics)
  expect(nightMetrics).toEqual(expect.arrayContaining(['sleep_total', 'sleep_time_in_bed', 'sleep_efficiency']))
  expect([metricsOf('rr_interval'), metricsOf('ovulation_test'), metricsOf('what is this')]).toEqual([[], [], []])
})
