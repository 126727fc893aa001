/** The person's things, and how records name them: by a number, or by a UUID that ends with it. */
import { z } from 'zod'
import type { RecordSource } from '../kit/feed.ts'
import { thingOf } from '../kit/thing.ts'
import { text } from './wire.ts'

export const Reference = z.object({ uuid: text, deviceId: text }).nullish()

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-0000([0-9a-f]{8})$/i

/** By the number that is printed on the thing, by which AccessLink v3 knows it too. */
export function deviceOf(reference: string | null | undefined, name?: string | null): RecordSource | undefined {
  const number = reference && (uuid.exec(reference)?.[1] ?? reference).toUpperCase()
  return thingOf('Polar', number, name)
}

export const deviceIn = (reference: z.infer<typeof Reference>): RecordSource | undefined =>
  deviceOf(reference?.deviceId ?? reference?.uuid)
