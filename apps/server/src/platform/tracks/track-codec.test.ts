import fc from 'fast-check'
import { expect, test } from 'vitest'
import { decodeTrack, encodeTrack } from './track-codec.ts'

const start = Date.UTC(2025, 5, 1, 6)
const gap = Number.NaN

test('a way comes back point by point, to a centimetre', () => {
  const track = {
    t: Float64Array.of(start, start + 1_000, start + 1_000, start + 4_500),
    lat: Float64Array.of(45.7571837, 45.7571901, gap, -0.0000001),
    lon: Float64Array.of(14.3602101, 14.3602188, gap, 180),
    ele: Float64Array.of(550.2, gap, 551, -430.125),
  }
  expect(decodeTrack(encodeTrack(track))).toEqual(track)
})

test('a way without elevations has gaps for them', () => {
  const track = { t: Float64Array.of(start), lat: Float64Array.of(1), lon: Float64Array.of(2) }
  expect(decodeTrack(encodeTrack(track))).toEqual({ ...track, ele: Float64Array.of(gap) })
})

test('a point that says nothing is left out', () => {
  const track = { t: Float64Array.of(start), lat: Float64Array.of(gap), lon: Float64Array.of(2) }
  expect(decodeTrack(encodeTrack(track)).t.length).toBe(0)
})

/** Both gaps, or apart by half a unit of the last place. */
const near = (back: number | undefined, given: number, unit: number) =>
  Number.isNaN(given) ? Number.isNaN(back) : Math.abs((back ?? gap) - given) <= 0.51 * unit

test('every point of any way is within half a unit of the last place', () => {
  const part = (most: number) => fc.oneof(fc.double({ min: -most, max: most, noNaN: true }), fc.constant(gap))
  const position = fc.oneof(fc.tuple(part(90), part(180)), fc.constant([gap, gap]))
  const point = fc.record({ step: fc.integer({ min: 0, max: 90_000 }), position, ele: part(9_000) })
  fc.assert(
    fc.property(fc.array(point), (points) => {
      let at = start
      const rows = points.map(({ step, position: [lat = gap, lon = gap], ele }) => {
        at += step
        const placed = !Number.isNaN(lat) && !Number.isNaN(lon)
        return { t: at, lat: placed ? lat : gap, lon: placed ? lon : gap, ele }
      })
      const kept = rows.filter(({ lat, ele }) => !Number.isNaN(lat) || !Number.isNaN(ele))
      const column = (name: 't' | 'lat' | 'lon' | 'ele') => Float64Array.from(rows, (row) => row[name])
      const given = { t: column('t'), lat: column('lat'), lon: column('lon'), ele: column('ele') }
      const back = decodeTrack(encodeTrack(given))
      expect([...back.t]).toEqual(kept.map((row) => row.t))
      for (const [i, { lat, lon, ele }] of kept.entries())
        expect(near(back.lat[i], lat, 1e-7) && near(back.lon[i], lon, 1e-7) && near(back.ele[i], ele, 1e-3)).toBe(true)
    }),
  )
})
