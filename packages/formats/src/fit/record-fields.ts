/**
 * Fields of the record message and what becomes of them. A column that starts with `/` is a stream of the session,
 * any other is a metric of the catalogue. Several fields may feed one column: the later line wins where both have a value.
 */
export interface RecordField {
  num: number
  column: string
  scale: number
  offset?: number
}

export const positionLat = 0
export const positionLong = 1
export const compressedSpeedDistance = 8
export const cadenceField = 4
export const cadence256 = 52
export const fractionalCadence = 53

/** Not real field numbers: what `compressed_speed_distance` unpacks to. */
export const unpackedSpeed = 1008
export const unpackedDistance = 1009

// biome-ignore format: a table, one line for each field.
export const recordFields: readonly RecordField[] = [
  { num: 2, column: 'elevation', scale: 5, offset: 500 },
  { num: 78, column: 'elevation', scale: 5, offset: 500 }, // enhanced_altitude
  { num: 3, column: 'heart_rate', scale: 1 },
  { num: unpackedDistance, column: '/distance', scale: 16 },
  { num: 5, column: '/distance', scale: 100 },
  { num: unpackedSpeed, column: 'speed', scale: 100 },
  { num: 6, column: 'speed', scale: 1000 },
  { num: 73, column: 'speed', scale: 1000 }, // enhanced_speed
  { num: 7, column: 'power', scale: 1 },
  { num: 13, column: 'ambient_temperature', scale: 1 }, // of the device, on a wrist or a handlebar
  { num: 39, column: 'vertical_oscillation', scale: 10 },
  { num: 41, column: 'ground_contact_time', scale: 10 },
  { num: 83, column: 'vertical_ratio', scale: 100 },
  { num: 84, column: 'stance_balance', scale: 100 },
  { num: 85, column: 'stride_length', scale: 10_000 }, // step_length, tenths of a millimetre
  { num: 57, column: 'muscle_oxygen', scale: 10 },
  { num: 99, column: 'respiratory_rate', scale: 1 },
  { num: 108, column: 'respiratory_rate', scale: 100 }, // enhanced_respiration_rate
  { num: 116, column: 'stress_score', scale: 100 },
  { num: 139, column: 'body_temperature', scale: 100 }, // core_temperature
  { num: 92, column: 'underwater_depth', scale: 1000 },
  { num: 9, column: '/grade', scale: 100 },
  { num: 32, column: '/vertical_speed', scale: 1000 },
  { num: 30, column: '/left_right_balance', scale: 1 },
  { num: 43, column: '/left_torque_effectiveness', scale: 2 },
  { num: 44, column: '/right_torque_effectiveness', scale: 2 },
  { num: 45, column: '/left_pedal_smoothness', scale: 2 },
  { num: 46, column: '/right_pedal_smoothness', scale: 2 },
  { num: 47, column: '/combined_pedal_smoothness', scale: 2 },
  { num: 54, column: '/total_hemoglobin', scale: 100 },
]

export const leftRightBalance = 30

/** Read, though they have no line above: they take part in others or make the track. */
const partFields = [positionLat, positionLong, cadenceField, cadence256, fractionalCadence]

const usedFields = new Set([...recordFields.map((field) => field.num), ...partFields])

export function isUsedField(num: number): boolean {
  return usedFields.has(num)
}

/** Fields without a use, by name where the public profile has one. */
const otherFields: Record<number, string> = {
  10: 'resistance',
  11: 'time_from_course',
  12: 'cycle_length',
  17: 'speed_1s',
  18: 'cycles',
  19: 'total_cycles',
  28: 'compressed_accumulated_power',
  29: 'accumulated_power',
  31: 'gps_accuracy',
  33: 'calories',
  40: 'stance_time_percent',
  42: 'activity_type',
  50: 'zone',
  51: 'ball_speed',
  62: 'device_index',
}

export function recordFieldName(num: number): string {
  return otherFields[num] ?? `field ${num}`
}
