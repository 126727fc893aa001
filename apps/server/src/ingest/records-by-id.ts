/** Values and events that their source knows by ids of its own: what an id stands at now, and what that means for what is told. */
import type { EventReading, Measured } from '@tributary/protocol'
import { hashOfId } from '../platform/record-id.ts'
import type { ToldSource } from '../platform/sources/connection-source.ts'
import type { Alongside, Judged } from './incoming.ts'
import { metricOf } from './names.ts'
import {
  type EventPlace,
  findEventsById,
  findRecords,
  findShared,
  type KnownRecord,
  putRecord,
  removeEvent,
} from './records-by-id.queries.ts'
import { isNamed, type NamedSample, type Placed } from './sort-told.ts'
import type { TakeToldEdges } from './take-told.ts'

interface OfProvider {
  userId: string
  sourceId: string
  provider: string
}

type PlacedReading = Placed<Measured>

export interface KnownById {
  /** An older version than is stored. */
  passedOver: Set<PlacedReading>
  /** Stored before at another time or under another metric. */
  moved: Set<PlacedReading>
  /** By the id of the value. */
  versions: Map<string, number>
  stalePoints: KnownRecord[]
  staleEvents: EventPlace[]
}

/** Where others write as well, the provider stands before its ids. */
export const ownIdOf = (id: string, { isShared }: ToldSource, provider: string): string =>
  isShared ? `${provider}:${id}` : id

export async function findById(
  { db }: Pick<TakeToldEdges, 'db'>,
  of: OfProvider,
  readings: readonly PlacedReading[],
): Promise<KnownById> {
  const known: KnownById = {
    passedOver: new Set(),
    moved: new Set(),
    versions: new Map(),
    stalePoints: [],
    staleEvents: [],
  }
  const samples = readings.filter((one): one is Placed<NamedSample> => isNamed(one.reading))
  const events = readings.filter((one): one is Placed<NamedEvent> => hasId(one.reading))
  if (!samples.length && !events.length) return known
  await db.read({ userId: of.userId }, async (tx) => {
    if (samples.length) {
      const hashes = samples.map(({ reading }) => hashOfId(of.provider, reading.recordId))
      compareSamples(known, of.provider, samples, await findRecords(tx, of, hashes))
    }
    if (events.length) {
      const ids = [...new Set(events.map(({ reading }) => reading.externalId))]
      compareEvents(known, events, await findEventsById(tx, of, ids))
    }
  })
  return known
}

type NamedEvent = EventReading & { externalId: string }
const hasId = (reading: Measured): boolean => reading.kind === 'event' && Boolean(reading.externalId)

function compareSamples(
  known: KnownById,
  provider: string,
  samples: readonly Placed<NamedSample>[],
  stored: readonly KnownRecord[],
): void {
  const byHash = new Map(stored.map((record) => [record.id_hash.toString('hex'), record]))
  for (const one of samples) {
    const { recordId, version, metric, t } = one.reading
    const record = byHash.get(hashOfId(provider, recordId).toString('hex'))
    if (record && version !== undefined && version < record.version) known.passedOver.add(one)
    else if (record && (record.metric !== metricOf(metric) || record.t !== t)) {
      known.moved.add(one)
      known.stalePoints.push(record)
    }
    known.versions.set(recordId, version ?? record?.version ?? 0)
  }
}

/** One id may stand for several events of one metric: what is told of it now is all of it. */
function compareEvents(known: KnownById, events: readonly Placed<NamedEvent>[], stored: readonly EventPlace[]): void {
  const groups = Map.groupBy(events, ({ reading }) => `${reading.metric} ${reading.externalId}`)
  const storedByKey = Map.groupBy(stored, (row) => `${row.metric} ${row.external_id}`)
  for (const [key, group] of groups) {
    const rows = storedByKey.get(key) ?? []
    const starts = new Set(group.map(({ reading }) => reading.start))
    const stale = rows.filter(({ start_at }) => !starts.has(start_at.getTime()))
    const there = new Set(rows.map(({ start_at }) => start_at.getTime()))
    known.staleEvents.push(...stale)
    for (const one of group.filter(({ reading }) => !there.has(reading.start)).slice(0, stale.length))
      known.moved.add(one)
  }
}

/** Where each kept value of an id stands from now on, and that events which were moved are no longer where they were. */
export function idRows(
  { userId, sourceId, provider }: OfProvider,
  kept: readonly PlacedReading[],
  judged: readonly Judged[],
  known: KnownById,
): Alongside[] {
  const rows: Alongside[] = known.staleEvents.map(({ metric, start_at, external_id }) => ({
    statement: removeEvent,
    row: () => [userId, sourceId, metric, start_at.getTime(), external_id],
  }))
  for (const [i, { reading }] of kept.entries()) {
    const metric = 'metric' in reading ? metricOf(reading.metric) : undefined
    const wasKept = judged[i] && judged[i].rejected.length + judged[i].suppressed === 0
    if (!isNamed(reading) || !metric || !wasKept) continue
    const row = [
      userId,
      sourceId,
      hashOfId(provider, reading.recordId),
      metric,
      reading.t,
      known.versions.get(reading.recordId) ?? 0,
    ]
    rows.push({ statement: putRecord, row: () => row })
  }
  return rows
}

/** Removes the values of some records, but for points that another record stands at as well. */
export async function forgetPoints(
  { db, store }: Pick<TakeToldEdges, 'db' | 'store'>,
  userId: string,
  gone: readonly KnownRecord[],
): Promise<void> {
  if (!gone.length) return
  const shared = await db.read({ userId }, (tx) => findShared(tx, userId, gone))
  const stay = new Set(shared.map(({ series_id, t }) => `${series_id} ${t}`))
  const leaving = gone.filter(({ series_id, t }) => !stay.has(`${series_id} ${t}`))
  for (const [seriesId, points] of Map.groupBy(leaving, ({ series_id }) => series_id))
    await store.deletePoints({ userId, seriesId, times: points.map(({ t }) => t) })
}
