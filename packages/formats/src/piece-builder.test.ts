import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { PieceSource } from './piece.ts'
import { PieceBuilder } from './piece-builder.ts'

const source = (key: string): PieceSource => ({ key, name: key })
const watch = source('watch')
const sizes = (pieces: Iterable<{ readings: readonly unknown[] }>) =>
  Array.from(pieces, ({ readings }) => readings.length)

test('a hundred thousand values are one piece, and the next begin another', () => {
  const pieces = new PieceBuilder()
  for (let i = 0; i < 100_500; i++) pieces.value(watch, 'heart_rate', i, 60)
  const lengths = [...pieces.ready(), ...pieces.rest()].map(
    ({ readings: [one] }) => one?.kind === 'series' && one.t.length,
  )
  expect(lengths).toEqual([100_000, 500])
})

test('values come out by time, equal times as they came, with all that is known of each', () => {
  const pieces = new PieceBuilder()
  pieces.value(watch, 'steps', 3000, 30, { place: 7 })
  pieces.value(watch, 'steps', 1000, 10, { duration: 500, offset: 120, quality: 5 })
  pieces.records = 3
  pieces.value(watch, 'steps', 3000, 31, { offset: 60 })
  expect([...pieces.rest()].map(({ readings }) => readings)).toEqual([
    [
      {
        kind: 'series',
        metric: 'steps',
        t: Float64Array.of(1000, 3000, 3000),
        v: Float64Array.of(10, 30, 31),
        durations: Float64Array.of(500, 0, 0),
        offsets: Int16Array.of(120, -32_768, 60),
        qualities: Uint32Array.of(5, 0, 0),
        places: Uint32Array.of(0, 7, 2),
      },
    ],
  ])
})

test('values of another unit or another way of recording are another series', () => {
  const pieces = new PieceBuilder()
  pieces.value(watch, 'body_mass', 1, 70)
  pieces.value(watch, 'body_mass', 1, 150, { unit: 'lb' })
  pieces.value(watch, 'body_mass', 1, 70, { method: 'manual' })
  expect(sizes(pieces.rest())).toEqual([3])
})

test('a source for every value costs pieces, not memory', () => {
  const pieces = new PieceBuilder()
  for (let i = 0; i < 12_000; i++) pieces.value(source(`s${i}`), 'heart_rate', i, 60)
  expect(sizes(pieces.ready())).toHaveLength(10_000)
  expect(sizes(pieces.rest())).toHaveLength(2_000)
})

test('whatever comes in whatever order, no piece mixes series and rows, and nothing is lost', () => {
  const kind = fc.constantFrom('value', 'row', 'position', 'session', 'unusable')
  fc.assert(
    fc.property(fc.array(fc.tuple(kind, fc.constantFrom('a', 'b', 'c')), { maxLength: 200 }), (list) => {
      const pieces = new PieceBuilder(undefined, 100)
      const made = []
      for (const [what, key] of list) {
        if (what === 'value') pieces.value(source(key), 'heart_rate', 1, 60)
        if (what === 'row') pieces.row(source(key), { kind: 'day', metric: 'steps', date: '2026-01-01', value: 1 })
        if (what === 'position') pieces.position(source(key), 1, 2, 3, 4)
        if (what === 'session')
          pieces.session(source(key), {
            kind: 'session',
            type: 'workout',
            start: 1,
            end: 2,
            externalId: 'x',
            totals: {},
            parts: [],
          })
        if (what === 'unusable') pieces.unusable(source(key), { index: 0, code: 'x', detail: '', raw: '' })
        made.push(...pieces.ready())
      }
      made.push(...pieces.rest())
      const found = { value: 0, row: 0, position: 0, session: 0, unusable: 0 }
      for (const { readings, sessions, unusable } of made) {
        const series = readings.filter((one) => one.kind === 'series')
        if (series.length) expect(series.length).toBe(readings.length + sessions.length)
        for (const one of series) found.value += one.t.length
        for (const one of readings) if (one.kind === 'positions') found.position += one.track.t.length
        found.row += readings.filter((one) => one.kind === 'day').length
        found.session += sessions.length
        found.unusable += unusable.length
      }
      const given = Object.fromEntries(
        Object.keys(found).map((what) => [what, list.filter(([one]) => one === what).length]),
      )
      expect(found).toEqual(given)
    }),
  )
})
