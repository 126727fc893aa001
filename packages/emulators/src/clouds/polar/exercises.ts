/** Training sessions, with spellings as mixed as the brand's. */
import { gzipSync } from 'node:zlib'
import type { SessionReading } from '@tributary/protocol'
import type { Account, Draft, Kept } from '../kit/accounts.ts'
import type { Ids } from '../kit/ids.ts'
import { along, type Held, type Measured, round } from '../kit/measured.ts'
import { isoDuration, isoUtc, wallClock } from '../kit/times.ts'

const sports: Readonly<Record<string, readonly [sport: string, detailed: string]>> = {
  running: ['RUNNING', 'RUNNING'],
  running_trail: ['RUNNING', 'TRAIL_RUNNING'],
  cycling: ['CYCLING', 'ROAD_BIKING'],
  cycling_mountain: ['CYCLING', 'MOUNTAIN_BIKING'],
  swimming_pool: ['SWIMMING', 'POOL_SWIMMING'],
  strength: ['STRENGTH_TRAINING', 'STRENGTH_TRAINING'],
  walking: ['WALKING', 'WALKING'],
  hiking: ['HIKING', 'HIKING'],
}

/** Metric to sample-type, and how it is told. */
const sampleTypes: readonly (readonly [metric: string, type: string, tell: (v: number) => number])[] = [
  ['heart_rate', '0', Math.round],
  ['speed', '1', (v) => round(v * 3.6, 1)], // km/h
  ['cadence', '2', Math.round],
  ['elevation', '3', (v) => round(v, 1)],
  ['power', '4', Math.round],
  ['cadence_steps', '8', Math.round],
]

export function* exercisesOf(ids: Ids, { id: user, measured }: Account): Iterable<Draft> {
  for (const held of measured.sessions('workout')) {
    const id = ids.hex(6, 'exercise', held.key)
    yield {
      feed: 'exercise',
      id,
      at: held.reading.start,
      end: held.reading.end,
      body: bodyOf(id, user, held, measured),
    }
  }
}

function bodyOf(id: string, user: string, { reading, device }: Held<SessionReading>, measured: Measured) {
  const { start, end, totals, activity = '', track } = reading
  const offset = reading.offset ?? measured.offsetAt(start)
  const [sport, detailed] = sports[activity] ?? ['OTHER', 'OTHER']
  const heart = totals['heart_rate_avg']
  const load = round(((heart ?? 100) * (end - start)) / 6_000_000, 1)
  return {
    id,
    polar_user: `https://www.polaraccesslink/v3/users/${user}`,
    device: device.name,
    device_id: device.serial,
    start_time: wallClock(start, offset),
    start_time_utc_offset: offset,
    duration: isoDuration(end - start),
    calories: Math.round(totals['energy_active'] ?? 0),
    ...(totals['distance'] === undefined ? {} : { distance: round(totals['distance'], 1) }),
    ...(heart === undefined
      ? {}
      : { heart_rate: { average: Math.round(heart), maximum: Math.round(totals['heart_rate_max'] ?? heart) } }),
    training_load: load,
    sport,
    detailed_sport_info: detailed,
    has_route: track !== undefined,
    ...(sport === 'RUNNING' ? { 'running-index': 53 } : {}),
    training_load_pro: {
      date: wallClock(start, offset).slice(0, 10),
      'cardio-load': load,
      'muscle-load': round(load * 1.5, 1),
      'perceived-load': round(load * 1.3, 1),
      'user-rpe': 'RPE_MODERATE',
    },
  }
}

export interface Wish {
  samples: boolean
  zones: boolean
  route: boolean
}

/** With what was asked for besides. */
export function exerciseShown(
  kept: Kept,
  reading: SessionReading,
  measured: Measured,
  wish: Wish,
): Record<string, unknown> {
  return {
    ...kept.body,
    upload_time: isoUtc(kept.updatedAt),
    ...(wish.zones ? { heart_rate_zones: zonesOf(reading, measured) } : {}),
    ...(wish.samples ? { samples: samplesOf(reading, measured) } : {}),
    ...(wish.route && reading.track ? { route: routeOf(reading) } : {}),
  }
}

