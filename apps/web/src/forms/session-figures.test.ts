import { expect, test } from 'vitest'
import { changedFigures, figureFields, shownFigure } from './session-figures.ts'

const run = { type: 'workout' as const, totals: { distance: 10_234.5, duration: 3_601, elevation_gain: 120 } }

test('figures are typed in the unit of the reader', () => {
  const labels = (units: 'metric' | 'imperial') => figureFields(run, units).map(({ label }) => label)
  expect(labels('metric')).toEqual(['Distance, km', 'Time, minutes', 'Climbed, m', 'Average heart rate, bpm'])
  expect(labels('imperial')[0]).toBe('Distance, mi')
})

test('a figure that was only looked at is not sent, however it was rounded', () => {
  const fields = figureFields(run, 'metric')
  const shown = Object.fromEntries(
    fields.map((field) => [field.name, shownFigure(field, run.totals[field.name as 'distance'])]),
  )
  expect(shown['distance']).toBe(10.23)
  expect(changedFigures(fields, run.totals, shown)).toEqual({})
})

test('a changed figure is sent in the unit of the catalogue, an emptied one is taken back', () => {
  const fields = figureFields(run, 'imperial')
  const shown = Object.fromEntries(
    fields.map((field) => [field.name, shownFigure(field, run.totals[field.name as 'distance'])]),
  )
  const changed = changedFigures(fields, run.totals, { ...shown, distance: 6, elevation_gain: '' })
  expect(changed['distance']).toBeCloseTo(9_656.064)
  expect(changed['elevation_gain']).toBeNull()
  expect(Object.keys(changed)).toHaveLength(2)
})
