/** What became of each body, so that received = accepted + changed + duplicates + suppressed + rejected, always. */
import type { data, Rejection } from '@tributary/protocol'
import type { z } from 'zod'
import type { Judged, ReadingTally } from '../ingest/incoming.ts'
import type { UnusableBody, UsableBody } from './upload.ts'

export type UploadResult = z.input<typeof data.UploadResult>
export type UploadTotals = z.input<typeof data.UploadTotals>

/** A body that is stored, with its place among all bodies and its readings among all readings. */
export interface Batch {
  body: UsableBody
  batchId: string
  first: number
}

/** Losses in the order in which the values were sent: those of form, which never became readings, and those ingest found. */
export function lossesOf(body: Pick<UsableBody, 'rejected'>, judged: readonly Judged[]): Rejection[] {
  const all = [...body.rejected, ...judged.flatMap(({ rejected }) => rejected)]
  return all.length > 1 ? all.sort((a, b) => a.index - b.index) : all
}

export function resultOf({ body, batchId }: Batch, deviceId: string, tallies: readonly ReadingTally[]): UploadResult {
  const sum = (key: 'accepted' | 'changed' | 'duplicates' | 'suppressed') =>
    tallies.reduce((total, tally) => total + tally[key], 0)
  return {
    batch_id: batchId,
    device_id: deviceId,
    data_type: body.dataType,
    received: body.received,
    accepted: sum('accepted'),
    duplicates: sum('duplicates'),
    changed: sum('changed'),
    suppressed: sum('suppressed'),
    rejected: lossesOf(body, tallies),
    quality_score: qualityOf(body, tallies),
    validated: true,
    processed: true,
  }
}

/** The mean of what was stated, times how accurate the device calls itself; null when no value states anything. */
function qualityOf({ metadata }: UsableBody, tallies: readonly ReadingTally[]): number | null {
  let n = 0
  let sum = 0
  for (const { quality, qualities } of tallies) {
    n += qualities
    sum += (quality ?? 0) * qualities
  }
  return n === 0 ? null : Math.round((sum / n) * (metadata?.accuracy ?? 1) * 1e6) / 1e6
}

/** Codes by their place in the list that was sent. */
export function failureOf(index: number, { code, detail, errors }: UnusableBody) {
  return { index, code, detail, errors }
}

/** What an answer lists of a body whose every value was lost. Enough to mend it, not a second copy of it. */
const mostErrors = 100

export function allRejected(losses: readonly Rejection[]): UnusableBody {
  return {
    code: 'all_values_rejected',
    detail: losses[0] ? `Value ${losses[0].index}: ${losses[0].detail}` : 'None of the values could be kept',
    received: losses.length,
    errors: losses
      .slice(0, mostErrors)
      .map(({ index, code, detail }) => ({ pointer: `/values/${index}`, code, detail })),
  }
}

/** Of a list: the sum of its results, and of what was lost with whole bodies. */
export function totalsOf(results: readonly UploadResult[], failures: readonly UnusableBody[]): UploadTotals {
  const sum = (of: (result: UploadResult) => number) => results.reduce((total, result) => total + of(result), 0)
  const lost = failures.reduce((total, { received = 0 }) => total + received, 0)
  return {
    received: sum((result) => result.received) + lost,
    accepted: sum((result) => result.accepted),
    duplicates: sum((result) => result.duplicates),
    changed: sum((result) => result.changed),
    suppressed: sum((result) => result.suppressed),
    rejected: sum((result) => result.rejected.length) + lost,
  }
}
