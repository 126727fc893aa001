/**
 * Every kind of workout, and what the world calls it. A new one is one line here and nothing anywhere else.
 * A name we do not know becomes `other`; the reader keeps the raw name beside it, so that a line added later can
 * re-label what was stored before.
 */
interface Activity {
  title: string
  /** FIT sport, then sub_sport where the sport alone would be another line. */
  fit: readonly [sport: number, sub?: number]
  /** HKWorkoutActivityType: name, raw value, and what the workout's metadata must say besides. */
  healthkit: readonly [name: string, raw: number, where?: 'indoor' | 'pool' | 'open']
  /** Health Connect's ExerciseType. */
  health_connect?: readonly [name: string, raw: number]
  /** Strava's sport_type. */
  strava?: string
  /** Strava tells this line from the other one with the same sport_type by its `trainer` field. */
  trainer?: true
}

// biome-ignore format: a table, one line for each activity.
export const activities = {
  running: { title: 'Running', fit: [1], healthkit: ['running', 37], health_connect: ['RUNNING', 56], strava: 'Run' },
  running_trail: { title: 'Trail running', fit: [1, 3], healthkit: ['running', 37], health_connect: ['RUNNING', 56], strava: 'TrailRun' },
  running_treadmill: { title: 'Treadmill running', fit: [1, 1], healthkit: ['running', 37, 'indoor'], health_connect: ['RUNNING_TREADMILL', 57], strava: 'Run', trainer: true },
  running_virtual: { title: 'Virtual running', fit: [1, 58], healthkit: ['running', 37, 'indoor'], health_connect: ['RUNNING_TREADMILL', 57], strava: 'VirtualRun' },
  walking: { title: 'Walking', fit: [11], healthkit: ['walking', 52], health_connect: ['WALKING', 79], strava: 'Walk' },
  hiking: { title: 'Hiking', fit: [17], healthkit: ['hiking', 24], health_connect: ['HIKING', 37], strava: 'Hike' },
  cycling: { title: 'Cycling', fit: [2], healthkit: ['cycling', 13], health_connect: ['BIKING', 8], strava: 'Ride' },
  cycling_mountain: { title: 'Mountain biking', fit: [2, 8], healthkit: ['cycling', 13], health_connect: ['BIKING', 8], strava: 'MountainBikeRide' },
  cycling_gravel: { title: 'Gravel cycling', fit: [2, 46], healthkit: ['cycling', 13], health_connect: ['BIKING', 8], strava: 'GravelRide' },
  cycling_indoor: { title: 'Indoor cycling', fit: [2, 6], healthkit: ['cycling', 13, 'indoor'], health_connect: ['BIKING_STATIONARY', 9], strava: 'Ride', trainer: true },
  cycling_virtual: { title: 'Virtual cycling', fit: [2, 58], healthkit: ['cycling', 13, 'indoor'], health_connect: ['BIKING_STATIONARY', 9], strava: 'VirtualRide' },
  cycling_electric: { title: 'E-bike ride', fit: [21], healthkit: ['cycling', 13], health_connect: ['BIKING', 8], strava: 'EBikeRide' },
  cycling_hand: { title: 'Hand cycling', fit: [2, 12], healthkit: ['handCycling', 74], health_connect: ['BIKING', 8], strava: 'Handcycle' },
  swimming_pool: { title: 'Pool swimming', fit: [5, 17], healthkit: ['swimming', 46, 'pool'], health_connect: ['SWIMMING_POOL', 74], strava: 'Swim' },
  swimming_open_water: { title: 'Open-water swimming', fit: [5, 18], healthkit: ['swimming', 46, 'open'], health_connect: ['SWIMMING_OPEN_WATER', 73], strava: 'Swim' },
  rowing: { title: 'Rowing', fit: [15], healthkit: ['rowing', 35], health_connect: ['ROWING', 53], strava: 'Rowing' },
  rowing_machine: { title: 'Rowing machine', fit: [15, 14], healthkit: ['rowing', 35, 'indoor'], health_connect: ['ROWING_MACHINE', 54], strava: 'VirtualRow' },
  paddling: { title: 'Paddling', fit: [19], healthkit: ['paddleSports', 31], health_connect: ['PADDLING', 46], strava: 'Canoeing' },
  kayaking: { title: 'Kayaking', fit: [41], healthkit: ['paddleSports', 31], health_connect: ['PADDLING', 46], strava: 'Kayaking' },
  stand_up_paddling: { title: 'Stand-up paddling', fit: [37], healthkit: ['paddleSports', 31], health_connect: ['PADDLING', 46], strava: 'StandUpPaddling' },
  sailing: { title: 'Sailing', fit: [32], healthkit: ['sailing', 38], health_connect: ['SAILING', 58], strava: 'Sail' },
  surfing: { title: 'Surfing', fit: [38], healthkit: ['surfingSports', 45], health_connect: ['SURFING', 72], strava: 'Surfing' },
  windsurfing: { title: 'Windsurfing', fit: [43], healthkit: ['surfingSports', 45], health_connect: ['SURFING', 72], strava: 'Windsurf' },
  kitesurfing: { title: 'Kitesurfing', fit: [44], healthkit: ['surfingSports', 45], health_connect: ['SURFING', 72], strava: 'Kitesurf' },
  diving: { title: 'Diving', fit: [53], healthkit: ['underwaterDiving', 84], health_connect: ['SCUBA_DIVING', 59] },
  skiing_alpine: { title: 'Alpine skiing', fit: [13], healthkit: ['downhillSkiing', 61], health_connect: ['SKIING', 61], strava: 'AlpineSki' },
  skiing_cross_country: { title: 'Cross-country skiing', fit: [12], healthkit: ['crossCountrySkiing', 60], health_connect: ['SKIING', 61], strava: 'NordicSki' },
  skiing_backcountry: { title: 'Backcountry skiing', fit: [13, 37], healthkit: ['snowSports', 40], health_connect: ['SKIING', 61], strava: 'BackcountrySki' },
  snowboarding: { title: 'Snowboarding', fit: [14], healthkit: ['snowboarding', 67], health_connect: ['SNOWBOARDING', 62], strava: 'Snowboard' },
  snowshoeing: { title: 'Snowshoeing', fit: [35], healthkit: ['snowSports', 40], health_connect: ['SNOWSHOEING', 63], strava: 'Snowshoe' },
  ice_skating: { title: 'Ice skating', fit: [33], healthkit: ['skatingSports', 39], health_connect: ['ICE_SKATING', 39], strava: 'IceSkate' },
  inline_skating: { title: 'Inline skating', fit: [30], healthkit: ['skatingSports', 39], health_connect: ['SKATING', 60], strava: 'InlineSkate' },
  climbing: { title: 'Climbing', fit: [31], healthkit: ['climbing', 9], health_connect: ['ROCK_CLIMBING', 51], strava: 'RockClimbing' },
  strength: { title: 'Strength training', fit: [10, 20], healthkit: ['traditionalStrengthTraining', 50], health_connect: ['STRENGTH_TRAINING', 70], strava: 'WeightTraining' },
  functional_training: { title: 'Functional training', fit: [10], healthkit: ['functionalStrengthTraining', 20], health_connect: ['CALISTHENICS', 13], strava: 'Crossfit' },
  hiit: { title: 'High-intensity intervals', fit: [62], healthkit: ['highIntensityIntervalTraining', 63], health_connect: ['HIGH_INTENSITY_INTERVAL_TRAINING', 36], strava: 'HighIntensityIntervalTraining' },
  elliptical: { title: 'Elliptical', fit: [4, 15], healthkit: ['elliptical', 16], health_connect: ['ELLIPTICAL', 25], strava: 'Elliptical' },
  stair_climbing: { title: 'Stair climbing', fit: [4, 16], healthkit: ['stairClimbing', 44], health_connect: ['STAIR_CLIMBING_MACHINE', 69], strava: 'StairStepper' },
  cardio: { title: 'Cardio', fit: [10, 26], healthkit: ['mixedCardio', 73], health_connect: ['EXERCISE_CLASS', 26], strava: 'Workout' },
  yoga: { title: 'Yoga', fit: [10, 43], healthkit: ['yoga', 57], health_connect: ['YOGA', 83], strava: 'Yoga' },
  pilates: { title: 'Pilates', fit: [10, 44], healthkit: ['pilates', 66], health_connect: ['PILATES', 48], strava: 'Pilates' },
  stretching: { title: 'Stretching', fit: [10, 19], healthkit: ['flexibility', 62], health_connect: ['STRETCHING', 71] },
  dance: { title: 'Dance', fit: [83], healthkit: ['cardioDance', 77], health_connect: ['DANCING', 16], strava: 'Dance' },
  meditation: { title: 'Meditation', fit: [67], healthkit: ['mindAndBody', 29], health_connect: ['GUIDED_BREATHING', 33] },
  boxing: { title: 'Boxing', fit: [47], healthkit: ['boxing', 8], health_connect: ['BOXING', 11] },
  martial_arts: { title: 'Martial arts', fit: [80], healthkit: ['martialArts', 28], health_connect: ['MARTIAL_ARTS', 44] },
  tennis: { title: 'Tennis', fit: [8], healthkit: ['tennis', 48], health_connect: ['TENNIS', 76], strava: 'Tennis' },
  padel: { title: 'Padel', fit: [64, 85], healthkit: ['tennis', 48], health_connect: ['OTHER_WORKOUT', 0], strava: 'Padel' },
  badminton: { title: 'Badminton', fit: [64, 95], healthkit: ['badminton', 4], health_connect: ['BADMINTON', 2], strava: 'Badminton' },
  squash: { title: 'Squash', fit: [64, 94], healthkit: ['squash', 43], health_connect: ['SQUASH', 66], strava: 'Squash' },
  table_tennis: { title: 'Table tennis', fit: [64, 97], healthkit: ['tableTennis', 47], health_connect: ['TABLE_TENNIS', 75], strava: 'TableTennis' },
  pickleball: { title: 'Pickleball', fit: [64, 84], healthkit: ['pickleball', 79], health_connect: ['OTHER_WORKOUT', 0], strava: 'Pickleball' },
  football: { title: 'Football', fit: [7], healthkit: ['soccer', 41], health_connect: ['SOCCER', 64], strava: 'Soccer' },
  basketball: { title: 'Basketball', fit: [6], healthkit: ['basketball', 6], health_connect: ['BASKETBALL', 5], strava: 'Basketball' },
  volleyball: { title: 'Volleyball', fit: [75], healthkit: ['volleyball', 51], health_connect: ['VOLLEYBALL', 78], strava: 'Volleyball' },
  rugby: { title: 'Rugby', fit: [72], healthkit: ['rugby', 36], health_connect: ['RUGBY', 55] },
  hockey: { title: 'Hockey', fit: [73], healthkit: ['hockey', 25], health_connect: ['ICE_HOCKEY', 38] },
  golf: { title: 'Golf', fit: [25], healthkit: ['golf', 21], health_connect: ['GOLF', 32], strava: 'Golf' },
  horse_riding: { title: 'Horse riding', fit: [27], healthkit: ['equestrianSports', 17], health_connect: ['OTHER_WORKOUT', 0] },
  wheelchair: { title: 'Wheelchair', fit: [65], healthkit: ['wheelchairWalkPace', 70], health_connect: ['WHEELCHAIR', 82], strava: 'Wheelchair' },
  jump_rope: { title: 'Jump rope', fit: [84], healthkit: ['jumpRope', 64], health_connect: ['JUMP_ROPE', 41] },
  multisport: { title: 'Multisport', fit: [18], healthkit: ['swimBikeRun', 82], health_connect: ['OTHER_WORKOUT', 0] },
  transition: { title: 'Transition', fit: [3], healthkit: ['transition', 83] },
  other: { title: 'Other', fit: [0], healthkit: ['other', 3000], health_connect: ['OTHER_WORKOUT', 0], strava: 'Workout' },
} as const satisfies Record<string, Activity>

