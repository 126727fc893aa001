/** Providers' answers, kept for a while as they came: compressed, sealed with the person's key, so that a mended mapping can read them again. */
import { promisify } from 'node:util'
import { zstdCompress, zstdDecompress } from 'node:zlib'
import { uuidv7 } from 'uuidv7'
import type { Database } from '../platform/db/database.ts'
import { recordOf, recordText } from '../platform/readings/record-json.ts'
import type { SealedPlace, Sealing } from '../platform/sealing.ts'
import { deleteRawBefore, findRawAfter, insertRaw } from './raw-payloads.queries.ts'

export interface RawEdges {
  db: Database
  sealing: Sealing
  clock: { now(): number }
  /** RAW_PAYLOAD_DAYS; 0 keeps none. */
  rawPayloadDays: number
}

export interface RawOf {
  userId: string
  connectionId: string
  syncId: string | null
  provider: string
  feed: string
}

const compress = promisify(zstdCompress)
const decompress = promisify(zstdDecompress)

/** Of one row, before compression: a page with files in it becomes several. */
const mostText = 4_000_000
const dayMs = 86_400_000

const placeOf = ({ userId, provider }: Pick<RawOf, 'userId' | 'provider'>, row: string): SealedPlace => ({
  userId,
  table: 'raw_payloads',
  row,
  column: 'sealed',
  provider,
})

export async function keepRaw(
  { db, sealing, clock, rawPayloadDays }: RawEdges,
  of: RawOf,
  records: readonly unknown[],
): Promise<void> {
  if (!rawPayloadDays || !records.length) return
  for (const lines of packed(records.map(recordText))) {
    const bytes = await compress(Buffer.from(`[${lines.join(',')}]`))
    const payloadId = uuidv7()
    await db.write({ userId: of.userId }, async (tx) => {
      const sealed = Buffer.from(await sealing.seal(tx, placeOf(of, payloadId), bytes))
      const at = new Date(clock.now())
      await insertRaw(tx, { ...of, payloadId, at, records: lines.length, bytes: sealed.length, sealed })
    })
  }
}

function packed(texts: readonly string[]): string[][] {
  const packs: string[][] = []
  let room = 0
  for (const text of texts) {
    if (room < text.length || !packs.length) {
      packs.push([])
      room = mostText
    }
    packs.at(-1)?.push(text)
    room -= text.length
  }
  return packs
}

export interface KeptPage {
  fetchedAt: number
  records: readonly unknown[]
}

/** What is kept of a list, in the order it came. */
export async function* readRaw(
  { db, sealing }: RawEdges,
  of: { userId: string; connectionId: string; feed: string },
): AsyncGenerator<KeptPage> {
  for (let after: string | null = null; ; ) {
    const row = await db.read({ userId: of.userId }, async (tx) => {
      const kept = await findRawAfter(tx, of, after)
      if (!kept) return undefined
      const place = placeOf({ userId: of.userId, provider: kept.provider }, kept.payload_id)
      return { kept, bytes: await sealing.openBytes(tx, place, kept.sealed.toString('ascii')) }
    })
    if (!row) return
    after = row.kept.payload_id
    const text = (await decompress(row.bytes)).toString('utf8')
    yield { fetchedAt: row.kept.fetched_at.getTime(), records: recordOf(text) as unknown[] }
  }
}

/** With 0 days all that is there goes. */
export const forgetOldRaw = ({ db, clock, rawPayloadDays }: RawEdges): Promise<void> =>
  db.asWriter((tx) => deleteRawBefore(tx, new Date(clock.now() - rawPayloadDays * dayMs)))
