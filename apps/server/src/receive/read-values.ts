/** The values of document 2's body, as readings. */
import { type DataType, type Measured, primaryKind, type Rejection } from '@tributary/protocol'
import { readParts } from './read-parts.ts'
import { readSamples } from './read-samples.ts'
import type { RawValue } from './value-form.ts'

export interface ReadValues {
  readings: Measured[]
  received: number
  /** Those whose form is wrong. */
  rejected: Rejection[]
}

/** The batch's own time, which values without one take. */
export interface BatchTime {
  ms: number
  /** Minutes east of UTC, or `noOffset`. */
  offset: number
}

export function readValues(
  values: readonly RawValue[],
  type: DataType,
  unit: string | undefined,
  time: BatchTime | null,
): ReadValues {
  const read: ReadValues = { readings: [], received: values.length, rejected: [] }
  if (type.kind === 'metric' && primaryKind(type.metric) !== 'E') readSamples(values, type.metric, unit, time, read)
  else readParts(values, type.kind === 'metric' ? type.metric : type.name, unit, time, read)
  return read
}
