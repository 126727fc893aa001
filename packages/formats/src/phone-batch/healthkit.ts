/** HealthKit's types: the same table that reads its export says what they are. */
import type { MetricId, Reading } from '@tributary/protocol'
import { categoryWord, measureOf, percentOf, type RecordType, recordTypes, severityOf } from '../apple/record-types.ts'
import { pressureOf } from './blood-pressure.ts'
import { numberIn, type PhoneRecord, PhoneRecordError, textIn } from './record.ts'
import { sleepOf, stageIn } from './sleep.ts'
import { amountOf, dayOf, eventOf } from './values.ts'

export function readHealthKit(record: PhoneRecord): Reading[] {
  const { type, members, start, end, offset } = record
  if (/^(HKCorrelationTypeIdentifier)?BloodPressure$/.test(type)) return [pressureOf(record)]
  if (type === 'SleepSession') return [sleepOf(record, 'healthkit')]
  const known = typeNamed(type)
  if (!known)
    throw new PhoneRecordError('type_unknown', `${type.slice(0, 80) || 'a record without a type'} is not read`)
  const { metric } = known
  switch (known.use) {
    case 'sleep':
      return [
        {
          kind: 'stage',
          stage: stageIn(members['value'], 'healthkit'),
          start,
          end,
          ...(offset === undefined ? {} : { offset }),
        },
      ]
    case 'mindful':
      return [meditationOf(record)]
    case 'pressure':
      throw new PhoneRecordError(
        'pressure_halved',
        'a blood pressure is sent as one record with systolic and diastolic',
      )
    case 'word':
      return [eventOf(record, metric, { value: wordOf(metric, members['value']) })]
    case 'symptom':
      return [eventOf(record, metric, { code: known.code ?? '', severity: severityIn(members['value']) })]
    case 'stand':
    case 'mark':
      return [known.use === 'stand' ? standOf(record, metric) : eventOf(record, metric, { value: 1 })]
    default:
      return [quantityOf(record, known)]
  }
}

function typeNamed(type: string): RecordType | undefined {
  return (
    recordTypes.get(type) ??
    recordTypes.get(`HKQuantityTypeIdentifier${type}`) ??
    recordTypes.get(`HKCategoryTypeIdentifier${type}`)
  )
}

function quantityOf(record: PhoneRecord, { metric, endsOn }: RecordType): Reading {
  const value = numberIn(record.members['value'])
  if (value === undefined) throw new PhoneRecordError('value_unreadable', 'value is no number')
  const measure = record.unit === undefined ? undefined : measureOf(metric, record.unit)
  if (record.unit === undefined)
    throw new PhoneRecordError('unit_missing', 'HealthKit has no unit of its own: say which one it was asked for')
  if (!measure) throw new PhoneRecordError('unit_unknown', `${metric} is never measured in ${record.unit.slice(0, 40)}`)
  const said = measure.percent ? percentOf(value) : value
  if (endsOn) return dayOf(record, metric, said, measure.percent ? undefined : measure.unit)
  return amountOf(record, metric, said, measure.percent ? undefined : measure.unit)
}

function meditationOf({ id, start, end, offset }: PhoneRecord): Reading {
  const duration = (end - start) / 1_000
  const totals = { duration }
  return {
    kind: 'session',
    type: 'meditation',
    start,
    end,
    externalId: id,
    totals,
    parts: [],
    derived: ['duration'],
    ...(offset === undefined ? {} : { offset }),
  }
}

/** An hour in which the person stood (0) or not (1). */
function standOf(record: PhoneRecord, metric: MetricId): Reading {
  return dayOf(
    record,
    metric,
    record.members['value'] === 0 || record.members['value'] === 'HKCategoryValueAppleStandHourStood' ? 1 : 0,
    undefined,
  )
}

function wordOf(metric: MetricId, value: unknown): string {
  const word =
    typeof value === 'string' ? (categoryWord(metric, value) ?? value) : numberedWords[metric]?.[Number(value)]
  if (!word) throw new PhoneRecordError('value_unreadable', 'the value is no word that is known')
  return word
}

/** HealthKit's numbers, where the phone sends those in place of names. */
const numberedWords: Readonly<Partial<Record<MetricId, Readonly<Record<number, string>>>>> = {
  menstruation_flow: { 2: 'light', 3: 'medium', 4: 'heavy', 5: 'none' },
  ovulation_test: { 1: 'negative', 2: 'positive', 3: 'inconclusive', 4: 'high' },
  cervical_mucus: { 1: 'dry', 2: 'sticky', 3: 'creamy', 4: 'watery', 5: 'egg_white' },
}

function severityIn(value: unknown): string {
  const byNumber = ['unspecified', 'not_present', 'mild', 'moderate', 'severe']
  return (typeof value === 'number' ? byNumber[value] : severityOf(textIn(value) ?? '')) ?? 'unspecified'
}
