/** Fields that many contracts share. */
import { z } from 'zod'

export const Uuid = z.uuid().meta({ description: 'An id made by the server (UUIDv7)' })
/** Any offset in; the server always answers in UTC with `Z`. */
export const Instant = z.iso
  .datetime({ offset: true })
  .refine((text) => hasFourDigitYear(text), 'lies outside the years 0000 to 9999 in UTC')
  .meta({ description: 'RFC 3339 date and time with an offset' })
export const LocalDate = z.iso.date()
export const Email = z
  .email()
  .max(254)
  .transform((address) => address.toLowerCase())
  .meta({ description: 'An e-mail address; upper and lower case are the same' })
export const TimeZone = z
  .string()
  .max(64)
  .refine((name) => isTimeZone(name), 'is not a time zone of the IANA database')
export const Flag = z.enum(['true', 'false']).meta({ description: 'true or false' })

/** A query parameter that may be given once or many times. */
export const repeated = <T extends z.ZodType>(item: T) => z.union([item, z.array(item).max(100)])

/** `limit` and `offset` of the lists that answer a bare array. */
export const paging = {
  limit: z.coerce.number().int().min(1).max(1_000).default(100),
  offset: z.coerce.number().int().min(0).max(1_000_000).default(0),
}

/** Free-form JSON that a document leaves open. */
export const FreeForm = z.record(z.string(), z.unknown())

/** An offset can carry a time into a year that RFC 3339 cannot write. What is no time at all is told by the format. */
function hasFourDigitYear(text: string): boolean {
  const ms = Date.parse(text)
  return Number.isNaN(ms) || /^\d{4}-/.test(new Date(ms).toISOString())
}

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name })
    return true
  } catch {
    return false // the constructor's RangeError is the only way to ask
  }
}
