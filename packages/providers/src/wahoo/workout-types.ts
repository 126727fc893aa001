import type { ActivityType } from '@tributary/protocol'

/** `workout_type_id` as Wahoo documents it; the numbers have gaps, and one that is not here is `other`. */
// biome-ignore format: a table.
export const workoutTypes: Readonly<Record<number, ActivityType>> = {
  0: 'cycling', 1: 'running', 2: 'cardio', 3: 'running', 4: 'running_trail', 5: 'running_treadmill', 6: 'walking', 7: 'walking', 8: 'walking', 9: 'hiking',
  10: 'hiking', 11: 'cycling', 12: 'cycling_indoor', 13: 'cycling_mountain', 14: 'cycling', 15: 'cycling', 16: 'cycling', // 17 BIKING_MOTOCYCLING has a motor
  18: 'cardio', 19: 'running_treadmill', 20: 'elliptical', 21: 'cycling_indoor', 22: 'rowing_machine', 23: 'stair_climbing', 25: 'swimming_pool',
  26: 'swimming_open_water', 27: 'snowboarding', 28: 'skiing_alpine', 29: 'skiing_alpine', 30: 'skiing_cross_country', 31: 'inline_skating', 32: 'ice_skating',
  33: 'inline_skating', 35: 'sailing', 36: 'windsurfing', 37: 'paddling', 38: 'kayaking', 39: 'rowing', 40: 'kitesurfing', 41: 'stand_up_paddling', 43: 'cardio',
  44: 'stair_climbing', 45: 'wheelchair', 46: 'golf', 49: 'cycling_indoor', 56: 'walking', 61: 'cycling_indoor', 62: 'multisport', 63: 'transition',
  64: 'cycling_electric', 66: 'yoga', 67: 'running', 68: 'cycling_virtual', 69: 'meditation', 70: 'cycling_hand', 71: 'running_virtual',
}
