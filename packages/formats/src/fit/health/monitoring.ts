import type { Message } from '../definition.ts'
import { rollMinutes, rollSeconds } from './clock.ts'
import type { Counters } from './counters.ts'
import { allTypes, cycleMetric, distanceMetric, health, healthMessages } from './fields.ts'
import { type Health, readFields, timeOf } from './readings.ts'

const monitoringFields = healthMessages[health.monitoring] as (typeof healthMessages)[number]
const minuteMs = 60_000

/** Field numbers of monitoring. */
const field = {
  calories: 1,
  distance: 2,
  cycles: 3,
  activityType: 5,
  localTimestamp: 11,
  activeCalories: 19,
  typeAndIntensity: 24,
  minutes: 25,
  seconds: 26,
  moderate: 33,
  vigorous: 34,
  pushes: 41,
}

/** The days of a watch: counters, and gauges at short times. */
export class Monitoring {
  readonly #counters: Counters
  /** FIT seconds of the last message, whose high bits the short times share. */
  #last = Number.NaN
  #lastFull = 0

  constructor(counters: Counters) {
    this.#counters = counters
  }

  /** `full`: the latest full time in the file, of whatever message; `begun`: milliseconds at which the file began. */
  read(state: Health, message: Message, full: number, begun: number): void {
    const seconds = this.#timeOf(message, full)
    state.clock.state(message.number(field.localTimestamp), seconds)
    const t = timeOf(state, seconds)
    if (t === undefined) return
    const bits = message.number(field.typeAndIntensity)
    const type = message.number(field.activityType) ?? (bits === undefined ? undefined : bits & 31)
    const taken = [field.localTimestamp, field.minutes, field.seconds, field.activityType]
    if (bits !== undefined && bits < 32) taken.push(field.typeAndIntensity)
    if (type !== allTypes) taken.push(...this.#count(state, message, type, t, begun))
    this.#addMinutes(state, message, t)
    readFields(state, monitoringFields, message, t, [...taken, field.moderate, field.vigorous])
  }

  #timeOf(message: Message, full: number): number {
    if (full !== this.#lastFull) this.#last = this.#lastFull = full
    const low = message.number(field.seconds)
    const lowMinutes = message.number(field.minutes)
    if (!Number.isNaN(message.time)) this.#last = message.time
    else if (low !== undefined && this.#last > 0) this.#last = rollSeconds(this.#last, low)
    else if (lowMinutes !== undefined && this.#last > 0) this.#last = rollMinutes(this.#last, lowMinutes)
    else return Number.NaN
    return this.#last
  }

  /** The fields that were counters. */
  #count(state: Health, message: Message, type: number | undefined, t: number, begun: number): number[] {
    const cycles = cycleMetric(type)
    const counted = [
      { num: field.cycles, metric: cycles?.metric, scale: cycles?.scale },
      { num: field.distance, metric: distanceMetric(type), scale: 100 },
      { num: field.activeCalories, metric: 'energy_active', scale: 1 },
      { num: field.calories, metric: 'energy_total', scale: 1 },
      { num: field.pushes, metric: 'wheelchair_pushes', scale: 1 },
    ]
    const taken: number[] = []
    for (const { num, metric, scale } of counted) {
      const value = message.number(num, scale)
      if (value === undefined || metric === undefined) continue
      taken.push(num)
      this.#counters.add(metric, type, t, value, { midnight: state.clock.midnightBefore(t), begun, place: state.place })
    }
    return taken
  }

  /** Intensity minutes are not cumulative: they are those that have just passed. */
  #addMinutes({ place }: Health, message: Message, t: number): void {
    const moderate = message.number(field.moderate)
    const vigorous = message.number(field.vigorous)
    if (moderate === undefined && vigorous === undefined) return
    const minutes = (moderate ?? 0) + (vigorous ?? 0)
    this.#counters.addAmount('exercise_duration', t - minutes * minuteMs, t, minutes * 60, place)
  }
}
