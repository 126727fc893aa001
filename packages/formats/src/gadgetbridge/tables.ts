import { type SleepStage, tableOf } from '@tributary/protocol'
import type { Cell } from './open-database.ts'

export type DbRow = Readonly<Record<string, Cell>>

/** What a column's number is. */
export interface Value {
  metric: string
  /** Into the unit of the metric. */
  times?: number
  /** An amount of this many milliseconds from the time of its row. */
  duration?: number
  /** By the local date of its row. */
  day?: true
  /** Numbers that say "not measured" (0 and −1 always do where the catalogue calls zero missing). */
  isMissing?: (value: number) => boolean
}

export interface SampleTable {
  /** Milliseconds in one unit of TIMESTAMP. */
  tick: 1 | 1000
  values: Readonly<Record<string, Value>>
  /** Stage of a row, for tables that have one row a minute. */
  stage?: (row: DbRow, before: MinuteMemory) => SleepStage | undefined
  /** Columns that `stage` and others look at. */
  reads?: readonly string[]
  /** A row that nobody wore the device in. */
  isIdle?: (row: DbRow) => boolean
}

/** What the minutes before said: older bands write "no change". */
export interface MinuteMemory {
  kind: number
  /** `DEVICE.TYPE_NAME`. */
  device: string
}

const minute = 60_000
const heartRate: Value = { metric: 'heart_rate', isMissing: (value) => value <= 0 || value >= 255 }
const spo2: Value = { metric: 'spo2', isMissing: (value) => value <= 0 }
const stress: Value = { metric: 'stress_score', isMissing: (value) => value < 0 || value > 100 }
const steps: Value = { metric: 'steps', duration: minute, isMissing: (value) => value < 0 }
const resting: Value = { metric: 'resting_heart_rate', day: true, isMissing: (value) => value <= 0 || value >= 255 }

/** The first bands: 4 deep, 5 light. Those after write flags above the kind, and 0 or 10 for "as before". */
function bandStage(row: DbRow, before: MinuteMemory): SleepStage | undefined {
  const raw = Number(row['RAW_KIND'])
  if (before.device === 'MIBAND') return raw === 4 ? 'deep' : raw === 5 ? 'light' : undefined
  const kind = raw === -1 ? -1 : raw & 15
  if (kind !== 0 && kind !== 10) before.kind = kind
  return before.kind === 11 ? 'deep' : before.kind === 9 ? 'light' : undefined
}

/** Sleep is one kind (120); how deep it is, Gadgetbridge itself tells by these bounds. */
function huamiStage(row: DbRow): SleepStage | undefined {
  if (Number(row['RAW_KIND']) !== 120) return undefined
  if ((Number(row['REM_SLEEP']) & 127) > 55) return 'rem'
  return (Number(row['DEEP_SLEEP']) & 127) > 42 ? 'deep' : 'light'
}

const bandIdle = new Set([3, 6])
const huamiIdle = new Set([115, 118])

