import { CompiledQuery } from 'kysely'
import type { Write } from '../platform/db/database.ts'
import type { FlushStatement } from '../platform/samples/flush.queries.ts'
import { arrayOf } from '../platform/samples/pg-arrays.ts'

/** Runs a statement that is made for a flush with a single row, outside of one. */
export async function runFlushStatement(
  tx: Write,
  { text, types }: FlushStatement,
  row: readonly unknown[],
): Promise<unknown[]> {
  const columns = types.map((type, i) => arrayOf(type, [row[i]]))
  const { rows } = await tx.executeQuery(CompiledQuery.raw(text, columns))
  return rows
}
