/** A value entered by hand as it is answered: the catalogue's name and unit, the unit it was entered in beside it. */
import {
  type AnswerOf,
  catalogue,
  type DataType,
  isMetric,
  type Measured,
  type Routes,
  toCanonical,
} from '@tributary/protocol'
import { instantOf } from '../platform/instant.ts'
import { noOffset } from '../platform/samples/points.ts'

type Shown = Omit<AnswerOf<Routes['createSample']>, 'source_id' | 'result'>

export function shownPoint(type: DataType, reading: Measured): Shown {
  const metric = type.kind === 'metric' ? type.metric : type.name
  return { metric, unit: unitOf(type), ...partsOf(reading) }
}

/** As lists of values say it: of a blood pressure its parts', of what has no one unit its parts' own. */
function unitOf(type: DataType): string {
  if (type.kind === 'metric') return catalogue[type.metric].unit
  return { blood_pressure: catalogue.bp_systolic.unit, gps: 'deg', sleep: 'sleep stage' }[type.name]
}

function partsOf(reading: Measured): Omit<Shown, 'metric' | 'unit'> {
  switch (reading.kind) {
    case 'series': {
      const [start = 0] = reading.t
      const [length = 0] = reading.durations ?? []
      const [offset = noOffset] = reading.offsets ?? []
      return {
        timestamp: instantOf(start),
        ...(length ? { end: instantOf(start + length) } : {}),
        ...measured(reading.metric, reading.v[0] ?? 0, reading.unit),
        ...(offset === noOffset ? {} : { utc_offset_minutes: offset }),
        method: 'manual',
      }
    }
    case 'day':
      return {
        timestamp: `${reading.date}T00:00:00Z`,
        date: reading.date,
        ...measured(reading.metric, reading.value, reading.unit),
      }
    case 'event': {
      const { start, end, offset, unit } = reading
      const parts = Object.entries(reading.value).map(([part, said]) => {
        const of = part === 'value' ? reading.metric : `bp_${part}`
        return [part, typeof said === 'number' ? measured(of, said, unit).value : said]
      })
      return {
        timestamp: instantOf(start),
        ...(end === undefined ? {} : { end: instantOf(end) }),
        ...Object.fromEntries(parts),
        ...(offset === undefined ? {} : { utc_offset_minutes: offset }),
      }
    }
    case 'positions': {
      const { t, lat, lon, ele } = reading.track
      const up = ele?.[0] ?? Number.NaN
      return {
        timestamp: instantOf(t[0] ?? 0),
        lat: lat[0] ?? 0,
        lon: lon[0] ?? 0,
        ...(Number.isNaN(up) ? {} : { ele: up }),
      }
    }
    case 'stage':
      return { timestamp: instantOf(reading.start), end: instantOf(reading.end), stage: reading.stage }
    case 'sample':
      return { timestamp: instantOf(reading.t), ...measured(reading.metric, reading.value, reading.unit) }
  }
}

function measured(metric: string, value: number, unit: string | undefined): { value: number; original_unit?: string } {
  const canonical = isMetric(metric) ? (toCanonical(metric, value, unit) ?? value) : value
  return canonical === value || unit === undefined ? { value: canonical } : { value: canonical, original_unit: unit }
}
