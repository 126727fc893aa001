/** The names that people and devices send for a metric, and the values that have more than one part. */
import { isMetric, type MetricId } from './metrics.ts'
import { type SleepStage, sleepStages } from './stages.ts'

/**
 * Other names of a metric. A word that may mean two metrics has no place here (`hrv` is RMSSD or SDNN, `sugar` is eaten
 * or measured), nor has one that elsewhere goes with another unit (`exercise_time` is sent in minutes without saying so).
 */
export const aliases: Readonly<Record<string, MetricId>> = {
  // heart and circulation
  hr: 'heart_rate',
  heartrate: 'heart_rate',
  pulse: 'heart_rate',
  rhr: 'resting_heart_rate',
  resting_hr: 'resting_heart_rate',
  walking_heart_rate_average: 'walking_heart_rate',
  heart_rate_recovery_one_minute: 'heart_rate_recovery_1min',
  ibi: 'rr_interval',
  rr_intervals: 'rr_interval',
  rmssd: 'hrv_rmssd',
  heart_rate_variability_rmssd: 'hrv_rmssd',
  sdnn: 'hrv_sdnn',
  heart_rate_variability_sdnn: 'hrv_sdnn',
  systolic: 'bp_systolic',
  blood_pressure_systolic: 'bp_systolic',
  systolic_blood_pressure: 'bp_systolic',
  diastolic: 'bp_diastolic',
  blood_pressure_diastolic: 'bp_diastolic',
  diastolic_blood_pressure: 'bp_diastolic',
  mean_arterial_pressure: 'bp_mean',
  vo2_max: 'vo2max',
  cardiovascular_age: 'vascular_age',
  peripheral_perfusion_index: 'perfusion_index',
  atrial_fibrillation_burden: 'af_burden',
  // breathing and oxygen
  oxygen_saturation: 'spo2',
  blood_oxygen: 'spo2',
  respiration_rate: 'respiratory_rate',
  breathing_rate: 'respiratory_rate',
  sleeping_breathing_disturbances: 'breathing_disturbance_index',
  forced_expiratory_volume_1: 'fev1',
  forced_vital_capacity: 'fvc',
  peak_expiratory_flow_rate: 'peak_expiratory_flow',
  peak_flow: 'peak_expiratory_flow',
  inhaler_usage: 'inhaler_use',
  // temperature
  temperature: 'body_temperature',
  body_temp: 'body_temperature',
  air_temperature: 'ambient_temperature',
  // body
  weight: 'body_mass',
  body_weight: 'body_mass',
  height: 'body_height',
  body_mass_index: 'bmi',
  body_fat_percentage: 'body_fat',
  fat_percentage: 'body_fat',
  body_fat_mass: 'fat_mass',
  lean_body_mass: 'lean_mass',
  skeletal_muscle_mass: 'muscle_mass',
  waist_circumference: 'waist',
  bmr: 'basal_metabolic_rate',
  // movement and energy
  step_count: 'steps',
  push_count: 'wheelchair_pushes',
  distance_other: 'distance',
  floors: 'floors_climbed',
  flights_climbed: 'floors_climbed',
  elevation_gained: 'elevation_gain',
  calories: 'energy_active',
  active_calories: 'energy_active',
  active_energy: 'energy_active',
  active_energy_burned: 'energy_active',
  energy: 'energy_active',
  basal_energy: 'energy_basal',
  resting_energy: 'energy_basal',
  total_calories: 'energy_total',
  total_energy: 'energy_total',
  physical_effort: 'met',
  // workout streams
  altitude: 'elevation',
  step_cadence: 'cadence_steps',
  running_power: 'power',
  cycling_power: 'power',
  ftp: 'functional_threshold_power',
  running_vertical_ratio: 'vertical_ratio',
  running_ground_contact_time: 'ground_contact_time',
  running_stance_time_balance: 'stance_balance',
  swimming_stroke_count: 'swim_strokes',
  smo2: 'muscle_oxygen',
  rpe: 'perceived_exertion',
  workout_effort_score: 'perceived_exertion',
  // gait and mobility
  walking_asymmetry_percentage: 'walking_asymmetry',
  walking_double_support_percentage: 'walking_double_support',
  six_minute_walk_test_distance: 'six_minute_walk_distance',
  number_of_times_fallen: 'falls',
  // metabolic and intake
  glucose: 'blood_glucose',
  blood_sugar: 'blood_glucose',
  a1c: 'hba1c',
  insulin: 'insulin_delivery',
  dietary_energy: 'energy_intake',
  carbs: 'carbohydrates_intake',
  carbohydrates: 'carbohydrates_intake',
  hydration: 'water_intake',
  caffeine: 'caffeine_intake',
  number_of_alcoholic_beverages: 'alcohol_intake',
  blood_alcohol_content: 'blood_alcohol',
  // mind, scores, environment
  stress: 'stress_score',
  stress_level: 'stress_score',
  garmin_stress_level: 'stress_score',
  body_battery: 'energy_reserve',
  garmin_body_battery: 'energy_reserve',
  eda: 'electrodermal_activity',
  environmental_audio_exposure: 'environment_audio',
  headphone_audio_exposure: 'headphone_audio',
  uv_exposure: 'uv_index',
}

