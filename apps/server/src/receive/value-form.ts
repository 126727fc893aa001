/** The form of one value: the same as the contract's `Value`, by hand. What a value means is ingest's business. */
import { qualityCode } from '@tributary/protocol'
import { isStorable } from '../platform/http/storable-text.ts'
import { isDate, parseInstant } from './parse-instant.ts'
import type { FormFault } from './upload.ts'

/** A value as JSON.parse leaves it, its known fields named so that reading them is fast. */
export interface RawValue {
  timestamp?: unknown
  end?: unknown
  date?: unknown
  value?: unknown
  unit?: unknown
  quality?: unknown
  systolic?: unknown
  diastolic?: unknown
  mean?: unknown
  lat?: unknown
  lon?: unknown
  ele?: unknown
  stage?: unknown
  start?: unknown
}

export const valueInvalid: FormFault = ['value_invalid', 'A value is a JSON object']

const isNumber = (value: unknown): boolean => typeof value === 'number' && Number.isFinite(value)
const isText = (value: unknown, most: number): boolean => typeof value === 'string' && value.length <= most
const isQuality = (value: unknown): boolean => value !== null && qualityCode(value) !== undefined
const isNumberOrText = (value: unknown): boolean => isNumber(value) || isText(value, 100)

type Check = readonly [is: (value: unknown) => boolean, code: string, takes: string]
const number: Check = [isNumber, 'part_invalid', 'a finite number']
const instant = (code: string): Check => [parseInstant, code, 'an RFC 3339 date and time with an offset']

const checks: Readonly<Record<keyof RawValue, Check>> = {
  timestamp: instant('time_invalid'),
  end: instant('time_invalid'),
  start: instant('time_invalid'),
  date: [isDate, 'date_invalid', 'a day of the calendar, YYYY-MM-DD'],
  value: [isNumberOrText, 'value_invalid', 'a finite number, or a word of up to 100 characters'],
  unit: [(unit) => isText(unit, 40), 'unit_unknown', 'up to 40 characters'],
  quality: [isQuality, 'quality_invalid', 'good, fair, poor, unknown or a number from 0 to 1'],
  systolic: number,
  diastolic: number,
  mean: number,
  lat: number,
  lon: number,
  ele: number,
  stage: [(stage) => isText(stage, 40), 'part_invalid', 'up to 40 characters'],
}

/** What is wrong with a value's fields, or that it has one that does not belong to values of its type. */
export function formFaultOf(value: unknown, belongs: ReadonlySet<string>): FormFault | null {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return valueInvalid
  let stranger: string | null = null
  for (const [field, given] of Object.entries(value)) {
    const check = Object.hasOwn(checks, field) ? checks[field as keyof RawValue] : undefined
    if (!check) return ['field_unknown', `${field.slice(0, 100)} is not a field of a value`]
    const [is, code, takes] = check
    if (!is(given)) return [code, `${field} takes ${takes}`]
    if (typeof given === 'string' && !isStorable(given))
      return ['text_unstorable', `${field} holds a character that cannot be stored`]
    if (!belongs.has(field)) stranger ??= field
  }
  return stranger === null ? null : ['field_not_taken', `${stranger} does not belong to values of this type`]
}
