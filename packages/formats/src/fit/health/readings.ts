import type { Losses } from '../../losses.ts'
import type { PieceSource } from '../../piece.ts'
import type { PieceBuilder } from '../../piece-builder.ts'
import type { TimeCheck } from '../../times.ts'
import { dateOf } from '../../zones.ts'
import type { Message } from '../definition.ts'
import { fitTimeToMs } from '../profile.ts'
import type { WallClock } from './clock.ts'
import type { HealthMessage } from './fields.ts'

/** What each message's own reader needs. */
export interface Health {
  clock: WallClock
  losses: Losses
  time: TimeCheck
  pieces: PieceBuilder
  source: () => PieceSource
  /** Number of the message in the file. */
  place: number
}

/** FIT's seconds to milliseconds, or undefined when no such time can be, which is counted. */
export function timeOf(health: Health, seconds: number | undefined): number | undefined {
  if (seconds === undefined || Number.isNaN(seconds)) {
    health.losses.reject(health.place, 'time_missing', 'the message has no time')
    return undefined
  }
  const t = fitTimeToMs(seconds)
  const fault = health.time(t)
  if (fault) health.losses.reject(health.place, fault.code, fault.detail)
  return fault ? undefined : t
}

/** Values that the table alone explains. `taken`: fields that the message's own reader has used. */
export function readFields(
  health: Health,
  kind: HealthMessage,
  message: Message,
  t: number | undefined,
  taken: readonly number[],
): void {
  for (const num of message.present) {
    if (taken.includes(num) || num === 253 || num === kind.time) continue
    const field = kind.fields[num]
    const value = typeof field === 'object' ? message.number(num, field.scale) : undefined
    if (typeof field !== 'object' || field.metric === undefined || value === undefined) {
      health.losses.leaveUnused(`${kind.name}.${typeof field === 'string' ? field : (field?.name ?? num)}`)
    } else if (field.codes && value < 0) {
      health.losses.leaveUnused(`${kind.name}: ${field.codes[value] ?? `code ${value}`}`)
    } else if (t !== undefined) give(health, field.metric, field.isDaily === true, t, value)
  }
}

function give(
  { pieces, source, clock, place }: Health,
  metric: string,
  isDaily: boolean,
  t: number,
  value: number,
): void {
  if (isDaily) pieces.row(source(), { kind: 'day', metric, date: dateOf(t, clock.offsetAt(t)), value, place })
  else pieces.value(source(), metric, t, value, { offset: clock.statedAt(t), method: 'automatic', place })
}
