import type { FlushStatement } from './flush.queries.ts'
import { arrayOf } from './pg-arrays.ts'
import { ask, type Querier, type Row } from './sql.ts'

/** Runs a statement whose parameters are columns, one array each. */
export function insert(client: Querier, statement: FlushStatement, rows: readonly unknown[][]): Promise<Row[]> {
  const columns = statement.types.map((type, column) =>
    arrayOf(
      type,
      rows.map((row) => row[column]),
    ),
  )
  return ask(client, statement, columns)
}
