/** Stages of sleep, and what other systems call or number them. */
export const sleepStages = [
  'awake',
  'light',
  'deep',
  'rem',
  'asleep_unspecified',
  'in_bed',
  'out_of_bed',
  'unknown',
] as const
export type SleepStage = (typeof sleepStages)[number]

/** Words of HealthKit, Google Health, Fitbit, Garmin, WHOOP and people, written as `plain` leaves them. */
const words: Readonly<Record<string, SleepStage>> = {
  wake: 'awake',
  restless: 'awake', // the classic nights of Fitbit and Google Health have no stage between asleep and awake
  core: 'light',
  asleepcore: 'light',
  asleepdeep: 'deep',
  slowwave: 'deep',
  slowwavesleep: 'deep',
  asleeprem: 'rem',
  remsleep: 'rem',
  asleep: 'asleep_unspecified',
  sleeping: 'asleep_unspecified',
  unmeasurable: 'unknown',
  nodata: 'unknown',
}

type Numbers = Readonly<Partial<Record<SleepStage, readonly number[]>>>

/** Numbers by system. Oura and Mi Fitness number deep sleep before light, the others after: never guess. */
// biome-ignore format: a table, one line for each system.
const numbers = {
  healthkit: { in_bed: [0], asleep_unspecified: [1], awake: [2], light: [3], deep: [4], rem: [5] },
  health_connect: { unknown: [0], awake: [1, 7], asleep_unspecified: [2], out_of_bed: [3], light: [4], deep: [5], rem: [6] },
  google_fit: { awake: [1], asleep_unspecified: [2], out_of_bed: [3], light: [4], deep: [5], rem: [6] },
  oura: { deep: [1], light: [2], rem: [3], awake: [4] },
  withings: { awake: [0], light: [1], deep: [2], rem: [3], asleep_unspecified: [4, 5], out_of_bed: [15] },
  samsung: { awake: [40_001], light: [40_002], deep: [40_003], rem: [40_004] },
  mi_fitness: { deep: [2], light: [3], rem: [4], awake: [5], asleep_unspecified: [6] }, // 6 is derived by the phone
  fit: { unknown: [0], awake: [1], light: [2], deep: [3], rem: [4] },
  polar: { awake: [0], rem: [1], light: [2, 3], deep: [4], unknown: [5] },
  zepp: { light: [4], deep: [5], awake: [7], rem: [8, 11] }, // 11 on some watches
} as const satisfies Record<string, Numbers>

export type StageSystem = keyof typeof numbers

/** Our own names and the words of others (`Core`, `HKCategoryValueSleepAnalysisAsleepDeep`); undefined for anything else. */
export function stageFromWord(word: string): SleepStage | undefined {
  return byWord.get(plain(word))
}

/** A number that the system does not define is `unknown`: it was a stage, we cannot say which. */
export function stageFromNumber(system: StageSystem, number: number): SleepStage {
  const known: Numbers = numbers[system]
  return sleepStages.find((stage) => known[stage]?.includes(number)) ?? 'unknown'
}

const byWord = new Map<string, SleepStage>([
  ...Object.entries(words),
  ...sleepStages.map((stage): [string, SleepStage] => [plain(stage), stage]),
])

function plain(word: string): string {
  return word
    .replace(/^HKCategoryValueSleepAnalysis/, '')
    .replace(/[^A-Za-z]/g, '')
    .toLowerCase()
}
