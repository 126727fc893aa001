/**
 * The part of FIT's profile that an activity needs, by number. Numbers and scales as in profile 21.212
 * (github.com/muktihari/fit, profile/factory/factory_gen.go).
 */

/** Global message numbers. */
export const mesg = {
  fileId: 0,
  sport: 12,
  session: 18,
  lap: 19,
  record: 20,
  event: 21,
  deviceInfo: 23,
  workout: 26,
  activity: 34,
  hrv: 78,
  length: 101,
  hr: 132,
  fieldDescription: 206,
  developerDataId: 207,
} as const

/** Messages that are known and not used: their names make the list of unused parts readable. */
const otherMessages: Record<number, string> = {
  1: 'capabilities',
  2: 'device_settings',
  3: 'user_profile',
  4: 'hrm_profile',
  5: 'sdm_profile',
  6: 'bike_profile',
  7: 'zones_target',
  8: 'hr_zone',
  9: 'power_zone',
  10: 'met_zone',
  13: 'training_settings',
  15: 'goal',
  27: 'workout_step',
  30: 'weight_scale',
  31: 'course',
  32: 'course_point',
  49: 'file_creator',
  51: 'blood_pressure',
  53: 'speed_zone',
  55: 'monitoring',
  72: 'training_file',
  103: 'monitoring_info',
  105: 'pad',
  127: 'connectivity',
  128: 'weather_conditions',
  129: 'weather_alert',
  142: 'segment_lap',
  160: 'gps_metadata',
  161: 'camera_event',
  162: 'timestamp_correlation',
  164: 'gyroscope_data',
  165: 'accelerometer_data',
  167: 'three_d_sensor_calibration',
  200: 'exd_screen_configuration',
  209: 'barometer_data',
  216: 'time_in_zone',
  225: 'set',
  227: 'stress_level',
  229: 'max_met_data',
  258: 'dive_settings',
  259: 'dive_gas',
  262: 'dive_alarm',
  264: 'exercise_title',
  268: 'dive_summary',
  269: 'spo2_data',
  285: 'jump',
  297: 'respiration_rate',
  312: 'split',
  313: 'split_summary',
  317: 'climb_pro',
}

export function messageName(global: number): string {
  const name = otherMessages[global] ?? Object.entries(mesg).find(([, num]) => num === global)?.[0]
  if (name) return name
  return global >= 0xff00 ? `manufacturer message ${global}` : `message ${global}`
}

/** What a file_id.type says about a file that is not an activity. */
const fileTypes: Record<number, string> = {
  1: 'device settings',
  2: 'settings',
  3: 'a sport profile',
  5: 'a planned workout',
  6: 'a course, which is a plan with invented times',
  7: 'schedules',
  9: 'weights',
  10: 'totals',
  11: 'goals',
  14: 'blood pressures',
  15: 'daily monitoring',
  28: 'daily monitoring',
  32: 'daily monitoring',
  34: 'a segment',
  40: 'a screen layout',
  // Not in the profile; watches write them.
  44: 'metrics of fitness',
  49: 'sleep',
  68: 'heart rate variability',
  35: 'a segment list',
}

/** 4 is an activity, 20 the summary of one. */
export const activityFileTypes: readonly number[] = [4, 20]

export function fileTypeName(type: number): string {
  return fileTypes[type] ?? `files of type ${type}`
}

const manufacturers: Record<number, string> = {
  1: 'Garmin',
  15: 'Dynastream',
  23: 'Suunto',
  32: 'Wahoo',
  40: 'Concept2',
  41: 'Shimano',
  63: 'Specialized',
  69: 'Stages Cycling',
  70: 'Sigma Sport',
  76: 'Moxy',
  86: 'Elite',
  89: 'Tacx',
  95: 'Stryd',
  123: 'Polar',
  260: 'Zwift',
  265: 'Strava',
  267: 'Bryton',
  281: 'TrainerRoad',
  289: 'Hammerhead',
  294: 'Coros',
  310: 'Decathlon',
  331: 'MyWhoosh',
  339: 'Zepp',
}

/** 255 is "development" and says nothing. */
export function manufacturerName(number: number | undefined): string | undefined {
  if (number === undefined || number === 255) return undefined
  return manufacturers[number] ?? `manufacturer ${number}`
}

/** Seconds from 1970-01-01 to 1989-12-31, where FIT's clock begins. */
const epochSeconds = 631_065_600
/** Below it a time counts seconds since the device was switched on. */
export const firstDate = 0x10000000

export function fitTimeToMs(seconds: number): number {
  return (seconds + epochSeconds) * 1000
}

export const semicircles = 180 / 2 ** 31
