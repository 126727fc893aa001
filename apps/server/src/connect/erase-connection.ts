/**
 * The data of a connection that has ended, source by source, each in a transaction that holds nothing while the store works. A device
 * that only this connection told of goes whole. Of one that others tell of too (a second brand, a file, the device itself) its sessions
 * go; whose its single values are nobody can say any more, so they stay.
 */
import type { Parts } from '../parts.ts'
import { lockSessions, spansOfSource } from '../platform/sessions/records.queries.ts'
import { settleSessions } from '../platform/sessions/settle.ts'
import { eraseHeld, forgetSource } from '../platform/sources/forget-source.ts'
import { holdDevice } from '../platform/sources/hold-device.queries.ts'
import { Unsettled, untilSettled } from '../platform/sources/until-settled.ts'
import type { ConnectionRef } from './calls.ts'
import {
  deleteToldDevice,
  deleteToldSessions,
  holdSource,
  listSeriesOf,
  listSharedSourcesOf,
  listSourcesOf,
} from './erase-connection.queries.ts'

/** Interrupted, it is called again and goes on. */
export async function eraseConnection(ref: ConnectionRef, provider: string, parts: Parts): Promise<void> {
  const { userId } = ref
  const { own, shared } = await parts.db.read({ userId }, async (tx) => ({
    own: await listSourcesOf(tx, ref),
    shared: await listSharedSourcesOf(tx, ref),
  }))
  for (const { source_id: sourceId, device_id: deviceId } of own)
    await (deviceId === null ? erase(ref, sourceId, parts) : eraseDevice(ref, deviceId, parts))
  for (const source of shared)
    await parts.db.write({ userId }, async (tx) => {
      await holdSource(tx, userId, source)
      await lockSessions(tx, userId) // after the source, as everybody does
      const spans = await spansOfSource(tx, userId, source)
      await deleteToldSessions(tx, userId, source, provider)
      await settleSessions(tx, userId, spans)
    })
}

const erase = ({ userId }: ConnectionRef, sourceId: string, { db, store }: Parts): Promise<void> =>
  untilSettled(async () => {
    const seriesIds = await db.read({ userId }, (tx) => listSeriesOf(tx, userId, sourceId))
    if (seriesIds.length) await store.erase(userId, seriesIds)
    await db.write({ userId }, async (tx) => {
      await holdSource(tx, userId, sourceId)
      if ((await listSeriesOf(tx, userId, sourceId)).length) throw new Unsettled('a value was still on its way')
      await forgetSource(tx, userId, sourceId)
    })
  })

/** Whole or not at all, and only while nothing else tells of it: whoever uploads to it for the first time waits for the device that is held here. */
async function eraseDevice(
  ref: ConnectionRef,
  deviceId: string,
  { db, store, deviceSources, authenticator }: Parts,
): Promise<void> {
  const { userId } = ref
  await untilSettled(() =>
    db.write({ userId }, async (tx) => {
      const held = await holdDevice(tx, userId, deviceId)
      if (!held?.source) return
      const { sourceId } = held.source
      if (!(await listSourcesOf(tx, ref)).some(({ source_id }) => source_id === sourceId)) return
      await eraseHeld(tx, store, userId, held)
      await deleteToldDevice(tx, userId, deviceId)
    }),
  )
  deviceSources.forget(deviceId)
  authenticator.forget((caller) => caller.deviceId === deviceId)
}
