import type { Message } from '../definition.ts'
import { health, healthMessages } from './fields.ts'
import { type Health, readFields, timeOf } from './readings.ts'

const scale = healthMessages[health.weightScale] as (typeof healthMessages)[number]
const pressure = healthMessages[health.bloodPressure] as (typeof healthMessages)[number]

/** The scale had not come to rest. */
const calculating = 0xfffe
/** The cuff's own errors; 4, an irregular pulse, is a finding and no error. */
const pressureErrors: Readonly<Record<number, string>> = {
  1: 'the measurement was broken off',
  2: 'nothing was measured',
  3: 'the measurement was out of range',
}

export function readWeight(state: Health, message: Message): void {
  const t = timeOf(state, message.time)
  const raw = message.number(0)
  if (raw === calculating) state.losses.reject(state.place, 'weight_unsettled', 'the scale was still calculating')
  else if (raw !== undefined && t !== undefined) {
    const offset = state.clock.statedAt(t)
    state.pieces.value(state.source(), 'body_mass', t, raw / 100, { offset, place: state.place })
  }
  readFields(state, scale, message, t, [0])
}

export function readBloodPressure(state: Health, message: Message): void {
  const t = timeOf(state, message.time)
  const systolic = message.number(0)
  const diastolic = message.number(1)
  const mean = message.number(2)
  const pulse = message.number(6)
  const error = pressureErrors[message.number(8) ?? 0]
  readFields(state, pressure, message, t, [0, 1, 2, 6, 8])
  if (error) state.losses.reject(state.place, 'pressure_error', `the cuff says: ${error}`)
  if (error || t === undefined) return
  if (systolic === undefined || diastolic === undefined) {
    state.losses.reject(state.place, 'pressure_incomplete', 'a blood pressure has only one of its two values')
    return
  }
  const offset = state.clock.statedAt(t)
  const value = mean === undefined ? { systolic, diastolic } : { systolic, diastolic, mean }
  state.pieces.row(state.source(), {
    kind: 'event',
    metric: 'blood_pressure',
    start: t,
    value,
    place: state.place,
    ...(offset === undefined ? {} : { offset }),
  })
  if (pulse !== undefined) state.pieces.value(state.source(), 'heart_rate', t, pulse, { offset, place: state.place })
}
