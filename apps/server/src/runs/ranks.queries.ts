/** Which version of each record of a list was read: kept beside the ids of values, under the connection instead of a source. */
import { createHash } from 'node:crypto'
import { sql } from 'kysely'
import type { Read } from '../platform/db/database.ts'
import type { FlushStatement } from '../platform/samples/flush.queries.ts'

export interface RanksOf {
  userId: string
  connectionId: string
  /** The list. */
  name: string
}

export const hashOfKey = (name: string, key: string): Buffer =>
  createHash('sha256').update(`rank ${name}\n${key}`).digest().subarray(0, 16)

export async function findRanks(
  tx: Read,
  { userId, connectionId, name }: RanksOf,
  keys: readonly string[],
): Promise<Map<string, number>> {
  const byHash = new Map(keys.map((key) => [hashOfKey(name, key).toString('hex'), key]))
  const { rows } = await sql<{ id_hash: Buffer; rank: number }>`
    select id_hash, version::float8 as rank from record_ref
    where user_id = ${userId} and source_id = ${connectionId}
      and id_hash = any (${[...byHash.keys()].map((hash) => Buffer.from(hash, 'hex'))}::bytea[])`.execute(tx)
  return new Map(rows.map(({ id_hash, rank }) => [byHash.get(id_hash.toString('hex')) ?? '', rank]))
}

/** In the transaction of the last that the records told. No series has the number 0. */
export const putRank = {
  name: 'runs_put_rank',
  types: ['uuid', 'uuid', 'bytea', 'timestamptz', 'int8'],
  text: `
    insert into record_ref as known (user_id, source_id, id_hash, series_id, t0, version)
    select distinct on (user_id, source_id, id_hash) user_id, source_id, id_hash, 0, t0, version
    from unnest($1::uuid[], $2::uuid[], $3::bytea[], $4::timestamptz[], $5::int8[]) as n (user_id, source_id, id_hash, t0, version)
    order by user_id, source_id, id_hash, version desc
    on conflict (user_id, source_id, id_hash) do update set version = greatest(known.version, excluded.version), t0 = excluded.t0`,
} as const satisfies FlushStatement
