/**
 * What is said of a plan, by its source and by its person. The columns hold what is shown; `edits` holds what the source says where the
 * person changed it, as with sessions. A plan that its person made is their own word already and has no edits. Pure.
 */

/** By the names of the API. */
export interface PlanWords {
  activity: string | null
  title: string
  description: string | null
  scheduled_on: string
  /** ISO 8601, UTC. */
  start_time: string | null
  /** Seconds. */
  duration: number | null
  /** Metres. */
  distance: number | null
}

export type PlanEdits = Partial<PlanWords>

const names = ['activity', 'title', 'description', 'scheduled_on', 'start_time', 'duration', 'distance'] as const
/** A plan that a person moved stays where they put it: its day without its time is half a word. */
const whens: readonly (keyof PlanWords)[] = ['scheduled_on', 'start_time']

/** What its source says of it. */
export const saidOf = (shown: PlanWords, edits: PlanEdits | null): PlanWords => ({ ...shown, ...edits })

/** What stands beside `shown` so that the source's word is not lost; null when it says the same. */
export function editsOf(said: PlanWords, shown: PlanWords): PlanEdits | null {
  const other = names.filter((name) => said[name] !== shown[name])
  return other.length ? Object.fromEntries(other.map((name) => [name, said[name]])) : null
}

/** What is shown once the source says something else: where the person changed it, what they made of it. */
export function shownOf(told: PlanWords, shown: PlanWords, edits: PlanEdits | null): PlanWords {
  const isMoved = whens.some((name) => edits && name in edits)
  const isKept = (name: keyof PlanWords) => (edits !== null && name in edits) || (isMoved && whens.includes(name))
  return { ...told, ...Object.fromEntries(names.filter(isKept).map((name) => [name, shown[name]])) }
}

export const isSame = (one: PlanWords, other: PlanWords): boolean => editsOf(one, other) === null