export type ActivityType = keyof typeof activities

export const activityTypes = Object.keys(activities) as ActivityType[]

/**
 * FIT pairs that devices write besides those of the table. A sport that appears without a sub-sport here or in the
 * table stands for all of its sub-sports that have no line (`running` for 1/4, a run on the track).
 */
const moreFit: Record<string, ActivityType> = {
  '2/5': 'cycling_indoor', // spin
  '2/9': 'cycling_mountain', // downhill
  '2/28': 'cycling_electric', // e-bike fitness
  '2/47': 'cycling_electric', // e-bike mountain
  '2/88': 'cycling_hand', // indoor hand cycling
  '4/14': 'rowing_machine', // as fitness equipment
  '4/44': 'pilates',
  '5': 'swimming_pool', // watches that know one kind of swimming only
  '8/97': 'table_tennis', // as tennis
  '10/62': 'meditation', // breathing
  '10/70': 'hiit',
  '15/58': 'rowing_machine', // virtual
  '66': 'wheelchair', // push, running pace
}

/** Words of GPX `type`, and of people, that are neither our own nor Strava's. Written as `plain` leaves them. */
const moreWords: Record<string, ActivityType> = {
  // Garmin Connect
  streetrunning: 'running',
  trackrunning: 'running',
  indoorrunning: 'running',
  ultrarun: 'running',
  trailrunning: 'running_trail',
  treadmillrunning: 'running_treadmill',
  casualwalking: 'walking',
  speedwalking: 'walking',
  roadbiking: 'cycling',
  cyclocross: 'cycling',
  mountainbiking: 'cycling_mountain',
  downhillbiking: 'cycling_mountain',
  gravelcycling: 'cycling_gravel',
  indoorcycling: 'cycling_indoor',
  ebikefitness: 'cycling_electric',
  ebikemountain: 'cycling_electric',
  handcycling: 'cycling_hand',
  lapswimming: 'swimming_pool',
  openwaterswimming: 'swimming_open_water',
  indoorrowing: 'rowing_machine',
  standuppaddleboarding: 'stand_up_paddling',
  resortskiing: 'skiing_alpine',
  crosscountryskiing: 'skiing_cross_country',
  skateskiing: 'skiing_cross_country',
  backcountryskiing: 'skiing_backcountry',
  rockclimbing: 'climbing',
  indoorclimbing: 'climbing',
  bouldering: 'climbing',
  strengthtraining: 'strength',
  indoorcardio: 'cardio',
  // Polar
  roadrunning: 'running',
  nordicwalking: 'walking',
  spinning: 'cycling_indoor',
  poolswimming: 'swimming_pool',
  fitnessdancing: 'dance',
  core: 'functional_training',
  // Komoot
  jogging: 'running',
  touringbicycle: 'cycling',
  racebike: 'cycling',
  mtb: 'cycling_mountain',
  // everyday speech
  bike: 'cycling',
  biking: 'cycling',
  bicycle: 'cycling',
  bicycling: 'cycling',
  ebike: 'cycling_electric',
  ebiking: 'cycling_electric',
  swimming: 'swimming_pool',
  sup: 'stand_up_paddling',
  canoe: 'paddling',
  kayak: 'kayaking',
  alpineskiing: 'skiing_alpine',
  downhillskiing: 'skiing_alpine',
  nordicskiing: 'skiing_cross_country',
  weights: 'strength',
  workout: 'other', // Strava's word for everything else, though it also shows our `cardio` as this
  // Strava's sport_types without a line of their own
  emountainbikeride: 'cycling_electric',
  velomobile: 'cycling',
  // Strava's older GPX exports write a number
  '1': 'cycling',
  '9': 'running',
  '10': 'walking',
  '4': 'hiking',
}

