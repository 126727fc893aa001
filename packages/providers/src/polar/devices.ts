import type { RecordSource } from '../kit/feed.ts'
import { thingOf } from '../kit/thing.ts'

/** Exercises name the device, nights and tests only its number. */
export const deviceOf = (id: string | null | undefined, name?: string | null): RecordSource | undefined =>
  thingOf('Polar', id, name)
