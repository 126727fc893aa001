import { conversionFor, convert, type Reading } from '@tributary/protocol'
import { isRecord } from '../json/records.ts'
import { type Members, numberIn, type PhoneRecord, PhoneRecordError } from './record.ts'
import { eventOf } from './values.ts'

/** Both stores write the pair into `value`, or beside the other members. Throws `PhoneRecordError` when one of the two is missing. */
export function pressureOf(record: PhoneRecord): Reading {
  const value: Members = isRecord(record.members['value']) ? record.members['value'] : record.members
  const conversion = conversionFor('bp_systolic', record.unit)
  const [systolic, diastolic] = [numberIn(value['systolic']), numberIn(value['diastolic'])]
  if (systolic === undefined || diastolic === undefined)
    throw new PhoneRecordError('value_unreadable', 'a blood pressure needs systolic and diastolic')
  if (!conversion) throw new PhoneRecordError('unit_unknown', `blood pressure is never measured in ${record.unit}`)
  return eventOf(record, 'blood_pressure', {
    systolic: convert(conversion, systolic),
    diastolic: convert(conversion, diastolic),
  })
}
