import type { DaySums } from '../archives/day-sums.ts'
import type { Gatherer } from '../archives/gatherer.ts'
import { readNumber } from '../archives/read-times.ts'
import type { Losses } from '../losses.ts'
import type { PieceSource } from '../piece.ts'
import type { LocalClock } from '../zones.ts'

/** One row of the raw table: its JSON, the device that measured and the row's own time. */
export interface Row {
  value: { readonly [field: string]: unknown }
  source: PieceSource
  t: number
}

export interface Context {
  gather: Gatherer
  losses: Losses
  clock: LocalClock
  days: DaySums
}

type Take = (record: Row, context: Context) => void

export interface Key {
  /** Leaves that are read. */
  known: string
  take: Take
}

/** Epoch seconds of a field, else the row's own time. */
function timeOf({ value, t }: Row, field: string): number {
  const seconds = readNumber(value[field])
  return seconds > 0 ? seconds * 1000 : t
}

function sample(metric: string, field: string, missing: (value: number) => boolean = () => false): Key {
  return {
    known: `time ${field}`,
    take(record, { gather, losses }) {
      const number = readNumber(record.value[field])
      if (missing(number)) losses.leaveUnused(`Mi Fitness ${metric}: not measured`)
      else gather.sample(record.source, metric, timeOf(record, 'time'), number)
    },
  }
}

/** `date_time` is midnight in UTC of the local date it means. */
function day(metric: string, field: string): Key {
  return {
    known: `date_time ${field}`,
    take(record, { gather, losses }) {
      const number = readNumber(record.value[field])
      if (number === 0) {
        losses.leaveUnused(`Mi Fitness ${metric}: not measured`)
        return
      }
      const t = timeOf(record, 'date_time')
      if (!gather.isTime(record.source, metric, t)) return
      gather.day(record.source, { metric, date: new Date(t).toISOString().slice(0, 10), value: number })
    },
  }
}

const noBeat = (bpm: number) => bpm <= 0 || bpm >= 254
const notPositive = (value: number) => value <= 0

const steps: Key = {
  known: 'time steps distance calories',
  take(record, { gather }) {
    const { value, source } = record
    const t = timeOf(record, 'time')
    gather.sample(source, 'steps', t, readNumber(value['steps']))
    if (value['distance'] !== undefined) gather.sample(source, 'distance', t, readNumber(value['distance']))
    if (value['calories'] !== undefined) gather.sample(source, 'energy_active', t, readNumber(value['calories']))
  },
}

/** A scale; zero is what it could not measure. */
const scale = {
  weight: 'body_mass',
  bmi: 'bmi',
  body_fat_rate: 'body_fat',
  moisture_rate: 'body_water',
  bone_mass: 'bone_mass',
  basal_metabolism: 'basal_metabolic_rate',
  visceral_fat: 'visceral_fat_rating',
} as const

const weight: Key = {
  known: `time ${Object.keys(scale).join(' ')}`,
  take(record, { gather, losses }) {
    const t = timeOf(record, 'time')
    for (const [field, metric] of Object.entries(scale)) {
      const number = readNumber(record.value[field])
      if (record.value[field] === undefined) continue
      if (number === 0) losses.leaveUnused(`Mi Fitness ${metric}: not measured`)
      else gather.sample(record.source, metric, t, number)
    }
  },
}

/** An hour in which the person stood up. */
const stand: Key = {
  known: 'start_time end_time',
  take(record, { gather, clock, days }) {
    const t = timeOf(record, 'start_time')
    if (gather.isTime(record.source, 'stand_hours', t)) days.add(record.source, 'stand_hours', clock.dateOf(t), 1)
  },
}

/** A marked minute of moderate or vigorous movement. */
const intensity: Key = {
  known: 'time',
  take(record, { gather }) {
    gather.sample(record.source, 'exercise_duration', timeOf(record, 'time'), 60, { duration: 60_000 })
  },
}

const bloodPressure: Key = {
  known: 'time systolic_pressure diastolic_pressure pulse',
  take(record, { gather }) {
    const start = timeOf(record, 'time')
    const { systolic_pressure, diastolic_pressure, pulse } = record.value
    const value = { systolic: readNumber(systolic_pressure), diastolic: readNumber(diastolic_pressure) }
    gather.event(record.source, {
      metric: 'blood_pressure',
      start,
      value,
      externalId: `${record.source.key}:bp:${start}`,
    })
    if (readNumber(pulse) > 0) gather.sample(record.source, 'heart_rate', start, readNumber(pulse))
  },
}

export const keys: Readonly<{ [key: string]: Key }> = {
  steps,
  heart_rate: sample('heart_rate', 'bpm', noBeat),
  single_heart_rate: sample('heart_rate', 'bpm', noBeat),
  resting_heart_rate: day('resting_heart_rate', 'bpm'),
  spo2: sample('spo2', 'spo2', notPositive),
  single_spo2: sample('spo2', 'spo2', notPositive),
  stress: sample('stress_score', 'stress', notPositive),
  single_stress: sample('stress_score', 'stress', notPositive),
  pai: day('pai', 'total_pai'),
  vo2_max: sample('vo2max', 'vo2_max', notPositive),
  weight,
  valid_stand: stand,
  intensity,
  blood_pressure: bloodPressure,
  noise: sample('environment_audio', 'decibel'),
  headset: sample('headphone_audio', 'decibel'),
}

/** Keys that are passed over, and why. */
export const unusedKeys: Readonly<{ [key: string]: string }> = {
  calories: 'the same energy is in the steps',
  dynamic: 'its movement is in the steps',
  abnormal_heart_beat: 'no metric of ours',
  vitality: 'a load of Xiaomi’s own',
  training_load: 'a load of Xiaomi’s own',
}
