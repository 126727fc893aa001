/** A workout with its way, laps and figures. */

import { type SessionPart, type SessionReading, type Totals, type Track, tableOf } from '@tributary/protocol'
import { type ActivityType, activities, activityFromName, activityTypes } from '@tributary/protocol/activities'
import { activityOf } from '../apple/activity-types.ts'
import { isRecord } from '../json/records.ts'
import { type Members, member, numberIn, type PhoneRecord, PhoneRecordError, textIn, timeIn } from './record.ts'

export type PhoneStore = 'apple' | 'health_connect' | 'samsung'

/** Names of the envelope's figures: the total and what it is divided by. */
const totalNames: Readonly<Record<string, readonly [total: string, times: number]>> = tableOf({
  distance_m: ['distance', 1],
  distance: ['distance', 1],
  energy_active_kcal: ['energy_active', 1],
  energy_total_kcal: ['energy_total', 1],
  steps: ['steps', 1],
  floors: ['floors_climbed', 1],
  elevation_gain_m: ['elevation_gain', 1],
  heart_rate_avg: ['heart_rate_avg', 1],
  heart_rate_max: ['heart_rate_max', 1],
  heart_rate_min: ['heart_rate_min', 1],
  speed_avg_mps: ['speed_avg', 1],
  speed_max_mps: ['speed_max', 1],
  cadence_avg: ['cadence_avg', 1],
  power_avg_w: ['power_avg', 1],
  moving_s: ['moving_duration', 1],
})

/** Samsung's numbers, as far as its page knows them. */
const samsungTypes: Readonly<Record<string, ActivityType>> = tableOf({
  1001: 'walking',
  1002: 'running',
  11007: 'cycling',
  13001: 'hiking',
  14001: 'swimming_pool',
})

const mostPoints = 200_000

export function workoutOf(record: PhoneRecord, store: PhoneStore): SessionReading {
  const { id, start, end, offset, members } = record
  const track = trackOf(members['route'])
  const title = textIn(members['title'])
  const notes = textIn(members['notes'])
  const native = textIn(member(members, 'native_type')) ?? numberIn(member(members, 'native_type'))
  const totals: Totals = { duration: (end - start) / 1_000, ...totalsOf(members['totals']) }
  return {
    kind: 'session',
    type: 'workout',
    activity: activityFrom(record, store),
    start,
    end,
    externalId: id,
    totals,
    parts: [
      ...partsOf(members['laps'], 'lap'),
      ...partsOf(members['segments'], 'segment'),
      ...partsOf(members['pauses'], 'pause'),
    ],
    derived: ['duration'],
    ...(offset === undefined ? {} : { offset }),
    ...(title ? { title: title.slice(0, 200) } : {}),
    ...(track ? { track } : {}),
    extra: {
      ...(native === undefined ? {} : { native_type: native }),
      ...(notes ? { notes: notes.slice(0, 2_000) } : {}),
    },
  }
}

function activityFrom({ members }: PhoneRecord, store: PhoneStore): ActivityType {
  const native = member(members, 'native_type')
  const word = textIn(members['type']) ?? ''
  const number = typeof native === 'number' ? native : /^\d+$/.test(String(native)) ? Number(native) : undefined
  if (store === 'samsung' && number !== undefined && samsungTypes[number]) return samsungTypes[number]
  const indoor =
    isRecord(members['metadata']) && [true, 1].includes(members['metadata']['HKIndoorWorkout'] as never)
      ? 'indoor'
      : undefined
  const system = store === 'apple' ? 'healthkit' : 'health_connect'
  if (number !== undefined && store !== 'samsung') {
    const same = activityTypes.filter((type) => numberOf(type, system) === number)
    const placed = same.find((type) => (activities[type].healthkit as readonly unknown[])[2] === indoor)
    const found = store === 'apple' ? (placed ?? same[0]) : same[0]
    if (found) return found
  }
  if (/^HKWorkoutActivityType/.test(word)) return activityOf(word, indoor)
  return activityFromName(word.replace(/^EXERCISE_TYPE_/i, ''))
}

const numberOf = (type: ActivityType, system: 'healthkit' | 'health_connect'): number | undefined => {
  const row: { healthkit: readonly unknown[]; health_connect?: readonly unknown[] } = activities[type]
  return row[system]?.[1] as number | undefined
}

function totalsOf(value: unknown): Totals {
  const totals: Totals = {}
  if (!isRecord(value)) return totals
  for (const [name, amount] of Object.entries(value)) {
    const known = totalNames[name]
    const number = numberIn(amount)
    if (known && number !== undefined && number >= 0) totals[known[0]] = number * known[1]
  }
  return totals
}

function partsOf(value: unknown, kind: SessionPart['kind']): SessionPart[] {
  if (!Array.isArray(value)) return []
  return value.map((item) => {
    const part: Members = isRecord(item) ? item : {}
    const start = timeIn(member(part, 'start') ?? member(part, 'start_time'))
    const end = timeIn(member(part, 'end') ?? member(part, 'end_time'))
    if (!start || !end || end.t < start.t)
      throw new PhoneRecordError('part_malformed', `a ${kind} needs a start and a later end`)
    const label = textIn(part['label']) ?? textIn(part['type'])
    const length = numberIn(part['length_m'] ?? part['distance_m'])
    return {
      kind,
      start: start.t,
      end: end.t,
      ...(label ? { label: label.slice(0, 100) } : {}),
      ...(length === undefined ? {} : { totals: { distance: length } }),
    }
  })
}

function trackOf(value: unknown): Track | undefined {
  if (!Array.isArray(value) || !value.length) return undefined
  if (value.length > mostPoints)
    throw new PhoneRecordError('route_too_long', `a route has at most ${mostPoints} points a batch`)
  const points = value
    .map((item) => {
      const point: Members = isRecord(item) ? item : {}
      const at = timeIn(point['t'] ?? point['time'])
      const [lat, lon] = [numberIn(point['lat'] ?? point['latitude']), numberIn(point['lon'] ?? point['longitude'])]
      if (!at || lat === undefined || lon === undefined || Math.abs(lat) > 90 || Math.abs(lon) > 180)
        throw new PhoneRecordError('route_malformed', 'a point of the route needs a time and a place on earth')
      return { t: at.t, lat, lon, ele: numberIn(point['ele'] ?? point['altitude']) ?? Number.NaN }
    })
    .sort((a, b) => a.t - b.t)
  const column = (of: (point: (typeof points)[number]) => number) => Float64Array.from(points, of)
  return {
    t: column(({ t }) => t),
    lat: column(({ lat }) => lat),
    lon: column(({ lon }) => lon),
    ele: column(({ ele }) => ele),
  }
}
