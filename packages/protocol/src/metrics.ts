import type { Kind, Metric } from './metric.ts'

/**
 * Everything the system may measure. A new metric is one line here and nothing anywhere else.
 * Whoever sends a heart rate variability says which: Apple's is SDNN, nearly everybody else's RMSSD. Providers' own
 * scores are comparable only with themselves.
 *
 * Marks after a line say where a limit comes from, or whose differs: [def] by definition · [HC …] what Health Connect
 * accepts · [Oura], [WHOOP] said by the maker · [DX] the range of Dexcom's sensors · [TP] what Tidepool accepts ·
 * ? unconfirmed. Limits without a mark are engineering judgement: a clinician should review them before any alert
 * depends on one. Codes that nobody could confirm are left out.
 */
// biome-ignore format: a table, one line for each metric.
export const metrics = {
  // Heart and circulation
  heart_rate: { title: 'Heart rate', group: 'heart', unit: 'bpm', kind: ['S'], reject: [20, 300], flag: [30, 220], zeroIsMissing: true, rollup: ['avg', 'min', 'max'], loinc: ['8867-4'], loincWhen: { day_max: '8873-2' }, omh: ['heart-rate'], healthkit: ['HeartRate'], health_connect: 'HeartRate', open_wearables: ['heart_rate'] }, // [HC 1–300]
  resting_heart_rate: { title: 'Resting heart rate', group: 'heart', unit: 'bpm', kind: ['D'], reject: [20, 200], flag: [30, 120], zeroIsMissing: true, rollup: ['last'], rollupLonger: 'avg', loinc: ['40443-4'], omh: ['heart-rate'], healthkit: ['RestingHeartRate'], health_connect: 'RestingHeartRate', open_wearables: ['resting_heart_rate'] },
  walking_heart_rate: { title: 'Walking heart rate', group: 'heart', unit: 'bpm', kind: ['D'], reject: [30, 250], flag: [50, 180], zeroIsMissing: true, rollup: ['last'], rollupLonger: 'avg', omh: ['heart-rate'], healthkit: ['WalkingHeartRateAverage'], open_wearables: ['walking_heart_rate_average'] },
  sleep_heart_rate_avg: { title: 'Average heart rate asleep', group: 'heart', unit: 'bpm', kind: ['D'], reject: [20, 200], flag: [30, 120], zeroIsMissing: true, rollup: ['last'], rollupLonger: 'avg', omh: ['heart-rate'] },
  sleep_heart_rate_min: { title: 'Lowest heart rate asleep', group: 'heart', unit: 'bpm', kind: ['D'], reject: [20, 200], flag: [28, 110], zeroIsMissing: true, rollup: ['last'], rollupLonger: 'avg', omh: ['heart-rate'] },
  heart_rate_recovery_1min: { title: 'Heart rate recovery after 1 minute', group: 'heart', unit: 'bpm', kind: ['E'], reject: [-20, 150], flag: [0, 90], rollup: ['last'], healthkit: ['HeartRateRecoveryOneMinute'], open_wearables: ['heart_rate_recovery_one_minute'] },
  rr_interval: { title: 'Beat-to-beat interval', group: 'heart', unit: 'ms', kind: ['S'], reject: [200, 3000], flag: [270, 2000], rollup: ['none'], omh: ['rr-interval'], healthkit: ['x:HKHeartbeatSeries'] }, // [Oura ≤ 2000]
  hrv_rmssd: { title: 'Heart rate variability (RMSSD)', group: 'heart', unit: 'ms', kind: ['S', 'D'], reject: [1, 500], flag: [5, 200], zeroIsMissing: true, rollup: ['avg'], health_connect: 'HeartRateVariabilityRmssd', open_wearables: ['heart_rate_variability_rmssd'] }, // [HC 1–200?]
  hrv_sdnn: { title: 'Heart rate variability (SDNN)', group: 'heart', unit: 'ms', kind: ['S', 'D'], reject: [1, 500], flag: [10, 250], zeroIsMissing: true, rollup: ['avg'], loinc: ['80404-7'], healthkit: ['HeartRateVariabilitySDNN'], open_wearables: ['heart_rate_variability_sdnn'] },
  bp_systolic: { title: 'Systolic blood pressure', group: 'heart', unit: 'mmHg', kind: ['E'], reject: [40, 300], flag: [70, 220], zeroIsMissing: true, rollup: ['avg', 'min', 'max'], loinc: ['8480-6'], omh: ['blood-pressure'], healthkit: ['BloodPressureSystolic'], health_connect: 'BloodPressure', open_wearables: ['blood_pressure_systolic'] }, // [HC 20–200] would refuse a hypertensive crisis
  bp_diastolic: { title: 'Diastolic blood pressure', group: 'heart', unit: 'mmHg', kind: ['E'], reject: [20, 200], flag: [40, 130], zeroIsMissing: true, rollup: ['avg', 'min', 'max'], loinc: ['8462-4'], omh: ['blood-pressure'], healthkit: ['BloodPressureDiastolic'], health_connect: 'BloodPressure', open_wearables: ['blood_pressure_diastolic'] }, // [HC 10–180]
  bp_mean: { title: 'Mean arterial pressure', group: 'heart', unit: 'mmHg', kind: ['E'], reject: [25, 240], flag: [50, 150], zeroIsMissing: true, rollup: ['avg'], loinc: ['8478-0'] },
  vo2max: { title: 'VO₂ max', group: 'heart', unit: 'mL/kg/min', kind: ['S'], reject: [5, 100], flag: [15, 85], rollup: ['last'], healthkit: ['VO2Max'], health_connect: 'Vo2Max', open_wearables: ['vo2_max'] }, // [HC 0–100]; no LOINC code: 60842-2 is also used for ventilation
  vascular_age: { title: 'Vascular age', group: 'heart', unit: 'years', kind: ['D'], reject: [18, 120], flag: [18, 100], rollup: ['last'], open_wearables: ['cardiovascular_age'] }, // [Oura 18–100]
  pulse_wave_velocity: { title: 'Pulse wave velocity', group: 'heart', unit: 'm/s', kind: ['S'], reject: [2, 30], flag: [4, 15], rollup: ['avg'] },
  perfusion_index: { title: 'Perfusion index', group: 'heart', unit: '%', kind: ['S'], reject: [0, 30], flag: [0.1, 20], rollup: ['avg'], loinc: ['61006-3'], healthkit: ['PeripheralPerfusionIndex'], open_wearables: ['peripheral_perfusion_index'], foreignUnits: { healthkit: '1' } },
  af_burden: { title: 'Atrial fibrillation burden', group: 'heart', unit: '%', kind: ['D'], reject: [0, 100], flag: [0, 100], rollup: ['last'], healthkit: ['AtrialFibrillationBurden'], open_wearables: ['atrial_fibrillation_burden'], foreignUnits: { healthkit: '1' } }, // [def]
  ecg: { title: 'ECG', group: 'heart', unit: 'record', kind: ['E'], rollup: ['count'], healthkit: ['x:HKElectrocardiogram'] },
  heart_event_irregular: { title: 'Irregular rhythm notice', group: 'heart', unit: 'event', kind: ['E'], rollup: ['count'], healthkit: ['c:IrregularHeartRhythmEvent'] },
  heart_event_high: { title: 'High heart rate notice', group: 'heart', unit: 'event', kind: ['E'], rollup: ['count'], healthkit: ['c:HighHeartRateEvent'] },
  heart_event_low: { title: 'Low heart rate notice', group: 'heart', unit: 'event', kind: ['E'], rollup: ['count'], healthkit: ['c:LowHeartRateEvent'] },
  // Breathing and oxygen
  spo2: { title: 'Blood oxygen', group: 'breathing', unit: '%', kind: ['S'], reject: [50, 100], flag: [85, 100], zeroIsMissing: true, rollup: ['avg', 'min'], loinc: ['59408-5', '2708-6'], omh: ['oxygen-saturation'], healthkit: ['OxygenSaturation'], health_connect: 'OxygenSaturation', open_wearables: ['oxygen_saturation'], foreignUnits: { healthkit: '1' } }, // [HC 0–100?]
  respiratory_rate: { title: 'Respiratory rate', group: 'breathing', unit: 'breaths/min', kind: ['S'], reject: [2, 90], flag: [6, 40], rollup: ['avg', 'min', 'max'], loinc: ['9279-1'], omh: ['respiratory-rate'], healthkit: ['RespiratoryRate'], health_connect: 'RespiratoryRate', open_wearables: ['respiratory_rate'] }, // [HC 0–1000]
  breathing_disturbance_index: { title: 'Breathing disturbance index', group: 'breathing', unit: 'events/h', kind: ['D'], reject: [0, 200], flag: [0, 60], rollup: ['last'], healthkit: ['AppleSleepingBreathingDisturbances'], open_wearables: ['breathing_disturbance_index', 'sleeping_breathing_disturbances'] }, // Apple’s is the second of Open Wearables, Oura’s the first; not an AHI
  ahi: { title: 'Apnoea–hypopnoea index', group: 'breathing', unit: 'events/h', kind: ['D'], reject: [0, 200], flag: [0, 60], rollup: ['last'] }, // ieee:apnea-hypopnea-index unconfirmed
  snoring_duration: { title: 'Snoring', group: 'breathing', unit: 's', kind: ['D'], reject: [0, 86_400], flag: [0, 36_000], rollup: ['sum'] },
  fev1: { title: 'Forced expiratory volume, 1 s', group: 'breathing', unit: 'L', kind: ['E'], reject: [0.2, 9], flag: [0.5, 7], rollup: ['max'], loinc: ['20150-9'], healthkit: ['ForcedExpiratoryVolume1'], open_wearables: ['forced_expiratory_volume_1'] },
  fvc: { title: 'Forced vital capacity', group: 'breathing', unit: 'L', kind: ['E'], reject: [0.3, 10], flag: [1, 8], rollup: ['max'], loinc: ['19870-5'], healthkit: ['ForcedVitalCapacity'], open_wearables: ['forced_vital_capacity'] },
  peak_expiratory_flow: { title: 'Peak expiratory flow', group: 'breathing', unit: 'L/min', kind: ['E'], reject: [30, 1000], flag: [60, 850], rollup: ['max'], loinc: ['19935-6'], healthkit: ['PeakExpiratoryFlowRate'], open_wearables: ['peak_expiratory_flow_rate'] },
  inhaler_use: { title: 'Inhaler use', group: 'breathing', unit: 'count', kind: ['I'], rejectDay: 60, flagDay: 16, rollup: ['sum'], healthkit: ['InhalerUsage'], open_wearables: ['inhaler_usage'] },
  // Temperature
  body_temperature: { title: 'Body temperature', group: 'temperature', unit: '°C', kind: ['S'], reject: [25, 45], flag: [34, 41.5], zeroIsMissing: true, rollup: ['avg', 'max'], loinc: ['8310-5'], omh: ['body-temperature'], healthkit: ['BodyTemperature'], health_connect: 'BodyTemperature', open_wearables: ['body_temperature'] }, // [HC 0–100]
  basal_body_temperature: { title: 'Basal body temperature', group: 'temperature', unit: '°C', kind: ['D'], reject: [30, 42], flag: [35, 38.5], zeroIsMissing: true, rollup: ['last'], omh: ['body-temperature'], healthkit: ['BasalBodyTemperature'], health_connect: 'BasalBodyTemperature' },
  skin_temperature: { title: 'Skin temperature', group: 'temperature', unit: '°C', kind: ['S', 'D'], reject: [10, 45], flag: [25, 40], zeroIsMissing: true, rollup: ['avg'], healthkit: ['AppleSleepingWristTemperature'], health_connect: 'SkinTemperature', open_wearables: ['skin_temperature'] }, // [HC baseline 0–100]
  skin_temperature_deviation: { title: 'Skin temperature, deviation', group: 'temperature', unit: '°C', kind: ['D'], reject: [-15, 15], flag: [-3, 3], rollup: ['last'], health_connect: 'SkinTemperature', open_wearables: ['skin_temperature_deviation'] }, // [HC ±30]
  ambient_temperature: { title: 'Ambient temperature', group: 'temperature', unit: '°C', kind: ['S'], reject: [-60, 60], flag: [-30, 50], rollup: ['avg'], omh: ['ambient-temperature'], open_wearables: ['air_temperature'] },
  water_temperature: { title: 'Water temperature', group: 'temperature', unit: '°C', kind: ['S'], reject: [-3, 50], flag: [0, 40], rollup: ['avg'], healthkit: ['WaterTemperature'], open_wearables: ['water_temperature'] },
  // Body
  body_mass: { title: 'Weight', group: 'body', unit: 'kg', kind: ['S'], reject: [1, 500], flag: [30, 250], zeroIsMissing: true, rollup: ['last'], loinc: ['29463-7'], omh: ['body-weight'], healthkit: ['BodyMass'], health_connect: 'Weight', open_wearables: ['weight'] }, // [HC 0–1000]
  body_height: { title: 'Height', group: 'body', unit: 'm', kind: ['S'], reject: [0.3, 2.8], flag: [1.2, 2.2], zeroIsMissing: true, rollup: ['last'], loinc: ['8302-2'], omh: ['body-height'], healthkit: ['Height'], health_connect: 'Height', open_wearables: ['height'], foreignUnits: { open_wearables: 'cm' } }, // [HC 0–3?]
  bmi: { title: 'Body mass index', group: 'body', unit: 'kg/m²', kind: ['S'], reject: [5, 150], flag: [12, 60], rollup: ['last'], loinc: ['39156-5'], omh: ['body-mass-index'], healthkit: ['BodyMassIndex'], open_wearables: ['body_mass_index'] },
  body_fat: { title: 'Body fat', group: 'body', unit: '%', kind: ['S'], reject: [1, 80], flag: [3, 60], rollup: ['last'], loinc: ['41982-0'], omh: ['body-fat-percentage'], healthkit: ['BodyFatPercentage'], health_connect: 'BodyFat', open_wearables: ['body_fat_percentage'], foreignUnits: { healthkit: '1' } }, // [HC 0–100?]
  fat_mass: { title: 'Fat mass', group: 'body', unit: 'kg', kind: ['S'], reject: [0.1, 350], flag: [1, 150], rollup: ['last'], open_wearables: ['body_fat_mass'] },
  lean_mass: { title: 'Lean mass', group: 'body', unit: 'kg', kind: ['S'], reject: [0.5, 300], flag: [20, 120], rollup: ['last'], loinc: ['91557-9'], healthkit: ['LeanBodyMass'], health_connect: 'LeanBodyMass', open_wearables: ['lean_body_mass'] },
  muscle_mass: { title: 'Muscle mass', group: 'body', unit: 'kg', kind: ['S'], reject: [0.5, 200], flag: [10, 100], rollup: ['last'], loinc: ['73964-9'], open_wearables: ['skeletal_muscle_mass'] }, // this LOINC code is found in two independent mappings of Withings; others use it for bone or lean mass
  bone_mass: { title: 'Bone mass', group: 'body', unit: 'kg', kind: ['S'], reject: [0.1, 15], flag: [1, 6], rollup: ['last'], health_connect: 'BoneMass' },
  body_water_mass: { title: 'Body water (mass)', group: 'body', unit: 'kg', kind: ['S'], reject: [0.5, 250], flag: [15, 80], rollup: ['last'], health_connect: 'BodyWaterMass' },
  body_water: { title: 'Body water (share)', group: 'body', unit: '%', kind: ['S'], reject: [10, 85], flag: [35, 75], rollup: ['last'] },
  visceral_fat_rating: { title: 'Visceral fat rating', group: 'body', unit: 'index', kind: ['S'], reject: [0, 60], flag: [1, 30], rollup: ['last'] },
  waist: { title: 'Waist circumference', group: 'body', unit: 'm', kind: ['S'], reject: [0.2, 3], flag: [0.5, 1.6], rollup: ['last'], loinc: ['8280-0'], healthkit: ['WaistCircumference'], open_wearables: ['waist_circumference'], foreignUnits: { open_wearables: 'cm' } },
  impedance: { title: 'Impedance', group: 'body', unit: 'Ω', kind: ['S'], reject: [50, 3000], flag: [200, 1200], rollup: ['last'] },
  basal_metabolic_rate: { title: 'Basal metabolic rate', group: 'body', unit: 'kcal/day', kind: ['S'], reject: [200, 10_000], flag: [700, 4000], rollup: ['last'], health_connect: 'BasalMetabolicRate' },
  metabolic_age: { title: 'Metabolic age', group: 'body', unit: 'years', kind: ['S'], reject: [5, 120], flag: [12, 90], rollup: ['last'] },
  // Movement and energy
  steps: { title: 'Steps', group: 'movement', unit: 'count', kind: ['I'], rejectRate: [300, 'min'], flagRate: [240, 'min'], rejectDay: 150_000, flagDay: 60_000, rollup: ['sum'], loinc: ['55423-8'], loincWhen: { day: '41950-7' }, omh: ['step-count'], healthkit: ['StepCount'], health_connect: 'Steps', open_wearables: ['steps'] }, // [HC 1–1 000 000 per record]
  wheelchair_pushes: { title: 'Wheelchair pushes', group: 'movement', unit: 'count', kind: ['I'], rejectRate: [200, 'min'], flagRate: [120, 'min'], rollup: ['sum'], loinc: ['96502-0'], healthkit: ['PushCount'], health_connect: 'WheelchairPushes', open_wearables: ['push_count'] },
  distance: { title: 'Distance', group: 'movement', unit: 'm', kind: ['I'], rejectRate: [100, 's'], flagRate: [25, 's'], rollup: ['sum'], omh: ['ieee:physical-activity'], healthkit: ['DistanceRowing', 'DistancePaddleSports', 'DistanceSkatingSports', 'DistanceCrossCountrySkiing', 'DistanceDownhillSnowSports'], health_connect: 'Distance', open_wearables: ['distance_other'] },
  distance_walking_running: { title: 'Distance on foot', group: 'movement', unit: 'm', kind: ['I'], rejectRate: [12.5, 's'], flagRate: [7, 's'], rejectDay: 400_000, rollup: ['sum'], loinc: ['55430-3'], omh: ['ieee:physical-activity'], healthkit: ['DistanceWalkingRunning'], health_connect: 'Distance', open_wearables: ['distance_walking_running'] },
  distance_cycling: { title: 'Distance cycled', group: 'movement', unit: 'm', kind: ['I'], rejectRate: [45, 's'], flagRate: [20, 's'], rejectDay: 1_500_000, rollup: ['sum'], omh: ['ieee:physical-activity'], healthkit: ['DistanceCycling'], health_connect: 'Distance', open_wearables: ['distance_cycling'] },
  distance_swimming: { title: 'Distance swum', group: 'movement', unit: 'm', kind: ['I'], rejectRate: [3, 's'], flagRate: [2, 's'], rejectDay: 150_000, rollup: ['sum'], loinc: ['93816-7'], omh: ['ieee:physical-activity'], healthkit: ['DistanceSwimming'], health_connect: 'Distance', open_wearables: ['distance_swimming'] },
  distance_wheelchair: { title: 'Distance by wheelchair', group: 'movement', unit: 'm', kind: ['I'], rejectRate: [15, 's'], flagRate: [8, 's'], rollup: ['sum'], omh: ['ieee:physical-activity'], healthkit: ['DistanceWheelchair'], health_connect: 'Distance' },
  distance_equivalent: { title: 'Equivalent distance', group: 'movement', unit: 'm', kind: ['D'], reject: [0, 400_000], flag: [0, 80_000], rollup: ['last'] },
  floors_climbed: { title: 'Floors climbed', group: 'movement', unit: 'count', kind: ['I'], rejectRate: [30, 'min'], rejectDay: 3000, flagDay: 150, rollup: ['sum'], loinc: ['100304-5'], healthkit: ['FlightsClimbed'], health_connect: 'FloorsClimbed', open_wearables: ['flights_climbed'] },
  elevation_gain: { title: 'Elevation gain', group: 'movement', unit: 'm', kind: ['I'], rejectRateOnFoot: [3, 's'], rejectDay: 25_000, flagDay: 6000, rollup: ['sum'], health_connect: 'ElevationGained', open_wearables: ['elevation'] },
  energy_active: { title: 'Active energy', group: 'movement', unit: 'kcal', kind: ['I'], rejectRate: [45, 'min'], flagRate: [25, 'min'], rejectDay: 20_000, flagDay: 6000, rollup: ['sum'], loinc: ['41981-2'], omh: ['calories-burned'], healthkit: ['ActiveEnergyBurned'], health_connect: 'ActiveCaloriesBurned', open_wearables: ['energy'] },
  energy_basal: { title: 'Resting energy', group: 'movement', unit: 'kcal', kind: ['I'], rejectRate: [5, 'min'], rejectDay: 6000, flagDay: [700, 4000], rollup: ['sum'], healthkit: ['BasalEnergyBurned'], open_wearables: ['basal_energy'] },
  energy_total: { title: 'Total energy', group: 'movement', unit: 'kcal', kind: ['I', 'D'], rejectRate: [50, 'min'], rejectDay: 25_000, flagDay: [800, 9000], rollup: ['sum'], loincWhen: { day: '41979-6' }, omh: ['calories-burned'], health_connect: 'TotalCaloriesBurned' },
  active_duration: { title: 'Active time', group: 'movement', unit: 's', kind: ['D'], reject: [0, 86_400], flag: [0, 64_800], rollup: ['sum'], omh: ['ieee:physical-activity'], open_wearables: ['active_time'] },
  exercise_duration: { title: 'Exercise time', group: 'movement', unit: 's', kind: ['I'], rejectDay: 86_400, flagDay: 43_200, rollup: ['sum'], loinc: ['55411-3'], omh: ['minutes-moderate-activity'], healthkit: ['AppleExerciseTime'], open_wearables: ['exercise_time'] }, // that LOINC code counts minutes
  move_duration: { title: 'Move time', group: 'movement', unit: 's', kind: ['I'], rejectDay: 86_400, flagDay: 57_600, rollup: ['sum'], healthkit: ['AppleMoveTime'] },
  stand_duration: { title: 'Standing time', group: 'movement', unit: 's', kind: ['I'], rejectDay: 86_400, flagDay: 64_800, rollup: ['sum'], healthkit: ['AppleStandTime'], open_wearables: ['stand_time'] },
  stand_hours: { title: 'Hours with standing', group: 'movement', unit: 'count', kind: ['D'], reject: [0, 24], flag: [0, 20], rollup: ['sum'], healthkit: ['c:AppleStandHour'] }, // [def]
  sedentary_duration: { title: 'Sedentary time', group: 'movement', unit: 's', kind: ['D'], reject: [0, 86_400], flag: [0, 72_000], rollup: ['sum'] },
  moderate_duration: { title: 'Moderate activity', group: 'movement', unit: 's', kind: ['D'], reject: [0, 86_400], flag: [0, 36_000], rollup: ['sum'], omh: ['minutes-moderate-activity'] },
  vigorous_duration: { title: 'Vigorous activity', group: 'movement', unit: 's', kind: ['D'], reject: [0, 86_400], flag: [0, 21_600], rollup: ['sum'], omh: ['minutes-moderate-activity'] },
  active_zone_minutes: { title: 'Active zone minutes', group: 'movement', unit: 'min', kind: ['D'], reject: [0, 2880], flag: [0, 600], rollup: ['sum'] },
  heart_points: { title: 'Heart points', group: 'movement', unit: 'count', kind: ['D'], reject: [0, 2880], flag: [0, 600], rollup: ['sum'] },
  met: { title: 'Metabolic equivalent', group: 'movement', unit: 'MET', kind: ['S'], reject: [0.5, 25], flag: [0.8, 18], rollup: ['avg'], healthkit: ['PhysicalEffort'], open_wearables: ['physical_effort', 'average_met'] },
  // Workout streams
  cadence: { title: 'Cadence', group: 'workout', unit: 'rpm', kind: ['S'], reject: [0, 300], flag: [0, 200], rollup: ['avg', 'max'], healthkit: ['CyclingCadence'], health_connect: 'CyclingPedalingCadence', open_wearables: ['cadence'] },
  cadence_steps: { title: 'Step cadence', group: 'workout', unit: 'steps/min', kind: ['S'], reject: [0, 350], flag: [0, 240], rollup: ['avg', 'max'], health_connect: 'StepsCadence' },
  speed: { title: 'Speed', group: 'workout', unit: 'm/s', kind: ['S'], reject: [0, 100], flag: [0, 25], rollup: ['avg', 'max'], omh: ['speed'], healthkit: ['RunningSpeed', 'CyclingSpeed'], health_connect: 'Speed', open_wearables: ['speed'] },
  power: { title: 'Power', group: 'workout', unit: 'W', kind: ['S'], reject: [0, 4000], flag: [0, 1500], rollup: ['avg', 'max'], healthkit: ['CyclingPower', 'RunningPower'], health_connect: 'Power', open_wearables: ['power', 'running_power'] }, // [HC ≤ 100 000?]
  functional_threshold_power: { title: 'Functional threshold power', group: 'workout', unit: 'W', kind: ['E'], reject: [30, 700], flag: [80, 500], rollup: ['last'], healthkit: ['CyclingFunctionalThresholdPower'] },
  stride_length: { title: 'Stride length', group: 'workout', unit: 'm', kind: ['S'], reject: [0.1, 5], flag: [0.3, 2.5], rollup: ['avg'], healthkit: ['RunningStrideLength'], open_wearables: ['running_stride_length'], foreignUnits: { open_wearables: 'cm' } },
  vertical_oscillation: { title: 'Vertical oscillation', group: 'workout', unit: 'mm', kind: ['S'], reject: [0, 400], flag: [30, 200], rollup: ['avg'], healthkit: ['RunningVerticalOscillation'], open_wearables: ['running_vertical_oscillation'], foreignUnits: { open_wearables: 'cm' } },
  vertical_ratio: { title: 'Vertical ratio', group: 'workout', unit: '%', kind: ['S'], reject: [0, 50], flag: [3, 20], rollup: ['avg'], open_wearables: ['running_vertical_ratio'] },
  ground_contact_time: { title: 'Ground contact time', group: 'workout', unit: 'ms', kind: ['S'], reject: [50, 1000], flag: [120, 500], rollup: ['avg'], healthkit: ['RunningGroundContactTime'], open_wearables: ['running_ground_contact_time'] },
  stance_balance: { title: 'Ground contact, left share', group: 'workout', unit: '%', kind: ['S'], reject: [0, 100], flag: [40, 60], rollup: ['avg'], open_wearables: ['running_stance_time_balance'] }, // [def]
  swim_strokes: { title: 'Swim strokes', group: 'workout', unit: 'count', kind: ['I'], rejectRate: [150, 'min'], flagRate: [90, 'min'], rollup: ['sum'], healthkit: ['SwimmingStrokeCount'], open_wearables: ['swimming_stroke_count'] },
  underwater_depth: { title: 'Underwater depth', group: 'workout', unit: 'm', kind: ['S'], reject: [0, 350], flag: [0, 60], rollup: ['max'], healthkit: ['UnderwaterDepth'], open_wearables: ['underwater_depth'] },
  elevation: { title: 'Elevation', group: 'workout', unit: 'm', kind: ['S'], reject: [-450, 9000], flag: [-100, 5000], rollup: ['min', 'max'], omh: ['geoposition'], healthkit: ['x:HKWorkoutRoute'], health_connect: 'x:ExerciseRoute', open_wearables: ['elevation'] },
  muscle_oxygen: { title: 'Muscle oxygen', group: 'workout', unit: '%', kind: ['S'], reject: [0, 100], flag: [20, 95], rollup: ['avg'] }, // [def]
  perceived_exertion: { title: 'Perceived exertion', group: 'workout', unit: 'score', kind: ['E'], reject: [0, 10], flag: [0, 10], rollup: ['last'], healthkit: ['WorkoutEffortScore'], open_wearables: ['workout_effort_score'] }, // [def]
  training_load: { title: 'Training load', group: 'workout', unit: 'score', kind: ['E'], reject: [0, 2000], flag: [0, 600], rollup: ['sum'] },
  workout: { title: 'Workout', group: 'workout', unit: 'session', kind: ['E'], rejectDuration: [0, 604_800], flagDuration: [0, 86_400], rollup: ['count'], omh: ['ieee:physical-activity'], healthkit: ['x:HKWorkout'], health_connect: 'ExerciseSession' },
  // Gait and mobility
  walking_speed: { title: 'Walking speed', group: 'mobility', unit: 'm/s', kind: ['S'], reject: [0, 5], flag: [0.4, 2.2], rollup: ['avg'], omh: ['speed'], healthkit: ['WalkingSpeed'], open_wearables: ['walking_speed'] },
  walking_step_length: { title: 'Walking step length', group: 'mobility', unit: 'm', kind: ['S'], reject: [0.05, 2], flag: [0.3, 1.1], rollup: ['avg'], healthkit: ['WalkingStepLength'], open_wearables: ['walking_step_length'], foreignUnits: { open_wearables: 'cm' } },
  walking_asymmetry: { title: 'Walking asymmetry', group: 'mobility', unit: '%', kind: ['S'], reject: [0, 100], flag: [0, 40], rollup: ['avg'], healthkit: ['WalkingAsymmetryPercentage'], open_wearables: ['walking_asymmetry_percentage'], foreignUnits: { healthkit: '1' } }, // [def]
  walking_double_support: { title: 'Double support time', group: 'mobility', unit: '%', kind: ['S'], reject: [0, 100], flag: [15, 45], rollup: ['avg'], healthkit: ['WalkingDoubleSupportPercentage'], open_wearables: ['walking_double_support_percentage'], foreignUnits: { healthkit: '1' } }, // [def]
  walking_steadiness: { title: 'Walking steadiness', group: 'mobility', unit: '%', kind: ['D'], reject: [0, 100], flag: [30, 100], rollup: ['last'], healthkit: ['AppleWalkingSteadiness'], open_wearables: ['walking_steadiness'], foreignUnits: { healthkit: '1' } }, // [def]
  six_minute_walk_distance: { title: 'Six-minute walk', group: 'mobility', unit: 'm', kind: ['E'], reject: [0, 1500], flag: [150, 900], rollup: ['last'], healthkit: ['SixMinuteWalkTestDistance'], open_wearables: ['six_minute_walk_test_distance'] },
  stair_ascent_speed: { title: 'Stair ascent speed', group: 'mobility', unit: 'm/s', kind: ['S'], reject: [0, 3], flag: [0.1, 1], rollup: ['avg'], healthkit: ['StairAscentSpeed'], open_wearables: ['stair_ascent_speed'] },
  stair_descent_speed: { title: 'Stair descent speed', group: 'mobility', unit: 'm/s', kind: ['S'], reject: [0, 3], flag: [0.1, 1.2], rollup: ['avg'], healthkit: ['StairDescentSpeed'], open_wearables: ['stair_descent_speed'] },
  falls: { title: 'Falls', group: 'mobility', unit: 'count', kind: ['E'], rejectDay: 50, flagDay: 3, rollup: ['sum'], healthkit: ['NumberOfTimesFallen'], open_wearables: ['number_of_times_fallen'] },
  // Sleep
  sleep: { title: 'Sleep', group: 'sleep', unit: 'session', kind: ['E'], rejectDuration: [300, 86_400], flagDuration: [3600, 50_400], rollup: ['longest', 'sum'], omh: ['sleep-episode'], healthkit: ['c:SleepAnalysis'], health_connect: 'SleepSession' }, // ieee:sleep-episode unconfirmed
  sleep_total: { title: 'Time asleep', group: 'sleep', unit: 's', kind: ['D'], reject: [0, 86_400], flag: [7200, 50_400], rollup: ['sum'], loinc: ['93832-4'], omh: ['total-sleep-time'], healthkit: ['c:SleepAnalysis'], health_connect: 'SleepSession' },
  sleep_time_in_bed: { title: 'Time in bed', group: 'sleep', unit: 's', kind: ['D'], reject: [0, 86_400], flag: [7200, 57_600], rollup: ['sum'], omh: ['sleep-duration'], healthkit: ['c:SleepAnalysis'], health_connect: 'SleepSession' },
  sleep_deep: { title: 'Deep sleep', group: 'sleep', unit: 's', kind: ['D'], reject: [0, 43_200], flag: [0, 14_400], rollup: ['sum'], loinc: ['93831-6'], healthkit: ['c:SleepAnalysis'], health_connect: 'SleepSession' }, // ieee:deep-sleep unconfirmed
  sleep_light: { title: 'Light sleep', group: 'sleep', unit: 's', kind: ['D'], reject: [0, 64_800], flag: [3600, 32_400], rollup: ['sum'], loinc: ['93830-8'], healthkit: ['c:SleepAnalysis'], health_connect: 'SleepSession' }, // ieee:light-sleep unconfirmed
  sleep_rem: { title: 'REM sleep', group: 'sleep', unit: 's', kind: ['D'], reject: [0, 43_200], flag: [0, 14_400], rollup: ['sum'], loinc: ['93829-0'], healthkit: ['c:SleepAnalysis'], health_connect: 'SleepSession' }, // ieee:rem-sleep unconfirmed
  sleep_awake: { title: 'Awake at night', group: 'sleep', unit: 's', kind: ['D'], reject: [0, 86_400], flag: [0, 10_800], rollup: ['sum'], healthkit: ['c:SleepAnalysis'], health_connect: 'SleepSession' }, // ieee:wake-after-sleep-onset unconfirmed
  sleep_latency: { title: 'Time to fall asleep', group: 'sleep', unit: 's', kind: ['D'], reject: [0, 43_200], flag: [0, 7200], rollup: ['last'] }, // ieee:latency-to-sleep-onset unconfirmed
  sleep_awakenings: { title: 'Awakenings', group: 'sleep', unit: 'count', kind: ['D'], reject: [0, 500], flag: [0, 60], rollup: ['sum'] }, // ieee:number-of-awakenings unconfirmed
  sleep_efficiency: { title: 'Sleep efficiency', group: 'sleep', unit: '%', kind: ['D'], reject: [0, 100], flag: [50, 100], rollup: ['last'] }, // [def]; ieee:sleep-maintenance-efficiency-percentage unconfirmed
  sleep_score: { title: 'Sleep score', group: 'sleep', unit: 'score', kind: ['D'], reject: [0, 100], flag: [20, 100], rollup: ['last'] }, // [def]
  // Metabolic and intake
  blood_glucose: { title: 'Blood glucose', group: 'metabolic', unit: 'mmol/L', kind: ['S'], reject: [0.6, 55], flag: [2.2, 22.2], zeroIsMissing: true, rollup: ['avg', 'min', 'max'], loinc: ['15074-8'], loincWhen: { capillary: '14743-9', interstitial: '105272-9' }, omh: ['blood-glucose'], healthkit: ['BloodGlucose'], health_connect: 'BloodGlucose', open_wearables: ['blood_glucose'], foreignUnits: { open_wearables: 'mg/dL' } }, // [TP ≤ 55; HC 0–50]; [DX 40–400 mg/dL]
  glucose_trend_rate: { title: 'Glucose trend', group: 'metabolic', unit: 'mmol/L/min', kind: ['S'], reject: [-2, 2], flag: [-0.5, 0.5], rollup: ['none'] },
  ketones: { title: 'Ketones', group: 'metabolic', unit: 'mmol/L', kind: ['S'], reject: [0, 30], flag: [0, 8], rollup: ['avg', 'max'] },
  hba1c: { title: 'HbA1c', group: 'metabolic', unit: '%', kind: ['E'], reject: [2, 25], flag: [4, 15], rollup: ['last'] },
  insulin_delivery: { title: 'Insulin', group: 'metabolic', unit: 'IU', kind: ['I'], reject: [0, 300], flag: [0, 60], rollup: ['sum'], healthkit: ['InsulinDelivery'], open_wearables: ['insulin_delivery'] },
  energy_intake: { title: 'Energy eaten', group: 'metabolic', unit: 'kcal', kind: ['I'], reject: [0, 10_000], rejectDay: 30_000, flagDay: 6000, rollup: ['sum'], loinc: ['9052-2'], healthkit: ['DietaryEnergyConsumed'], health_connect: 'Nutrition' },
  carbohydrates_intake: { title: 'Carbohydrates', group: 'metabolic', unit: 'g', kind: ['I'], reject: [0, 2000], flagDay: 800, rollup: ['sum'], healthkit: ['DietaryCarbohydrates'], health_connect: 'Nutrition' },
  protein_intake: { title: 'Protein', group: 'metabolic', unit: 'g', kind: ['I'], reject: [0, 1000], flagDay: 400, rollup: ['sum'], healthkit: ['DietaryProtein'], health_connect: 'Nutrition' },
  fat_intake: { title: 'Fat', group: 'metabolic', unit: 'g', kind: ['I'], reject: [0, 1000], flagDay: 400, rollup: ['sum'], healthkit: ['DietaryFatTotal'], health_connect: 'Nutrition' },
  fiber_intake: { title: 'Fibre', group: 'metabolic', unit: 'g', kind: ['I'], reject: [0, 300], flagDay: 100, rollup: ['sum'], healthkit: ['DietaryFiber'], health_connect: 'Nutrition' },
  sugar_intake: { title: 'Sugar', group: 'metabolic', unit: 'g', kind: ['I'], reject: [0, 1000], flagDay: 400, rollup: ['sum'], healthkit: ['DietarySugar'], health_connect: 'Nutrition' },
  sodium_intake: { title: 'Sodium', group: 'metabolic', unit: 'mg', kind: ['I'], reject: [0, 50_000], flagDay: 12_000, rollup: ['sum'], healthkit: ['DietarySodium'], health_connect: 'Nutrition', foreignUnits: { healthkit: 'g', health_connect: 'g' } },
  caffeine_intake: { title: 'Caffeine', group: 'metabolic', unit: 'mg', kind: ['I'], reject: [0, 5000], flagDay: 1000, rollup: ['sum'], healthkit: ['DietaryCaffeine'], health_connect: 'Nutrition', foreignUnits: { healthkit: 'g', health_connect: 'g' } },
  water_intake: { title: 'Water', group: 'metabolic', unit: 'mL', kind: ['I'], reject: [0, 10_000], rejectDay: 30_000, flagDay: 8000, rollup: ['sum'], healthkit: ['DietaryWater'], health_connect: 'Hydration', open_wearables: ['hydration'] }, // LOINC 9108-2 unconfirmed
  alcohol_intake: { title: 'Alcoholic drinks', group: 'metabolic', unit: 'drinks', kind: ['I'], rejectDay: 50, flagDay: 15, rollup: ['sum'], healthkit: ['NumberOfAlcoholicBeverages'], open_wearables: ['number_of_alcoholic_beverages'] },
  blood_alcohol: { title: 'Blood alcohol', group: 'metabolic', unit: '%', kind: ['S'], reject: [0, 0.7], flag: [0, 0.3], rollup: ['max'], loinc: ['74859-0'], healthkit: ['BloodAlcoholContent'], open_wearables: ['blood_alcohol_content'], foreignUnits: { healthkit: '1' } },
  medication_dose: { title: 'Medication dose', group: 'metabolic', unit: 'event', kind: ['E'], rollup: ['count'], omh: ['single-medication-dose-taken'] },
  // Mind, scores, environment, cycle
  stress_score: { title: 'Stress', group: 'wellbeing', unit: 'score', kind: ['S', 'D'], reject: [0, 100], flag: [0, 100], rollup: ['avg', 'max'], open_wearables: ['garmin_stress_level'] }, // [def]
  stress_high_duration: { title: 'Time in high stress', group: 'wellbeing', unit: 's', kind: ['D'], reject: [0, 86_400], flag: [0, 57_600], rollup: ['sum'] },
  recovery_high_duration: { title: 'Time in high recovery', group: 'wellbeing', unit: 's', kind: ['D'], reject: [0, 86_400], flag: [0, 57_600], rollup: ['sum'] },
  readiness_score: { title: 'Readiness score', group: 'wellbeing', unit: 'score', kind: ['D'], reject: [0, 100], flag: [0, 100], rollup: ['last'] }, // [def]
  recovery_score: { title: 'Recovery score', group: 'wellbeing', unit: 'score', kind: ['D'], reject: [0, 100], flag: [0, 100], rollup: ['last'] }, // [def]
  energy_reserve: { title: 'Energy reserve', group: 'wellbeing', unit: 'score', kind: ['S'], reject: [0, 100], flag: [0, 100], rollup: ['min', 'max', 'last'], open_wearables: ['garmin_body_battery'] }, // [def]
  activity_score: { title: 'Activity score', group: 'wellbeing', unit: 'score', kind: ['D'], reject: [0, 100], flag: [0, 100], rollup: ['last'] }, // [def]
  strain: { title: 'Strain', group: 'wellbeing', unit: 'score', kind: ['D', 'E'], reject: [0, 21], flag: [0, 21], rollup: ['last'] }, // [WHOOP]
  pai: { title: 'PAI', group: 'wellbeing', unit: 'score', kind: ['D'], reject: [0, 1000], flag: [0, 300], rollup: ['last'] },
  electrodermal_activity: { title: 'Electrodermal activity', group: 'wellbeing', unit: 'µS', kind: ['S'], reject: [0, 100], flag: [0, 40], rollup: ['avg'], healthkit: ['ElectrodermalActivity'], open_wearables: ['electrodermal_activity'], foreignUnits: { healthkit: 'S' } },
  mood: { title: 'Mood', group: 'wellbeing', unit: 'score', kind: ['E'], reject: [-1, 1], flag: [-1, 1], rollup: ['avg'], healthkit: ['x:HKStateOfMind'] }, // [def]
  mindfulness_duration: { title: 'Mindful time', group: 'wellbeing', unit: 's', kind: ['I'], rejectDay: 86_400, flagDay: 14_400, rollup: ['sum'], healthkit: ['c:MindfulSession'], health_connect: 'MindfulnessSession' },
  environment_audio: { title: 'Environmental sound', group: 'wellbeing', unit: 'dB(A)', kind: ['S'], reject: [0, 150], flag: [20, 120], rollup: ['avg', 'max'], healthkit: ['EnvironmentalAudioExposure'], open_wearables: ['environmental_audio_exposure'] },
  headphone_audio: { title: 'Headphone sound', group: 'wellbeing', unit: 'dB(A)', kind: ['S'], reject: [0, 150], flag: [20, 115], rollup: ['avg', 'max'], healthkit: ['HeadphoneAudioExposure'], open_wearables: ['headphone_audio_exposure'] },
  daylight_duration: { title: 'Time in daylight', group: 'wellbeing', unit: 's', kind: ['I'], rejectDay: 86_400, flagDay: 57_600, rollup: ['sum'], healthkit: ['TimeInDaylight'], open_wearables: ['time_in_daylight'] },
  uv_index: { title: 'UV index', group: 'wellbeing', unit: 'index', kind: ['S'], reject: [0, 30], flag: [0, 14], rollup: ['max'], healthkit: ['UVExposure'], open_wearables: ['uv_exposure'] },
  handwashing: { title: 'Hand washing', group: 'wellbeing', unit: 'event', kind: ['E'], rollup: ['count'], healthkit: ['c:HandwashingEvent'] },
  menstruation_flow: { title: 'Menstrual flow', group: 'wellbeing', unit: 'word', kind: ['E'], rollup: ['max'], healthkit: ['c:MenstrualFlow'], health_connect: 'MenstruationFlow', words: ['none', 'light', 'medium', 'heavy'] },
  intermenstrual_bleeding: { title: 'Intermenstrual bleeding', group: 'wellbeing', unit: 'event', kind: ['E'], rollup: ['count'], healthkit: ['c:IntermenstrualBleeding'], health_connect: 'IntermenstrualBleeding' },
  ovulation_test: { title: 'Ovulation test', group: 'wellbeing', unit: 'word', kind: ['E'], rollup: ['last'], healthkit: ['c:OvulationTestResult'], health_connect: 'OvulationTest', words: ['negative', 'positive', 'high', 'inconclusive'] },
  cervical_mucus: { title: 'Cervical mucus', group: 'wellbeing', unit: 'word', kind: ['E'], rollup: ['last'], healthkit: ['c:CervicalMucusQuality'], health_connect: 'CervicalMucus', words: ['dry', 'sticky', 'creamy', 'watery', 'egg_white', 'unusual'] },
  symptom: { title: 'Symptom', group: 'wellbeing', unit: 'code', kind: ['E'], rollup: ['max'], healthkit: ['c:Headache'] }, // and the other symptom categories
} as const satisfies Record<string, Metric>

export type MetricId = keyof typeof metrics

export const metricIds = Object.keys(metrics) as MetricId[]

/** The same table without the literal types, for code that reads any line of it. */
export const catalogue: Readonly<Record<MetricId, Metric>> = { ...metrics }

export function isMetric(id: string): id is MetricId {
  return Object.hasOwn(metrics, id)
}

/** The kind that a plain value takes. */
export function primaryKind(metric: MetricId): Kind {
  return catalogue[metric].kind[0]
}

export function hasKind(metric: MetricId, kind: Kind): boolean {
  return catalogue[metric].kind.includes(kind)
}
