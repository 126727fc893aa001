/** First stage: whatever a source calls things and measures them in becomes our metrics in our units. */
import {
  type Conversion,
  conversionFor,
  convert,
  type DayReading,
  type Measured,
  type MetricId,
  primaryKind,
  qualityCode,
  recordingMethods,
  type SampleReading,
  type SeriesReading,
} from '@tributary/protocol'
import { noOffset, type Points } from '../platform/samples/points.ts'
import { isSame, metricOf, typeLoss, unitLoss } from './names.ts'
import { nameEvent } from './normalise-event.ts'
import type { Column, Sifted } from './sifted.ts'

export function normalise(readings: readonly Measured[]): Sifted {
  const sifted: Sifted = { columns: [], days: [], events: [], ways: [], stages: [], rejected: readings.map(() => []) }
  for (const [at, reading] of readings.entries()) nameReading(reading, at, sifted)
  return sifted
}

function nameReading(reading: Measured, at: number, sifted: Sifted): void {
  switch (reading.kind) {
    case 'series':
      nameSeries(reading, at, sifted)
      break
    case 'sample':
      nameSeries(seriesOf(reading), at, sifted)
      break
    case 'day':
      nameDay(reading, at, sifted)
      break
    case 'event':
      nameEvent(reading, at, sifted)
      break
    case 'positions': {
      const { t, lat, lon, ele = new Float64Array(t.length).fill(Number.NaN) } = reading.track
      sifted.ways.push({ reading: at, track: { t, lat, lon, ele }, places: reading.places ?? null })
      break
    }
    case 'stage': {
      const { stage, start, end, offset = null, place = 0 } = reading
      sifted.stages.push({ reading: at, place, stage, start, end, offset, quality: qualityCode(reading.quality) ?? 0 })
    }
  }
}

/** One value is a column of one. Who has many sends a series. */
function seriesOf({ metric, t, duration, value, unit, quality, offset, method, place }: SampleReading): SeriesReading {
  return {
    kind: 'series',
    metric,
    t: Float64Array.of(t),
    v: Float64Array.of(value),
    ...(duration ? { durations: Float64Array.of(duration) } : {}),
    ...(quality === undefined ? {} : { qualities: Uint32Array.of(qualityCode(quality) ?? 0) }),
    ...(offset === undefined ? {} : { offset }),
    ...(unit === undefined ? {} : { unit }),
    ...(method === undefined ? {} : { method }),
    ...(place === undefined ? {} : { places: Uint32Array.of(place) }),
  }
}

function nameSeries(series: SeriesReading, at: number, sifted: Sifted): void {
  const metric = metricOf(series.metric)
  const conversion = metric && conversionFor(metric, series.unit)
  if (!metric || !conversion) {
    const loss = metric ? unitLoss(metric, series.unit) : typeLoss(series.metric)
    for (let i = 0; i < series.t.length; i++) sifted.rejected[at]?.push({ index: series.places?.[i] ?? i, ...loss })
    return
  }
  const column: Column = { reading: at, metric, points: pointsOf(series, conversion), places: series.places ?? null }
  const kind = primaryKind(metric)
  if (kind === 'S' || kind === 'I') sifted.columns.push(column)
  else spread(column, kind, sifted)
}

/** Columns in the catalogue's unit; the unit that was spoken stays beside each value it differs for. */
function pointsOf(series: SeriesReading, conversion: Conversion): Points {
  const { t, v, durations: d = null, qualities: q = null, offset, method } = series
  const n = t.length
  const same = isSame(conversion)
  const z = series.offsets ?? (offset === undefined ? null : new Int16Array(n).fill(offset))
  if (series.offsets && offset !== undefined) for (let i = 0; i < n; i++) if (z?.[i] === noOffset) z[i] = offset
  return {
    n,
    t,
    v: same ? v : v.map((value) => convert(conversion, value)),
    d,
    q,
    z,
    m: method ? new Uint8Array(n).fill(recordingMethods.indexOf(method)) : null,
    u: same ? null : new Array<string | null>(n).fill(series.unit?.trim() ?? null),
  }
}

/** Timed values of a metric that is stated for days, or that happens: one row each. The day is the local one where the time was written. */
function spread(
  { reading, metric, points: { n, t, v, d, q, z, u }, places }: Column,
  kind: 'D' | 'E',
  sifted: Sifted,
): void {
  for (let i = 0; i < n; i++) {
    const start = t[i] as number
    const value = v[i] as number
    const said = z?.[i] ?? noOffset
    const offset = said === noOffset ? null : said
    const row = { reading, place: places?.[i] ?? i, quality: q?.[i] ?? 0, metric, unit: u?.[i] ?? null }
    if (kind === 'D') sifted.days.push({ ...row, date: localDate(start, offset ?? 0), value })
    else {
      const length = d?.[i] ?? 0
      sifted.events.push({
        ...row,
        start,
        end: length ? start + length : null,
        value: { value },
        offset,
        externalId: '',
      })
    }
  }
}

function nameDay(day: DayReading, at: number, sifted: Sifted): void {
  const place = day.place ?? 0
  const metric = metricOf(day.metric)
  const conversion = metric && conversionFor(metric, day.unit)
  if (!metric || !conversion || primaryKind(metric) === 'E') {
    const loss = !metric ? typeLoss(day.metric) : !conversion ? unitLoss(metric, day.unit) : dateLoss(metric)
    sifted.rejected[at]?.push({ index: place, ...loss })
    return
  }
  const unit = isSame(conversion) ? null : (day.unit?.trim() ?? null)
  const quality = qualityCode(day.quality) ?? 0
  sifted.days.push({ reading: at, place, metric, date: day.date, value: convert(conversion, day.value), unit, quality })
}

const dateLoss = (metric: MetricId) => ({
  code: 'date_not_taken',
  detail: `${metric} happens at a time: send a timestamp`,
})

/** The calendar date on a wall clock so many minutes east of UTC. */
function localDate(ms: number, offsetMinutes: number): string {
  const local = new Date(ms + offsetMinutes * 60_000)
  return Number.isNaN(local.getTime()) ? 'never' : local.toISOString().slice(0, -14) // `never` is no date, and refused as such
}
