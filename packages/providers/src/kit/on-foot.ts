import { type ActivityType, activities } from '@tributary/protocol'

/** FIT's running, walking, mountaineering, hiking, snowshoeing. */
const footSports: ReadonlySet<number> = new Set([1, 11, 16, 17, 35])

/** Sports in which devices count the turns of one leg, and we count steps. */
export const isOnFoot = (activity: ActivityType): boolean => footSports.has(activities[activity].fit[0])
