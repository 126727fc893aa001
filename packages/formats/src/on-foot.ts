import { type ActivityType, activities } from '@tributary/protocol/activities'

const running = 1
const walking = 11
const mountaineering = 16
const hiking = 17
const snowshoeing = 35
const footSports = new Set<number>([running, walking, mountaineering, hiking, snowshoeing])

/** Sports on foot: devices count strides of one leg, we count steps. */
export function isOnFoot(activity: ActivityType): boolean {
  return footSports.has(activities[activity].fit[0])
}
