/** What a workout is made of: its figures, laps, pauses, and lengths of a pool. */
import type { SessionPart, Totals } from '@tributary/protocol'
import { z } from 'zod'
import { given, totalsOf } from '../kit/tell.ts'
import { amount, interval, numberOf, secondsOf, text, thousandth } from './wire.ts'

const zones = z.object({ lightTime: text, moderateTime: text, vigorousTime: text, peakTime: text })
const mobility = z.object({
  avgCadenceStepsPerMinute: amount,
  avgGroundContactTimeDuration: text,
  avgStrideLengthMillimeters: amount,
  avgVerticalOscillationMillimeters: amount,
  avgVerticalRatio: amount,
})

/** Of a workout and of each of its laps. */
export const metrics = z.object({
  caloriesKcal: amount,
  distanceMillimeters: amount,
  steps: amount,
  averageHeartRateBeatsPerMinute: amount,
  averageSpeedMillimetersPerSecond: amount,
  elevationGainMillimeters: amount,
  activeZoneMinutes: amount,
  runVo2Max: amount,
  totalSwimLengths: amount,
  heartRateZoneDurations: zones.nullish(),
  mobilityMetrics: mobility.nullish(),
})
export type Metrics = z.infer<typeof metrics>

export function figuresOf(sum: Metrics | null | undefined): Totals {
  const run = sum?.mobilityMetrics
  const contact = secondsOf(run?.avgGroundContactTimeDuration)
  return totalsOf({
    distance: thousandth(sum?.distanceMillimeters),
    elevation_gain: thousandth(sum?.elevationGainMillimeters),
    speed_avg: thousandth(sum?.averageSpeedMillimetersPerSecond),
    energy_total: numberOf(sum?.caloriesKcal), // with what the body needs at rest
    steps: numberOf(sum?.steps),
    heart_rate_avg: numberOf(sum?.averageHeartRateBeatsPerMinute),
    cadence_steps_avg: numberOf(run?.avgCadenceStepsPerMinute),
    stride_length_avg: thousandth(run?.avgStrideLengthMillimeters),
    vertical_oscillation_avg: numberOf(run?.avgVerticalOscillationMillimeters), // millimetres, as ours
    vertical_ratio_avg: numberOf(run?.avgVerticalRatio),
    ground_contact_time_avg: contact === undefined ? undefined : contact * 1000,
  })
}

/** Figures that have no place among totals. */
export const furtherOf = (sum: Metrics | null | undefined) =>
  given({
    active_zone_minutes: numberOf(sum?.activeZoneMinutes),
    heart_rate_zones: sum?.heartRateZoneDurations,
    vo2max: numberOf(sum?.runVo2Max),
    swim_lengths: numberOf(sum?.totalSwimLengths),
  })

export const split = z.object({
  splitType: text,
  startTime: z.string(),
  endTime: z.string(),
  activeDuration: text,
  metricsSummary: metrics.nullish(),
})

export function lapOf({
  splitType,
  startTime,
  endTime,
  activeDuration,
  metricsSummary,
}: z.infer<typeof split>): SessionPart {
  const [start, end] = [Date.parse(startTime), Date.parse(endTime)]
  return {
    kind: 'lap',
    start,
    end,
    ...given({ label: splitType?.toLowerCase() }),
    totals: {
      ...totalsOf({ duration: (end - start) / 1000, active_duration: secondsOf(activeDuration) }),
      ...figuresOf(metricsSummary),
    },
  }
}

/** A point of `swim-lengths-data`. */
export const length = z.object({
  swimLengthsData: z.object({ interval, strokeCount: amount, swimStrokeType: text }),
})

export function lengthOf({ swimLengthsData: swum }: z.infer<typeof length>, metres: number | undefined): SessionPart {
  return {
    kind: 'length',
    start: Date.parse(swum.interval.startTime),
    end: Date.parse(swum.interval.endTime),
    ...given({ label: swum.swimStrokeType?.toLowerCase() }),
    intensity: 'active',
    totals: totalsOf({ distance: metres, swim_strokes: numberOf(swum.strokeCount) }),
  }
}

export const event = z.object({ eventTime: z.string(), exerciseEventType: text })

/** A pause lasts until the next event that is none, or to the end. */
export function pausesOf(events: readonly z.infer<typeof event>[], end: number): SessionPart[] {
  const timed = events
    .map((one) => ({ t: Date.parse(one.eventTime), type: one.exerciseEventType ?? '' }))
    .sort((a, b) => a.t - b.t)
  const pauses: SessionPart[] = []
  for (const [i, { t, type }] of timed.entries()) {
    if (!/PAUSE/.test(type) || /PAUSE/.test(timed[i - 1]?.type ?? '')) continue
    const next = timed.slice(i + 1).find((later) => !/PAUSE/.test(later.type))
    pauses.push({ kind: 'pause', start: t, end: next?.t ?? end })
  }
  return pauses
}
