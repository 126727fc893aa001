/**
 * Ids of a phone's store. A point and an event know their own (`parts.takeTold`); here are the rest: values of days and stages, which
 * are kept by where they stand, versions of sessions, and records whose many values became fewer.
 */
import { type PhoneTold, partId } from '@tributary/formats/phone-batch'
import type { Reading } from '@tributary/protocol'
import type { Told } from '@tributary/providers/kit'
import type { Parts } from '../../parts.ts'
import { hashOfId } from '../../platform/record-id.ts'
import {
  deletePhoneRecords,
  findPhoneRecords,
  findValuesById,
  type PhoneRecordRow,
  putPhoneRecords,
  sourceOfKey,
} from './phone.queries.ts'

export interface PhonePlace {
  userId: string
  connectionId: string
  provider: string
}

type Edges = Pick<Parts, 'db' | 'deleteReadings'>

/** Records whose newer version is stored already. */
export async function findOvertaken(
  { db }: Edges,
  { userId, connectionId, provider }: PhonePlace,
  records: readonly PhoneTold[],
): Promise<Set<PhoneTold>> {
  const byHash = new Map(
    records.filter(isKept).map((record) => [hashOfId(provider, record.id).toString('hex'), record]),
  )
  const known = await db.read({ userId }, (tx) =>
    findPhoneRecords(tx, userId, connectionId, [...byHash.keys()].map(fromHex)),
  )
  const overtaken = known.flatMap(({ id_hash, version }) => {
    const record = byHash.get(id_hash.toString('hex'))
    return record && record.version !== undefined && record.version < version ? [record] : []
  })
  return new Set(overtaken)
}

/** Ids of values that a record had before and has no more. */
export async function findShed(
  { db }: Edges,
  { userId, provider }: PhonePlace,
  records: readonly PhoneTold[],
): Promise<string[]> {
  return findParts(
    db,
    userId,
    provider,
    records
      .filter(({ id }) => id)
      .map(({ id, readings }) => ({ id, from: Math.max(1, readings.filter(({ kind }) => kind === 'sample').length) })),
  )
}

/** Of records that are gone: all their values. */
export async function idsOf(
  { db }: Edges,
  { userId, provider }: PhonePlace,
  gone: readonly string[],
): Promise<string[]> {
  return [
    ...gone,
    ...(await findParts(
      db,
      userId,
      provider,
      gone.map((id) => ({ id, from: 1 })),
    )),
  ]
}

/** Parts are numbered without gaps, so of each record the first that is not there ends the search. */
async function findParts(
  db: Parts['db'],
  userId: string,
  provider: string,
  records: readonly { id: string; from: number }[],
): Promise<string[]> {
  const found: string[] = []
  let open = records
  for (let width = 1; open.length; width *= 4) {
    const asked = open.flatMap(({ id, from }) =>
      Array.from({ length: width }, (_, i) => ({ id, place: from + i, part: partId(id, from + i) })),
    )
    const hashes = new Map(asked.map((one) => [hashOfId(provider, one.part).toString('hex'), one]))
    const there = new Set(
      (await db.read({ userId }, (tx) => findValuesById(tx, userId, [...hashes.keys()].map(fromHex)))).map((hash) =>
        hash.toString('hex'),
      ),
    )
    const last = new Map(open.map(({ id, from }) => [id, from + width]))
    for (const [hash, { id, place, part }] of hashes) {
      if (there.has(hash)) found.push(part)
      else last.set(id, Math.min(last.get(id) ?? place, place))
    }
    open = open.flatMap(({ id, from }) => (last.get(id) === from + width ? [{ id, from: from + width }] : []))
  }
  return found
}

/** Notes where rows of each record stand from now on; what stood elsewhere under the same id goes. */
export async function noteRows(
  { db, deleteReadings }: Edges,
  place: PhonePlace,
  sourceKey: string,
  records: readonly PhoneTold[],
): Promise<void> {
  const { userId, connectionId, provider } = place
  const kept = records.filter(isKept)
  if (!kept.length) return
  await db.write({ userId }, async (tx) => {
    const sourceId = (await sourceOfKey(tx, userId, connectionId, sourceKey)) ?? null
    const rows = kept.map(
      (record): PhoneRecordRow => ({
        id_hash: hashOfId(provider, record.id),
        version: record.version ?? 0,
        source_id: sourceId,
        ...standOf(record.readings),
      }),
    )
    const before = await findPhoneRecords(
      tx,
      userId,
      connectionId,
      rows.map(({ id_hash }) => id_hash),
    )
    const now = new Map(rows.map((row) => [row.id_hash.toString('hex'), row]))
    for (const old of before) {
      const row = now.get(old.id_hash.toString('hex'))
      if (row && (row.type !== old.type || row.at?.getTime() !== old.at?.getTime()))
        await remove(tx, deleteReadings, userId, old)
    }
    await putPhoneRecords(tx, userId, connectionId, rows)
  })
}

/** Takes away values of days and stages; answers how many of the ids stood for one. */
export async function forgetRows(
  { db, deleteReadings }: Edges,
  { userId, connectionId, provider }: PhonePlace,
  gone: readonly string[],
): Promise<string[]> {
  if (!gone.length) return []
  const byHash = new Map(gone.map((id) => [hashOfId(provider, id).toString('hex'), id]))
  return db.write({ userId }, async (tx) => {
    const rows = await findPhoneRecords(tx, userId, connectionId, [...byHash.keys()].map(fromHex))
    const removed: string[] = []
    for (const row of rows)
      if (await remove(tx, deleteReadings, userId, row)) removed.push(byHash.get(row.id_hash.toString('hex')) ?? '')
    await deletePhoneRecords(
      tx,
      userId,
      connectionId,
      rows.map(({ id_hash }) => id_hash),
    )
    return removed
  })
}

async function remove(
  tx: Parameters<Parts['deleteReadings']>[0],
  deleteReadings: Parts['deleteReadings'],
  userId: string,
  { source_id, type, at }: PhoneRecordRow,
): Promise<boolean> {
  if (!source_id || !type || !at) return false
  const from = at.getTime()
  return (await deleteReadings(tx, { userId, sourceId: source_id, types: [type], from, to: from + 1 })) > 0
}

const isKept = ({ id, readings }: PhoneTold): boolean =>
  id !== '' && readings.some(({ kind }) => kind === 'day' || kind === 'stage' || kind === 'session')

function standOf(readings: readonly Reading[]): Pick<PhoneRecordRow, 'type' | 'at'> {
  const row = readings.find((reading) => reading.kind === 'day' || reading.kind === 'stage')
  if (row?.kind === 'day') return { type: row.metric, at: new Date(`${row.date}T00:00:00Z`) }
  return row?.kind === 'stage' ? { type: 'sleep', at: new Date(row.start) } : { type: null, at: null }
}

export const forget = (externalId: string): Told => ({ kind: 'forget', externalId })

const fromHex = (hex: string): Buffer => Buffer.from(hex, 'hex')
