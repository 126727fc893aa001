/** How Google Health writes things: whole numbers as text, durations and offsets as `3600s`, civil times as objects without zero parts. */
import { z } from 'zod'
import { given } from '../kit/tell.ts'

/** A double, or an int64 as text. */
export const amount = z.union([z.number(), z.string().regex(/^-?\d+(\.\d+)?$/)]).nullish()
export type Amount = z.infer<typeof amount>

export const text = z.string().nullish()

export const numberOf = (value: Amount): number | undefined =>
  value === undefined || value === null ? undefined : Number(value)

/** Google keeps millimetres and grams. */
export const thousandth = (value: Amount): number | undefined => {
  const number = numberOf(value)
  return number === undefined ? undefined : number / 1000
}

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

/** From a point's name, where its type has names: `8841` of `users/me/dataTypes/sleep/dataPoints/8841`. */
export const idOf = (name: string): string => name.slice(name.lastIndexOf('/') + 1)

/** What must be told apart and may have no name is known by its time. */
export const idOr = (name: string | null | undefined, time: string): string => (name ? idOf(name) : time)

export const sampleTime = z.object({ physicalTime: z.string(), utcOffset: text })

/** When a sample was taken, as readings say it. */
export const momentOf = ({ physicalTime, utcOffset }: z.infer<typeof sampleTime>): { t: number; offset?: number } => ({
  t: Date.parse(physicalTime),
  ...given({ offset: offsetOf(utcOffset) }),
})

/** From when on and how long an interval was, as readings say it. */
export function stretchOf(of: z.infer<typeof interval>): { t: number; duration: number; offset?: number } {
  const t = Date.parse(of.startTime)
  return { t, duration: Date.parse(of.endTime) - t, ...given({ offset: offsetOf(of.startUtcOffset) }) }
}

export const dataSource = z
  .object({
    recordingMethod: text,
    platform: text,
    device: z.object({ displayName: text, manufacturer: text }).nullish(),
    application: z.object({ packageName: text, googleWebClientId: text, webClientId: text }).nullish(),
  })
  .nullish()
