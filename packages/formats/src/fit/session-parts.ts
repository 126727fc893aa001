import type { ActivityType, SessionPart } from '@tributary/protocol'
import type { Pause } from '../totals.ts'
import type { Message } from './definition.ts'
import { fitTimeToMs } from './profile.ts'
import { lapFigures } from './session-figures.ts'

const triggers = [
  'manual',
  'time',
  'distance',
  'position',
  'position',
  'position',
  'position',
  'session_end',
  'equipment',
]
const intensities = ['active', 'rest', 'warmup', 'cooldown', 'recovery', 'interval', 'other']
const strokes = ['freestyle', 'backstroke', 'breaststroke', 'butterfly', 'drill', 'mixed', 'individual_medley']

export function lapPart(message: Message, activity: ActivityType): SessionPart | undefined {
  const span = spanOf(message)
  if (!span) return undefined
  const label = nameOf(triggers, message.number(24))
  const intensity = nameOf(intensities, message.number(23))
  return {
    kind: 'lap',
    ...span,
    ...(label ? { label } : {}),
    ...(intensity ? { intensity } : {}),
    totals: lapFigures(message, activity),
  }
}

export function lengthPart(message: Message): SessionPart | undefined {
  const span = spanOf({ elapsed: message.number(3, 1000), start: message.number(2), time: message.time })
  if (!span) return undefined
  const label = nameOf(strokes, message.number(7))
  const count = message.number(5)
  return {
    kind: 'length',
    ...span,
    ...(label ? { label } : {}),
    intensity: message.number(12) === 0 ? 'idle' : 'active',
    ...(count === undefined ? {} : { totals: { swim_strokes: count } }),
  }
}

/** The time from a stop of the timer to its next start. The last stop ends the recording and is no pause. */
export function pausesOf(timer: Message[]): Pause[] {
  const pauses: Pause[] = []
  let stoppedAt = Number.NaN
  for (const message of timer.filter((one) => Number.isFinite(one.time)).sort((a, b) => a.time - b.time)) {
    const type = message.number(1)
    if (type === 0) {
      if (message.time > stoppedAt) pauses.push({ start: fitTimeToMs(stoppedAt), end: fitTimeToMs(message.time) })
      stoppedAt = Number.NaN
    } else if (isStop(type) && Number.isNaN(stoppedAt)) stoppedAt = message.time
  }
  return pauses
}

/** stop, stop_all, stop_disable, stop_disable_all */
function isStop(type: number | undefined): boolean {
  return type === 1 || type === 4 || type === 8 || type === 9
}

interface Stated {
  start: number | undefined
  elapsed: number | undefined
  /** When the message was written. */
  time: number
}

/** Start and end in ms of a session, a lap or a length; the elapsed time knows fractions, so it goes before the time of writing. */
export function spanOf(message: Message | Stated): { start: number; end: number } | undefined {
  const { start, elapsed, time } = message instanceof Object && 'number' in message ? stated(message) : message
  if (start === undefined) return undefined
  const from = fitTimeToMs(start)
  const to = elapsed === undefined ? fitTimeToMs(time) : from + Math.round(elapsed * 1000)
  return Number.isFinite(to) && to >= from ? { start: from, end: to } : undefined
}

function stated(message: Message): Stated {
  return { start: message.number(2), elapsed: message.number(7, 1000), time: message.time }
}

function nameOf(names: readonly string[], value: number | undefined): string | undefined {
  if (value === undefined) return undefined
  return names[value] ?? `${value}`
}
