import { type ActivityType, activityFromName, tableOf } from '@tributary/protocol'

/** Types that are neither ours, nor Strava's, nor everyday speech. Google knows 182; one that nobody knows is `other`. */
// biome-ignore format: a table.
const names: Readonly<Record<string, ActivityType>> = tableOf({
  TREADMILL: 'running_treadmill', INCLINE_RUN: 'running_treadmill', TRACK_AND_FIELD: 'running', ORIENTEERING: 'running',
  TREADMILL_WALK: 'walking', INCLINE_WALK: 'walking', NORDIC_WALKING: 'walking', POWER_WALKING: 'walking', STROLLER_WALK: 'walking', WALK_WITH_WEIGHTS: 'walking',
  BACKPACKING: 'hiking', RUCKING: 'hiking',
  OUTDOOR_BIKE: 'cycling', MOUNTAIN_BIKE: 'cycling_mountain', ELECTRIC_BIKE: 'cycling_electric', SPINNING: 'cycling_indoor', STATIONARY_BIKE: 'cycling_indoor', ASSAULT_BIKE: 'cycling_indoor',
  PADDLEBOARDING: 'stand_up_paddling', SCUBA_DIVING: 'diving',
  SKIING: 'skiing_alpine', CROSS_COUNTRY_SKI: 'skiing_cross_country', SPEED_SKATING: 'ice_skating', ROLLERBLADING: 'inline_skating', ROLLER_SKATING: 'inline_skating',
  WEIGHTLIFTING: 'strength', WEIGHT_MACHINES: 'strength', FREE_WEIGHTS: 'strength', POWERLIFTING: 'strength', RESISTANCE_BANDS: 'strength',
  CALISTHENICS: 'functional_training', BODY_WEIGHT: 'functional_training', BOOTCAMP: 'functional_training', CIRCUIT_TRAINING: 'functional_training', CORE_TRAINING: 'functional_training',
  CROSS_TRAINING: 'functional_training', FUNCTIONAL_STRENGTH_TRAINING: 'functional_training', TRX: 'functional_training',
  INTERVAL_WORKOUT: 'hiit', TABATA_WORKOUT: 'hiit',
  AEROBIC_WORKOUT: 'cardio', CARDIO_WORKOUT: 'cardio', CARDIO_SCULPT: 'cardio', EXERCISE_CLASS: 'cardio', STEP_TRAINING: 'cardio',
  STAIRCLIMBER: 'stair_climbing', JUMPING_ROPE: 'jump_rope',
  YOGA_BIKRAM: 'yoga', YOGA_HATHA: 'yoga', YOGA_POWER: 'yoga', YOGA_VINYASA: 'yoga', MEDITATE: 'meditation',
  BALLET: 'dance', BALLROOM_DANCE: 'dance', BREAKDANCING: 'dance', DANCING: 'dance', HIP_HOP: 'dance', JAZZ_DANCE: 'dance', MODERN_DANCE: 'dance', TANGO: 'dance', ZUMBA: 'dance',
  KICKBOXING: 'boxing', JIU_JITSU: 'martial_arts', KARATE: 'martial_arts', MUAY_THAI: 'martial_arts', TAEKWONDO: 'martial_arts',
  PICKELBALL: 'pickleball', VOLLEYBALL_BEACH: 'volleyball', EQUESTRIAN_SPORTS: 'horse_riding',
})

export const activityOf = (exerciseType: string): ActivityType => names[exerciseType] ?? activityFromName(exerciseType)
