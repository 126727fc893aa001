/** What an exercise measured on its way: columns at regular distances, beats, places, laps. */

import type { ActivityType, SessionPart, Stream, Track } from '@tributary/protocol'
import { tableOf } from '@tributary/protocol'
import { z } from 'zod'
import type { Told } from '../kit/feed.ts'
import { given, totalsOf } from '../kit/tell.ts'
import { column, count, number, text, wallOf } from './wire.ts'

const Statistics = z.object({ type: z.string(), min: number, avg: number, max: number })

const Lap = z.object({
  durationMillis: number,
  distanceMeters: number,
  ascentMeters: number,
  statistics: z.object({ statistics: z.array(Statistics).nullish() }).nullish(),
})
type Lap = z.infer<typeof Lap>

const WayPoint = z.object({ longitude: z.number(), latitude: z.number(), altitude: number, elapsedMillis: count })

export const Exercise = z.object({
  startTime: text,
  timezoneOffsetMinutes: number,
  sport: z.object({ id: z.union([z.string(), z.number()]) }).nullish(),
  ascentMeters: number,
  runningIndex: number,
  samples: z
    .object({
      samples: z.array(z.object({ type: z.string(), intervalMillis: count, values: column })).nullish(),
      rrSamples: z.array(z.object({ durationMillis: count, offline: z.boolean().nullish() })).nullish(),
    })
    .nullish(),
  laps: z.object({ laps: z.array(Lap).nullish(), autoLaps: z.array(Lap).nullish() }).nullish(),
  routes: z
    .object({ route: z.object({ startTime: z.string(), wayPoints: z.array(WayPoint).nullish() }).nullish() })
    .nullish(),
  statistics: z.object({ statistics: z.array(z.looseObject({})).nullish() }).nullish(),
  zones: z.array(z.looseObject({})).nullish(),
})
export type Exercise = z.infer<typeof Exercise>

/** When the exercise began, and how far its wall clock is ahead of UTC. */
export interface Begun {
  start: number
  offset: number
  activity: ActivityType
}

/** By type: a metric and its unit. The cadence of a runner may be steps or strides, and power that of one leg: they stay with their session. */
const metrics: Readonly<Record<string, { metric: string; unit?: string }>> = tableOf({
  HEART_RATE: { metric: 'heart_rate' },
  SPEED: { metric: 'speed', unit: 'km/h' },
  ALTITUDE: { metric: 'elevation' },
  POWER: { metric: 'power' },
  TEMPERATURE: { metric: 'ambient_temperature' },
})

const kindOf = (type: string, activity: ActivityType) =>
  type === 'CADENCE' && activity.startsWith('cycling')
    ? { metric: 'cadence' }
    : Object.hasOwn(metrics, type)
      ? metrics[type]
      : undefined

/** Columns of metrics, and streams of everything else. */
function samplesOf({ samples }: Exercise, { start, offset, activity }: Begun) {
  const series: Told[] = []
  const streams: Record<string, Stream> = {}
  for (const { type, intervalMillis, values } of samples?.samples ?? []) {
    const rows = values.flatMap((value, i): [number, number][] =>
      value === null || (type === 'HEART_RATE' && value === 0) ? [] : [[start + i * intervalMillis, value]],
    )
    if (!rows.length) continue
    const kind = kindOf(type, activity)
    const rowsInColumns = columnsOf(rows)
    if (kind) series.push({ kind: 'series', ...kind, ...rowsInColumns, offset, method: 'active' })
    else streams[type.toLowerCase()] = rowsInColumns
  }
  const beats = columnsOf(beatsOf(samples?.rrSamples ?? [], start))
  if (beats.t.length) series.push({ kind: 'series', metric: 'rr_interval', ...beats, offset, method: 'active' })
  return { series, streams }
}

/** Each beat ends where the next begins, also those that were lost (`offline`). */
function beatsOf(beats: readonly { durationMillis: number; offline?: boolean | null | undefined }[], start: number) {
  let at = start
  return beats.flatMap(({ durationMillis, offline }): [number, number][] => {
    at += durationMillis
    return offline ? [] : [[at, durationMillis]]
  })
}

