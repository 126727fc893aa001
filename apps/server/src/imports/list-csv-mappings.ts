import { routes } from '@tributary/protocol'
import { handle } from '../platform/http/handle.ts'
import { mappingAnswer } from './csv-mapping.ts'
import { listMappings } from './csv-mappings.queries.ts'

export const listCsvMappings = handle(routes.listCsvMappings, (call) =>
  call.read(async (tx) => ({
    items: (await listMappings(tx, call.caller.userId)).map(mappingAnswer),
    next_cursor: null,
  })),
)
