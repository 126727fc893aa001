import { formatLimits } from '../../limits.ts'
import type { Losses } from '../../losses.ts'
import { FormatError } from '../../parsed-file.ts'
import type { FileInput, FileReader, Pieces } from '../../piece.ts'
import { PieceBuilder } from '../../piece-builder.ts'
import { sniff } from '../../sniff.ts'
import { capped } from '../../source-bytes.ts'
import { timeCheck } from '../../times.ts'
import { type Budget, newBudget, spend, spendDefinition } from '../budget.ts'
import { FitDecoder, type FitSink, type MessageReader } from '../decoder.ts'
import type { Definition } from '../definition.ts'
import { activityFileTypes, fileTypeName } from '../profile.ts'
import { WallClock } from './clock.ts'
import { healthMessages } from './fields.ts'
import { headOf } from './head.ts'
import { HealthPart } from './health-part.ts'
import type { Health } from './readings.ts'

/** FIT files that are no activity: days of a watch, nights, weights, blood pressures; and those that measured nothing, which are named. */
export const fitHealth: FileReader = {
  format: 'fit_health',
  title: 'FIT health file',
  recognises(head) {
    if (sniff(head) !== 'fit') return false
    const { type, globals } = headOf(head)
    if (type !== undefined) return !activityFileTypes.includes(type)
    return (
      globals.some((global) => healthMessages[global]) && !globals.some((global) => activityMessages.includes(global))
    )
  },
  read,
}

/** session, lap, record */
const activityMessages = [18, 19, 20]

async function* read(input: FileInput): Pieces {
  const pieces = new PieceBuilder()
  const { losses } = pieces
  const state: Health = {
    clock: new WallClock(input.timeZone),
    losses,
    time: timeCheck(input.now),
    pieces,
    source: unclaimed,
    place: -1,
  }
  const parts = new HealthParts(state, newBudget(formatLimits.fit.records))
  const decoder = new FitDecoder(parts, losses)
  for await (const chunk of capped(input.chunks(), formatLimits.fit.bytes)) {
    decoder.push(chunk)
    pieces.bytes += chunk.length
    pieces.records = state.place + 1
    yield* pieces.ready()
  }
  decoder.end()
  pieces.records = state.place + 1
  parts.end()
  if (!parts.all.length) throw new FormatError('not_fit', 'the file does not begin with a FIT header')
  yield* pieces.rest()
  sayWhatItIs(parts.all, losses)
  return pieces.ending('fit_health')
}

/** A file without measurements is no failure: it is kept, and this is what it is. */
function sayWhatItIs(parts: readonly HealthPart[], losses: Losses): void {
  for (const part of parts) {
    if (part.read || !part.messages) continue
    const kind = part.type === undefined ? 'nothing that was measured' : fileTypeName(part.type)
    const what = part.title ? `${kind} (“${part.title}”)` : kind
    if (part.type !== undefined && activityFileTypes.includes(part.type)) {
      losses.warn('part_skipped', 'a part of the file is an activity: send it as a file of its own')
    } else
      losses.warn(
        'nothing_measured',
        `this FIT file holds ${what}: there is nothing to store from it, the file is kept`,
      )
  }
}

function unclaimed(): never {
  throw new Error('values come only from a part')
}

class HealthParts implements FitSink {
  readonly all: HealthPart[] = []
  readonly #state: Health
  readonly #budget: Budget

  constructor(state: Health, budget: Budget) {
    this.#state = state
    this.#budget = budget
  }

  begin(): void {
    spend(this.#budget, 'parts')
    this.all.at(-1)?.end()
    this.all.push(new HealthPart(this.#state, this.#budget))
  }

  define(definition: Definition): MessageReader {
    spendDefinition(this.#budget, definition)
    const part = this.all.at(-1)
    return part ? part.define(definition) : () => undefined
  }

  end(): void {
    this.all.at(-1)?.end()
  }
}