const byFit = new Map<string, ActivityType>(Object.entries(moreFit))
const byWord = new Map<string, ActivityType>(Object.entries(moreWords))
for (const type of activityTypes) {
  const { fit, strava, trainer }: Activity = activities[type]
  byFit.set(fit.join('/'), type)
  byWord.set(plain(type), type)
  if (strava !== undefined && !trainer && !byWord.has(plain(strava))) byWord.set(plain(strava), type)
}

export function isActivity(name: string): name is ActivityType {
  return Object.hasOwn(activities, name)
}

/** A pair without a line of its own counts as its sport; a sport without one is `other`. */
export function activityFromFit(sport: number, sub?: number): ActivityType {
  return byFit.get(`${sport}/${sub ?? 0}`) ?? byFit.get(`${sport}`) ?? 'other'
}

/** FIT's running, walking, mountaineering, hiking, snowshoeing. */
const footSports: ReadonlySet<number> = new Set([1, 11, 16, 17, 35])

/** Sports in which devices count the strides of one leg, and we count steps. */
export function isOnFoot(activity: ActivityType): boolean {
  return footSports.has(activities[activity].fit[0])
}

/** TCX knows three sports; swims, hikes and the gym all arrive as `Other`. */
export function activityFromTcx(sport: string): ActivityType {
  if (sport === 'Running') return 'running'
  if (sport === 'Biking') return 'cycling'
  return 'other'
}

/** A GPX track's `type`, a Strava sport_type, one of our own ids: `Trail Running`, `trail_running` and `TrailRun` are one. */
export function activityFromName(word: string): ActivityType {
  return byWord.get(plain(word)) ?? 'other'
}

function plain(word: string): string {
  return word.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '')
}
