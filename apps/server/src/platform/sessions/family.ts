/** Kinds of workouts that sources take for one another: a watch says trail running where the phone says running. */
const families = ['running', 'cycling', 'swimming', 'rowing', 'skiing'] as const

/** What a source says when it does not know: it may be any sport. */
const anySport = new Set(['other', 'cardio'])
/** A whole race and the change between its legs are told apart from the legs, however they overlap. */
const whole = new Set(['multisport', 'transition'])

/** Sessions of other families are never the same one. */
export function familyOf(type: string, activity: string | null): string {
  if (type !== 'workout') return type
  const name = activity ?? 'other'
  return families.find((family) => name === family || name.startsWith(`${family}_`)) ?? name
}

/** Whether the families may be one; `unsure` when only because a source did not know its own. */
export function compareFamilies(a: string, b: string): 'same' | 'unsure' | 'different' {
  if (a === b) return 'same'
  if (whole.has(a) || whole.has(b)) return 'different'
  return anySport.has(a) || anySport.has(b) ? 'unsure' : 'different'
}
