import { afterAll, beforeAll, expect, test } from 'vitest'
import { SeriesGone } from './errors.ts'
import { dayMs, pointsOf } from './points.ts'
import type { SampleStore } from './store.ts'
import { rows } from './test/arbitrary.ts'
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
/** With values that deflating makes smaller. */
const waves = (from: number, n: number) => {
  const points = minutes(from, n)
  for (let i = 0; i < n; i++) points.v[i] = 60 + Math.round(20 * Math.sin(i / 7))
  return points
}

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

test('the newest point sent again alone is a duplicate', async () => {
  const { userId, seriesId } = await kit.series(store)
  const send = async () => store.append({ userId, slices: [{ seriesId, points: pointsOf([day], [60]) }] })
  expect(await send()).toEqual([{ accepted: 1, duplicates: 0, changed: 0 }])
  expect(await send()).toEqual([{ accepted: 0, duplicates: 1, changed: 0 }])
})

test('a long upload is found again behind a short one, before and after compaction', async () => {
  const { userId, seriesId } = await kit.series(store)
  const send = async (points: ReturnType<typeof minutes>) =>
    (await store.append({ userId, slices: [{ seriesId, points }] }))[0]
  const long = minutes(day, 600)
  await send(long)
  await send(minutes(day + 600 * 60_000, 5))
  expect(await send(minutes(day + 590 * 60_000, 15))).toEqual({ accepted: 0, duplicates: 15, changed: 0 })
  await store.compact({ now: day + dayMs - 1, segmentsLimit: 1 })
  await send(minutes(day + 700 * 60_000, 5))
  expect(await send(long)).toEqual({ accepted: 0, duplicates: 600, changed: 0 })
  await send(minutes(day + 5 * dayMs, 5))
  expect(await send(minutes(day + 702 * 60_000, 5))).toEqual({ accepted: 2, duplicates: 3, changed: 0 })
  expect(await send(minutes(day + 599 * 60_000, 110))).toEqual({ accepted: 97, duplicates: 13, changed: 0 })
})

test('a day with a value every second fits, in pieces of half a page at most', async () => {
  const { userId, seriesId } = await kit.series(store)
  const points = pointsOf(
    Float64Array.from({ length: 86_400 }, (_, i) => day + i * 1_000),
    Float64Array.from({ length: 86_400 }, (_, i) => Math.sin(i)),
  )
  expect(await store.append({ userId, slices: [{ seriesId, points }] })).toEqual([
    { accepted: 86_400, duplicates: 0, changed: 0 },
  ])
  const [largest] = await kit.query<{ bytes: number }>(
    'select max(length(data)) as bytes from tributary.segment where series_id = $1',
    [seriesId],
  )
  expect(largest?.bytes).toBeLessThan(4_096)
  expect((await allOf(store, { userId, seriesId })).v).toEqual(points.v)
})

test('chunks that were written with and without deflating are read alike', async () => {
  const plain = kit.open({ deflate: false }).store
  const { userId, seriesId } = await kit.series(store)
  const past = { now: Date.now(), quietMs: -dayMs }
  await plain.append({ userId, slices: [{ seriesId, points: waves(day, 1_440) }] })
  await plain.compact(past)
  await store.append({ userId, slices: [{ seriesId, points: waves(day + dayMs, 1_440) }] })
  await store.compact(past)
  const first = await kit.query<{ first: number }>(
    'select get_byte(data, 0) as first from tributary.chunk where series_id = $1 order by day',
    [seriesId],
  )
  expect(first.map((row) => row.first)).toEqual([0x01, 0x81])
  expect((await allOf(plain, { userId, seriesId })).n).toBe(2_880)
  expect((await allOf(store, { userId, seriesId })).n).toBe(2_880)
})

