/** Recounts every chunk against its header. */
import { decode } from './codec.ts'
import { type ChunkHeader, headerOf } from './header.ts'
import { unpack } from './pack.ts'
import { dayOf, isAscending } from './points.ts'
import { pageOfChunks } from './read.queries.ts'
import { ask, bytesOf, type Querier, type Row } from './sql.ts'

export interface WrongChunk {
  userId: string
  seriesId: number
  /** UTC day, as its number since 1970. */
  day: number
  /** What is wrong, in words. */
  reason: string
}

/** Chunks in memory at once. */
const pageSize = 200

/** Everybody's chunks whose header or order differs from what their bytes hold: none, or something is badly broken. */
export async function findWrongChunks(client: Querier): Promise<WrongChunk[]> {
  const wrong: WrongChunk[] = []
  let after: unknown[] = ['00000000-0000-0000-0000-000000000000', 0, 0]
  for (;;) {
    const rows = await ask(client, pageOfChunks, [...after, pageSize])
    for (const row of rows) {
      const reason = faultOf(row)
      if (reason) wrong.push({ userId: row[0] ?? '', seriesId: Number(row[1]), day: Number(row[2]), reason })
    }
    const last = rows.at(-1)
    if (!last || rows.length < pageSize) return wrong
    after = last.slice(0, 3)
  }
}

function faultOf([, , day, n, tLast, vMin, vMax, vSum, bytes]: Row): string | undefined {
  try {
    const points = decode(unpack(bytesOf(bytes ?? '')))
    if (points.n === 0) return 'the chunk is empty'
    if (!isAscending(points.t)) return 'times do not ascend'
    if (dayOf(points.t[0] as number) !== Number(day) || dayOf(points.t[points.n - 1] as number) !== Number(day))
      return 'a point lies outside its day'
    const header: ChunkHeader = {
      n: Number(n),
      tLast: Number(tLast),
      vMin: Number(vMin),
      vMax: Number(vMax),
      vSum: Number(vSum),
    }
    return differing(header, headerOf(points))
  } catch (error) {
    return `the bytes cannot be read: ${(error as Error).message}`
  }
}

function differing(header: ChunkHeader, recount: ChunkHeader): string | undefined {
  const keys = Object.keys(recount) as (keyof ChunkHeader)[]
  const wrong = keys.filter(
    (key) => header[key] !== recount[key] && !(Number.isNaN(header[key]) && Number.isNaN(recount[key])),
  )
  return wrong.length > 0
    ? wrong.map((key) => `${key} is ${header[key]}, recounted ${recount[key]}`).join('; ')
    : undefined
}