interface Part {
  /** The metric that this part is a value of: its unit and its limits hold. */
  metric?: MetricId
  range?: readonly [least: number, most: number]
  time?: true
  words?: readonly SleepStage[]
  optional?: true
}

/** Values of more than one part, and what each part is. */
export const compounds = {
  blood_pressure: {
    title: 'Blood pressure',
    loinc: '85354-9',
    parts: {
      systolic: { metric: 'bp_systolic' },
      diastolic: { metric: 'bp_diastolic' },
      mean: { metric: 'bp_mean', optional: true },
    },
  },
  gps: {
    title: 'Position',
    parts: {
      lat: { range: [-90, 90] },
      lon: { range: [-180, 180] },
      ele: { metric: 'elevation', optional: true },
    },
  },
  sleep: {
    title: 'Sleep stage',
    parts: { stage: { words: sleepStages }, start: { time: true }, end: { time: true } },
  },
} as const satisfies Record<string, { title: string; loinc?: string; parts: Record<string, Part> }>

export type CompoundName = keyof typeof compounds

export const compoundNames = Object.keys(compounds) as CompoundName[]

const compoundAliases: Readonly<Record<string, CompoundName>> = {
  bp: 'blood_pressure',
  location: 'gps',
  position: 'gps',
  sleep_stage: 'sleep',
  sleep_stages: 'sleep',
}

export type DataType = { kind: 'metric'; metric: MetricId } | { kind: 'compound'; name: CompoundName }

/** What a `data_type` means; undefined when nobody knows. `Heart Rate`, `heart-rate` and `heart_rate` are one name. */
export function resolveDataType(name: string): DataType | undefined {
  const plain = name
    .trim()
    .toLowerCase()
    .replace(/[\s-]+/g, '_')
  // `sleep` is a session in the catalogue and, sent by a device, a stage with its start and end: the compound wins.
  const compound = isCompound(plain) ? plain : own(compoundAliases, plain)
  if (compound) return { kind: 'compound', name: compound }
  const metric = isMetric(plain) ? plain : own(aliases, plain)
  return metric && { kind: 'metric', metric }
}

/** The other names of a metric, as `GET /api/v1/metrics` lists them. */
export function aliasesOf(metric: MetricId): string[] {
  return Object.keys(aliases).filter((name) => aliases[name] === metric)
}

export function isCompound(name: string): name is CompoundName {
  return Object.hasOwn(compounds, name)
}

function own<T>(table: Readonly<Record<string, T>>, key: string): T | undefined {
  return Object.hasOwn(table, key) ? table[key] : undefined
}
