/**
 * What a person makes of a session. The columns hold what is shown; beside them stands what the source had said where that is another
 * thing, so that an edit can be taken back. A session entered by hand is the person's own word already and is just changed.
 */

/** The source's own word, null where it had none. */
export interface Edits {
  title?: string | null
  activity?: string | null
  totals?: Record<string, number | null>
}

export interface Shown {
  title: string | null
  activity: string | null
  totals: Record<string, number>
}

/** null takes an edit back, absent changes nothing. */
export interface Wish {
  title?: string | null | undefined
  activity?: string | null | undefined
  totals?: Record<string, number | null> | undefined
}

export function applyWish(shown: Shown, edits: Edits | null, wish: Wish): { shown: Shown; edits: Edits | null } {
  const said: Shown & { edits: Edits } = { ...shown, totals: { ...shown.totals }, edits: { ...edits } }
  for (const name of ['title', 'activity'] as const) {
    const wanted = wish[name]
    if (wanted === undefined) continue
    const own = name in said.edits ? (said.edits[name] ?? null) : shown[name]
    delete said.edits[name]
    said[name] = wanted ?? own
    if (said[name] !== own) said.edits[name] = own
  }
  const totals = { ...said.edits.totals }
  for (const [name, wanted] of Object.entries(wish.totals ?? {})) {
    const own = Object.hasOwn(totals, name) ? (totals[name] ?? null) : (shown.totals[name] ?? null)
    delete totals[name]
    const value = wanted ?? own
    if (value === null) delete said.totals[name]
    else said.totals[name] = value
    if (value !== own) totals[name] = own
  }
  delete said.edits.totals
  if (Object.keys(totals).length) said.edits.totals = totals
  const { edits: left, ...now } = said
  return { shown: now, edits: Object.keys(left).length ? left : null }
}

/** Of a session entered by hand. */
export function rewrite(shown: Shown, wish: Wish): Shown {
  const totals = { ...shown.totals }
  for (const [name, value] of Object.entries(wish.totals ?? {})) {
    if (value === null) delete totals[name]
    else totals[name] = value
  }
  return {
    title: wish.title === undefined ? shown.title : wish.title,
    activity: wish.activity === undefined ? shown.activity : wish.activity,
    totals,
  }
}
