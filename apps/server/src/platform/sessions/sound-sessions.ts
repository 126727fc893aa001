/** What of sessions can be, by the catalogue. Whatever the door, the rest goes by with its reason. Pure. */
import { type Rejection, type SessionReading, soundSession } from '@tributary/protocol'

export interface LostOfSessions {
  /** Figures and laps that cannot be, which their session is kept without; `index` is its place among the sessions. */
  leftOut: Rejection[]
  /** Sessions that cannot be. */
  refused: (Rejection & { session: SessionReading })[]
}

/** `byHand`: names of the figures that a person gave. */
export function soundOf(
  sessions: readonly SessionReading[],
  byHand: (externalId: string) => readonly string[],
): LostOfSessions & { sound: SessionReading[] } {
  const all = { sound: [] as SessionReading[], leftOut: [] as Rejection[], refused: [] as LostOfSessions['refused'] }
  for (const [index, told] of sessions.entries()) {
    const { session, losses } = soundSession(told, byHand(told.externalId))
    const named = session ? `${nameOf(told)}, kept without it` : nameOf(told)
    const reasons = losses.map(({ code, detail }) => ({ index, code, detail: `${detail} (${named})` }))
    if (session) {
      all.sound.push(session)
      all.leftOut.push(...reasons)
    } else all.refused.push(...reasons.map((reason) => ({ ...reason, session: told })))
  }
  return all
}

const nameOf = ({ type, start }: SessionReading): string =>
  Number.isNaN(new Date(start).getTime()) ? type : `${type} of ${new Date(start).toISOString()}`

/** Without the sessions themselves. */
export const lossesOf = ({ leftOut, refused }: LostOfSessions): Rejection[] =>
  [...leftOut, ...refused].map(({ index, code, detail }) => ({ index, code, detail }))
