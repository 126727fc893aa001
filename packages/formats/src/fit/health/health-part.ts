import type { PieceSource } from '../../piece.ts'
import { type Budget, spend } from '../budget.ts'
import type { MessageReader } from '../decoder.ts'
import { type Definition, Message } from '../definition.ts'
import { fitTimeToMs, mesg, messageName } from '../profile.ts'
import { sourceOf } from '../source.ts'
import { readBloodPressure, readWeight } from './body.ts'
import { Counters } from './counters.ts'
import { health, healthMessages } from './fields.ts'
import { readBeatIntervals, readRawBeats } from './intervals.ts'
import { Monitoring } from './monitoring.ts'
import { type Health, readFields, timeOf } from './readings.ts'
import { readNap, readSkinTemperature, Sleep } from './sleep.ts'

const timerEvent = 0
const course = 31
const courseName = 5
const workoutName = 8

/** One part of a file that is no activity. Messages are read as they come; counters and nights when the part is over. */
export class HealthPart {
  fileId: Message | undefined
  /** Of a plan: what a person called it. */
  title: string | undefined
  readonly devices = new Map<number, Message>()
  /** Messages that are known to hold values. */
  read = 0
  messages = 0
  readonly #state: Health
  readonly #budget: Budget
  readonly #counters: Counters
  readonly #monitoring: Monitoring
  readonly #sleep = new Sleep()
  #begun = Number.POSITIVE_INFINITY
  #source: PieceSource | undefined

  /** `state` is of the whole file; from here on its source is this part's. */
  constructor(state: Health, budget: Budget) {
    this.#state = state
    state.source = () => this.source
    this.#budget = budget
    this.#counters = new Counters(state.losses)
    this.#monitoring = new Monitoring(this.#counters)
  }

  get type(): number | undefined {
    return this.fileId?.number(0)
  }

  /** Who measured; asked for only once values come, when file_id has been read. */
  get source(): PieceSource {
    this.#source ??= namedSource(this)
    return this.#source
  }

  define(definition: Definition): MessageReader {
    const keep = this.#readerOf(definition.global)
    return (view, at, time, last) => {
      this.#state.place++
      this.messages++
      spend(this.#budget, 'records')
      if (last > 0) this.#noteTime(last)
      if (!keep) this.#state.losses.leaveUnused(messageName(definition.global))
      else keep(new Message(definition, view, at, time), last)
    }
  }

  end(): void {
    this.#sleep.end(this.#state)
    const { pieces, clock } = this.#state
    for (const { metric, start, end, amount, place } of this.#counters.stretches()) {
      const offset = clock.statedAt(start)
      pieces.value(this.source, metric, start, amount, { duration: end - start, offset, method: 'automatic', place })
    }
  }

  #noteTime(seconds: number): void {
    const t = fitTimeToMs(seconds)
    if (t < this.#begun && !this.#state.time(t)) this.#begun = t
  }

  #readerOf(global: number): ((message: Message, last: number) => void) | undefined {
    const state = this.#state
    switch (global) {
      case mesg.fileId:
        return (message) => {
          this.fileId ??= message
          const created = message.number(4)
          if (created !== undefined) this.#noteTime(created)
        }
      case mesg.deviceInfo:
        return (message) => {
          const index = message.number(0)
          if (index !== undefined) this.devices.set(index, message)
        }
      case mesg.workout:
      case course:
        return (message) => {
          this.title ??= message.text(global === course ? courseName : workoutName)?.slice(0, 100)
          state.losses.leaveUnused(messageName(global))
        }
      case mesg.event:
        return (message) => {
          if (message.number(0) === timerEvent) state.losses.leaveUnused('event')
          else this.#sleep.addEvent(message)
        }
    }
    const kind = healthMessages[global]
    if (!kind) return undefined
    return (message, last) => {
      this.read++
      spend(this.#budget, 'values', message.present.length)
      if (global === health.monitoring) this.#monitoring.read(state, message, last, this.#begun)
      else if (global === health.monitoringInfo) {
        state.clock.state(message.number(0), message.time)
        readFields(state, kind, message, timeOf(state, message.time), [0])
      } else if (global === health.weightScale) readWeight(state, message)
      else if (global === health.bloodPressure) readBloodPressure(state, message)
      else if (global === health.sleepLevel) this.#sleep.addLevel(state, message)
      else if (global === health.sleepAssessment) this.#sleep.assess(state, message)
      else if (global === health.nap) readNap(state, message)
      else if (global === health.skinTemperature) readSkinTemperature(state, message)
      else if (global === health.beatIntervals) readBeatIntervals(state, message)
      else if (global === health.rawBeats) readRawBeats(state, message)
      else
        readFields(
          state,
          kind,
          message,
          timeOf(state, kind.time === undefined ? message.time : message.number(kind.time)),
          [],
        )
    }
  }
}

function namedSource(part: HealthPart): PieceSource {
  const claim = sourceOf(part)
  const { manufacturer = 'FIT device', model, serial } = claim
  const name = model && !model.startsWith('product ') ? `${manufacturer} ${model}` : manufacturer
  return { ...claim, key: ['fit', manufacturer, model ?? '', serial ?? ''].join(':'), name }
}
