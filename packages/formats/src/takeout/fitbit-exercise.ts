import { type ActivityType, activityFromName, tableOf } from '@tributary/protocol'
import { knownLeaves, leaveRest } from '../archives/leaves.ts'
import { readAmerican, readIso, readNumber } from '../archives/read-times.ts'
import { recordOf, textOf } from '../json/records.ts'
import { type Context, fitbit } from './context.ts'

const names: Readonly<Record<string, ActivityType>> = tableOf({
  Treadmill: 'running_treadmill',
  'Outdoor Walk': 'walking',
  'Outdoor Bike': 'cycling',
  Bike: 'cycling',
  Spinning: 'cycling_indoor',
  Weights: 'strength',
  'Interval Workout': 'hiit',
  'Circuit Training': 'functional_training',
  'Aerobic Workout': 'cardio',
  Aerobics: 'cardio',
  Stairclimber: 'stair_climbing',
  Swim: 'swimming_pool',
  'Martial Arts': 'martial_arts',
})

// biome-ignore format: a list
const known = knownLeaves(`logId activityName activityTypeId activityLevel.** averageHeartRate calories distance distanceUnit
  duration activeDuration steps startTime elevationGain speed heartRateZones.** activeZoneMinutes.** source.** logType
  manualValuesSpecified.** poolLength poolLengthUnit swimLengths`)

/** A workout; its way, if it has one, is a TCX file of its own. */
export function takeExercise(record: Record<string, unknown>, context: Context): void {
  const { gather, losses } = context
  leaveRest('Fitbit exercise', record, known, losses)
  const begin = startOf(textOf(record['startTime']) ?? '')
  const id = textOf(record['logId'])
  const duration = readNumber(record['duration'])
  if (!begin || id === undefined || !(duration >= 0)) {
    gather.reject(fitbit, 'record_unreadable', 'a workout without a start, a length or an id')
    return
  }
  const name = textOf(record['activityName'])
  gather.session(fitbit, {
    kind: 'session',
    type: 'workout',
    activity: (name && names[name]) || activityFromName(name ?? ''),
    ...(name === undefined ? {} : { title: name }),
    start: begin.t,
    end: begin.t + duration,
    ...(begin.offset === undefined ? {} : { offset: begin.offset }),
    externalId: `fitbit:exercise:${id}`,
    totals: { duration: duration / 1000, ...totalsOf(record) },
    parts: [],
    extra: extraOf(record),
  })
}

/** American ones stand in UTC, as steps and heart rates do; the ISO ones of the Web API carry their zone. */
function startOf(text: string): { t: number; offset: number | undefined } | undefined {
  const wall = readAmerican(text)
  if (wall !== undefined) return { t: wall, offset: undefined }
  const read = readIso(text)
  return read?.offset === undefined ? undefined : { t: read.wall - read.offset * 60_000, offset: read.offset }
}

const metres: Readonly<Record<string, number>> = tableOf({ kilometer: 1000, mile: 1609.344, meter: 1, yard: 0.9144 })

function totalsOf(record: Record<string, unknown>): Record<string, number> {
  const totals: Record<string, number> = {}
  const put = (total: string, field: string, times: number | undefined) => {
    const value = readNumber(record[field])
    if (times !== undefined && Number.isFinite(value)) totals[total] = value * times
  }
  const unit = metres[(textOf(record['distanceUnit']) ?? '').toLowerCase()]
  put('active_duration', 'activeDuration', 0.001)
  put('distance', 'distance', unit)
  put('speed_avg', 'speed', unit === undefined ? undefined : unit / 3600)
  put('steps', 'steps', 1)
  put('energy_total', 'calories', 1)
  put('heart_rate_avg', 'averageHeartRate', 1)
  put('elevation_gain', 'elevationGain', 1)
  return totals
}

function extraOf(record: Record<string, unknown>): Record<string, unknown> {
  const fields = {
    activity_type_id: record['activityTypeId'],
    log_type: record['logType'],
    device: recordOf(record['source'])['name'],
    source: record['source'],
    activity_level: record['activityLevel'],
    heart_rate_zones: record['heartRateZones'],
    active_zone_minutes: record['activeZoneMinutes'],
    manual_values: record['manualValuesSpecified'],
    pool_length: record['poolLength'],
    pool_length_unit: record['poolLengthUnit'],
    swim_lengths: record['swimLengths'],
    ...(metres[(textOf(record['distanceUnit']) ?? '').toLowerCase()] === undefined
      ? { distance: record['distance'], distance_unit: record['distanceUnit'] }
      : {}),
  }
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined))
}
