import { runs } from '@tributary/protocol/testing'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { applyWish, rewrite } from './edits.ts'

const ride = { title: 'Morning ride', activity: 'cycling', totals: { distance: 40_000, duration: 5_400 } }

test('what a person changes is shown, what the source said is kept', () => {
  const once = applyWish(ride, null, { title: 'Commute', totals: { distance: 41_000 } })
  expect(once).toEqual({
    shown: { ...ride, title: 'Commute', totals: { distance: 41_000, duration: 5_400 } },
    edits: { title: 'Morning ride', totals: { distance: 40_000 } },
  })
  const twice = applyWish(once.shown, once.edits, { title: 'Way to work', activity: 'cycling_gravel' })
  expect(twice.edits).toEqual({ title: 'Morning ride', activity: 'cycling', totals: { distance: 40_000 } })
})

test('a figure the source never said can be given, and taken back', () => {
  const given = applyWish(ride, null, { totals: { energy_active: 900 } })
  expect(given).toMatchObject({ shown: { totals: { energy_active: 900 } }, edits: { totals: { energy_active: null } } })
  expect(applyWish(given.shown, given.edits, { totals: { energy_active: null } })).toEqual({ shown: ride, edits: null })
})

test('saying what the source said is no edit', () => {
  expect(applyWish(ride, null, { title: 'Morning ride', totals: { distance: 40_000 } })).toEqual({
    shown: ride,
    edits: null,
  })
})

test('whatever was changed, taking it all back shows the source’s word again', () => {
  const text = fc.option(fc.constantFrom('a', 'b', null), { nil: undefined })
  const figure = fc.option(fc.constantFrom(1, 2, null), { nil: undefined })
  const wish = fc.record({
    title: text,
    activity: text,
    totals: fc
      .record({ distance: figure, steps: figure })
      .map(
        (all) =>
          Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined)) as Record<
            string,
            number | null
          >,
      ),
  })
  fc.assert(
    fc.property(fc.array(wish, { maxLength: 5 }), (wishes) => {
      let now = { shown: ride as Parameters<typeof applyWish>[0], edits: null as ReturnType<typeof applyWish>['edits'] }
      for (const one of wishes) now = applyWish(now.shown, now.edits, one)
      const back = { title: null, activity: null, totals: { distance: null, steps: null } }
      expect(applyWish(now.shown, now.edits, back)).toEqual({ shown: ride, edits: null })
    }),
    { numRuns: runs(500) },
  )
})

test('a session entered by hand is the person’s own word, and just changes', () => {
  expect(rewrite(ride, { title: null, totals: { distance: null, steps: 10 } })).toEqual({
    title: null,
    activity: 'cycling',
    totals: { duration: 5_400, steps: 10 },
  })
})
