/** Small things that were measured, with figures that a reader can follow: for what one brand alone has. */
import type { Recording } from '@tributary/emulators/clouds'
import type { SessionReading } from '@tributary/protocol'

/** What of a brand's own makes is worn or stood on does not matter here. */
const device = { name: 'Thing', manufacturer: 'Maker', model: 'Thing', serial: 'T-1' }

export const sampleOf = (metric: string, t: number, value: number, key = metric): Recording => ({
  key,
  device,
  readings: [{ kind: 'sample', metric, t, value, duration: 60_000 }],
})

const session = (type: 'workout' | 'sleep', key: string, start: number, more: Partial<SessionReading>): Recording => ({
  key,
  device,
  readings: [
    {
      kind: 'session',
      type,
      start,
      end: start + 1_800_000,
      offset: 60,
      externalId: key,
      totals: {},
      parts: [],
      ...more,
    },
  ],
})

/** Half an hour on a bicycle. */
export const rideOf = (key: string, start: number, more: Partial<SessionReading> = {}): Recording =>
  session('workout', key, start, {
    activity: 'cycling',
    totals: { duration: 1_800, distance: 9_000, heart_rate_avg: 131, heart_rate_max: 150, energy_active: 240 },
    ...more,
  })

/** Half an hour of light sleep. */
export const sleepOf = (key: string, start: number, more: Partial<SessionReading> = {}): Recording =>
  session('sleep', key, start, {
    parts: [{ kind: 'stage', label: 'light', start, end: more.end ?? start + 1_800_000 }],
    ...more,
  })
