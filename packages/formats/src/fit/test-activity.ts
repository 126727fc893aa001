import { base } from './base-types.ts'
import { FitWriter, fitSeconds } from './write.ts'

export const start = Date.parse('2026-06-07T05:00:00Z')
/** The same in FIT's seconds. */
export const tick = fitSeconds(start)

export interface TestActivity {
  records: number
  type?: number
  big?: boolean
  /** Seconds after `start`. */
  later?: number
  heartRate?: number
}

/** A file_id and records of time and heart rate, one a second; a test adds what it is about. Local types 0 and 1 are taken. */
export function activity({ records, type = 4, big = false, later = 0, heartRate = 120 }: TestActivity): FitWriter {
  const fit = new FitWriter()
  const shape = [
    [0, base.enum],
    [1, base.uint16],
    [2, base.uint16],
    [3, base.uint32z],
    [4, base.uint32],
  ] as const
  fit.define(0, 0, shape, [], big).message(0, [type, 1, 3121, 3_345_678_901, tick + later])
  const record = [
    [253, base.uint32],
    [3, base.uint8],
  ] as const
  fit.define(1, 20, record, [], big)
  for (let i = 0; i < records; i++) fit.message(1, [tick + later + i, heartRate + i])
  return fit
}
