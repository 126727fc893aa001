/**
 * What waits in quarantine leaves it when its source tells the same as something that can be used: a corrected value, a time that
 * has come. The same is what has the id that its source gave it, or what is of one metric and one time. Pure.
 */
import type { Measured } from '@tributary/protocol'
import type { RefusedTold } from './refused-values.ts'
import type { WaitingValue } from './waiting.queries.ts'

/** Ids of quarantine by what is waiting there. */
export type Waiting = ReadonlyMap<string, readonly string[]>

type Kept = Measured | { kind: RefusedTold['told']['kind']; externalId: string }

export const waitingOf = (rows: readonly WaitingValue[]): Waiting =>
  new Map(
    [...Map.groupBy(rows, ({ kind, id, metric, at }) => keyOf(kind, id, metric, at))].map(([key, group]) => [
      key,
      group.map(({ record_id }) => record_id),
    ]),
  )

/** Ids of what waited until now. `refused`: what of all could not be used again. */
export function takenOf(waiting: Waiting, told: readonly Kept[], refused: readonly Kept[]): string[] {
  if (!waiting.size) return []
  const still = new Set(refused.flatMap((one) => [...keysOf(one)]))
  const ids = new Set<string>()
  for (const one of told)
    for (const key of keysOf(one)) if (!still.has(key)) for (const id of waiting.get(key) ?? []) ids.add(id)
  return [...ids]
}

const keyOf = (kind: string, id: string | null | undefined, metric?: string | null, at?: unknown): string =>
  id ? `${kind} ${id}` : `${kind} ${metric ?? ''} ${at}`

/** A value of a series waits as a sample of its own. */
function* keysOf(one: Kept): Generator<string> {
  switch (one.kind) {
    case 'series':
      for (const t of one.t) yield keyOf('sample', null, one.metric, t)
      break
    case 'positions':
      for (const t of one.track.t) yield keyOf('positions', null, null, t)
      break
    case 'sample':
      yield keyOf('sample', one.recordId, one.metric, one.t)
      break
    case 'day':
      yield keyOf('day', null, one.metric, one.date)
      break
    case 'event':
      yield keyOf('event', one.externalId, one.metric, one.start)
      break
    case 'stage':
      yield keyOf('stage', null, null, one.start)
      break
    default:
      yield keyOf(one.kind, one.externalId)
  }
}
