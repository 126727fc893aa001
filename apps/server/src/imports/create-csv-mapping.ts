import { resolveDataType, routes } from '@tributary/protocol'
import { uuidv7 } from 'uuidv7'
import { handle } from '../platform/http/handle.ts'
import { Problem } from '../platform/problem.ts'
import { headerHash, mappingAnswer } from './csv-mapping.ts'
import { putMapping, queueWaiting } from './csv-mappings.queries.ts'

export const createCsvMapping = handle(routes.createCsvMapping, async (call, { imports }) => {
  const { userId } = call.caller
  const { source_name = null, ...said } = call.body
  const mapping = { ...said, source_name }
  assertFits(mapping)
  const hash = headerHash(mapping.columns)
  const made = await call.write(async (tx) => {
    const row = await putMapping(tx, { userId, mappingId: uuidv7(), headerHash: hash, mapping })
    await queueWaiting(tx, userId, hash)
    return mappingAnswer(row)
  })
  imports.wake()
  return made
})

function assertFits({ columns, time, values }: Parameters<typeof mappedColumns>[0] & { columns: string[] }): void {
  for (const [i, { metric }] of values.entries())
    if (resolveDataType(metric)?.kind !== 'metric')
      throw new Problem('data_type_unknown', `${metric} is not in the catalogue`, {
        errors: [{ pointer: `/values/${i}/metric`, detail: 'is not in the catalogue' }],
      })
  for (const { pointer, column } of mappedColumns({ time, values }))
    if (!columns.includes(column))
      throw new Problem('invalid_request', `${pointer}: is none of the columns`, {
        errors: [{ pointer, detail: 'is none of the columns' }],
      })
}

interface Mapped {
  time: { column: string; time_column?: string | undefined }
  values: { column: string; metric: string }[]
}

const mappedColumns = ({ time, values }: Mapped) => [
  { pointer: '/time/column', column: time.column },
  ...(time.time_column === undefined ? [] : [{ pointer: '/time/time_column', column: time.time_column }]),
  ...values.map(({ column }, i) => ({ pointer: `/values/${i}/column`, column })),
]
