import { type ActivityType, activities, activityTypes, tableOf } from '@tributary/protocol'

/** Types of HealthKit that stand beside a line of the table. */
const more: Readonly<Record<string, ActivityType>> = tableOf({
  wheelchairRunPace: 'wheelchair',
  socialDance: 'dance',
  dance: 'dance',
  danceInspiredTraining: 'dance',
  stairs: 'stair_climbing',
  stepTraining: 'stair_climbing',
  crossTraining: 'functional_training',
  mixedMetabolicCardioTraining: 'cardio',
  swimming: 'swimming_pool', // where is not said: watches that know one kind of swimming mean this
})

type Where = 'indoor' | 'pool' | 'open' | undefined

/** `HKWorkoutActivityTypeRunning` and where it was; what has no line is `other`, and the workout keeps the name. */
export function activityOf(type: string, where: Where): ActivityType {
  const name = type.replace(/^HKWorkoutActivityType/, '').replace(/^./, (letter) => letter.toLowerCase())
  const named = activityTypes.filter((activity) => activities[activity].healthkit[0] === name)
  const whereOf = (activity: ActivityType): Where => (activities[activity].healthkit as readonly unknown[])[2] as Where
  return (
    named.find((activity) => whereOf(activity) === where) ??
    named.find((activity) => whereOf(activity) === undefined) ??
    (Object.hasOwn(more, name) ? (more[name] as ActivityType) : 'other')
  )
}
