/** Files of real devices, held against what tools of others read in them (`fixtures/expected.py`). */
import type { Totals } from '@tributary/protocol'
import { expect, test } from 'vitest'
import { parseActivity } from './parse-activity.ts'
import type { ParsedFile } from './parsed-file.ts'
import { fixture, seriesOf, streamOf } from './testing/fixture.ts'

interface Column {
  n: number
  sum: number
  first: number
  last: number
}

const now = Date.UTC(2026, 11, 31)
const expectedOf = <T>(folder: string, name: string): T =>
  JSON.parse(Buffer.from(fixture(`${folder}/expected.json`)).toString())[name]

function same(values: ArrayLike<number>, { n, sum, first, last }: Column, scale = 1): void {
  const all = Array.from(values)
  expect(all).toHaveLength(n)
  expect(all[0]).toBeCloseTo(first * scale, 6)
  expect(all.at(-1)).toBeCloseTo(last * scale, 6)
  const off = all.reduce((a, b) => a + b, 0) - sum * scale
  expect(Math.abs(off) / n).toBeLessThan(1e-7) // places are kept with seven decimals
}

const track = (parsed: ParsedFile) => {
  const found = parsed.sessions[0]?.track
  if (!found) throw new Error('no track')
  return found
}
/** Degrees. */
const semicircle = 180 / 2 ** 31

/** Our figure, the name that others give it. */
const fitFigures: Record<string, string> = {
  duration: 'total_elapsed_time',
  active_duration: 'total_timer_time',
  distance: 'total_distance',
  energy_total: 'total_calories',
  heart_rate_avg: 'avg_heart_rate',
  heart_rate_max: 'max_heart_rate',
  elevation_gain: 'total_ascent',
  elevation_loss: 'total_descent',
  speed_avg: 'enhanced_avg_speed',
  speed_max: 'enhanced_max_speed',
}

function sameFigures(totals: Totals | undefined, expected: Record<string, unknown> | undefined): void {
  const stated = Object.entries(fitFigures).filter(([, theirs]) => expected?.[theirs] !== undefined)
  expect(stated.length).toBeGreaterThan(4)
  for (const [ours, theirs] of stated) expect(totals?.[ours], ours).toBeCloseTo(expected?.[theirs] as number, 6)
}

interface ExpectedFit {
  records: Record<string, Column> & { n: never }
  sessions: Record<string, unknown>[]
  laps: Record<string, unknown>[]
}

test.each(['sample-activity.fit', 'garmin-fenix-5-walk.fit'])(
  '%s: records, laps and figures are those that fitdecode finds',
  async (name) => {
    const parsed = await parseActivity(fixture(`fit/${name}`), { now })
    const { records, sessions, laps } = expectedOf<ExpectedFit>('fit', name)
    expect(parsed.records).toBe(records.n)
    const column = (named: string) => records[named] as Column
    same(seriesOf(parsed, 'heart_rate').v, column('heart_rate'))
    same(seriesOf(parsed, 'elevation').v, column('enhanced_altitude'))
    same(seriesOf(parsed, 'speed').v, column('enhanced_speed'))
    same(seriesOf(parsed, 'ambient_temperature').v, column('temperature'))
    same(streamOf(parsed, 'distance').v, column('distance'))
    same(track(parsed).lat, column('position_lat'), semicircle)
    same(track(parsed).lon, column('position_long'), semicircle)
    const [session] = parsed.sessions
    expect(parsed.sessions).toHaveLength(sessions.length)
    expect(session?.start).toBe(Date.parse(sessions[0]?.['start_time'] as string))
    sameFigures(session?.totals, sessions[0])
    const ours = session?.parts.filter(({ kind }) => kind === 'lap') ?? []
    expect(ours.map(({ start }) => start)).toEqual(laps.map((lap) => Date.parse(lap['start_time'] as string)))
    for (const [i, lap] of laps.entries()) sameFigures(ours[i]?.totals, lap)
  },
)

test('cerknicko-jezero.gpx: points, times and the way are those that gpxpy finds', async () => {
  const parsed = await parseActivity(fixture('gpx/cerknicko-jezero.gpx'), { now })
  const expected = expectedOf<{
    points: number
    start: string
    end: string
    metres: number
    columns: Record<string, Column>
  }>('gpx', 'cerknicko-jezero.gpx')
  expect(parsed.records).toBe(expected.points)
  const tracks = parsed.sessions.flatMap((session) => session.track ?? [])
  const all = (name: 'lat' | 'lon' | 'ele') => tracks.flatMap((one) => [...(one[name] ?? [])])
  for (const name of ['lat', 'lon', 'ele'] as const) same(all(name), expected.columns[name] as Column)
  expect(Math.min(...parsed.sessions.map(({ start }) => start))).toBe(Date.parse(expected.start))
  expect(Math.max(...parsed.sessions.map(({ end }) => end))).toBe(Date.parse(expected.end))
  const metres = parsed.sessions.reduce((sum, { totals }) => sum + (totals['distance'] ?? 0), 0)
  expect(Math.abs(metres / expected.metres - 1)).toBeLessThan(0.005) // another radius of the earth
})

test('sup_activity_1.tcx: points, times and figures are those that tcxparser finds', async () => {
  const parsed = await parseActivity(fixture('tcx/sup_activity_1.tcx'), { now })
  const expected = expectedOf<{
    points: number
    start: string
    seconds: number
    metres: number
    kcal: number
    heart_rate_max: number
    heart_rate: Column
    lat: Column
    lon: Column
    distance: Column
  }>('tcx', 'sup_activity_1.tcx')
  expect(parsed.records).toBe(expected.points)
  expect(parsed.sessions[0]?.start).toBe(Date.parse(expected.start))
  same(seriesOf(parsed, 'heart_rate').v, expected.heart_rate)
  same(track(parsed).lat, expected.lat)
  same(track(parsed).lon, expected.lon)
  same(streamOf(parsed, 'distance').v, expected.distance)
  expect(parsed.sessions[0]?.totals).toMatchObject({
    active_duration: expected.seconds,
    distance: expect.closeTo(expected.metres, 4),
    energy_total: expected.kcal,
  })
  expect(Math.max(...seriesOf(parsed, 'heart_rate').v)).toBe(expected.heart_rate_max) // its own figure is of points alone
})
