import { recordingMethods } from '@tributary/protocol'
import { runs } from '@tributary/protocol/testing'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { noOffset, pointsOf } from '../platform/samples/points.ts'
import { samplePoint } from './entries.ts'
import { sampleText } from './series-page.ts'

const perhaps = <T>(column: fc.Arbitrary<T>) => fc.option(column.map((one) => [one]))

test('a value is written from its columns exactly as it is from its point', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: -62_000_000_000_000, max: 253_000_000_000_000 }),
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      perhaps(fc.constantFrom(0, 250, 60_000)),
      perhaps(fc.integer({ min: 0, max: 1_000_005 })),
      perhaps(fc.constantFrom(noOffset, 0, -330)),
      perhaps(fc.integer({ min: 0, max: recordingMethods.length - 1 })),
      perhaps(fc.constantFrom('lb', '"°F\\', null)),
      (t, v, d, q, z, m, u) => {
        const points = pointsOf([t], [v], {
          d: d && Float64Array.from(d),
          q: q && Uint32Array.from(q),
          z: z && Int16Array.from(z),
          m: m && Uint8Array.from(m),
          u,
        })
        expect(sampleText(points, 0)).toBe(JSON.stringify(samplePoint(points, 0)))
      },
    ),
    { numRuns: runs(3_000) },
  )
})
