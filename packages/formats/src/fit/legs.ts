import { type ActivityType, activityFromFit, lengthFaultOf } from '@tributary/protocol'
import type { Losses } from '../losses.ts'
import type { TimeCheck } from '../times.ts'
import type { Message } from './definition.ts'
import type { FitPart } from './part.ts'
import type { Records } from './records.ts'
import { spanOf } from './session-parts.ts'

/** What a session message says, or what the records show where there is none. */
export interface Leg {
  activity: ActivityType
  start: number
  end: number
  /** Records from here up to, not including, `to` are its own. */
  from: number
  to: number
  message?: Message
}

/** The legs of a part in order of time. One for most files, three to five for a multisport. */
export function legsOf(part: FitPart, records: Records, time: TimeCheck, losses: Losses): Leg[] {
  const legs: Leg[] = []
  for (const [index, message] of part.sessions.entries()) {
    const span = spanOf(message)
    const fault = span
      ? (time(span.start) ?? time(span.end) ?? lengthFaultOf('workout', span.start, span.end))
      : { code: 'session_time', detail: 'a session has no times' }
    if (!span || fault) {
      if (fault) losses.reject(index, fault.code, fault.detail)
      continue
    }
    legs.push({ ...span, from: span.start, to: span.end, activity: activityOf(part, message), message })
  }
  if (!legs.length) return rebuiltLeg(part, records, losses)
  legs.sort((a, b) => a.start - b.start)
  // Records just before the first start or after the last end are the recording's too; one between two legs is the earlier's.
  for (const [i, leg] of legs.entries()) {
    leg.from = i === 0 ? Number.NEGATIVE_INFINITY : leg.start
    leg.to = legs[i + 1]?.start ?? Number.POSITIVE_INFINITY
  }
  return legs
}

function rebuiltLeg(part: FitPart, records: Records, losses: Losses): Leg[] {
  const start = records.t.at(0)
  const end = records.t.at(-1)
  if (start === undefined || end === undefined || lengthFaultOf('workout', start, end)) return []
  losses.warn('session_rebuilt', 'the file has no session: its figures were worked out from its records')
  return [{ start, end, from: start, to: end + 1, activity: activityOf(part) }]
}

function activityOf(part: FitPart, session?: Message): ActivityType {
  const sport = sportOf(part, session)
  return sport[0] === undefined ? 'other' : activityFromFit(sport[0], sport[1])
}

/** A truncated file has no session, but the sport or the first lap may have said it. */
export function sportOf(part: FitPart, session?: Message): [sport?: number | undefined, sub?: number | undefined] {
  if (session?.number(5) !== undefined) return [session.number(5), session.number(6)]
  if (part.sport?.number(0) !== undefined) return [part.sport.number(0), part.sport.number(1)]
  const lap = part.laps[0]
  return [lap?.number(25), lap?.number(39)]
}

/** Minutes east of UTC at the end of the activity. A clock that was wrong by days says nothing. */
export function offsetOf(part: FitPart): number | undefined {
  const local = part.activity?.number(5)
  const utc = part.activity?.time
  if (local === undefined || utc === undefined || Number.isNaN(utc)) return undefined
  const minutes = Math.round((local - utc) / 900) * 15
  return minutes >= -12 * 60 && minutes <= 14 * 60 ? minutes : undefined
}
