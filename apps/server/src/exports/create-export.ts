import { resolveDataType, routes } from '@tributary/protocol'
import { uuidv7 } from 'uuidv7'
import { handle } from '../platform/http/handle.ts'
import { Problem } from '../platform/problem.ts'
import { exportAnswer } from './export-answer.ts'
import { countExports, type ExportFormat, insertExport } from './exports.queries.ts'

export const createExport = handle(routes.createExport, async (call, { clock, exporter }) => {
  const { format, start_time, end_time, metrics } = call.body
  const from = start_time === undefined ? null : new Date(start_time)
  const to = end_time === undefined ? null : new Date(end_time)
  if (from && to && from >= to)
    throw new Problem('range_invalid', 'start_time must be before end_time', {
      errors: [{ pointer: '/end_time', detail: 'must be after start_time' }],
    })
  const exportId = uuidv7()
  const made = await call.write(
    async (tx) => {
      const { userId } = call.caller
      const { open, kept } = await countExports(tx, userId)
      if (open >= mostOpen || kept >= mostKept) throw tooMany(open)
      return exportAnswer(
        await insertExport(tx, {
          userId,
          exportId,
          format,
          from,
          to,
          metrics: metrics ? metrics.map(namedInCatalogue) : null,
          fileName: fileNameOf(format, clock.now()),
        }),
      )
    },
    { target: exportId },
  )
  exporter.wake()
  return made
})

/** Exports are written one after the other, and each is a copy of the data for a week: nobody fills the queue or the disk for all. */
const mostOpen = 3
const mostKept = 20

function tooMany(open: number): Problem {
  return open >= mostOpen
    ? new Problem('too_many_requests', `${mostOpen} exports are waiting or being written: wait for one of them`, {
        retryAfterSeconds: 60,
      })
    : new Problem('too_many_requests', `${mostKept} exports are kept: delete one of them first`, {
        retryAfterSeconds: 60,
      })
}

/** Aliases are understood; what is stored speaks the catalogue's names. */
function namedInCatalogue(name: string, at: number): string {
  const type = resolveDataType(name)
  if (!type)
    throw new Problem('data_type_unknown', `${name} is not in the catalogue: GET /api/v1/metrics lists what is`, {
      errors: [{ pointer: `/metrics/${at}`, code: 'data_type_unknown', detail: `${name} is not in the catalogue` }],
    })
  return type.kind === 'metric' ? type.metric : type.name
}

const fileNameOf = (format: ExportFormat, now: number): string =>
  `tributary-${new Date(now).toISOString().slice(0, 10)}.${format === 'tributary' ? 'zip' : format}`
