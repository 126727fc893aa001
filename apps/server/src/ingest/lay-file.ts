/** What the original file of a session knows, laid onto what its provider told of it. Pure. */
import type { SessionReading, Totals } from '@tributary/protocol'

/** The first session of the file belongs to it, the others are its legs. */
export function layFile(told: SessionReading, inFile: readonly SessionReading[]): SessionReading[] {
  const [own, ...legs] = inFile
  if (!own) return [told]
  return [layOn(told, own), ...named(legs, told.externalId)]
}

const named = (legs: readonly SessionReading[], externalId: string): SessionReading[] =>
  legs.map((leg, i) => ({ ...leg, externalId: `${externalId}/${i + 2}` }))

/** What is kept of a session already, as its source said it. */
export type KeptWords = Pick<SessionReading, 'type' | 'start' | 'end' | 'title' | 'activity' | 'offset' | 'extra'> & {
  totals: Totals
  derived: readonly string[]
}

/**
 * A file that comes by itself: its session gives way in words and figures to what was told before, so that the end is the same as if the
 * file had come first. Of a session that nobody told, the file is all there is.
 */
export function layAlone(
  externalId: string,
  kept: KeptWords | undefined,
  inFile: readonly SessionReading[],
): SessionReading[] {
  const [own, ...legs] = inFile
  if (!own) return []
  const { totals = {}, derived = [], extra, ...words } = kept ?? {}
  const workedOut = [...derived, ...(own.derived ?? []).filter((name) => !(name in totals))]
  const { derived: _, ...session } = own
  const first: SessionReading = {
    ...session,
    ...words,
    externalId,
    totals: { ...own.totals, ...totals },
    ...(workedOut.length ? { derived: workedOut } : {}),
    extra: { ...own.extra, ...extra },
  }
  return [first, ...named(legs, externalId)]
}

/** What the file says counts, then what the provider said, then what we worked out because the file lacked it. */
function layOn(told: SessionReading, own: SessionReading): SessionReading {
  const { parts, track, streams, derived = [] } = own
  const offset = told.offset ?? own.offset
  const title = own.title ?? told.title
  const activity = own.activity === 'other' ? told.activity : (own.activity ?? told.activity)
  const workedOut = derived.filter((name) => !(name in told.totals))
  return {
    ...told,
    ...(title === undefined ? {} : { title }),
    ...(activity === undefined ? {} : { activity }),
    ...(offset === undefined ? {} : { offset }),
    totals: { ...own.totals, ...told.totals, ...without(own.totals, derived) },
    parts: parts.length ? parts : told.parts,
    ...(track ? { track } : {}),
    ...(streams ? { streams: { ...told.streams, ...streams } } : {}),
    ...(workedOut.length ? { derived: workedOut } : {}),
    extra: { ...own.extra, ...told.extra },
  }
}

const without = (totals: Totals, names: readonly string[]): Totals =>
  Object.fromEntries(Object.entries(totals).filter(([name]) => !names.includes(name)))
