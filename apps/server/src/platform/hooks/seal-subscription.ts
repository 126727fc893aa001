/** What undoes a connection's own subscription at its provider: sealed with the person's key, beside the connection's other secrets. */
import type { Read, Write } from '../db/database.ts'
import type { SealedPlace, Sealing } from '../sealing.ts'
import { findConnectionHook, keepConnectionHook } from './hook-secrets.queries.ts'

export interface HookPlace {
  userId: string
  connectionId: string
  provider: string
}

const placeOf = ({ userId, connectionId, provider }: HookPlace): SealedPlace => ({
  userId,
  table: 'connection_secrets',
  row: connectionId,
  column: 'hook',
  provider,
})

export async function keepOwnSubscription(
  sealing: Sealing,
  tx: Write,
  place: HookPlace,
  told: Record<string, string>,
  at: Date,
): Promise<void> {
  await keepConnectionHook(tx, place, await sealing.seal(tx, placeOf(place), JSON.stringify(told)), at)
}

/** Undefined when it has none. */
export async function findOwnSubscription(
  sealing: Sealing,
  tx: Read,
  place: HookPlace,
): Promise<Record<string, string> | undefined> {
  const kept = await findConnectionHook(tx, place)
  return kept && JSON.parse(await sealing.open(tx, placeOf(place), kept.sealed))
}