function zonesOf({ start, end }: SessionReading, measured: Measured) {
  const { v } = measured.between('heart_rate', start, end)
  const step = v.length ? (end - start) / v.length : 0
  return [96, 115, 134, 153, 172].map((lower, i, all) => {
    const upper = all[i + 1] ?? 191
    const ms = v.filter((beats) => beats >= lower && beats < upper).length * step
    return { index: i + 1, 'lower-limit': lower, 'upper-limit': upper, 'in-zone': isoDuration(ms) }
  })
}

function samplesOf({ start, end, streams }: SessionReading, measured: Measured) {
  const { t } = measured.between('heart_rate', start, end)
  const rate = Math.max(1, Math.round(((t[1] ?? 0) - (t[0] ?? 0)) / 1000))
  const times = Array.from({ length: Math.floor((end - start) / (rate * 1000)) }, (_, i) => start + i * rate * 1000)
  const list = (type: string, values: readonly (number | null)[]) => ({
    'recording-rate': rate,
    'sample-type': type,
    data: values.map((value) => value ?? 'null').join(','),
  })
  const told = sampleTypes.flatMap(([metric, type, tell]) => {
    const column = measured.between(metric, start, end)
    if (!column.t.length) return []
    return [
      list(
        type,
        along(times, column, 2_000 * rate).map((v) => (v === null ? null : tell(v))),
      ),
    ]
  })
  const distance = streams?.['distance']
  if (distance) told.push(list('10', along(times, { t: [...distance.t], v: [...distance.v] }, 2_000 * rate)))
  const beats = measured.between('rr_interval', start, end).v
  return beats.length
    ? [...told, { 'recording-rate': null, 'sample-type': '11', data: beats.map(Math.round).join(',') }]
    : told
}

function routeOf({ start, track }: SessionReading) {
  return [...(track?.t ?? [])].map((t, i) => ({
    latitude: track?.lat[i],
    longitude: track?.lon[i],
    time: isoDuration(t - start),
    satellites: 11,
    fix: 3,
  }))
}

export function gpxOf({ track }: SessionReading): string {
  const points = [...(track?.t ?? [])].map(
    (t, i) =>
      `<trkpt lat="${track?.lat[i]}" lon="${track?.lon[i]}"><ele>${track?.ele?.[i] ?? 0}</ele><time>${isoUtc(t)}</time></trkpt>`,
  )
  return `<?xml version="1.0" encoding="UTF-8"?>\n<gpx version="1.1" creator="Polar" xmlns="http://www.topografix.com/GPX/1/1"><trk><trkseg>${points.join('')}</trkseg></trk></gpx>\n`
}

/** Zipped, and no header says so. */
export function tcxOf({ start, end, totals, activity }: SessionReading, measured: Measured): Uint8Array<ArrayBuffer> {
  const { t, v } = measured.between('heart_rate', start, end)
  const points = t.map(
    (at, i) => `<Trackpoint><Time>${isoUtc(at)}</Time><HeartRateBpm><Value>${v[i]}</Value></HeartRateBpm></Trackpoint>`,
  )
  const sport = activity?.startsWith('cycling') ? 'Biking' : activity?.startsWith('running') ? 'Running' : 'Other'
  const text = `<?xml version="1.0" encoding="UTF-8"?>
<TrainingCenterDatabase xmlns="http://www.garmin.com/xmlschemas/TrainingCenterDatabase/v2"><Activities><Activity Sport="${sport}"><Id>${isoUtc(start)}</Id><Lap StartTime="${isoUtc(start)}"><TotalTimeSeconds>${(end - start) / 1000}</TotalTimeSeconds><DistanceMeters>${totals['distance'] ?? 0}</DistanceMeters><Calories>${Math.round(totals['energy_active'] ?? 0)}</Calories><Track>${points.join('')}</Track></Lap></Activity></Activities></TrainingCenterDatabase>
`
  return new Uint8Array(gzipSync(text))
}
