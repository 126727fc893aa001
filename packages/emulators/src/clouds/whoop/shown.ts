/** A record as it is shown at a moment: what has just arrived is not scored yet. */
import type { Kept } from '../kit/accounts.ts'
import { isoUtc } from '../kit/times.ts'

/** The page does not say how long scoring takes: ours. */
export const scoringMs = 600_000

const isPending = ({ feed, body, createdAt }: Kept, now: number) =>
  feed !== 'cycle' && body['score_state'] === 'SCORED' && now < createdAt + scoringMs

/** A recovery comes with the score of its night. */
export const exists = (kept: Kept, now: number): boolean => kept.feed !== 'recovery' || !isPending(kept, now)

export function shown(kept: Kept, now: number): Record<string, unknown> {
  const { body, createdAt, updatedAt } = kept
  const { score, score_state, ...rest } = body
  const pending = isPending(kept, now)
  const scoredAt = createdAt + scoringMs
  return {
    ...rest,
    created_at: isoUtc(createdAt),
    updated_at: isoUtc(pending ? createdAt : Math.min(now, Math.max(updatedAt, scoredAt))),
    score_state: pending ? 'PENDING_SCORE' : score_state,
    ...(pending || score === undefined ? {} : { score }),
  }
}
