/** Stages sent by themselves, stored as nights: a session each, with its stages as parts. */
import { uuidv7 } from 'uuidv7'
import type { Write } from '../platform/db/database.ts'
import { isNap } from '../platform/sessions/nap.ts'
import { findTimeZone, lockSessions, type Span } from '../platform/sessions/records.queries.ts'
import { settleSessions } from '../platform/sessions/settle.ts'
import { addStage, gapMs, type Night, spanOf, totalsOf } from './night.ts'
import { deleteNight, findNights, insertNight, putStages, updateNight } from './nights.queries.ts'
import type { StageRow } from './sifted.ts'
import type { Counts, Of } from './tally.ts'

export async function storeStages(tx: Write, of: Of, stages: readonly StageRow[], counts: Counts): Promise<void> {
  if (!stages.length) return
  const from = stages.reduce((least, { start }) => Math.min(least, start), Number.POSITIVE_INFINITY) - gapMs
  const to = stages.reduce((most, { end }) => Math.max(most, end), Number.NEGATIVE_INFINITY) + gapMs
  await lockSessions(tx, of.userId)
  const nights = await findNights(tx, of, from, to)
  const before = spansOf(nights)
  const touched = new Set<Night>()
  for (const stage of stages) {
    const { outcome, night } = addStage(nights, stage)
    counts.add(stage.reading, outcome)
    if (outcome !== 'duplicates') touched.add(night)
  }
  await saveNights(
    tx,
    of,
    nights.filter((night) => !night.stages.size || touched.has(night)),
    before,
  )
}

/** With what they change for the records beside them; `before` is where they were. The caller holds `lockSessions`. */
export async function saveNights(tx: Write, of: Of, nights: readonly Night[], before: readonly Span[]): Promise<void> {
  if (!nights.length) return
  const timeZone = await findTimeZone(tx, of.userId)
  for (const night of nights) await saveNight(tx, of, night, timeZone)
  await settleSessions(tx, of.userId, [...before, ...spansOf(nights)])
}

export const spansOf = (nights: readonly Night[]): Span[] =>
  nights.filter(({ stages }) => stages.size > 0).map(({ stages }) => ({ type: 'sleep', ...spanOf(stages) }))

/** A night without stages is none. */
async function saveNight(tx: Write, of: Of, night: Night, timeZone: string): Promise<void> {
  if (!night.stages.size) {
    if (night.sessionId) await deleteNight(tx, of, night.sessionId)
    return
  }
  const span = spanOf(night.stages)
  const row = {
    ...span,
    totals: totalsOf(night.stages),
    offset: night.offset,
    nap: isNap({ ...span, offset: night.offset }, timeZone),
  }
  if (night.sessionId) await updateNight(tx, of, night.sessionId, row)
  else {
    night.sessionId = uuidv7()
    await insertNight(tx, of, night.sessionId, row)
  }
  await putStages(tx, of, night.sessionId, [...night.stages.values()])
}
