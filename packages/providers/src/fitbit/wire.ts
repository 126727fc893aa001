/** How Google Health writes things: whole numbers as text, durations and offsets as `3600s`, civil times as objects without zero parts. */
import { z } from 'zod'

/** A double, or an int64 as text. */
export const amount = z.union([z.number(), z.string().regex(/^-?\d+(\.\d+)?$/)]).nullish()
export type Amount = z.infer<typeof amount>

export const text = z.string().nullish()

export const numberOf = (value: Amount): number | undefined =>
  value === undefined || value === null ? undefined : Number(value)

/** A message that is there leaves out what is zero: a count that is missing is a count of none. */
export const countOf = (value: Amount): number => Number(value ?? 0)

/** `3600s` and `5400.5s`; undefined for what is none. */
export const secondsOf = (duration: string | null | undefined): number | undefined => {
  const seconds = duration?.endsWith('s') ? Number(duration.slice(0, -1)) : Number.NaN
  return Number.isFinite(seconds) ? seconds : undefined
}

/** Minutes east of UTC. Zero is left out like every zero. */
export const offsetOf = (utcOffset: string | null | undefined): number | undefined => {
  const seconds = secondsOf(utcOffset)
  return seconds === undefined ? undefined : seconds / 60
}

export const civilDate = z.object({ year: z.number(), month: z.number(), day: z.number() })
export type CivilDate = z.infer<typeof civilDate>

const two = (number: number): string => String(number).padStart(2, '0')
export const dateOf = ({ year, month, day }: CivilDate): string => `${year}-${two(month)}-${two(day)}`

/** The date in UTC of a moment. */
export const dateAt = (t: number): string => new Date(t).toISOString().slice(0, 10)

export const interval = z.object({
  startTime: z.string(),
  endTime: z.string(),
  startUtcOffset: text,
})

export const sampleTime = z.object({ physicalTime: z.string(), utcOffset: text })

export const dataSource = z
  .object({
    recordingMethod: text,
    platform: text,
    device: z.object({ displayName: text, manufacturer: text }).nullish(),
    application: z.object({ packageName: text }).nullish(),
  })
  .nullish()
