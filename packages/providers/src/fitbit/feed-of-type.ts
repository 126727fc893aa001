import { dayTypes } from './days.ts'
import { pointTypes } from './point-types.ts'

/** By Google's id of a type, as notices name it: the feed that reads it first. */
export const feedOfType: ReadonlyMap<string, string> = new Map<string, string>([
  ...dayTypes.map((type): [string, string] => [type, 'days']),
  ...Object.entries(pointTypes).map(([name, { type }]): [string, string] => [type, name]),
  ['sleep', 'sleep'],
  ['exercise', 'exercise'],
  ['nutrition-log', 'nutrition'],
  ['daily-heart-rate-zones', 'heart_rate_zones'],
])
