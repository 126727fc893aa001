/** A value that a person enters by hand: the same journey as a device's, from a source of their own. */
import {
  type AnswerOf,
  type BodyOf,
  type DataType,
  type Measured,
  type Routes,
  resolveDataType,
  routes,
} from '@tributary/protocol'
import { uuidv7 } from 'uuidv7'
import type { ReadingTally } from '../ingest/incoming.ts'
import { handle } from '../platform/http/handle.ts'
import { must } from '../platform/must.ts'
import { Problem } from '../platform/problem.ts'
import { GuardTaken } from '../platform/samples/errors.ts'
import { noOffset } from '../platform/samples/points.ts'
import { manualSource } from '../platform/sources/manual-source.queries.ts'
import { lossesOf } from './answer.ts'
import { guardOf, keptAnswer, onceOf } from './once.ts'
import { type ReadValues, readValues } from './read-values.ts'
import { shownPoint } from './shown-point.ts'
import { insertAuditLine, keepUploadAnswer } from './upload.queries.ts'

type Body = BodyOf<Routes['createSample']>
type Answer = AnswerOf<Routes['createSample']>

export const createSample = handle(routes.createSample, async (call, { ingest, db, clock }) => {
  const { userId } = call.caller
  const once = await onceOf(call)
  const type = resolveDataType(call.body.metric)
  if (!type)
    throw new Problem(
      'data_type_unknown',
      `${call.body.metric} is not in the catalogue: GET /api/v1/metrics lists what is`,
    )
  const read = readSample(call.body, type, clock.now())
  const sourceId = await db.write({ userId }, (tx) => manualSource(tx, userId, uuidv7()))
  const answerOf = ([tally]: readonly ReadingTally[]): Answer => ({
    ...shownPoint(type, must(read.readings[0], 'a sound value is a reading')),
    source_id: sourceId,
    result: resultOf(must(tally, 'a reading has a tally')),
  })
  try {
    const { readings } = await ingest({
      userId,
      sourceId,
      readings: read.readings,
      byHand: true,
      alongside: (judged) => {
        const [loss] = lossesOf(read, judged)
        if (loss)
          throw new Problem('all_values_rejected', loss.detail, {
            errors: [{ pointer: '', code: loss.code, detail: loss.detail }],
          })
        const { actor } = call.caller
        const audit = [uuidv7(), userId, actor, call.name, sourceId, 'ok', call.request.ip, call.request.id]
        const rows = [{ statement: insertAuditLine, row: () => audit }]
        if (!once) return rows
        const kept = (tallies: readonly ReadingTally[]) => [userId, once.key, 201, JSON.stringify(answerOf(tallies))]
        return [...rows, { statement: keepUploadAnswer, row: kept }]
      },
      ...guardOf(userId, once),
    })
    return answerOf(readings)
  } catch (error) {
    throw error instanceof GuardTaken && once ? await keptAnswer(call, once) : error
  }
})

/** Without a time it was measured now. */
function readSample({ metric: _, unit, ...value }: Body, type: DataType, now: number): ReadValues {
  const read = readValues([value], type, unit, { ms: now, offset: noOffset })
  for (const reading of read.readings) enteredByHand(reading)
  return read
}

function enteredByHand(reading: Measured): void {
  if (reading.kind === 'series' || reading.kind === 'sample') reading.method = 'manual'
}

function resultOf({ accepted, changed }: ReadingTally): Answer['result'] {
  return accepted ? 'accepted' : changed ? 'changed' : 'duplicate'
}
