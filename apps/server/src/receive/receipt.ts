/**
 * One upload's books. Ingest is handed all readings of all bodies at once; this knows which came from where, writes the rows
 * that go with them and makes the answer, in the flush for the kept copy and after it for the caller.
 */
import type { AnswerOf, Measured, Routes } from '@tributary/protocol'
import type { Alongside, Judged, ReadingTally } from '../ingest/incoming.ts'
import type { Errand } from '../platform/http/call.ts'
import { newId } from '../platform/new-id.ts'
import { Problem } from '../platform/problem.ts'
import { allRejected, type Batch, failureOf, lossesOf, resultOf, totalsOf } from './answer.ts'
import { insertBatch, keepUploadAnswer } from './upload.queries.ts'
import { isUsable, type UnusableBody, type UsableBody } from './upload.ts'

type Answer = AnswerOf<Routes['uploadData']>

const stored = 201
/** Bits of `batches.flags`: validated, processed. */
const flags = 3

const noAudit = [null, null, null, null]

interface Key {
  key: string
}

export class Receipt {
  readonly readings: Measured[]
  readonly #call: Errand<Routes['uploadData']>
  readonly #deviceId: string
  readonly #list: boolean
  readonly #now: number
  readonly #once: Key | undefined
  /** In the order of the bodies: stored, or why not. */
  readonly #slots: (Batch | UnusableBody)[]

  constructor(
    call: Errand<Routes['uploadData']>,
    deviceId: string,
    list: boolean,
    bodies: readonly (UsableBody | UnusableBody)[],
    now: number,
    once: Key | undefined,
  ) {
    this.#call = call
    this.#deviceId = deviceId
    this.#list = list
    this.#now = now
    this.#once = once
    let first = 0
    this.#slots = bodies.map((body) => {
      if (!isUsable(body)) return body
      const batch = { body, batchId: newId(), first }
      first += body.readings.length
      return batch
    })
    const [one] = bodies
    this.readings =
      bodies.length === 1 && one && isUsable(one)
        ? one.readings
        : bodies.flatMap((body) => (isUsable(body) ? body.readings : []))
  }

  /** Called before anything is stored: a body with nothing left becomes a failure, and without any body nothing is stored. */
  rowsFor(judged: readonly Judged[]): Alongside[] {
    for (const [at, slot] of this.#slots.entries()) {
      if (!isBatch(slot)) continue
      const losses = lossesOf(slot.body, ofBatch(judged, slot))
      if (losses.length === slot.body.received) this.#slots[at] = allRejected(losses)
    }
    const batches = this.#slots.filter(isBatch)
    if (!batches.length) throw this.#refusal()
    const rows = batches.map((batch, at): Alongside => {
      const audit = at === 0 ? this.#auditPart() : noAudit
      return { statement: insertBatch, row: (tallies) => [...this.#batchRow(batch, tallies), ...audit] }
    })
    return [...rows, ...this.#keptRow()]
  }

  answer(tallies: readonly ReadingTally[]): Answer {
    const results = this.#slots.map((slot, index) =>
      isBatch(slot) ? resultOf(slot, this.#deviceId, ofBatch(tallies, slot)) : failureOf(index, slot),
    )
    const whole = results.filter((result) => 'batch_id' in result)
    const [only] = whole
    if (!this.#list && only) return only
    return {
      results,
      totals: totalsOf(whole, this.#slots.filter(isFailure)),
    }
  }

  #refusal(): Problem {
    const failures = this.#slots.filter(isFailure)
    const [only] = failures
    if (!this.#list && only) return new Problem(only.code, only.detail, { errors: only.errors })
    const results = failures.map((failure, index) => failureOf(index, failure))
    return new Problem('all_values_rejected', 'None of the bodies could be used', { results })
  }

  #batchRow(batch: Batch, tallies: readonly ReadingTally[]): unknown[] {
    const { metadata, t0 } = batch.body
    const result = resultOf(batch, this.#deviceId, ofBatch(tallies, batch))
    const { received, accepted, duplicates, changed, suppressed, rejected, quality_score } = result
    return [
      this.#call.caller.userId,
      this.#deviceId,
      batch.batchId,
      result.data_type,
      t0 ?? this.#now,
      received,
      accepted,
      duplicates,
      changed,
      suppressed,
      rejected.length,
      quality_score,
      flags,
      metadata,
      this.#now,
    ]
  }

  /** Request, actor, action, address: the line that says who uploaded. */
  #auditPart(): unknown[] {
    const { caller, name, request } = this.#call
    return [request.id, caller.actor, name, request.ip]
  }

  #keptRow(): Alongside[] {
    const once = this.#once
    if (!once) return []
    const row = (tallies: readonly ReadingTally[]) => [
      this.#call.caller.userId,
      once.key,
      stored,
      JSON.stringify(this.answer(tallies)),
    ]
    return [{ statement: keepUploadAnswer, row }]
  }
}

const isFailure = (slot: Batch | UnusableBody): slot is UnusableBody => !('batchId' in slot)
const isBatch = (slot: Batch | UnusableBody): slot is Batch => 'batchId' in slot

const ofBatch = <T>(readings: readonly T[], { body, first }: Batch): readonly T[] =>
  first === 0 && readings.length === body.readings.length
    ? readings
    : readings.slice(first, first + body.readings.length)