test('a day is compacted once it is over and quiet, or crowded; not before', async () => {
  const { userId, sourceId } = await kit.person()
  const own = kit.open({ clock: { now: () => day + 3_600_000 } }).store
  const seriesId = await own.seriesFor(userId, sourceId, 'heart_rate')
  for (let i = 0; i < 50; i++)
    await own.append({ userId, slices: [{ seriesId, points: minutes(day + i * 60_000, 1) }] })
  const segments = async () =>
    Number(
      (
        await kit.query<{ n: string }>('select count(*) as n from tributary.segment where series_id = $1', [seriesId])
      )[0]?.n,
    )
  await own.compact({ now: day + 3_600_000, segmentsLimit: 50 })
  expect(await segments()).toBe(50)
  await own.compact({ now: day + 3_600_000 })
  expect(await segments()).toBe(0)
  await own.append({ userId, slices: [{ seriesId, points: minutes(day + 7_200_000, 1) }] })
  await own.compact({ now: day + dayMs + 599_999 })
  expect(await segments()).toBe(1)
  await own.compact({ now: day + dayMs + 600_000 })
  expect(await segments()).toBe(0)
  expect(await own.compact({ now: day + 9 * dayMs })).toMatchObject({ failures: [], more: false })
  expect((await allOf(own, { userId, seriesId })).n).toBe(51)
})

test('a recount tells of a chunk whose header or bytes are wrong', async () => {
  const own = await testStore()
  const { store } = own.open()
  const { userId, seriesId } = await own.series(store)
  await store.append({ userId, slices: [{ seriesId, points: waves(day, 2 * 1_440) }] })
  await store.compact({ now: Date.now(), quietMs: -dayMs })
  expect(await store.verify()).toEqual([])
  await own.query(`update tributary.chunk set n = n + 1 where day = '2026-01-05'`)
  await own.query(`update tributary.chunk set data = substr(data, 1, 20) where day = '2026-01-06'`)
  const wrong = await store.verify()
  expect(wrong.map(({ day: on, reason }) => [on, reason.replace(/:.*/, '')])).toEqual([
    [day / dayMs, 'n is 1441, recounted 1440'],
    [day / dayMs + 1, 'the bytes cannot be read'],
  ])
  await own.drop()
})

test('a person reads their own points as themselves, and nobody else can', async () => {
  const { db } = kit.open()
  const { userId, seriesId } = await kit.series(store)
  const other = await kit.person()
  await store.append({ userId, slices: [{ seriesId, points: minutes(day, 10) }] })
  const as = (subject: string) =>
    kit
      .open({ readerFor: (_, work) => db.readOn({ userId: subject }, work) })
      .store.readAll({ userId, seriesIds: [seriesId], from: day, to: day + dayMs })
  expect((await as(userId)).n).toBe(10)
  expect((await as(other.userId)).n).toBe(0)
})

test('ten years with long silences are read in order, and a chart of them keeps its peak', async () => {
  const { userId, seriesId } = await kit.series(store, 'body_mass')
  const times = Float64Array.from(
    { length: 500 },
    (_, i) => Date.UTC(2016, 0, 1) + i * 7 * dayMs + (i % 50 === 0 ? 1 : 0),
  )
  const values = Float64Array.from(times, (_, i) => (i === 321 ? 190 : 80 + (i % 7) / 10))
  await store.append({ userId, slices: [{ seriesId, points: pointsOf(times, values) }] })
  await store.compact({ now: Date.now(), quietMs: -dayMs })
  expect((await allOf(store, { userId, seriesId })).t).toEqual(times)
  const everything = { userId, seriesId, from: Number.NEGATIVE_INFINITY, to: Number.POSITIVE_INFINITY }
  expect((await store.readColumns(everything)).v).toEqual(values)
  const dense = pointsOf(
    Float64Array.from({ length: 30_000 }, (_, i) => Date.UTC(2015, 0, 1) + i * 1_000),
    Float64Array.from({ length: 30_000 }, (_, i) => (i === 12_345 ? 200 : 90)),
  )
  await store.append({ userId, slices: [{ seriesId, points: dense }] })
  const thinned = await store.readColumns(everything, 2_000)
  expect(thinned.n).toBeLessThan(3_100)
  expect(Math.max(...thinned.v)).toBe(200)
  expect(await store.count({ userId, seriesIds: [seriesId], from: everything.from, to: everything.to })).toBe(30_500)
})

