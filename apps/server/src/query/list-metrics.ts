import { aliasesOf, catalogue, metricIds, routes, unitsOf } from '@tributary/protocol'
import { handle } from '../platform/http/handle.ts'

const items = metricIds.map((metric) => {
  const { kind, ...line } = catalogue[metric]
  return { metric, ...line, kind: [...kind], units: unitsOf(metric), aliases: aliasesOf(metric) }
})

/** The catalogue, line by line. */
export const listMetrics = handle(routes.listMetrics, async () => ({ items, next_cursor: null }))
