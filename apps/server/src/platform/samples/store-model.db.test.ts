import { runs } from '@tributary/protocol/testing'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { dayMs, noOffset, type Points, pointsOf } from './points.ts'
import type { SampleStore } from './store.ts'
import { rows } from './test/arbitrary.ts'
import { SeriesModel } from './test/model.ts'
import { allOf, type TestStore, testStore } from './test-store.ts'

let kit: TestStore
beforeAll(async () => {
  kit = await testStore()
})
afterAll(() => kit.drop())

const start = Date.UTC(2026, 0, 5)
const span = 3 * dayMs
/** Few times and few values, so that uploads meet each other often. */
const anyTime = fc.oneof(
  fc.integer({ min: 0, max: 71 }).map((hour) => start + hour * 3_600_000),
  fc.integer({ min: 0, max: span }).map((ms) => start + ms),
)
const anyPoint = fc.record({
  t: anyTime,
  v: fc.constantFrom(60, 61, 61.5, 1 / 3),
  d: fc.constantFrom(0, 0, 60_000),
  q: fc.constantFrom(0, 0, 1),
  z: fc.constantFrom(noOffset, 60),
  m: fc.constantFrom(0, 3),
  u: fc.constantFrom(null, null, 'lb'),
})
const anySlice = fc
  .tuple(fc.nat(1), fc.array(anyPoint, { minLength: 1, maxLength: 30 }), fc.boolean())
  .map(([series, list, columns]) => ({
    series,
    points: pointsOf(
      list.map((p) => p.t),
      list.map((p) => p.v),
      columns
        ? {
            d: Float64Array.from(list, (p) => p.d),
            q: Uint32Array.from(list, (p) => p.q),
            z: Int16Array.from(list, (p) => p.z),
            m: Uint8Array.from(list, (p) => p.m),
            u: list.map((p) => p.u),
          }
        : {},
    ),
  }))
const anyRange = fc.tuple(anyTime, anyTime).map(([a, b]) => ({ from: Math.min(a, b), to: Math.max(a, b) + 1 }))
const anyStep = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('uploads' as const),
      arrivals: fc.array(fc.array(anySlice, { minLength: 1, maxLength: 3 }), { minLength: 1, maxLength: 4 }),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('compact' as const), now: anyTime, crowded: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('delete' as const), range: anyRange }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('look' as const), range: anyRange }) },
)
type Step = typeof anyStep extends fc.Arbitrary<infer T> ? T : never

interface World {
  store: SampleStore
  userId: string
  seriesIds: [number, number]
  models: [SeriesModel, SeriesModel]
}

const steps: { [K in Step['kind']]: (world: World, step: Extract<Step, { kind: K }>) => Promise<void> } = {
  /** Sent together without waiting, so that they share flushes; the store keeps the order of each series. */
  async uploads({ store, userId, seriesIds, models }, { arrivals }) {
    const told = await Promise.all(
      arrivals.map((slices) =>
        store.append({
          userId,
          slices: slices.map(({ series, points }) => ({ seriesId: seriesIds[series] ?? 0, points })),
        }),
      ),
    )
    const expected = arrivals.map((slices) => slices.map(({ series, points }) => models[series]?.append(points)))
    expect(told).toEqual(expected)
  },
  /** All days, or only the ones last written, as a day that is crowded before it is over. */
  async compact({ store }, { now, crowded }) {
    const { failures } = await store.compact(crowded ? { now, segmentsLimit: 0 } : { now, quietMs: -365 * dayMs })
    expect(failures).toEqual([])
  },
  async delete({ store, userId, seriesIds, models }, { range }) {
    const deleted = await store.deleteRange({ userId, seriesIds, ...range })
    expect(deleted).toBe(models[0].delete(range.from, range.to) + models[1].delete(range.from, range.to))
  },
  async look(world, { range }) {
    await look(world, range)
  },
}

async function look({ store, userId, seriesIds, models }: World, range: { from: number; to: number }): Promise<void> {
  const expected = models.map((model) => model.read(range.from, range.to))
  const found: string[][] = [[], []]
  let before = Number.NEGATIVE_INFINITY
  for await (const { seriesId, day, points } of store.read({ userId, seriesIds, ...range })) {
    expect(day).toBeGreaterThanOrEqual(before)
    before = day
    found[seriesIds.indexOf(seriesId)]?.push(...rows(points))
  }
  expect(found).toEqual(expected)
  expect(await store.count({ userId, seriesIds, ...range })).toBe(expected.flat().length)
  const columns = await store.readColumns({ userId, seriesId: seriesIds[0], ...range })
  expect([...columns.t]).toEqual(expected[0]?.map((row) => Number(row.split(' ')[0])))
}