// biome-ignore format: a table, one line for each table of the database.
export const sampleTables: Readonly<Record<string, SampleTable>> = tableOf({
  MI_BAND_ACTIVITY_SAMPLE: { tick: 1000, values: { STEPS: steps, HEART_RATE: heartRate }, reads: ['RAW_KIND'], stage: bandStage, isIdle: (row) => bandIdle.has(Number(row['RAW_KIND']) & 15) },
  HUAMI_EXTENDED_ACTIVITY_SAMPLE: { tick: 1000, values: { STEPS: steps, HEART_RATE: heartRate }, reads: ['RAW_KIND', 'DEEP_SLEEP', 'REM_SLEEP'], stage: huamiStage, isIdle: (row) => huamiIdle.has(Number(row['RAW_KIND'])) },
  XIAOMI_ACTIVITY_SAMPLE: { tick: 1000, values: { STEPS: steps, HEART_RATE: heartRate, STRESS: { ...stress, isMissing: (value) => value <= 0 || value > 100 }, SPO2: spo2 } },
  GARMIN_ACTIVITY_SAMPLE: { tick: 1000, values: { STEPS: steps, HEART_RATE: heartRate, DISTANCE_CM: { metric: 'distance', times: 0.01, duration: minute, isMissing: (value) => value < 0 }, ACTIVE_CALORIES: { metric: 'energy_active', duration: minute, isMissing: (value) => value < 0 } } },
  CMF_ACTIVITY_SAMPLE: { tick: 1000, values: { STEPS: steps, HEART_RATE: heartRate } },
  COLMI_ACTIVITY_SAMPLE: { tick: 1000, values: { STEPS: { ...steps, duration: 15 * minute }, HEART_RATE: heartRate } },
  HUAMI_STRESS_SAMPLE: { tick: 1, values: { STRESS: stress } },
  HUAMI_SPO2_SAMPLE: { tick: 1, values: { SPO2: spo2 } },
  HUAMI_HEART_RATE_MANUAL_SAMPLE: { tick: 1, values: { HEART_RATE: heartRate } },
  HUAMI_HEART_RATE_RESTING_SAMPLE: { tick: 1, values: { HEART_RATE: resting } },
  HUAMI_PAI_SAMPLE: { tick: 1, values: { PAI_TOTAL: { metric: 'pai', day: true } } },
  HUAMI_SLEEP_RESPIRATORY_RATE_SAMPLE: { tick: 1, values: { RATE: { metric: 'respiratory_rate', isMissing: (value) => value <= 0 } } },
  XIAOMI_DAILY_SUMMARY_SAMPLE: { tick: 1, values: { HR_RESTING: resting } },
  CMF_STRESS_SAMPLE: { tick: 1, values: { STRESS: stress } },
  CMF_SPO2_SAMPLE: { tick: 1, values: { SPO2: spo2 } },
  CMF_HEART_RATE_SAMPLE: { tick: 1, values: { HEART_RATE: heartRate } },
  COLMI_STRESS_SAMPLE: { tick: 1, values: { STRESS: stress } },
  COLMI_SPO2_SAMPLE: { tick: 1, values: { SPO2: spo2 } },
  COLMI_HEART_RATE_SAMPLE: { tick: 1, values: { HEART_RATE: heartRate } },
  GARMIN_STRESS_SAMPLE: { tick: 1, values: { STRESS: stress } },
  GARMIN_SPO2_SAMPLE: { tick: 1, values: { SPO2: spo2 } },
  GARMIN_BODY_ENERGY_SAMPLE: { tick: 1, values: { ENERGY: { metric: 'energy_reserve', isMissing: (value) => value < 0 } } },
  GARMIN_HRV_VALUE_SAMPLE: { tick: 1, values: { VALUE: { metric: 'hrv_rmssd', isMissing: (value) => value <= 0 } } },
  GARMIN_HRV_SUMMARY_SAMPLE: { tick: 1, values: { LAST_NIGHT_AVERAGE: { metric: 'hrv_rmssd', day: true, isMissing: (value) => value <= 0 } } },
  GARMIN_RESPIRATORY_RATE_SAMPLE: { tick: 1, values: { RESPIRATORY_RATE: { metric: 'respiratory_rate', isMissing: (value) => value <= 0 } } },
  GARMIN_HEART_RATE_RESTING_SAMPLE: { tick: 1, values: { HEART_RATE: resting } },
  GARMIN_RESTING_METABOLIC_RATE_SAMPLE: { tick: 1, values: { RESTING_METABOLIC_RATE: { metric: 'basal_metabolic_rate', isMissing: (value) => value <= 0 } } },
  GARMIN_SLEEP_STATS_SAMPLE: { tick: 1, values: { SLEEP_SCORE: { metric: 'sleep_score', day: true, isMissing: (value) => value <= 0 } } },
  MI_SCALE_WEIGHT_SAMPLE: { tick: 1, values: { WEIGHT_KG: { metric: 'body_mass', isMissing: (value) => value <= 0 } } },
  FEMOMETER_VINCA2_TEMPERATURE_SAMPLE: { tick: 1, values: { TEMPERATURE: { metric: 'body_temperature', isMissing: (value) => value <= 0 } } },
  GENERIC_HEART_RATE_SAMPLE: { tick: 1, values: { HEART_RATE: heartRate } },
  GENERIC_SPO2_SAMPLE: { tick: 1, values: { SPO2: spo2 } },
  GENERIC_STRESS_SAMPLE: { tick: 1, values: { STRESS: stress } },
  GENERIC_WEIGHT_SAMPLE: { tick: 1, values: { WEIGHT_KG: { metric: 'body_mass', isMissing: (value) => value <= 0 } } },
})

/** Tables of stages: one row each, with its length or up to the next. */
export interface StageTable {
  /** Milliseconds in one unit of DURATION; undefined: a stage lasts until the next begins. */
  duration?: number
  /** Garmin writes the end of a stage. */
  isEnd?: true
  stages: Readonly<Record<number, SleepStage>>
}

const xiaomiStages = { 2: 'deep', 3: 'light', 4: 'rem', 5: 'awake' } as const
const colmiStages = { 2: 'light', 3: 'deep', 4: 'rem', 5: 'awake' } as const

// biome-ignore format: a table, one line for each table of the database.
export const stageTables: Readonly<Record<string, StageTable>> = tableOf({
  XIAOMI_SLEEP_STAGE_SAMPLE: { stages: xiaomiStages },
  CMF_SLEEP_STAGE_SAMPLE: { duration: 1000, stages: { 1: 'deep', 2: 'light', 3: 'rem', 4: 'awake' } },
  COLMI_SLEEP_STAGE_SAMPLE: { duration: minute, stages: colmiStages },
  GARMIN_SLEEP_STAGE_SAMPLE: { isEnd: true, stages: { 1: 'awake', 2: 'light', 3: 'deep', 4: 'rem' } },
})

/** Xiaomi's single measurements, by TYPE. */
export const xiaomiManual: Readonly<Record<number, Value>> = {
  17: heartRate,
  18: spo2,
  19: { ...stress, isMissing: (value) => value <= 0 || value > 100 },
}

/** Why other tables are passed over. All that are not named here are counted as not read. */
export const otherTables: Readonly<Record<string, string>> = tableOf({
  HUAMI_HEART_RATE_MAX_SAMPLE: 'the highest of a day is told by its heart rates',
  GARMIN_INTENSITY_MINUTES_SAMPLE: 'no metric of ours',
  CMF_SLEEP_SESSION_SAMPLE: 'nights are put together from their stages',
  COLMI_SLEEP_SESSION_SAMPLE: 'nights are put together from their stages',
  BATTERY_LEVEL: 'not health',
  USER: 'not health',
  USER_ATTRIBUTES: 'its height and weight are settings, not measurements',
  GARMIN_FIT_FILE: 'a list of files',
  android_metadata: 'not health',
})
