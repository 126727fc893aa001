import { tableOf } from '@tributary/protocol'

export const base = /^$|\/TrainingCenterDatabase\/v\d$/
export const extension = /^$|\/ActivityExtension\/v\d$/

/** Child of a Trackpoint, or of its parents, to metric or stream. */
export const pointFields: Record<string, string> = tableOf({
  'Trackpoint/DistanceMeters': '/distance',
  'HeartRateBpm/Value': 'heart_rate',
  'Trackpoint/Cadence': 'cadence',
})

export const pointExtensions: Record<string, string> = tableOf({
  Speed: 'speed',
  RunCadence: 'cadence',
  Watts: 'power',
})

export const lapFields: Record<string, string> = tableOf({
  'Lap/TotalTimeSeconds': 'active_duration',
  'Lap/DistanceMeters': 'distance',
  'Lap/MaximumSpeed': 'speed_max',
  'Lap/Calories': 'energy_total',
  'Lap/Cadence': 'cadence_avg',
  'AverageHeartRateBpm/Value': 'heart_rate_avg',
  'MaximumHeartRateBpm/Value': 'heart_rate_max',
})

/** RunCadence counts one leg; `workouts.ts` doubles it. */
export const lapExtensions: Record<string, string> = tableOf({
  AvgSpeed: 'speed_avg',
  MaxBikeCadence: 'cadence_max',
  AvgRunCadence: 'run_cadence_avg',
  MaxRunCadence: 'run_cadence_max',
  Steps: 'steps',
  AvgWatts: 'power_avg',
  MaxWatts: 'power_max',
})

const build = 'which build of the program it was'

/** Elements without a use, and why. */
export const otherFields: Readonly<Record<string, string>> = tableOf({
  'Trackpoint/SensorState': 'whether a foot pod was there: its values say so',
  'Lap/Notes': 'words on a single lap',
  'MultiSportSession/Id': 'its legs have their own',
  'Version/VersionMajor': build,
  'Version/VersionMinor': build,
  'Version/BuildMajor': build,
  'Version/BuildMinor': build,
  'Build/Type': build,
  'Build/Time': build,
  'Build/Builder': build,
  'Author/LangID': 'the language of the program',
  'Author/PartNumber': build,
})
