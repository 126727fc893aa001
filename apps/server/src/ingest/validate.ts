/** Second stage: what no living person and no real instrument can have measured is refused, each value with its reason. */
import {
  catalogue,
  dayFaultOf,
  faultOf,
  type Limits,
  type Loss,
  limitsOf,
  type Rejection,
  timeFaultOf,
} from '@tributary/protocol'
import { type Points, pickPoints } from '../platform/samples/points.ts'
import { pairFaultOf, partFaultOf } from './event-rules.ts'
import type { Column, DayRow, EventRow, Sifted, StageRow, Way } from './sifted.ts'

/** The first place on earth to enter a date is 14 hours ahead of UTC. */
const aheadOfUtcMs = 14 * 3_600_000

export function validate(named: Sifted, now: number): Sifted {
  const { rejected } = named
  const keep = <R extends { reading: number; place: number }>(fault: (row: R) => Loss | null) => {
    return (row: R): boolean => {
      const loss = fault(row)
      if (loss) rejected[row.reading]?.push({ index: row.place, ...loss })
      return !loss
    }
  }
  return {
    columns: named.columns
      .map((column) => soundColumn(column, now, rejected[column.reading] ?? []))
      .filter((column) => column.points.n > 0),
    days: named.days.filter(keep((row) => dayRowFault(row, now))),
    events: named.events.filter(keep((row) => eventFault(row, now))),
    ways: named.ways
      .map((way) => soundWay(way, now, rejected[way.reading] ?? []))
      .filter((way) => way.track.t.length > 0),
    stages: named.stages.filter(keep((row) => stageFault(row, now))),
    rejected,
  }
}

/** The loop every uploaded value goes through: it allocates only when something is wrong. */
function soundColumn(column: Column, now: number, rejected: Rejection[]): Column {
  const { points, places, metric } = column
  const { n, t, v, d } = points
  const limits = limitsOf(metric)
  let bad: number[] | null = null
  for (let i = 0; i < n; i++) {
    const length = d ? (d[i] as number) : 0
    const loss =
      timeFaultOf(t[i] as number, now) ??
      faultOf(limits, v[i] as number, length) ??
      (length > 0 ? timeFaultOf((t[i] as number) + length, now) : null)
    if (!loss) continue
    bad ??= []
    bad.push(i)
    rejected.push({ index: places ? (places[i] as number) : i, ...loss })
  }
  return bad ? without(column, bad) : column
}

function without({ reading, metric, points, places }: Column, bad: readonly number[]): Column {
  const left = indicesWithout(points.n, bad)
  const kept: Points = pickPoints(points, left)
  return { reading, metric, points: kept, places: places ? Uint32Array.from(left, (i) => places[i] as number) : left }
}

function indicesWithout(n: number, bad: readonly number[]): Uint32Array {
  const left = new Uint32Array(n - bad.length)
  for (let i = 0, at = 0, next = 0; i < n; i++) {
    if (bad[next] === i) next++
    else left[at++] = i
  }
  return left
}

function dayRowFault({ metric, date, value }: DayRow, now: number): Loss | null {
  const start = dayStart(date)
  if (start === null) return { code: 'date_invalid', detail: 'The date is not a day of the calendar' }
  const tooEarly = timeFaultOf(start, start)
  if (tooEarly) return tooEarly
  if (timeFaultOf(start - aheadOfUtcMs, now)?.code === 'time_in_future')
    return { code: 'time_in_future', detail: 'The date lies in the future' }
  return dayFaultOf(limitsOf(metric), value)
}

/** Midnight UTC of a date, for comparing dates; null when there is no such day. */
function dayStart(date: string): number | null {
  const ms = /^\d{4}-\d\d-\d\d$/.test(date) ? Date.parse(`${date}T00:00:00Z`) : Number.NaN
  return Number.isNaN(ms) || new Date(ms).toISOString().slice(0, 10) !== date ? null : ms
}

function eventFault(row: EventRow, now: number): Loss | null {
  const time = timeFaultOf(row.start, now) ?? (row.end === null ? null : spanFault(row.start, row.end, now))
  return time ?? partFaultOf(row) ?? pairFaultOf(row)
}

function stageFault({ start, end }: StageRow, now: number): Loss | null {
  const time = timeFaultOf(start, now) ?? spanFault(start, end, now)
  if (time) return time
  const longest = (catalogue.sleep.rejectDuration?.[1] ?? 86_400) * 1000
  if (end === start) return { code: 'end_before_start', detail: 'A stage lasts longer than nothing' }
  return end - start > longest ? { code: 'interval_too_long', detail: 'A stage lasts a day at most' } : null
}

function spanFault(start: number, end: number, now: number): Loss | null {
  return end < start ? { code: 'end_before_start', detail: 'It ends before it begins' } : timeFaultOf(end, now)
}

/** Latitude and longitude are needed; an elevation that cannot be costs the point, like any part of a value. */
function soundWay(way: Way, now: number, rejected: Rejection[]): Way {
  const { t, lat, lon, ele } = way.track
  const elevation = limitsOf('elevation')
  const bad: number[] = []
  for (let i = 0; i < t.length; i++) {
    const loss =
      timeFaultOf(t[i] as number, now) ?? positionFault(lat[i] as number, lon[i] as number, ele[i] as number, elevation)
    if (!loss) continue
    bad.push(i)
    rejected.push({ index: way.places?.[i] ?? i, ...loss })
  }
  if (!bad.length) return way
  const left = indicesWithout(t.length, bad)
  const pick = (column: Float64Array) => Float64Array.from(left, (i) => column[i] as number)
  const { places } = way
  return {
    reading: way.reading,
    track: { t: pick(t), lat: pick(lat), lon: pick(lon), ele: pick(ele) },
    places: places ? Uint32Array.from(left, (i) => places[i] as number) : left,
  }
}

function positionFault(lat: number, lon: number, ele: number, elevation: Limits): Loss | null {
  if (!(Math.abs(lat) <= 90)) return { code: 'out_of_range', detail: 'lat can be -90 to 90 degrees' }
  if (!(Math.abs(lon) <= 180)) return { code: 'out_of_range', detail: 'lon can be -180 to 180 degrees' }
  return Number.isNaN(ele) ? null : faultOf(elevation, ele, 0)
}
