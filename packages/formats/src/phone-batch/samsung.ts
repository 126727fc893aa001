/** Data types of the Samsung Health Data SDK, each value a record of its own. */
import { type MetricId, type Reading, tableOf } from '@tributary/protocol'
import { isRecord } from '../json/records.ts'
import { member, numberIn, type PhoneRecord, PhoneRecordError } from './record.ts'
import { sleepOf } from './sleep.ts'
import { amountOf, dayOf, eventOf, sampleAt } from './values.ts'

/** Types with one value, and the unit they come in when the record does not say. */
const single: Readonly<Record<string, readonly [metric: MetricId, unit: string]>> = tableOf({
  STEPS: ['steps', 'count'],
  HEART_RATE: ['heart_rate', 'bpm'],
  BLOOD_OXYGEN: ['spo2', '%'],
  SKIN_TEMPERATURE: ['skin_temperature', '°C'],
  BODY_TEMPERATURE: ['body_temperature', '°C'],
  BLOOD_GLUCOSE: ['blood_glucose', 'mmol/L'],
  FLOORS_CLIMBED: ['floors_climbed', 'count'],
  WATER_INTAKE: ['water_intake', 'mL'],
})

/** Types whose value is an object: the part, its metric, its unit. */
const several: Readonly<Record<string, readonly (readonly [part: string, metric: MetricId, unit: string])[]>> = tableOf(
  {
    ACTIVITY_SUMMARY: [
      ['total_active_time', 'active_duration', 's'],
      ['active_calories', 'energy_active', 'kcal'],
      ['total_calories', 'energy_total', 'kcal'],
      ['distance', 'distance', 'm'],
    ],
    BODY_COMPOSITION: [
      ['weight', 'body_mass', 'kg'],
      ['height', 'body_height', 'm'],
      ['body_fat', 'body_fat', '%'],
      ['body_fat_mass', 'fat_mass', 'kg'],
      ['skeletal_muscle_mass', 'muscle_mass', 'kg'],
      ['basal_metabolic_rate', 'basal_metabolic_rate', 'kcal/day'],
      ['total_body_water', 'body_water_mass', 'kg'],
    ],
    NUTRITION: [
      ['calories', 'energy_intake', 'kcal'],
      ['carbohydrate', 'carbohydrates_intake', 'g'],
      ['protein', 'protein_intake', 'g'],
      ['total_fat', 'fat_intake', 'g'],
    ],
  },
)

export function readSamsung(record: PhoneRecord): Reading[] {
  const { type, members, unit } = record
  if (type === 'SLEEP') return [sleepOf(record, 'samsung')]
  if (type === 'BLOOD_PRESSURE') return pressureOf(record)
  if (type === 'ENERGY_SCORE') return [dayOf(record, 'readiness_score', scoreOf(record), undefined)]
  const one = single[type]
  if (one) return [amountOf(record, one[0], isRecord(members['value']) ? undefined : members['value'], unit ?? one[1])]
  const parts = several[type]
  if (!parts)
    throw new PhoneRecordError('type_unknown', `${type.slice(0, 80) || 'a record without a type'} is not read`)
  const value = isRecord(members['value']) ? members['value'] : members
  const readings = parts.flatMap(([part, metric, own]) => {
    const amount = numberIn(member(value, part))
    if (amount === undefined) return []
    return [sampleAt(record, metric, record.start, amount, own, record.end - record.start)]
  })
  if (!readings.length) throw new PhoneRecordError('value_unreadable', 'none of its parts is a number')
  return readings
}

function scoreOf({ members }: PhoneRecord): number {
  const score = numberIn(members['value'] ?? members['score'])
  if (score === undefined) throw new PhoneRecordError('value_unreadable', 'the score is no number')
  return score
}

function pressureOf(record: PhoneRecord): Reading[] {
  const value = isRecord(record.members['value']) ? record.members['value'] : record.members
  const [systolic, diastolic, pulse] = [
    numberIn(value['systolic']),
    numberIn(value['diastolic']),
    numberIn(value['pulse']),
  ]
  if (systolic === undefined || diastolic === undefined)
    throw new PhoneRecordError('value_unreadable', 'a blood pressure needs systolic and diastolic')
  return [
    eventOf(record, 'blood_pressure', { systolic, diastolic }),
    ...(pulse === undefined ? [] : [sampleAt(record, 'heart_rate', record.start, pulse, 'bpm')]),
  ]
}
