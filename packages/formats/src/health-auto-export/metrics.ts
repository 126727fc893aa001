import { type Conversion, conversionFor, type MetricId, resolveDataType, tableOf } from '@tributary/protocol'

/** What the app calls our metrics, where it is neither the catalogue's name nor one of its aliases. */
// biome-ignore format: a table.
const names: Readonly<Record<string, MetricId>> = tableOf({
  heart_rate_variability: 'hrv_sdnn', cardio_recovery: 'heart_rate_recovery_1min', breathing_disturbances: 'breathing_disturbance_index',
  blood_oxygen_saturation: 'spo2', apple_sleeping_wrist_temperature: 'skin_temperature', underwater_temperature: 'water_temperature',
  weight_body_mass: 'body_mass',
  active_energy: 'energy_active', basal_energy_burned: 'energy_basal',
  apple_exercise_time: 'exercise_duration', apple_move_time: 'move_duration', apple_stand_time: 'stand_duration', apple_stand_hour: 'stand_hours',
  walking_running_distance: 'distance_walking_running', cycling_distance: 'distance_cycling', swimming_distance: 'distance_swimming',
  wheelchair_distance: 'distance_wheelchair', time_in_daylight: 'daylight_duration', mindful_minutes: 'mindfulness_duration',
  dietary_energy: 'energy_intake', dietary_water: 'water_intake', carbohydrates: 'carbohydrates_intake', protein: 'protein_intake', total_fat: 'fat_intake',
  fiber: 'fiber_intake', dietary_sugar: 'sugar_intake', sodium: 'sodium_intake', caffeine: 'caffeine_intake', alcohol_consumption: 'alcohol_intake',
  running_speed: 'speed', cycling_speed: 'speed', running_stride_length: 'stride_length', running_vertical_oscillation: 'vertical_oscillation',
  cycling_cadence: 'cadence', cycling_functional_threshold_power: 'functional_threshold_power',
  apple_walking_steadiness: 'walking_steadiness', stair_speed_up: 'stair_ascent_speed', stair_speed_down: 'stair_descent_speed',
  six_minute_walking_test_distance: 'six_minute_walk_distance',
})

/** Undefined: nobody has a place for it, or it has a shape of its own (sleep_analysis, blood_pressure). */
export function metricNamed(name: string): MetricId | undefined {
  if (Object.hasOwn(names, name)) return names[name]
  const type = resolveDataType(name)
  return type?.kind === 'metric' ? type.metric : undefined
}

/** As the app spells them, where no one else does. */
const units: Readonly<Record<string, string>> = tableOf({
  'ml/(kg·min)': 'mL/(kg·min)',
  'ml/(kg*min)': 'mL/(kg·min)',
  mcg: 'µg',
  'kcal/hr·kg': 'kcal/hr·kg',
})

export function unitSpelled(unit: string | undefined): string | undefined {
  return unit === undefined ? undefined : (units[unit] ?? unit)
}

export function unitFor(metric: MetricId, unit: string | undefined): Conversion | undefined {
  return conversionFor(metric, unitSpelled(unit))
}
