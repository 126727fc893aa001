/** Sports by number: those that sources name, and the last three, whose numbers are the emulator’s own. */
export const sports: readonly (readonly [id: number, name: string, ours?: string])[] = [
  [1, 'RUNNING', 'running'],
  [2, 'CYCLING', 'cycling'],
  [3, 'WALKING', 'walking'],
  [11, 'HIKING', 'hiking'],
  [15, 'STRENGTH_TRAINING', 'strength'],
  [16, 'OTHER_OUTDOOR'],
  [17, 'TREADMILL_RUNNING', 'running_treadmill'],
  [18, 'INDOOR_CYCLING', 'cycling_indoor'],
  [27, 'TRAIL_RUNNING', 'running_trail'],
  [38, 'ROAD_BIKING'],
  [83, 'OTHER_INDOOR'],
  [126, 'CORE', 'functional_training'],
  [901, 'MOUNTAIN_BIKING', 'cycling_mountain'],
  [902, 'POOL_SWIMMING', 'swimming_pool'],
  [903, 'YOGA', 'yoga'],
]

export const sportIdOf = (activity: string | undefined): string =>
  String(sports.find(([, , ours]) => ours === activity)?.[0] ?? 83)
