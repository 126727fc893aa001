/** Small things that were measured, with figures that a reader can follow: for the brands' tests. */
import type { Reading, SessionReading, SleepStage } from '@tributary/protocol'
import type { Recording } from '../cloud.ts'

export const watch: Recording['device'] = {
  name: 'Aurora Pulse',
  manufacturer: 'Aurora',
  model: 'Pulse 4',
  serial: 'W1',
}

export const at = (time: string): number => Date.parse(time)

export const recordingOf = (key: string, ...readings: Reading[]): Recording => ({ key, device: watch, readings })

/** A value every `every` ms from `start` on. */
export function series(metric: string, start: number, every: number, values: readonly number[], length = 0): Reading {
  return {
    kind: 'series',
    metric,
    t: Float64Array.from(values, (_, i) => start + i * every),
    v: Float64Array.from(values),
    ...(length ? { durations: Float64Array.from(values, () => length) } : {}),
  }
}

/** Ten minutes at 4 m/s northwards, a row every ten seconds, heart rate 140 and rising. */
export function run(key = 'run', more: Partial<SessionReading> = {}): Recording {
  const start = more.start ?? at('2026-11-03T11:04:12Z')
  const n = 61
  const t = Float64Array.from({ length: n }, (_, i) => start + i * 10_000)
  const session: SessionReading = {
    kind: 'session',
    type: 'workout',
    activity: 'running',
    title: 'Lunch loop',
    start,
    end: start + 600_000,
    offset: 60,
    externalId: key,
    totals: {
      duration: 600,
      active_duration: 590,
      distance: 2_400,
      elevation_gain: 12,
      heart_rate_avg: 155,
      heart_rate_max: 170,
      cadence_steps_avg: 168,
      energy_active: 140,
      speed_avg: 4,
      speed_max: 4.6,
    },
    parts: [
      { kind: 'lap', start, end: start + 250_000, totals: { distance: 1_000, speed_avg: 4, heart_rate_avg: 150 } },
      { kind: 'lap', start: start + 250_000, end: start + 600_000, totals: { distance: 1_400, speed_avg: 4 } },
    ],
    track: {
      t,
      lat: Float64Array.from(t, (_, i) => 59.334 + i * 0.00036),
      lon: Float64Array.from(t, () => 18.063),
      ele: Float64Array.from(t, (_, i) => 20 + i * 0.2),
    },
    streams: { distance: { t, v: Float64Array.from(t, (_, i) => i * 40) } },
    ...more,
  }
  const values = (from: number, step: number) => Array.from({ length: n }, (_, i) => from + i * step)
  return recordingOf(
    key,
    session,
    series('heart_rate', start, 10_000, values(140, 0.5)),
    series('speed', start, 10_000, values(4, 0)),
    series('cadence_steps', start, 10_000, values(168, 0)),
  )
}

/** Minutes of each stage, one after the other, from 23:10 in Stockholm. */
const nightStages: readonly (readonly [SleepStage, number])[] = [
  ['awake', 10],
  ['light', 60],
  ['deep', 90],
  ['light', 90],
  ['rem', 60],
  ['awake', 5],
  ['light', 85],
  ['rem', 50],
]

/** A night of 450 minutes: 235 light, 90 deep, 110 REM, 15 awake; heart rate 50, 48, 52 … every five minutes. */
export function night(
  key = 'night',
  start = at('2026-11-03T22:10:00Z'),
  more: Partial<SessionReading> = {},
): Recording {
  let time = start
  const parts = nightStages.map(([label, minutes]) => {
    const part = { kind: 'stage' as const, label, start: time, end: time + minutes * 60_000 }
    time = part.end
    return part
  })
  const session: SessionReading = {
    kind: 'session',
    type: 'sleep',
    start,
    end: time,
    offset: 60,
    externalId: key,
    totals: {
      duration: 27_000,
      sleep_time_in_bed: 27_000,
      sleep_total: 26_100,
      sleep_light: 14_100,
      sleep_deep: 5_400,
      sleep_rem: 6_600,
      sleep_awake: 300,
      sleep_latency: 600,
    },
    parts,
    ...more,
  }
  const beats = Array.from({ length: 90 }, (_, i) => [50, 48, 52][i % 3] ?? 50)
  const variability = Array.from({ length: 90 }, (_, i) => (i % 2 ? 60 : 64))
  const date = new Date(time + 60 * 60_000).toISOString().slice(0, 10)
  return recordingOf(
    key,
    session,
    series('heart_rate', start, 300_000, beats),
    series('hrv_rmssd', start, 300_000, variability),
    series(
      'respiratory_rate',
      start,
      600_000,
      Array.from({ length: 45 }, () => 14),
    ),
    series(
      'spo2',
      start,
      900_000,
      Array.from({ length: 30 }, (_, i) => (i % 2 ? 96 : 97)),
    ),
    { kind: 'day', metric: 'resting_heart_rate', date, value: 49 },
    { kind: 'day', metric: 'sleep_score', date, value: 81 },
    { kind: 'day', metric: 'readiness_score', date, value: 74 },
    { kind: 'day', metric: 'skin_temperature_deviation', date, value: -0.1 },
  )
}

/** 4 November in Stockholm from 7:00: 60 steps each minute of an hour, a heart rate every five minutes. */
export function day(key = 'day', start = at('2026-11-04T06:00:00Z')): Recording {
  const hour = (v: number) => Array.from({ length: 60 }, () => v)
  return recordingOf(
    key,
    series('steps', start, 60_000, hour(60), 60_000),
    series('distance_walking_running', start, 60_000, hour(45), 60_000),
    series('energy_active', start, 60_000, hour(4), 60_000),
    series('energy_basal', start, 3_600_000, [70, 70, 70], 3_600_000),
    series('floors_climbed', start, 1_800_000, [2, 3], 60_000),
    series(
      'heart_rate',
      start,
      300_000,
      Array.from({ length: 24 }, (_, i) => 70 + i),
    ),
  )
}
