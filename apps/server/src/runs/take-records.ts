/** Records of one list of a connection, however they got here: read one by one, told by what measured them, the unreadable into quarantine. */
import {
  type Feed,
  isUnread,
  type ReadContext,
  type RecordSource,
  readRecord,
  type Told,
  type UnreadRecord,
} from '@tributary/providers/kit'
import { uuidv7 } from 'uuidv7'
import type { TakeTold, ToldAlongside, ToldTally } from '../ingest/telling.ts'
import { insertRefusedOfConnection, mostOfFeed, type NewRecord } from '../platform/quarantine/quarantine.queries.ts'
import { deleteRead } from '../platform/quarantine/waiting.queries.ts'
import { cleanText } from '../platform/readings/clean-text.ts'
import { recordText } from '../platform/readings/record-json.ts'

export interface ListOfRecords {
  userId: string
  connectionId: string
  provider: string
  providerName?: string | undefined
  /** Its name among the provider's. */
  name: string
  feed: Feed
  context: ReadContext
  evenEnded?: true
  /** Some record of the list waits in quarantine, because it could not be read: it leaves when it is read. */
  hasUnread?: boolean
  /** The best version of each record that was read before (`Feed.version`); those of this page are added. */
  ranks?: Map<string, number>
}

export interface TakenRecords {
  told: ToldTally
  unread: readonly UnreadRecord[]
}

/** As of a telling; `unread` is how many records of all could not be read, told with the last. */
export type RecordsAlongside = (last: { unread: number } | null) => readonly ToldAlongside[]

export async function takeRecords(
  takeTold: TakeTold,
  list: ListOfRecords,
  records: readonly unknown[],
  alongside: RecordsAlongside = () => [],
): Promise<TakenRecords> {
  const { userId, connectionId, provider, providerName, name } = list
  const { groups, unread } = readPage(list.feed, records, list.context, list.ranks)
  const refused = [...quarantineRows(list, unread), ...readRows(list, records, unread)]
  const telling = {
    userId,
    connectionId,
    provider,
    providerName,
    feed: name,
    ...(list.evenEnded ? { evenEnded: list.evenEnded } : {}),
  }
  const tallies: ToldTally[] = []
  const all = groups.length ? groups : [{ source: undefined, told: [] }]
  for (const [i, { source, told }] of all.entries())
    tallies.push(
      await takeTold({
        ...telling,
        source,
        told,
        alongside: (isLast) =>
          isLast && i === all.length - 1 ? [...refused, ...alongside({ unread: unread.length })] : alongside(null),
      }),
    )
  return { told: tallies.reduce(sumOf), unread }
}

interface Group {
  source: RecordSource | undefined
  told: Told[]
}

function readPage(
  feed: Feed,
  records: readonly unknown[],
  context: ReadContext,
  ranks = new Map<string, number>(),
): { groups: Group[]; unread: UnreadRecord[] } {
  const groups = new Map<string, Group>()
  const unread: UnreadRecord[] = []
  for (const record of records) {
    const read = readRecord(feed, record, context)
    if (isUnread(read)) {
      unread.push(read)
      continue
    }
    if (!read.told.length || isOutranked(feed, record, ranks)) continue
    const key = read.source?.key ?? ''
    const group = groups.get(key)
    if (group) for (const one of read.told) group.told.push(one)
    else groups.set(key, { source: read.source, told: [...read.told] })
  }
  return { groups: [...groups.values()], unread }
}

/** Of records that a provider sends again the last need not be the best. */
function isOutranked(feed: Feed, record: unknown, ranks: Map<string, number>): boolean {
  if (!feed.version) return false
  const { key, rank } = feed.version(feed.raw.parse(record))
  const best = ranks.get(key)
  if (best !== undefined && rank < best) return true
  ranks.set(key, rank)
  return false
}

function quarantineRows({ userId, connectionId, provider, name }: ListOfRecords, unread: readonly UnreadRecord[]) {
  if (!unread.length) return []
  const records: NewRecord[] = unread.slice(0, mostOfFeed).map(({ record, code, detail }, place) =>
    cleanText({
      record_id: uuidv7(),
      kind: 'record' as const,
      source_id: null,
      source: null,
      place,
      code,
      detail,
      raw: rawOf(record),
    }),
  )
  return [{ statement: insertRefusedOfConnection, row: () => [userId, connectionId, name, provider, records] }]
}

function readRows(
  { userId, connectionId, name, hasUnread }: ListOfRecords,
  records: readonly unknown[],
  unread: readonly UnreadRecord[],
) {
  if (!hasUnread) return []
  const still = new Set(unread.map(({ record }) => record))
  const raws = cleanText(records.filter((record) => !still.has(record)).map(rawOf))
  return [{ statement: deleteRead, row: () => [userId, connectionId, name, raws] }]
}

const rawOf = (record: unknown): string => recordText(record).slice(0, longestRaw)

/** A record is kept whole, or it could not be tried again; one of this length is an answer gone wrong. */
const longestRaw = 1_000_000

const sumOf = (a: ToldTally, b: ToldTally): ToldTally => ({
  received: a.received + b.received,
  inserted: a.inserted + b.inserted,
  updated: a.updated + b.updated,
  duplicates: a.duplicates + b.duplicates,
  suppressed: a.suppressed + b.suppressed,
  deleted: a.deleted + b.deleted,
  rejected: [...a.rejected, ...b.rejected],
})
