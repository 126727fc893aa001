/** Samples of one file through the one door, in steps that happen once however often the file is begun. */
import type { SeriesReading } from '@tributary/protocol'
import type { Ingest, ReadingTally } from '../ingest/incoming.ts'
import type { Write } from '../platform/db/database.ts'
import { GuardTaken } from '../platform/samples/errors.ts'
import type { Edges } from './edges.ts'
import { planSteps } from './plan-steps.ts'
import type { Held } from './queue.queries.ts'
import { claimStep, listSteps, type StepRow, tallyStep } from './steps.queries.ts'

/** Reasons listed for each file; the counts tell of all. */
export const listedRejections = 100

interface Place {
  held: Held
  position: number
  sourceId: string
}

export async function storeReadings(
  { ingest, stepPoints }: Pick<Edges, 'ingest' | 'stepPoints'>,
  place: Place,
  readings: readonly SeriesReading[],
  signal: AbortSignal,
): Promise<void> {
  for (const [step, part] of planSteps(readings, stepPoints).entries()) {
    signal.throwIfAborted()
    await storeStep(ingest, place, step, part)
  }
}

async function storeStep(
  ingest: Ingest,
  { held, position, sourceId }: Place,
  step: number,
  readings: SeriesReading[],
): Promise<void> {
  const { userId, importId } = held
  const key = [userId, importId, position, step]
  const guard = { statement: claimStep, row: key, key: `${importId}/${position}/${step}` }
  const alongside = () => [
    { statement: tallyStep, row: (tallies: readonly ReadingTally[]) => [...key, ...tallyRow(tallies)] },
  ]
  try {
    await ingest({ userId, sourceId, readings, guard, alongside })
  } catch (error) {
    if (!(error instanceof GuardTaken)) throw error // taken: stored and counted before, by us or by the worker we took over from
  }
}

function tallyRow(tallies: readonly ReadingTally[]): unknown[] {
  const sum = (of: (tally: ReadingTally) => number) => tallies.reduce((total, tally) => total + of(tally), 0)
  const rejections = tallies.flatMap(({ rejected }) => rejected.slice(0, listedRejections)).slice(0, listedRejections)
  return [
    sum((t) => t.accepted),
    sum((t) => t.changed),
    sum((t) => t.duplicates),
    sum((t) => t.rejected.length),
    rejections,
  ]
}

/** All steps of a file together. */
export async function countSteps(tx: Write, { userId, importId }: Held, position: number): Promise<StepRow> {
  const total: StepRow = { accepted: 0, changed: 0, duplicates: 0, rejected: 0, rejections: [] }
  for (const step of await listSteps(tx, userId, importId, position)) {
    total.accepted += step.accepted
    total.changed += step.changed
    total.duplicates += step.duplicates
    total.rejected += step.rejected
    total.rejections.push(...step.rejections)
  }
  return total
}
