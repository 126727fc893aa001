/**
 * What messages outside of activities hold, by number, and what becomes of it. Numbers and scales as in profile 21.217. A field
 * without a metric has only its name, under which it is listed as unused; those that need more than a table are read by the file
 * named beside them.
 */
export interface HealthField {
  name: string
  metric?: string
  scale?: number
  /** A value for the local date rather than for the instant. */
  isDaily?: true
  /** Below 0 nothing was measured; what the devices mean by it. */
  codes?: Readonly<Record<number, string>>
}

export interface HealthMessage {
  name: string
  /** The field that holds the time, where it is not 253. */
  time?: number
  fields: Readonly<Record<number, string | HealthField>>
}

export const health = {
  monitoring: 55,
  monitoringInfo: 103,
  weightScale: 30,
  bloodPressure: 51,
  sleepLevel: 275,
  beatIntervals: 290,
  sleepAssessment: 346,
  rawBeats: 372,
  skinTemperature: 398,
  nap: 412,
} as const

// biome-ignore format: a table, one line for each field or short message.
export const healthMessages: Readonly<Record<number, HealthMessage>> = {
  [health.weightScale]: { name: 'weight_scale', fields: { // weight: body.ts
    0: 'weight', 1: { name: 'percent_fat', metric: 'body_fat', scale: 100 }, 2: { name: 'percent_hydration', metric: 'body_water', scale: 100 },
    3: 'visceral_fat_mass', 4: { name: 'bone_mass', metric: 'bone_mass', scale: 100 }, 5: { name: 'muscle_mass', metric: 'muscle_mass', scale: 100 },
    7: { name: 'basal_met', metric: 'basal_metabolic_rate', scale: 4 }, 8: 'physique_rating', 9: 'active_met', 10: { name: 'metabolic_age', metric: 'metabolic_age' },
    11: { name: 'visceral_fat_rating', metric: 'visceral_fat_rating' }, 12: 'user_profile_index', 13: { name: 'bmi', metric: 'bmi', scale: 10 },
  } },
  [health.bloodPressure]: { name: 'blood_pressure', fields: { // body.ts
    0: 'systolic_pressure', 1: 'diastolic_pressure', 2: 'mean_arterial_pressure', 3: 'map_3_sample_mean', 4: 'map_morning_values',
    5: 'map_evening_values', 6: 'heart_rate', 7: 'heart_rate_type', 8: 'status', 9: 'user_profile_index',
  } },
  [health.monitoring]: { name: 'monitoring', fields: { // counters and short times: monitoring.ts
    0: 'device_index', 1: 'calories', 2: 'distance', 3: 'cycles', 4: 'active_time', 5: 'activity_type', 6: 'activity_subtype', 7: 'activity_level',
    8: 'distance_16', 9: 'cycles_16', 10: 'active_time_16', 11: 'local_timestamp',
    12: { name: 'temperature', metric: 'ambient_temperature', scale: 100 }, // of the device, on a wrist
    14: 'temperature_min', 15: 'temperature_max', 16: 'activity_time', 19: 'active_calories', 24: 'current_activity_type_intensity', 25: 'timestamp_min_8',
    26: 'timestamp_16', 27: { name: 'heart_rate', metric: 'heart_rate' }, 28: 'intensity', 29: 'duration_min', 30: 'duration',
    31: 'ascent', 32: 'descent', // no page says whether they go on growing through the day
    33: 'moderate_activity_minutes', 34: 'vigorous_activity_minutes', 41: 'pushes',
  } },
  [health.monitoringInfo]: { name: 'monitoring_info', fields: {
    0: 'local_timestamp', 1: 'activity_type', 3: 'cycles_to_distance', 4: 'cycles_to_calories',
    5: { name: 'resting_metabolic_rate', metric: 'basal_metabolic_rate' },
  } },
  211: { name: 'monitoring_hr_data', fields: {
    0: 'resting_heart_rate', // an average of seven days
    1: { name: 'current_day_resting_heart_rate', metric: 'resting_heart_rate', isDaily: true },
  } },
  227: { name: 'stress_level', time: 1, fields: {
    0: { name: 'stress_level_value', metric: 'stress_score', codes: { [-1]: 'off the wrist', [-2]: 'too much motion', [-3]: 'not enough data', [-4]: 'recovering from exercise' } },
  } },
  229: { name: 'max_met_data', time: 0, fields: {
    2: { name: 'vo2_max', metric: 'vo2max', scale: 10 }, 5: 'sport', 6: 'sub_sport', 8: 'max_met_category', 9: 'calibrated_data', 12: 'hr_source', 13: 'speed_source',
  } },
  269: { name: 'spo2_data', fields: { 0: { name: 'reading_spo2', metric: 'spo2' }, 1: 'reading_confidence', 2: 'mode' } },
  [health.sleepLevel]: { name: 'sleep_level', fields: { 0: 'sleep_level' } }, // sleep.ts, like the next
  [health.sleepAssessment]: { name: 'sleep_assessment', fields: {
    0: 'combined_awake_score', 1: 'awake_time_score', 2: 'awakenings_count_score', 3: 'deep_sleep_score', 4: 'sleep_duration_score', 5: 'light_sleep_score',
    6: 'overall_sleep_score', 7: 'sleep_quality_score', 8: 'sleep_recovery_score', 9: 'rem_sleep_score', 10: 'sleep_restlessness_score',
    11: 'awakenings_count', 14: 'interruptions_score', 15: 'average_stress_during_sleep',
  } },
  [health.beatIntervals]: { name: 'beat_intervals', fields: { 0: 'timestamp_ms', 1: 'time' } }, // intervals.ts, as raw_bbi
  297: { name: 'respiration_rate', fields: {
    0: { name: 'respiration_rate', metric: 'respiratory_rate', scale: 100, codes: { [-1]: 'off the wrist', [-2]: 'too much motion', [-3]: 'invalid' } },
  } },
  370: { name: 'hrv_status_summary', fields: {
    0: 'weekly_average', 1: { name: 'last_night_average', metric: 'hrv_rmssd', scale: 128, isDaily: true }, 2: 'last_night_5_min_high',
    3: 'baseline_low_upper', 4: 'baseline_balanced_lower', 5: 'baseline_balanced_upper', 6: 'status',
  } },
  371: { name: 'hrv_value', fields: { 0: { name: 'value', metric: 'hrv_rmssd', scale: 128 } } },
  [health.rawBeats]: { name: 'raw_bbi', fields: { 0: 'timestamp_ms', 1: 'data', 2: 'time', 3: 'quality', 4: 'gap' } },
  [health.skinTemperature]: { name: 'skin_temp_overnight', fields: { // its own local time: sleep.ts
    0: 'local_timestamp', 1: { name: 'average_deviation', metric: 'skin_temperature_deviation', isDaily: true }, 2: 'average_7_day_deviation',
    4: { name: 'nightly_value', metric: 'skin_temperature', isDaily: true },
  } },
  [health.nap]: { name: 'nap_event', fields: { // sleep.ts
    0: 'start_time', 1: 'start_timezone_offset', 2: 'end_time', 3: 'end_timezone_offset', 4: 'feedback', 5: 'is_deleted', 6: 'source', 7: 'update_timestamp',
    254: 'message_index',
  } },
}

/** Numbers of activity types in monitoring. */
const running = 1
const cycling = 2
const swimming = 5
const walking = 6
const wheelchair = 13
/** The sum of all others: counting it too would double everything. */
export const allTypes = 254

/** Which metric a distance of a type is. */
export function distanceMetric(type: number | undefined): string {
  if (type === walking || type === running) return 'distance_walking_running'
  if (type === cycling) return 'distance_cycling'
  if (type === swimming) return 'distance_swimming'
  return type === wheelchair ? 'distance_wheelchair' : 'distance'
}

/** What a cycle of a type is: two of the raw units make a stroke, one is a step. Undefined: nothing that we count. */
export function cycleMetric(type: number | undefined): { metric: string; scale: number } | undefined {
  if (type === walking || type === running) return { metric: 'steps', scale: 1 }
  return type === swimming ? { metric: 'swim_strokes', scale: 2 } : undefined
}
