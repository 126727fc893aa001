import { uuidv7 } from 'uuidv7'

/** What a person deleted and does not want back. Null means any. */
export interface Suppression {
  id: string
  userId: string
  sourceId: string | null
  /** A metric or a compound (`sleep`, `gps`, `blood_pressure`). */
  metric: string | null
  /** Of one session or event; it then covers nothing else. */
  externalId: string | null
  /** Milliseconds: what begins in [from, to). Infinite where open. */
  from: number
  to: number
}

/** Of one thing, by the id it has at its source. */
export const suppressionOfOne = (of: { userId: string; sourceId: string; externalId: string }): Suppression => ({
  id: uuidv7(),
  ...of,
  metric: null,
  from: Number.NEGATIVE_INFINITY,
  to: Number.POSITIVE_INFINITY,
})

/** Something on its way in, at the time by which it would be deleted. */
export interface Arriving {
  metric: string
  at: number
  externalId?: string
}

export const coversSource = ({ sourceId }: Suppression, of: string): boolean => sourceId === null || sourceId === of

export function covers(suppression: Suppression, { metric, at, externalId }: Arriving): boolean {
  if (suppression.externalId !== null && suppression.externalId !== externalId) return false
  if (suppression.metric !== null && suppression.metric !== metric) return false
  return at >= suppression.from && at < suppression.to
}
