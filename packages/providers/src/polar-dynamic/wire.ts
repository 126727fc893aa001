/** How the API writes: what may be long as text, what is no number as `NaN`, lengths as `26280s`. */
import { z } from 'zod'
import { RecordError } from '../kit/read-records.ts'
import { momentOf } from '../kit/zone.ts'

export const text = z.string().nullish()

const written = (said: string): number | null => {
  const number = said.trim() === '' ? Number.NaN : Number(said)
  return Number.isFinite(number) ? number : null
}

export const number = z.union([z.number(), z.string().transform(written)]).nullish()

/** Where there is no telling without it. */
export const count = z.union([
  z.number(),
  z
    .string()
    .regex(/^-?\d+$/)
    .transform(Number),
])

/** Of what was measured at regular distances: null where there was nothing. */
export const column = z.array(z.union([z.number(), z.string().transform(written), z.null()]))

export const seconds = z
  .string()
  .regex(/^\d+(\.\d+)?s$/)
  .transform((said) => Number(said.slice(0, -1)))

/** A wall clock's time; `Z`, where it stands behind one, is not meant. */
export const wallOf = (said: string): number => Date.parse(`${said.replace(/Z$/, '')}Z`)

/** A time that is local where it does not say otherwise. */
export function momentIn(said: string, timeZone: string): number {
  const t = /(Z|[+-]\d\d:\d\d)$/.test(said) ? Date.parse(said) : momentOf(wallOf(said), timeZone)
  if (Number.isNaN(t)) throw new RecordError(`no time: ${said}`)
  return t
}

/** When a date begins where the person lives: what `offsetMillis` counts from. */
export const midnightOf = (date: string, timeZone: string): number => momentOf(Date.parse(date), timeZone)
