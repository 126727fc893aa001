import type { SessionPart } from '../../api/types.ts'
import type { Stretch } from './splits.ts'

/** In milliseconds from the start of the session. */
export function pausesOf(parts: readonly SessionPart[], begin: number): Stretch[] {
  return parts
    .filter(({ kind }) => kind === 'pause')
    .map(({ start_time, end_time }) => ({ from: Date.parse(start_time) - begin, to: Date.parse(end_time) - begin }))
}
