import type { Database } from '../../platform/db/database.ts'
import { findWrongChunks, type WrongChunk } from '../../platform/samples/verify.ts'

export interface Recount {
  wrong: WrongChunk[]
  /** Days of series that are packed, and the samples their headers tell of. */
  days: number
  samples: number
}

export async function recount({ writerPool }: Database): Promise<Recount> {
  const client = await writerPool.connect()
  try {
    const wrong = await findWrongChunks(client)
    const { rows } = await client.query<{ days: number; samples: number }>(
      'select count(*)::int8 as days, coalesce(sum(n), 0)::int8 as samples from chunk',
    )
    return { wrong, days: rows[0]?.days ?? 0, samples: rows[0]?.samples ?? 0 }
  } finally {
    client.release()
  }
}
