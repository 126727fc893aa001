import { CompiledQuery } from 'kysely'
import type { Querier } from '../samples/sql.ts'
import type { Write } from './database.ts'

/** Lets the sample store join a request's own transaction, for statements that answer nothing: rows would come as objects, not as lists of text. */
export const querierOf = (tx: Write): Querier => ({
  query: async ({ text, values }) => {
    await tx.executeQuery(CompiledQuery.raw(text, values))
    return { rows: [] }
  },
})
