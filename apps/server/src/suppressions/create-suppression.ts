import { catalogue, type DataType, resolveDataType, routes } from '@tributary/protocol'
import { uuidv7 } from 'uuidv7'
import { handle } from '../platform/http/handle.ts'
import { must } from '../platform/must.ts'
import { Problem } from '../platform/problem.ts'
import { keepAway } from '../platform/suppressions/keep-away.ts'
import { suppressionAnswer } from './suppression-answer.ts'
import { findSuppressionRow, hasSource } from './suppressions.queries.ts'

/** Deletes a stretch of time and keeps it deleted. */
export const createSuppression = handle(routes.createSuppression, async (call, parts) => {
  const { userId } = call.caller
  const { source_id: sourceId = null, metric, start_time, end_time } = call.body
  const [from, to] = [Date.parse(start_time), Date.parse(end_time)]
  if (from >= to)
    throw new Problem('range_invalid', 'start_time must be before end_time', {
      errors: [{ pointer: '/end_time', detail: 'must be after start_time' }],
    })
  const type = metric === undefined ? null : typeOf(metric)
  if (sourceId && !(await call.read((tx) => hasSource(tx, userId, sourceId)))) throw new Problem('not_found')
  const wanted = { id: uuidv7(), userId, sourceId, metric: type?.name ?? null, externalId: null, from, to }
  return keepAway(
    parts,
    [{ ...wanted, title: type?.title ?? 'Everything' }],
    (work) => call.write(work, { target: wanted.id }),
    async (tx, deleted) => {
      const row = must(await findSuppressionRow(tx, userId, wanted.id), 'a suppression that was made is there')
      return { ...suppressionAnswer(row), deleted }
    },
  )
})

/** Under the catalogue's own name, whatever alias was sent. */
function typeOf(name: string): { name: string; title: string } {
  const type: DataType | undefined = resolveDataType(name)
  if (!type)
    throw new Problem('data_type_unknown', `${name} is not in the catalogue: GET /api/v1/metrics lists what is`, {
      errors: [{ pointer: '/metric', code: 'data_type_unknown', detail: `${name} is not in the catalogue` }],
    })
  return type.kind === 'metric'
    ? { name: type.metric, title: catalogue[type.metric].title }
    : { name: type.name, title: type.name }
}
