import type { Write } from '../platform/db/database.ts'
import { GuardTaken } from '../platform/samples/errors.ts'
import { whileOpen } from '../platform/sources/open-connection.ts'
import { runFlushStatement } from './flush-statement.queries.ts'
import type { Telling } from './telling.ts'

/** In a transaction that is no flush: the same that `whileOpen` is in one. */
export async function assertOpen(tx: Write, telling: Telling): Promise<void> {
  if (telling.evenEnded) return
  const { statement, row, key } = whileOpen(telling)
  if (!(await runFlushStatement(tx, statement, row)).length) throw new GuardTaken(key)
}
