import { expect, test } from 'vitest'
import { legendPlaces } from './picture.ts'

test('a legend goes on in the next row where there is no room', () => {
  const legend = [{ label: 'Watch' }, { label: 'Chest strap' }, { label: 'Phone' }]
  const places = legendPlaces(legend, (label) => label.length * 8, 260)
  expect(places.map(({ row }) => row)).toEqual([0, 0, 1])
  expect(places[2]?.x).toBe(0)
})
