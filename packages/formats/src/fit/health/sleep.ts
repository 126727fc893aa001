import { type SessionReading, type SleepStage, stageFromNumber } from '@tributary/protocol'
import { nightsOf } from '../../nights.ts'
import { dateOf } from '../../zones.ts'
import type { Message } from '../definition.ts'
import { fitTimeToMs } from '../profile.ts'
import { health, healthMessages } from './fields.ts'
import { type Health, readFields, timeOf } from './readings.ts'

const assessment = healthMessages[health.sleepAssessment] as (typeof healthMessages)[number]
const napFields = healthMessages[health.nap] as (typeof healthMessages)[number]
const skin = healthMessages[health.skinTemperature] as (typeof healthMessages)[number]

/** No stage lasts longer: behind it the file was silent, and nobody says what was then. */
const longestStageMs = 3 * 3_600_000
const score = 6
const awakenings = 11
const stress = 15
/** Event types that end something: stop, stop_all, stop_disable, stop_disable_all. */
const stops = [1, 4, 8, 9]

/** A night's levels, each of which begins where it stands, and what the watch made of it. */
export class Sleep {
  readonly #levels: { t: number; stage: SleepStage }[] = []
  readonly #ends: number[] = []
  #assessment: Message | undefined
  #assessedAt: number | undefined

  addLevel(state: Health, message: Message): void {
    const t = timeOf(state, message.time)
    const level = message.number(0)
    if (t === undefined) return
    if (level === undefined)
      state.losses.reject(state.place, 'sleep_level_missing', 'a level of sleep does not say which')
    else this.#levels.push({ t, stage: stageFromNumber('fit', level) })
  }

  addEvent(message: Message): void {
    if (stops.includes(message.number(1) ?? -1) && !Number.isNaN(message.time))
      this.#ends.push(fitTimeToMs(message.time))
  }

  assess(state: Health, message: Message): void {
    this.#assessment = message
    this.#assessedAt = Number.isNaN(message.time) ? undefined : fitTimeToMs(message.time)
    readFields(state, assessment, message, undefined, [score, awakenings, stress, ...scores])
  }

  /** The nights of the file; the assessment is of its last one, or stands for the date by itself. */
  end(state: Health): void {
    this.#levels.sort((a, b) => a.t - b.t)
    const nights = nightsOf(this.#stages(state), {
      externalId: (start) => `fit:sleep:${start}`,
      offset: (t) => state.clock.statedAt(t),
      localOffset: (t) => state.clock.offsetAt(t),
    })
    const last = nights.at(-1)
    if (this.#assessment && last) this.#describe(last, this.#assessment)
    else if (this.#assessment) this.#stateDay(state, this.#assessment)
    for (const night of nights) state.pieces.session(state.source(), night)
  }

  #stages({ losses }: Health): { stage: SleepStage; start: number; end: number }[] {
    const stages = this.#levels.flatMap(({ t, stage }, i) => {
      const next = this.#levels[i + 1]?.t ?? Number.POSITIVE_INFINITY
      const end = Math.min(next, ...this.#ends.filter((at) => at > t))
      if (end - t <= longestStageMs) return end > t ? [{ stage, start: t, end }] : []
      losses.warn(
        'sleep_end_unknown',
        'the file does not say when the last level of sleep ended: that level is left out',
      )
      losses.leaveUnused('sleep_level: without an end')
      return []
    })
    return stages
  }

  #describe(night: SessionReading, message: Message): void {
    const overall = message.number(score)
    const times = message.number(awakenings)
    if (overall !== undefined) night.totals['sleep_score'] = overall
    if (times !== undefined) {
      night.totals['sleep_awakenings'] = times
      night.derived = night.derived?.filter((name) => name !== 'sleep_awakenings') ?? []
    }
    const named = scores.flatMap((num) => {
      const value = message.number(num)
      return value === undefined ? [] : [[assessment.fields[num], value] as const]
    })
    const average = message.number(stress, 100)
    night.extra = {
      ...night.extra,
      ...(named.length ? { scores: Object.fromEntries(named) } : {}),
      ...(average === undefined ? {} : { average_stress: average }),
    }
  }

  #stateDay(state: Health, message: Message): void {
    const t = this.#assessedAt
    const date = t === undefined || state.time(t) ? undefined : dateOf(t, state.clock.offsetAt(t))
    for (const [num, metric] of [
      [score, 'sleep_score'],
      [awakenings, 'sleep_awakenings'],
    ] as const) {
      const value = message.number(num)
      if (value === undefined) continue
      if (date) state.pieces.row(state.source(), { kind: 'day', metric, date, value })
      else state.losses.leaveUnused(`sleep_assessment.${assessment.fields[num]}`)
    }
    for (const num of [...scores, stress]) {
      if (message.number(num) !== undefined) state.losses.leaveUnused(`sleep_assessment.${assessment.fields[num]}`)
    }
  }
}

/** Scores of parts of the night, 0–100, kept as the watch names them. */
const scores = [0, 1, 2, 3, 4, 5, 7, 8, 9, 10, 14]

export function readNap(state: Health, message: Message): void {
  readFields(state, napFields, message, undefined, [0, 1, 2, 3, 5])
  if (message.number(5) === 1) {
    state.losses.leaveUnused('nap_event: deleted by the person')
    return
  }
  const start = timeOf(state, message.number(0))
  const end = timeOf(state, message.number(2))
  if (start === undefined || end === undefined) return
  if (end <= start) {
    state.losses.reject(state.place, 'nap_backwards', 'a nap ends before it starts')
    return
  }
  const offset = message.number(1) ?? state.clock.statedAt(start)
  const seconds = (end - start) / 1000
  state.pieces.session(state.source(), {
    kind: 'session',
    type: 'sleep',
    isNap: true,
    start,
    end,
    externalId: `fit:nap:${start}`,
    totals: { duration: seconds, sleep_total: seconds },
    parts: [],
    ...(offset === undefined ? {} : { offset }),
  })
}

/** It states its own wall clock, which gives the date whatever the offset was. */
export function readSkinTemperature(state: Health, message: Message): void {
  const local = message.number(0)
  const t = timeOf(state, message.time)
  if (local !== undefined) state.clock.state(local, message.time)
  readFields(state, skin, message, t, [0])
}
