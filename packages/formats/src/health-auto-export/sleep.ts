import {
  conversionFor,
  convert,
  type SessionReading,
  type SleepStage,
  stageFromWord,
  type Totals,
} from '@tributary/protocol'
import { nightsOf } from '../nights.ts'
import { FormatError } from '../parsed-file.ts'
import type { PieceSource } from '../piece.ts'
import { type Context, type Members, numberIn, Unfit } from './context.ts'

interface Stages {
  source: PieceSource
  stages: { stage: SleepStage; start: number; end: number }[]
  offsets: Map<number, number>
}

/** Thirty stages a night for forty years. */
const mostStages = 500_000

const stageNames = new Set(['startDate', 'endDate', 'value', 'source', 'qty'])
// biome-ignore format: a list.
const nightNames = new Set([
  'date', 'asleep', 'totalSleep', 'core', 'deep', 'rem', 'awake', 'inBed', 'sleepStart', 'sleepEnd', 'inBedStart', 'inBedEnd', 'source', 'sleepSource',
  'inBedSource',
])

/** Sleep in its two shapes: a whole night in one entry, or one stage in each. */
export class Sleep {
  readonly #context: Context
  readonly #bySource = new Map<string, Stages>()
  #count = 0

  constructor(context: Context) {
    this.#context = context
  }

  /** @throws Unfit */
  add(entry: Members, units: string | undefined): void {
    if (entry['startDate'] !== undefined && entry['value'] !== undefined) this.#addStage(entry)
    else this.#giveNight(entry, units)
  }

  end(): void {
    for (const { source, stages, offsets } of this.#bySource.values()) {
      const offset = (t: number) => offsets.get(t)
      const nights = nightsOf(stages, {
        externalId: (start) => idOf(source, start),
        offset,
        localOffset: (t) => offsets.get(t) ?? this.#context.clock.offsetAt(t),
      })
      for (const night of nights) this.#context.pieces.session(source, night)
    }
    this.#bySource.clear()
  }

  #addStage(entry: Members): void {
    const start = this.#context.when(entry['startDate'], 'startDate')
    const end = this.#context.when(entry['endDate'], 'endDate')
    const word = String(entry['value'])
    const stage = stageFromWord(word) ?? (/^unspecified$/i.test(word) ? 'asleep_unspecified' : undefined)
    this.#context.leaveOthers('sleep_analysis', entry, stageNames)
    if (!stage) throw new Unfit('stage_unknown', `“${word.slice(0, 60)}” is no stage of sleep`)
    if (end.t <= start.t) throw new Unfit('stage_backwards', 'a stage ends before it starts')
    if (++this.#count > mostStages)
      throw new FormatError('too_many_records', `the file has more than ${mostStages} stages of sleep`)
    const source = this.#context.source(entry['source'])
    const known: Stages = this.#bySource.get(source.key) ?? { source, stages: [], offsets: new Map() }
    known.stages.push({ stage, start: start.t, end: end.t })
    known.offsets.set(start.t, start.offset)
    known.offsets.set(end.t, end.offset)
    this.#bySource.set(source.key, known)
  }

  #giveNight(entry: Members, units: string | undefined): void {
    const has = (name: string) => entry[name] !== undefined && entry[name] !== null && entry[name] !== ''
    const startName = has('sleepStart') ? 'sleepStart' : 'inBedStart'
    const endName = has('sleepEnd') ? 'sleepEnd' : 'inBedEnd'
    const asleep = [
      this.#context.when(entry[startName], startName),
      this.#context.when(entry[endName], endName),
    ] as const
    const inBed =
      has('inBedStart') && has('inBedEnd')
        ? ([
            this.#context.when(entry['inBedStart'], 'inBedStart'),
            this.#context.when(entry['inBedEnd'], 'inBedEnd'),
          ] as const)
        : asleep
    const start = asleep[0].t <= inBed[0].t ? asleep[0] : inBed[0]
    const end = asleep[1].t >= inBed[1].t ? asleep[1] : inBed[1]
    this.#context.leaveOthers('sleep_analysis', entry, nightNames)
    // Beside a total it is the part without a stage, which the total has in it.
    if (has('totalSleep') && has('asleep')) this.#context.losses.leaveUnused('sleep_analysis.asleep')
    if (end.t <= start.t) throw new Unfit('night_backwards', 'a night ends before it starts')
    const source = this.#context.source(entry['source'] ?? entry['sleepSource'] ?? entry['inBedSource'])
    const session: SessionReading = {
      kind: 'session',
      type: 'sleep',
      start: start.t,
      end: end.t,
      offset: start.offset,
      externalId: idOf(source, start.t),
      totals: { duration: (end.t - start.t) / 1000, ...totalsOf(entry, units) },
      parts: [],
    }
    if (inBed !== asleep) {
      if (asleep[0].t > inBed[0].t) session.totals['sleep_latency'] = (asleep[0].t - inBed[0].t) / 1000
      session.extra = { asleep_from: asleep[0].t, asleep_until: asleep[1].t }
    }
    this.#context.pieces.session(source, session)
  }
}

function idOf(source: PieceSource, start: number): string {
  return `health_auto_export:sleep:${source.key}:${start}`.slice(0, 200)
}

/** Hours, unless the file says otherwise. `asleep` was once all of the sleep and is now what has no stage. @throws Unfit */
function totalsOf(entry: Members, units: string | undefined): Totals {
  const conversion = conversionFor('sleep_total', units ?? 'hr')
  if (!conversion) throw new Unfit('unit_unknown', `sleep is never measured in ${units}`)
  const seconds = (name: string) => {
    const value = numberIn(entry[name])
    return value === undefined ? undefined : convert(conversion, value)
  }
  const [core, deep, rem, asleep] = [seconds('core'), seconds('deep'), seconds('rem'), seconds('asleep')]
  const staged = (core ?? 0) + (deep ?? 0) + (rem ?? 0)
  const total = seconds('totalSleep') ?? (asleep === undefined && !staged ? undefined : Math.max(asleep ?? 0, staged))
  const inBed = seconds('inBed')
  const figures = {
    sleep_total: total,
    sleep_light: core,
    sleep_deep: deep,
    sleep_rem: rem,
    sleep_awake: seconds('awake'),
    sleep_time_in_bed: inBed || undefined,
  }
  return Object.fromEntries(Object.entries(figures).filter((pair): pair is [string, number] => pair[1] !== undefined))
}
