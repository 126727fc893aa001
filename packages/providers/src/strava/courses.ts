/** Streams: columns of equal length, `time` in seconds after the start. What could not be measured is null. */
import {
  type ActivityType,
  isOnFoot,
  qualityCode,
  type SeriesReading,
  type SessionReading,
  type Stream,
} from '@tributary/protocol'
import { z } from 'zod'
import type { Given } from '../kit/tell.ts'

export const streamKeys = [
  'time',
  'distance',
  'latlng',
  'altitude',
  'velocity_smooth',
  'heartrate',
  'cadence',
  'watts',
  'temp',
  'moving',
  'grade_smooth',
] as const

const Column = z.object({ data: z.array(z.number().nullable()) }).optional()

export const Streams = z.object({
  time: z.object({ data: z.array(z.number()) }).optional(),
  distance: Column,
  latlng: z.object({ data: z.array(z.array(z.number()).nullable()) }).optional(),
  altitude: Column,
  velocity_smooth: Column,
  heartrate: Column,
  cadence: Column,
  watts: Column,
  temp: Column,
})
export type Streams = z.infer<typeof Streams>

/** The way, and how far it had gone when. */
export function courseOf(streams: Streams, start: number): Pick<SessionReading, 'track' | 'streams'> {
  const track = trackOf(streams, start)
  const distance = columnOf(streams, streams.distance, start)
  return { ...(track ? { track } : {}), ...(distance ? { streams: { distance } } : {}) }
}

function trackOf({ time, latlng, altitude }: Streams, start: number): SessionReading['track'] {
  const [t, lat, lon, ele]: number[][] = [[], [], [], []]
  for (const [i, place] of (latlng?.data ?? []).entries()) {
    const seconds = time?.data[i]
    const [north, east] = place ?? []
    if (seconds === undefined || north === undefined || east === undefined) continue
    t?.push(start + seconds * 1_000)
    lat?.push(north)
    lon?.push(east)
    ele?.push(altitude?.data[i] ?? Number.NaN)
  }
  if (!t?.length) return undefined
  const column = (values: number[] | undefined) => Float64Array.from(values ?? [])
  return { t: column(t), lat: column(lat), lon: column(lon), ...(altitude ? { ele: column(ele) } : {}) }
}

interface Of {
  kind: ActivityType
  start: number
  isEstimated: boolean
  /** Minutes east of UTC. */
  offset: number | undefined
}

/** Metrics of the catalogue. Power that no meter measured says so. */
export function* seriesOf(streams: Streams, { kind, start, isEstimated, offset }: Of): Generator<SeriesReading> {
  const made = (metric: string, column: z.infer<typeof Column>, unit?: string): SeriesReading | undefined => {
    const values = columnOf(streams, column, start)
    if (!values) return undefined
    return {
      kind: 'series',
      metric,
      ...values,
      ...(unit ? { unit } : {}),
      ...(offset === undefined ? {} : { offset }),
      method: 'active',
    }
  }
  const power = made('power', streams.watts)
  if (power && isEstimated) power.qualities = new Uint32Array(power.t.length).fill(estimated)
  const all = [
    made('heart_rate', streams.heartrate),
    isOnFoot(kind) ? made('cadence_steps', streams.cadence, 'strides/min') : made('cadence', streams.cadence),
    power,
    made('speed', streams.velocity_smooth),
    made('elevation', streams.altitude),
    made('ambient_temperature', streams.temp),
  ]
  for (const series of all) if (series) yield series
}

const estimated = qualityCode('fair') as number

/** Nulls are moments without a value; gaps in time are normal. */
function columnOf({ time }: Streams, column: z.infer<typeof Column>, start: number): Stream | undefined {
  if (!time || !column) return undefined
  const n = Math.min(time.data.length, column.data.length)
  const t = new Float64Array(n)
  const v = new Float64Array(n)
  let kept = 0
  for (let i = 0; i < n; i++) {
    const value = column.data[i]
    if (value === null || value === undefined) continue
    t[kept] = start + (time.data[i] as number) * 1_000
    v[kept++] = value
  }
  return kept ? { t: t.slice(0, kept), v: v.slice(0, kept) } : undefined
}

/** Strava counts the turns of one leg; people on foot have two. */
export function cadenceOf(activity: ActivityType, average: Given): Record<string, Given> {
  if (!isOnFoot(activity)) return { cadence_avg: average }
  return { cadence_steps_avg: typeof average === 'number' ? average * 2 : average }
}
