import type pg from 'pg'
import type { Database } from '../../platform/db/database.ts'
import { decode } from '../../platform/samples/codec.ts'
import { unpack } from '../../platform/samples/pack.ts'
import { isAscending } from '../../platform/samples/points.ts'
import { findWrongChunks, type WrongChunk } from '../../platform/samples/verify.ts'

export interface Recount {
  wrong: WrongChunk[]
  /** Days of series that are packed, pieces that still wait for it, and the samples that the heads of both tell of. */
  days: number
  pieces: number
  samples: number
}

/** Everything that is stored of samples, unpacked and held against its head. */
export async function recount({ writerPool }: Database): Promise<Recount> {
  const client = await writerPool.connect()
  try {
    const wrong = [...(await findWrongChunks(client)), ...(await findWrongSegments(client))]
    const { rows } = await client.query<{ days: number; packed: number; pieces: number; hot: number }>(
      `select (select count(*) from chunk)::int8 as days, (select coalesce(sum(n), 0) from chunk)::int8 as packed,
         (select count(*) from segment)::int8 as pieces, (select coalesce(sum(n), 0) from segment)::int8 as hot`,
    )
    const { days = 0, packed = 0, pieces = 0, hot = 0 } = rows[0] ?? {}
    return { wrong, days, pieces, samples: packed + hot }
  } finally {
    client.release()
  }
}

/** Pieces in memory at once: each is half a page at most. */
const pageSize = 2_000

interface SegmentRow {
  user_id: string
  series_id: number
  t0: string
  seq: number
  first: number
  last: number
  n: number
  data: Buffer
}

async function findWrongSegments(client: pg.PoolClient): Promise<WrongChunk[]> {
  const wrong: WrongChunk[] = []
  let after: unknown[] = ['00000000-0000-0000-0000-000000000000', 0, '-infinity', 0]
  for (;;) {
    const { rows } = await client.query<SegmentRow>(
      `select user_id, series_id, t0::text as t0, seq, (extract(epoch from t0) * 1000)::int8 as first, (extract(epoch from t1) * 1000)::int8 as last, n, data
       from segment
       where (user_id, series_id, t0, seq) > ($1::uuid, $2::int8, $3::timestamptz, $4::int8)
       order by user_id, series_id, t0, seq
       limit ${pageSize}`,
      after,
    )
    for (const row of rows) {
      const reason = faultOf(row)
      if (reason)
        wrong.push({ userId: row.user_id, seriesId: row.series_id, day: Math.floor(row.first / 86_400_000), reason })
    }
    const last = rows.at(-1)
    if (!last || rows.length < pageSize) return wrong
    after = [last.user_id, last.series_id, last.t0, last.seq]
  }
}

function faultOf({ first, last, n, data }: SegmentRow): string | undefined {
  try {
    const points = decode(unpack(data))
    if (points.n !== n) return `a piece says it has ${n} points, and has ${points.n}`
    if (!isAscending(points.t)) return 'times of a piece do not ascend'
    return points.t[0] === first && points.t[n - 1] === last ? undefined : 'a piece lies at other times than it says'
  } catch (error) {
    return `the bytes of a piece cannot be read: ${(error as Error).message}`
  }
}
