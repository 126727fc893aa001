import { expect, test } from 'vitest'
import { routeShape } from './route-shape.ts'

test('a square on the ground is a square in the picture, also far north', () => {
  const side = 0.01
  const wide = side / Math.cos((60.005 * Math.PI) / 180)
  const shape = routeShape([60, 60, 60 + side, 60 + side], [10, 10 + wide, 10 + wide, 10], 1_000)
  expect(shape?.width).toBeCloseTo(1_000, 0)
  expect(shape?.height).toBeCloseTo(1_000, 0)
})

test('north is at the top and east to the right', () => {
  const shape = routeShape([50, 51], [8, 9], 100)
  const [first, last] = shape?.points ?? []
  expect(first?.y).toBeGreaterThan(last?.y ?? Number.NaN)
  expect(first?.x).toBeLessThan(last?.x ?? Number.NaN)
})

test('a lost signal lifts the pen', () => {
  const shape = routeShape([50, 50.1, null, 50.2, 50.3], [8, 8, null, 8, 8], 100)
  expect(shape?.path.match(/M/g)).toHaveLength(2)
  expect(shape?.points[2]).toBeNull()
})

test('a swim across the 180th meridian is short', () => {
  const shape = routeShape([0, 0, 0.002], [179.999, -179.999, -179.999], 100)
  expect(shape?.width).toBeCloseTo(100, 0)
  expect(shape?.height).toBeCloseTo(100, 0)
})

test('somebody who never moved is a point', () => {
  expect(routeShape([50, 50], [8, 8], 100)).toMatchObject({ width: 0, height: 0, path: 'M0 0L0 0' })
})

test('no position is no route', () => {
  expect(routeShape([null], [null], 100)).toBeUndefined()
})
