/** What a file measured, through the one door, in steps that happen once however often the file is begun. */
import type { Measured, SeriesReading } from '@tributary/protocol'
import type { Alongside, Ingest, Judged, ReadingTally } from '../ingest/incoming.ts'
import type { Write } from '../platform/db/database.ts'
import { insertRefused } from '../platform/quarantine/quarantine.queries.ts'
import { recordOfReading, refusedOf } from '../platform/quarantine/refused-values.ts'
import { GuardTaken } from '../platform/samples/errors.ts'
import type { Edges } from './edges.ts'
import { planSteps } from './plan-steps.ts'
import type { Held } from './queue.queries.ts'
import type { QuarantineRoom } from './refused.ts'
import { spanOf } from './span-of.ts'
import { claimStep, listSteps, noteFed, type StepRow, tallyStep } from './steps.queries.ts'

/** Reasons listed for each file; the counts tell of all. */
export const listedRejections = 100
/** Sessions named for each file. */
const listedSessions = 500

export interface StepsOf {
  held: Held
  position: number
  fileName: string
  format: string
  sourceId: string
  room: QuarantineRoom
}

export async function storeReadings(
  { ingest, stepPoints }: Pick<Edges, 'ingest' | 'stepPoints'>,
  of: StepsOf,
  readings: readonly SeriesReading[],
  signal: AbortSignal,
): Promise<void> {
  for (const [step, part] of planSteps(readings, stepPoints).entries()) {
    signal.throwIfAborted()
    await storeStep(ingest, of, step, part)
  }
}

export async function storeStep(
  ingest: Ingest,
  of: StepsOf,
  step: number,
  readings: readonly Measured[],
): Promise<void> {
  const { held, position, sourceId } = of
  const { userId, importId } = held
  const key = [userId, importId, position, step]
  const guard = { statement: claimStep, row: key, key: `${importId}/${position}/${step}` }
  const alongside = (judged: readonly Judged[]): Alongside[] => [
    { statement: tallyStep, row: (tallies: readonly ReadingTally[]) => [...key, ...tallyRow(tallies)] },
    ...fedBy(of, readings),
    ...refusedBy(of, readings, judged),
  ]
  try {
    await ingest({ userId, sourceId, readings, guard, alongside })
  } catch (error) {
    if (!(error instanceof GuardTaken)) throw error // taken: stored and counted before, by us or by the worker we took over from
  }
}

function fedBy({ held, position, sourceId }: StepsOf, readings: readonly Measured[]): Alongside[] {
  const span = spanOf(readings)
  if (!span) return []
  const row = [held.userId, held.importId, position, sourceId, span.from, span.to]
  return [{ statement: noteFed, row: () => row }]
}

function refusedBy(of: StepsOf, readings: readonly Measured[], judged: readonly Judged[]): Alongside[] {
  if (judged.every(({ rejected }) => rejected.length === 0)) return []
  const records = of.room.take(refusedOf(readings, judged)).map((refused) => recordOfReading(refused, of))
  if (!records.length) return []
  const row = [of.held.userId, of.held.importId, of.position, of.fileName, of.format, records]
  return [{ statement: insertRefused, row: () => row }]
}

function tallyRow(tallies: readonly ReadingTally[]): unknown[] {
  const sum = (of: (tally: ReadingTally) => number) => tallies.reduce((total, tally) => total + of(tally), 0)
  const rejections = tallies.flatMap(({ rejected }) => rejected.slice(0, listedRejections)).slice(0, listedRejections)
  return [
    sum((t) => t.accepted),
    sum((t) => t.changed),
    sum((t) => t.duplicates),
    sum((t) => t.suppressed),
    sum((t) => t.rejected.length),
    rejections,
  ]
}

/** All steps of a file together. */
export async function countSteps(tx: Write, { userId, importId }: Held, position: number): Promise<StepRow> {
  const total: StepRow = {
    accepted: 0,
    changed: 0,
    duplicates: 0,
    suppressed: 0,
    rejected: 0,
    sessions: 0,
    session_ids: [],
    rejections: [],
  }
  for (const step of await listSteps(tx, userId, importId, position)) {
    total.accepted += step.accepted
    total.changed += step.changed
    total.duplicates += step.duplicates
    total.suppressed += step.suppressed
    total.rejected += step.rejected
    total.sessions += step.sessions
    if (total.rejections.length < listedRejections) total.rejections.push(...step.rejections)
    if (total.session_ids.length < listedSessions) total.session_ids.push(...step.session_ids)
  }
  total.session_ids.length = Math.min(total.session_ids.length, listedSessions)
  return total
}