test.each([
  ['lie in segments', false],
  ['lie in a chunk', true],
])('points at single times go, and those between them stay, when they %s', async (_where, isCompacted) => {
  const { userId, seriesId } = await kit.series(store)
  const late = day + dayMs - 1
  await store.append({ userId, slices: [{ seriesId, points: minutes(day, 5) }] })
  await store.append({ userId, slices: [{ seriesId, points: pointsOf([late, late + 1], [70, 71]) }] })
  if (isCompacted) await store.compact({ now: day + 10 * dayMs, quietMs: -1e15 })
  const times = [day, day + 120_000, day + 150_000, late, late + 1]
  expect(await store.deletePoints({ userId, seriesId, times })).toBe(4)
  expect([...(await allOf(store, { userId, seriesId })).t]).toEqual([day + 60_000, day + 180_000, day + 240_000])
  expect((await store.latest(userId, [seriesId]))[0]).toMatchObject({ t: day + 240_000 })
})

test('erased series are gone with all they held, and points on their way to them are refused', async () => {
  const { userId, sourceId } = await kit.person()
  const seriesId = await store.seriesFor(userId, sourceId, 'heart_rate')
  await store.append({ userId, slices: [{ seriesId, points: minutes(day, 100) }] })
  await store.compact({ now: Date.now(), quietMs: -dayMs })
  await store.append({ userId, slices: [{ seriesId, points: minutes(day, 1, 99) }] })
  await kit.open().store.erase(userId, [seriesId]) // another process, so this one still knows the number
  for (const table of ['series', 'segment', 'chunk', 'latest', 'dirty'])
    expect(await kit.query(`select from tributary.${table} where user_id = $1`, [userId])).toEqual([])
  await expect(store.append({ userId, slices: [{ seriesId, points: minutes(day, 1) }] })).rejects.toBeInstanceOf(
    SeriesGone,
  )
  const anew = await store.seriesFor(userId, sourceId, 'heart_rate')
  expect(anew).not.toBe(seriesId)
  expect(await store.append({ userId, slices: [{ seriesId: anew, points: minutes(day, 1) }] })).toEqual([
    { accepted: 1, duplicates: 0, changed: 0 },
  ])
})

test('a series number of somebody else cannot be written to', async () => {
  const { seriesId } = await kit.series(store)
  const { userId } = await kit.person()
  await expect(store.append({ userId, slices: [{ seriesId, points: minutes(day, 1) }] })).rejects.toBeInstanceOf(
    SeriesGone,
  )
})

test.each([
  [pointsOf([day], [Number.NaN]), 'not a value'],
  [pointsOf([0.5], [1]), 'not a time'],
  [pointsOf([1e15], [1]), 'not a time'],
  [pointsOf([day], [1], { d: Float64Array.of(-1) }), 'not a duration'],
])('what can never be stored is refused before it reaches the others (%#)', async (points, reason) => {
  const { userId, seriesId } = await kit.series(store)
  await expect(store.append({ userId, slices: [{ seriesId, points }] })).rejects.toThrow(reason)
})

test('the first and the last moments that people may name are kept', async () => {
  const { userId, seriesId } = await kit.series(store)
  const times = [Date.parse('0000-01-01T00:00:00Z'), Date.parse('9999-12-31T23:59:59.999Z')]
  await store.append({ userId, slices: [{ seriesId, points: pointsOf(times, [1, 2]) }] })
  expect([...(await allOf(store, { userId, seriesId })).t]).toEqual(times)
  expect((await store.latest(userId, [seriesId]))[0]).toMatchObject({ t: times[1], value: 2 })
})
