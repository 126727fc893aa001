import { afterAll, beforeAll, expect, test } from 'vitest'
import { rows } from './arbitrary.ts'
import { dayMs, pointsOf } from './points.ts'
import type { SampleStore } from './store.ts'
import { allOf, type TestStore, testStore } from './test-store.ts'

let kit: TestStore
let store: SampleStore
beforeAll(async () => {
  kit = await testStore()
  store = kit.open().store
})
afterAll(() => kit.drop())

const day = Date.UTC(2026, 0, 5)
const minutes = (from: number, n: number, value = 60) =>
  pointsOf(
    Float64Array.from({ length: n }, (_, i) => from + i * 60_000),
    new Float64Array(n).fill(value),
  )

test('what was accepted is there, whole and in order', async () => {
  const { userId, seriesId } = await kit.series(store)
  const points = pointsOf([day + 5, day, day + dayMs], [60.5, 61, -0], {
    d: Float64Array.of(0, 60_000, 0),
    q: Uint32Array.of(0, 1, 700_010),
    z: Int16Array.of(60, 60, -32_768),
    m: Uint8Array.of(3, 0, 1),
    u: [null, '°F', null],
  })
  expect(await store.append({ userId, slices: [{ seriesId, points }] })).toEqual([
    { accepted: 3, duplicates: 0, changed: 0 },
  ])
  expect(rows(await allOf(store, { userId, seriesId }))).toEqual([
    `${day} 61 60000 1 60 0 °F`,
    `${day + 5} 60.5 0 0 60 3 `,
    `${day + dayMs} -0 0 700010 -32768 1 `,
  ])
})

test('a second delivery counts as duplicates and adds nothing, a known time with another value counts as changed', async () => {
  const { userId, seriesId } = await kit.series(store)
  const send = async (points: ReturnType<typeof minutes>) =>
    (await store.append({ userId, slices: [{ seriesId, points }] }))[0]
  expect(await send(minutes(day, 60))).toEqual({ accepted: 60, duplicates: 0, changed: 0 })
  expect(await send(minutes(day, 60))).toEqual({ accepted: 0, duplicates: 60, changed: 0 })
  expect(await send(minutes(day + 30 * 60_000, 60))).toEqual({ accepted: 30, duplicates: 30, changed: 0 })
  await store.compact({ now: day + 10 * dayMs, quietMs: -1e15 })
  expect(await send(minutes(day - 600_000, 20, 70))).toEqual({ accepted: 10, duplicates: 0, changed: 10 })
  const all = await allOf(store, { userId, seriesId })
  expect([all.n, all.v[9], all.v[19], all.v[20]]).toEqual([100, 70, 70, 60])
})
