import type { Losses } from '../losses.ts'
import { Beats } from './beats.ts'
import { type Budget, spend, spendDefinition } from './budget.ts'
import type { FitSink, MessageReader } from './decoder.ts'
import { type Definition, Message } from './definition.ts'
import { FieldDescriptions } from './field-descriptions.ts'
import { mesg, messageName } from './profile.ts'
import { RecordTable } from './record-table.ts'
import { leaveFields } from './unused-fields.ts'

const timerEvent = 0

/** Everything one part of the file said, before it is understood: messages come in any order, laps before or after their session. */
export class FitPart {
  fileId: Message | undefined
  activity: Message | undefined
  sport: Message | undefined
  workout: Message | undefined
  readonly sessions: Message[] = []
  readonly laps: Message[] = []
  readonly lengths: Message[] = []
  readonly timer: Message[] = []
  readonly devices = new Map<number, Message>()
  readonly records: RecordTable
  readonly descriptions: FieldDescriptions
  readonly beats: Beats
  readonly #losses: Losses
  readonly #budget: Budget

  constructor(losses: Losses, budget: Budget) {
    this.#losses = losses
    this.#budget = budget
    this.records = new RecordTable(budget)
    this.descriptions = new FieldDescriptions(losses)
    this.beats = new Beats(losses, budget)
  }

  define(definition: Definition): MessageReader {
    const { global } = definition
    if (global === mesg.record) return this.records.compile(definition, this.descriptions)
    const keep = this.#keeper(global)
    if (!keep) return () => this.#losses.leaveUnused(messageName(global))
    return (view, at, time, last) => {
      const message = new Message(definition, view, at, time)
      leaveFields(global, message, this.#losses)
      keep(message, last)
    }
  }

  #keeper(global: number): ((message: Message, last: number) => void) | undefined {
    switch (global) {
      case mesg.fileId:
        return (message) => {
          this.fileId ??= message
        }
      case mesg.activity:
        return (message) => {
          this.activity = message
        }
      case mesg.sport:
        return (message) => {
          this.sport = message
        }
      case mesg.workout:
        return (message) => {
          this.workout = message
        }
      case mesg.session:
        return (message) => this.#keep(this.sessions, message)
      case mesg.lap:
        return (message) => this.#keep(this.laps, message)
      case mesg.length:
        return (message) => this.#keep(this.lengths, message)
      case mesg.event:
        return (message) => {
          const kind = message.number(0)
          if (kind === timerEvent) this.#keep(this.timer, message)
          else
            this.#losses.leaveUnused(
              `event of kind ${kind ?? 'unknown'}`,
              1,
              'only starts and stops of the timer are read',
            )
        }
      case mesg.deviceInfo:
        return (message) => {
          const index = message.number(0)
          if (index !== undefined) this.devices.set(index, message)
        }
      case mesg.fieldDescription:
        return (message) => this.descriptions.describe(message)
      case mesg.developerDataId:
        return () => undefined
      case mesg.hrv:
        return (message, last) => this.beats.addIntervals(message, last)
      case mesg.hr:
        return (message) => this.beats.addHeartRates(message)
      default:
        return undefined
    }
  }

  #keep(list: Message[], message: Message): void {
    spend(this.#budget, 'messages')
    list.push(message)
  }
}

/** The parts of a file as they begin. */
export class FitParts implements FitSink {
  readonly all: FitPart[] = []
  readonly #losses: Losses
  readonly #budget: Budget

  constructor(losses: Losses, budget: Budget) {
    this.#losses = losses
    this.#budget = budget
  }

  begin(): void {
    spend(this.#budget, 'parts')
    this.all.push(new FitPart(this.#losses, this.#budget))
  }

  define(definition: Definition): MessageReader {
    spendDefinition(this.#budget, definition)
    const part = this.all.at(-1)
    return part ? part.define(definition) : () => undefined
  }
}