test('a query gives exactly what was accepted, whatever was uploaded, repeated, changed, compacted or deleted before', async () => {
  const { store } = kit.open({ limits: { arrivalsPerFlush: 3 } })
  await fc.assert(
    fc.asyncProperty(fc.array(anyStep, { minLength: 1, maxLength: 14 }), async (list) => {
      const { userId, sourceId } = await kit.person()
      const seriesIds: [number, number] = [
        await store.seriesFor(userId, sourceId, 'heart_rate'),
        await store.seriesFor(userId, sourceId, 'steps'),
      ]
      const world: World = { store, userId, seriesIds, models: [new SeriesModel(), new SeriesModel()] }
      for (const step of list) await steps[step.kind](world, step as never)
      await look(world, { from: Number.NEGATIVE_INFINITY, to: Number.POSITIVE_INFINITY })
      const latest = await store.latest(userId, seriesIds)
      for (const [i, model] of world.models.entries()) {
        const found = latest.find(({ seriesId }) => seriesId === seriesIds[i])
        expect(found && { t: found.t, value: found.value }).toEqual(model.latest())
      }
      await store.compact({ now: start, quietMs: -365 * dayMs })
      expect(await kit.query('select from tributary.segment union all select from tributary.dirty')).toEqual([])
      await look(world, { from: Number.NEGATIVE_INFINITY, to: Number.POSITIVE_INFINITY })
    }),
    { numRuns: runs(40) },
  )
  expect(await store.verify()).toEqual([])
})

test('two processes that upload one series at once count every point once, and the later value wins', async () => {
  const { store: one } = kit.open()
  const { store: two } = kit.open()
  const { userId, sourceId } = await kit.person()
  const [seriesId, same] = await Promise.all([
    one.seriesFor(userId, sourceId, 'heart_rate'),
    two.seriesFor(userId, sourceId, 'heart_rate'),
  ])
  expect(same).toBe(seriesId)
  const upload = (from: number, n: number, value: number): Points =>
    pointsOf(
      Float64Array.from({ length: n }, (_, i) => start + (from + i) * 1_000),
      new Float64Array(n).fill(value),
    )
  // Windows of 100 points that overlap by half, each sent by both, with the same values.
  const sent = Array.from({ length: 60 }, (_, i) => upload(i * 50, 100, 60 + (i % 2)))
  const told = await Promise.all(
    sent.flatMap((points) => [one, two].map((store) => store.append({ userId, slices: [{ seriesId, points }] }))),
  )
  const compacting = await one.compact({ now: start, segmentsLimit: 0 })
  expect(compacting.failures).toEqual([])
  const total = (key: 'accepted' | 'duplicates' | 'changed') => told.flat().reduce((sum, tally) => sum + tally[key], 0)
  expect(total('accepted')).toBe(59 * 50 + 100)
  expect(total('accepted') + total('duplicates') + total('changed')).toBe(60 * 100 * 2)
  await two.append({ userId, slices: [{ seriesId, points: upload(0, 3_050, 99) }] })
  const all = await allOf(one, { userId, seriesId })
  expect(all.n).toBe(3_050)
  expect(new Set(all.v)).toEqual(new Set([99]))
})

test('two processes that upload, delete and compact many series at once lose and double nothing', async () => {
  const stores = [kit.open().store, kit.open().store]
  const { userId, sourceId } = await kit.person()
  const first = kit.open().store
  const names = ['heart_rate', 'steps', 'power', 'cadence', 'speed', 'spo2']
  const seriesIds = await Promise.all(names.map((name) => first.seriesFor(userId, sourceId, name)))
  const arrivals = fc.sample(fc.array(anySlice, { minLength: 1, maxLength: 4 }), { numRuns: runs(400) })
  const ranges = fc.sample(anyRange, { numRuns: runs(20) })
  let accepted = 0
  let there = 0
  const work = stores.flatMap((store, process) => [
    ...arrivals.map(async (slices, i) => {
      // Each process names the series in another order.
      const mine = slices.map(({ points }, place) => ({
        seriesId: seriesIds[(process === 0 ? i + place : i + 6 - place) % 6] ?? 0,
        points,
      }))
      for (const tally of await store.append({ userId, slices: mine })) {
        accepted += tally.accepted
        there += tally.accepted
      }
    }),
    (async () => {
      for (const range of ranges) {
        const deleted = await store.deleteRange({ userId, seriesIds, ...range })
        there -= deleted
        const { failures } = await store.compact({ now: start, quietMs: -365 * dayMs })
        expect(failures).toEqual([])
      }
    })(),
  ])
  await Promise.all(work)
  const everything = { userId, seriesIds, from: Number.NEGATIVE_INFINITY, to: Number.POSITIVE_INFINITY }
  expect(accepted).toBeGreaterThan(0)
  expect(await first.count(everything)).toBe(there)
  let read = 0
  for await (const { points } of first.read(everything)) read += points.n
  expect(read).toBe(there)
  expect(await first.verify()).toEqual([])
})
