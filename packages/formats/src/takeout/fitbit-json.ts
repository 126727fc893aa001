import { qualityCode, tableOf } from '@tributary/protocol'
import { jsonRecords } from '../archives/json.ts'
import { knownLeaves, leaveRest } from '../archives/leaves.ts'
import { baseName } from '../archives/paths.ts'
import { readAmerican, readNumber } from '../archives/read-times.ts'
import { recordOf, textOf } from '../json/records.ts'
import { dateOfWall, WallSequence } from '../zones.ts'
import { type Context, type EntryReader, fitbit } from './context.ts'
import { takeExercise } from './fitbit-exercise.ts'
import { takeSleep } from './fitbit-sleep.ts'
import { takeWeight } from './fitbit-weight.ts'

/**
 * Steps, distances and heart rates stand in UTC, energy and everything by the day in the person's own time; no file says which
 * (told apart by laying one export's steps beside the same ones with zones: 25,100 of 25,308 minutes agreed with UTC).
 */
type Zone = 'utc' | 'local'

interface Timed {
  wall: number
  t: number
  value: unknown
}

type TakeRecord = (record: Timed, context: Context) => void

interface JsonKind {
  known: string
  zone?: Zone
  take?: TakeRecord
  /** For records that are no pairs of time and value. */
  whole?: (record: Record<string, unknown>, context: Context) => void
  /** Why the file is passed over. */
  unused?: string
}

const minute = 60_000
const pair = 'dateTime value'

/** A minute in which nothing was counted is written like one in which the watch lay on the table. */
const perMinute =
  (metric: string, unit?: string): TakeRecord =>
  ({ t, value }, { gather, losses }) => {
    const amount = readNumber(value)
    if (amount === 0) losses.leaveUnused(`Fitbit ${metric} of 0: written while the watch is off as well`)
    else gather.sample(fitbit, metric, t, amount, { duration: minute, ...(unit === undefined ? {} : { unit }) })
  }

const dayMinutes =
  (metric: string): TakeRecord =>
  ({ wall, value }, context) =>
    takeDay(metric, wall, readNumber(value), context, 'min')

function takeDay(metric: string, wall: number, value: number, context: Context, unit?: string): void {
  const date = dateOfWall(wall)
  if (wall > context.clock.wallOf(context.now))
    context.losses.leaveUnused(`Fitbit ${metric} of days that have not come`)
  else context.gather.day(fitbit, { metric, date, value, ...(unit === undefined ? {} : { unit }) })
}

/** 1,440 sedentary minutes: nobody wore it. */
const sedentary: TakeRecord = (record, context) => {
  if (readNumber(record.value) === 1440) context.losses.leaveUnused('Fitbit sedentary_duration of whole days: not worn')
  else dayMinutes('sedentary_duration')(record, context)
}

const heartRate: TakeRecord = ({ t, value }, { gather }) => {
  const { bpm, confidence } = recordOf(value)
  const trust = readNumber(confidence)
  const quality = trust >= 0 && trust <= 3 ? qualityCode(trust / 3) : 0
  gather.sample(fitbit, 'heart_rate', t, readNumber(bpm), { quality: quality ?? 0 })
}

const restingHeartRate: TakeRecord = ({ value }, context) => {
  const { date, value: rate } = recordOf(value)
  const wall = readAmerican(textOf(date) ?? '')
  if (wall === undefined || readNumber(rate) === 0)
    context.losses.leaveUnused('Fitbit resting heart rate of days without one')
  else takeDay('resting_heart_rate', wall, readNumber(rate), context)
}

const vo2max =
  (field: string): TakeRecord =>
  ({ t, value }, { gather }) =>
    void gather.sample(fitbit, 'vo2max', t, readNumber(recordOf(value)[field]))

const height: TakeRecord = ({ t, value }, { gather }) =>
  void gather.sample(fitbit, 'body_height', t, readNumber(value), { unit: 'mm' })

/** By what stands before the date in the file's name. */
const jsonKinds: Readonly<Record<string, JsonKind>> = tableOf({
  heart_rate: { known: `${pair} value.bpm value.confidence`, zone: 'utc', take: heartRate },
  steps: { known: pair, zone: 'utc', take: perMinute('steps') },
  distance: { known: pair, zone: 'utc', take: perMinute('distance', 'cm') },
  calories: { known: pair, zone: 'local', take: perMinute('energy_total') }, // with what the body needs at rest
  altitude: { known: '', unused: 'its unit is not said' },
  very_active_minutes: { known: pair, zone: 'local', take: dayMinutes('vigorous_duration') },
  moderately_active_minutes: { known: pair, zone: 'local', take: dayMinutes('moderate_duration') },
  lightly_active_minutes: { known: '', unused: 'no metric of ours' },
  sedentary_minutes: { known: pair, zone: 'local', take: sedentary },
  resting_heart_rate: { known: 'value.date value.value', zone: 'local', take: restingHeartRate },
  demographic_vo2_max: { known: 'dateTime value.demographicVO2Max', zone: 'local', take: vo2max('demographicVO2Max') },
  run_vo2_max: { known: 'dateTime value.runVO2Max', zone: 'utc', take: vo2max('runVO2Max') },
  height: { known: pair, zone: 'local', take: height },
  time_in_heart_rate_zones: { known: '', unused: 'its zones are Fitbit’s own' },
  swim_lengths_data: { known: '', unused: 'no metric of ours' },
  badge: { known: '', unused: 'not health' },
  food_logs: { known: '', unused: 'meals are not read yet' },
  water_logs: { known: '', unused: 'its unit is not said' },
  sleep: { known: '', whole: takeSleep },
  exercise: { known: '', whole: takeExercise },
  weight: { known: '', whole: takeWeight },
})

const kindName = /^([a-z][a-z0-9_]*?)-(?:\d{4}-\d\d-\d\d|\d+)\.json$/i

/** `heart_rate-2026-06-01.json`, `exercise-100.json`; undefined when it is no file of Fitbit's. */
export function jsonKindOf(path: string): string | undefined {
  const kind = kindName.exec(baseName(path))?.[1]?.toLowerCase()
  return kind !== undefined && Object.hasOwn(jsonKinds, kind) ? kind : undefined
}

export const readFitbitJson: EntryReader = async function* (entry, context) {
  const { gather, losses, clock } = context
  const kind = jsonKindOf(entry.path) as string
  const { known, zone, take, whole, unused } = jsonKinds[kind] as JsonKind
  const name = `Fitbit ${kind}`
  const leaves = knownLeaves(known)
  const sequence = new WallSequence(clock)
  if (unused !== undefined) {
    losses.leaveUnused(`${name}: ${unused}`)
    return
  }
  for await (const record of jsonRecords(entry, ['*'], fitbit, gather)) {
    if (whole) whole(record, context)
    else {
      const wall = readAmerican(textOf(record['dateTime']) ?? '')
      if (wall === undefined) gather.reject(fitbit, 'time_unreadable', `${name}: a time cannot be read`)
      else take?.({ wall, t: zone === 'utc' ? wall : sequence.timeOf(wall), value: record['value'] }, context)
      leaveRest(name, record, leaves, losses)
    }
    if (gather.hasReady) yield
  }
}
