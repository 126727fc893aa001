/** Garmin's versions spell the same field differently: by case, and by a few whole words. */
import { tableOf } from '@tributary/protocol'
import { z } from 'zod'

/** By the name in lower case, what we call it. */
const others: Readonly<Record<string, string>> = tableOf({
  averagestresslevel: 'averageStressLevel',
  unmeasurablesleepdurationinseconds: 'unmeasurableSleepInSeconds',
  remsleepdurationinseconds: 'remSleepInSeconds',
  offsetstarttimeinseconds: 'startTimeOffsetInSeconds',
  offsetinseconds: 'startTimeOffsetInSeconds',
  measurementtimeoffsetinseconds: 'startTimeOffsetInSeconds',
  measurementtimeinseconds: 'startTimeInSeconds',
})

/** A summary whose fields are found under whatever spelling they came in. */
export function summary<Shape extends z.ZodRawShape>(fields: Shape) {
  const names = new Map(Object.keys(fields).map((name) => [name.toLowerCase(), name]))
  const known = new Set(Object.keys(fields))
  const respell = (record: unknown): unknown => {
    if (record === null || typeof record !== 'object') return record
    const made: Record<string, unknown> = {}
    for (const [name, value] of Object.entries(record)) {
      if (known.has(name)) made[name] = value
      else {
        const lower = name.toLowerCase()
        made[names.get(lower) ?? others[lower] ?? name] = value
      }
    }
    return made
  }
  return z.preprocess(respell, z.object(fields))
}

export const number = z.number().nullish()
export const text = z.string().nullish()
/** Values by seconds after the start, which are written as text. */
export const course = z.record(z.string(), z.number().nullable()).nullish()

export const times = {
  startTimeInSeconds: z.number(),
  startTimeOffsetInSeconds: z.number().nullish(),
}

export interface Times {
  startTimeInSeconds: number
  startTimeOffsetInSeconds?: number | null | undefined
}

/** `offset` is what the wall clock of the device showed, in minutes. */
export const timesOf = ({ startTimeInSeconds, startTimeOffsetInSeconds }: Times): { t: number; offset?: number } => ({
  t: startTimeInSeconds * 1000,
  ...(typeof startTimeOffsetInSeconds === 'number' ? { offset: startTimeOffsetInSeconds / 60 } : {}),
})

export type Course = Readonly<Record<string, number | null>> | null | undefined

/** Values that `isReal` lets through, by their times. */
export function pointsOf(from: number, values: Course, isReal: (value: number) => boolean): [number, number][] {
  const points: [number, number][] = []
  for (const seconds in values) {
    const value = values[seconds]
    if (typeof value === 'number' && isReal(value)) points.push([from + Number(seconds) * 1000, value])
  }
  return points
}
export const isPositive = (value: number): boolean => value > 0
/** Below 0 stands why nothing was measured: -1 off the wrist, -2 too much motion, -3 not enough data, -4 recovering, -5 unknown. */
export const isMeasured = (value: number): boolean => value >= 0
