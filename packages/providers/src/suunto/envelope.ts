import { z } from 'zod'
import { ProviderError } from '../kit/errors.ts'
import { readAnswer } from '../kit/read-answer.ts'

const envelope = z.object({ error: z.unknown().optional(), payload: z.unknown().optional() })

/** `error` may be set in an answer with status 200. */
export function payloadOf(body: unknown): unknown {
  const { error, payload } = readAnswer(envelope, body)
  if (error !== null && error !== undefined)
    throw new ProviderError('bad_data', 'Suunto answered with an error in a good status')
  return payload
}

/** Some devices send beats per second. */
export const bpmOf = (rate: number | null | undefined): number | undefined =>
  rate === null || rate === undefined || rate <= 0 ? undefined : rate < 15 ? rate * 60 : rate

/** A share; some devices send percent already. */
export const percentOf = (share: number | null | undefined): number | undefined =>
  share === null || share === undefined ? undefined : share > 1.5 ? share : share * 100