const columnsOf = (rows: readonly (readonly [number, number])[]): Stream => ({
  t: Float64Array.from(rows, ([t]) => t),
  v: Float64Array.from(rows, ([, v]) => v),
})

/** A way has a beginning of its own, which need not be the exercise's. */
function trackOf({ routes }: Exercise, { offset }: Begun): Track | undefined {
  const { startTime, wayPoints } = routes?.route ?? {}
  if (!startTime || !wayPoints?.length) return undefined
  const start = wallOf(startTime) - offset * 60_000
  const hasHeights = wayPoints.some(({ altitude }) => typeof altitude === 'number')
  return {
    t: Float64Array.from(wayPoints, ({ elapsedMillis }) => start + elapsedMillis),
    lat: Float64Array.from(wayPoints, ({ latitude }) => latitude),
    lon: Float64Array.from(wayPoints, ({ longitude }) => longitude),
    ...(hasHeights ? { ele: Float64Array.from(wayPoints, ({ altitude }) => altitude ?? Number.NaN) } : {}),
  }
}

/** Those that the person pressed, else those that the watch made. Each begins where the one before it ended. */
function lapsOf({ laps }: Exercise, { start }: Begun): SessionPart[] {
  const pressed = laps?.laps ?? []
  let at = start
  return (pressed.length ? pressed : (laps?.autoLaps ?? [])).map((lap): SessionPart => {
    const from = at
    at += lap.durationMillis ?? 0
    return { kind: 'lap', start: from, end: at, totals: totalsOfLap(lap) }
  })
}

function totalsOfLap({ durationMillis, distanceMeters, ascentMeters, statistics }: Lap) {
  const heart = statistics?.statistics?.find(({ type }) => type === 'STATISTICS_TYPE_HEART_RATE')
  return totalsOf({
    duration: typeof durationMillis === 'number' ? durationMillis / 1_000 : undefined,
    distance: distanceMeters,
    elevation_gain: ascentMeters,
    heart_rate_avg: heart?.avg,
    heart_rate_max: heart?.max,
  })
}

/** The ways of a session's exercises, one after the other. */
function joinedOf(tracks: readonly Track[]): Track | undefined {
  if (tracks.length < 2) return tracks[0]
  const all = (name: 't' | 'lat' | 'lon') => Float64Array.from(tracks.flatMap((track) => [...track[name]]))
  const heights = tracks.flatMap(({ t, ele }) => (ele ? [...ele] : Array.from(t, () => Number.NaN)))
  const hasHeights = tracks.some(({ ele }) => ele)
  return {
    t: all('t'),
    lat: all('lat'),
    lon: all('lon'),
    ...(hasHeights ? { ele: Float64Array.from(heights) } : {}),
  }
}

/** All of a session's exercises: what belongs to it, and the columns that stand beside it. */
export function courseOf(exercises: readonly Exercise[], { start, offset, activity }: Begun) {
  const streams: Record<string, Stream> = {}
  const whole = { parts: [] as SessionPart[], series: [] as Told[], extras: [] as object[] }
  const tracks: Track[] = []
  for (const exercise of exercises) {
    const begun = { start: exercise.startTime ? wallOf(exercise.startTime) - offset * 60_000 : start, offset, activity }
    const { series, streams: more } = samplesOf(exercise, begun)
    whole.series.push(...series)
    whole.parts.push(...lapsOf(exercise, begun))
    for (const [name, { t, v }] of Object.entries(more)) {
      const before = streams[name]
      streams[name] = before
        ? { t: Float64Array.of(...before.t, ...t), v: Float64Array.of(...before.v, ...v) }
        : { t, v }
    }
    const track = trackOf(exercise, begun)
    if (track) tracks.push(track)
    const extra = given({ zones: exercise.zones, statistics: exercise.statistics?.statistics })
    if (Object.keys(extra).length) whole.extras.push(extra)
  }
  const track = joinedOf(tracks)
  return { ...whole, ...(track ? { track } : {}), ...(Object.keys(streams).length ? { streams } : {}) }
}
