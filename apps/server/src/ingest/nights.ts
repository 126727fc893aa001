/** Stages sent by themselves, stored as nights: a session each, with its stages as parts. */
import { uuidv7 } from 'uuidv7'
import type { Write } from '../platform/db/database.ts'
import { addStage, gapMs, type Night, spanOf, totalsOf } from './night.ts'
import { deleteNight, findNights, insertNight, putStages, updateNight } from './nights.queries.ts'
import type { StageRow } from './sifted.ts'
import type { Counts, Of } from './tally.ts'

export async function storeStages(tx: Write, of: Of, stages: readonly StageRow[], counts: Counts): Promise<void> {
  if (!stages.length) return
  const from = Math.min(...stages.map((stage) => stage.start)) - gapMs
  const to = Math.max(...stages.map((stage) => stage.end)) + gapMs
  const nights = await findNights(tx, of, from, to)
  const touched = new Set<Night>()
  for (const stage of stages) {
    const { outcome, night } = addStage(nights, stage)
    counts.add(stage.reading, outcome)
    if (outcome !== 'duplicates') touched.add(night)
  }
  for (const night of nights) if (!night.stages.size || touched.has(night)) await saveNight(tx, of, night)
}

/** A night without stages is none. */
export async function saveNight(tx: Write, of: Of, night: Night): Promise<void> {
  if (!night.stages.size) {
    if (night.sessionId) await deleteNight(tx, of, night.sessionId)
    return
  }
  const row = { ...spanOf(night.stages), totals: totalsOf(night.stages), offset: night.offset }
  if (night.sessionId) await updateNight(tx, of, night.sessionId, row)
  else {
    night.sessionId = uuidv7()
    await insertNight(tx, of, night.sessionId, row)
  }
  await putStages(tx, of, night.sessionId, [...night.stages.values()])
}
