/**
 * The data of a connection that has ended, source by source, each in a transaction that holds nothing while the store works. A device
 * that only this connection told of goes whole. Of one that others tell of too (a second brand, a file, the device itself) its sessions
 * go; whose its single values are nobody can say any more, so they stay.
 */
import type { Parts } from '../parts.ts'
import { Problem } from '../platform/problem.ts'
import { lockSessions, spansOfSource } from '../platform/sessions/records.queries.ts'
import { settleSessions } from '../platform/sessions/settle.ts'
import { forgetSource } from '../platform/sources/forget-source.ts'
import type { ConnectionRef } from './calls.ts'
import {
  deleteMadeDevice,
  deleteToldSessions,
  holdDeviceOf,
  holdSource,
  listSeriesOf,
  listSharedSourcesOf,
  listSourcesOf,
} from './erase-connection.queries.ts'

/** Each time a series of another metric was begun in that very moment, and there are only so many. */
export const mostTries = 20

/** Interrupted, it is called again and goes on. */
export async function eraseConnection(ref: ConnectionRef, provider: string, parts: Parts): Promise<void> {
  const { userId } = ref
  const { own, shared } = await parts.db.read({ userId }, async (tx) => ({
    own: await listSourcesOf(tx, ref),
    shared: await listSharedSourcesOf(tx, ref),
  }))
  for (const source of own) await erase(ref, source, parts)
  for (const source of shared)
    await parts.db.write({ userId }, async (tx) => {
      await holdSource(tx, userId, source)
      await lockSessions(tx, userId) // after the source, as everybody does
      const spans = await spansOfSource(tx, userId, source)
      await deleteToldSessions(tx, userId, source, provider)
      await settleSessions(tx, userId, spans)
    })
}

async function erase(
  ref: ConnectionRef,
  sourceId: string,
  { db, store, deviceSources, authenticator }: Parts,
): Promise<void> {
  const { userId } = ref
  for (let tries = 0; tries < mostTries; tries++) {
    const seriesIds = await db.read({ userId }, (tx) => listSeriesOf(tx, userId, sourceId))
    if (seriesIds.length) await store.erase(userId, seriesIds)
    const gone = await db.write({ userId }, async (tx) => {
      await holdDeviceOf(tx, userId, sourceId)
      await holdSource(tx, userId, sourceId)
      if ((await listSeriesOf(tx, userId, sourceId)).length) return undefined // a value was still on its way
      const device = await deleteMadeDevice(tx, ref, sourceId)
      await forgetSource(tx, userId, sourceId)
      return { device }
    })
    if (!gone) continue
    const { device } = gone
    if (device === undefined) return
    deviceSources.forget(device)
    authenticator.forget((caller) => caller.deviceId === device)
    return
  }
  throw new Problem('busy', undefined, { retryAfterSeconds: 1 })
}
