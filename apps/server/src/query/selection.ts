/** Which data types a request asks for. */
import { type CompoundName, compoundNames, type MetricId, metricIds, resolveDataType } from '@tributary/protocol'
import { Problem } from '../platform/problem.ts'

export interface Selection {
  /** Everything was asked for: what is stored decides. */
  all: boolean
  metrics: ReadonlySet<string>
  compounds: ReadonlySet<CompoundName>
}

const everything: Selection = { all: true, metrics: new Set(metricIds), compounds: new Set(compoundNames) }

/** Aliases are understood; the answer speaks the catalogue's names. */
export function selectionOf(dataType: string | string[] | undefined, pointer = 'data_type'): Selection {
  if (dataType === undefined) return everything
  const metrics = new Set<MetricId>()
  const compounds = new Set<CompoundName>()
  for (const name of [dataType].flat()) {
    const type = resolveDataType(name)
    if (!type)
      throw new Problem('data_type_unknown', `${name} is not in the catalogue: GET /api/v1/metrics lists what is`, {
        errors: [{ pointer, code: 'data_type_unknown', detail: `${name} is not in the catalogue` }],
      })
    if (type.kind === 'metric') metrics.add(type.metric)
    else compounds.add(type.name)
  }
  return { all: false, metrics, compounds }
}

export interface Range {
  /** Milliseconds; from is in, to is out; may be infinite. */
  from: number
  to: number
}

export function rangeOf(start: string | undefined, end: string | undefined): Range {
  const from = start === undefined ? Number.NEGATIVE_INFINITY : Date.parse(start)
  const to = end === undefined ? Number.POSITIVE_INFINITY : Date.parse(end)
  if (from >= to)
    throw new Problem('range_invalid', 'start_time must be before end_time', {
      errors: [{ pointer: 'end_time', detail: 'must be after start_time' }],
    })
  return { from, to }
}
