/** Stages of sleep to nights, for readers of files that have them one by one. */
import type { SessionPart, SessionReading, SleepStage, Totals } from '@tributary/protocol'

export interface StageSpan {
  stage: SleepStage
  start: number
  end: number
}

export interface NightsOf {
  /** The same in every export: made of the start of the night. */
  externalId(start: number): string
  /** Minutes east of UTC where the night was slept, when it is known. */
  offset?: (t: number) => number | undefined
  /** As `offset`, but a good guess will do: it tells a nap from a night. */
  localOffset?: (t: number) => number | undefined
}

/** Stages that are further apart are two sleeps. */
const gapMs = 3_600_000
const longestNapMs = 3 * 3_600_000
const asleep: ReadonlySet<SleepStage> = new Set(['light', 'deep', 'rem', 'asleep_unspecified'])

/** Where two stages claim one moment, the one that says more has it: being in bed, then being asleep, then how. */
const rank: Readonly<Record<SleepStage, number>> = {
  in_bed: 0,
  unknown: 1,
  out_of_bed: 2,
  asleep_unspecified: 2,
  awake: 3,
  light: 3,
  deep: 3,
  rem: 3,
}

/**
 * One session for each sleep of one source, by time. Stages may come in any order and may overlap; of two that say as much, the
 * later one cuts the earlier. The same set of stages gives the same nights.
 */
export function nightsOf(stages: readonly StageSpan[], of: NightsOf): SessionReading[] {
  const sorted = stages
    .filter(({ start, end }) => end > start)
    .sort((a, b) => a.start - b.start || rank[a.stage] - rank[b.stage] || a.end - b.end || (a.stage < b.stage ? -1 : 1))
  const nights: SessionReading[] = []
  let night: StageSpan[] = []
  let end = Number.NEGATIVE_INFINITY
  for (const stage of sorted) {
    if (night.length && stage.start > end + gapMs) {
      nights.push(nightOf(night, of))
      night = []
      end = Number.NEGATIVE_INFINITY
    }
    night.push(stage)
    end = Math.max(end, stage.end)
  }
  if (night.length) nights.push(nightOf(night, of))
  return nights
}

function nightOf(stages: readonly StageSpan[], of: NightsOf): SessionReading {
  const parts = withoutOverlaps(stages)
  const start = (parts[0] as StageSpan).start
  const end = (parts.at(-1) as StageSpan).end
  const offset = of.offset?.(start)
  const totals = totalsOf(parts, start, end)
  return {
    kind: 'session',
    type: 'sleep',
    ...(isNap(start, end, of) ? { isNap: true } : {}),
    start,
    end,
    ...(offset === undefined ? {} : { offset }),
    externalId: of.externalId(start),
    totals,
    parts: parts.map((part): SessionPart => ({ kind: 'stage', start: part.start, end: part.end, label: part.stage })),
    derived: Object.keys(totals),
  }
}

/** Sweeps over the edges of all stages: between two of them the best stage that covers the stretch has it. Neighbours alike are one. */
function withoutOverlaps(stages: readonly StageSpan[]): StageSpan[] {
  const edges = [...new Set(stages.flatMap(({ start, end }) => [start, end]))].sort((a, b) => a - b)
  const parts: StageSpan[] = []
  const open = new OpenStages()
  let next = 0
  for (let i = 0; i + 1 < edges.length; i++) {
    const from = edges[i] as number
    const to = edges[i + 1] as number
    for (; next < stages.length && (stages[next] as StageSpan).start <= from; next++)
      open.add(stages[next] as StageSpan)
    const best = open.bestAt(from)
    if (!best) continue
    const last = parts.at(-1)
    // Two records of one stage, end to end, stay two: so they were written.
    const goesOn = last && last.end === from && last.stage === best.stage && best.start < from
    if (goesOn) last.end = to
    else parts.push({ stage: best.stage, start: from, end: to })
  }
  return parts
}

/** The stages that cover the moment of a sweep. By rank, those that would be gone on with once a later one ends. */
class OpenStages {
  readonly #byRank: StageSpan[][] = [[], [], [], []]

  add(stage: StageSpan): void {
    const same = this.#byRank[rank[stage.stage]] as StageSpan[]
    while (same.length && (same.at(-1) as StageSpan).end <= stage.end) same.pop() // covered from now on
    same.push(stage)
  }

  bestAt(t: number): StageSpan | undefined {
    for (let i = this.#byRank.length - 1; i >= 0; i--) {
      const same = this.#byRank[i] as StageSpan[]
      while (same.length && (same.at(-1) as StageSpan).end <= t) same.pop()
      if (same.length) return same.at(-1)
    }
    return undefined
  }
}

/** Seconds by the catalogue's names, and only what the stages tell: a source that knows no deep sleep has not measured none. */
function totalsOf(parts: readonly StageSpan[], start: number, end: number): Totals {
  const seconds = (is: (part: StageSpan) => boolean) =>
    parts.reduce((sum, part) => (is(part) ? sum + part.end - part.start : sum), 0) / 1000
  const inBed = (end - start) / 1000
  const totals: Totals = { duration: inBed, sleep_time_in_bed: inBed }
  const sleeping = parts.filter(({ stage }) => asleep.has(stage))
  const first = sleeping[0]
  const last = sleeping.at(-1)
  if (!first || !last) return totals
  const isAwake = (part: StageSpan) => part.stage === 'awake' && part.start >= first.start && part.end <= last.end
  totals['sleep_total'] = seconds(({ stage }) => asleep.has(stage))
  if (sleeping.some(({ stage }) => stage !== 'asleep_unspecified')) {
    totals['sleep_light'] = seconds(({ stage }) => stage === 'light')
    totals['sleep_deep'] = seconds(({ stage }) => stage === 'deep')
    totals['sleep_rem'] = seconds(({ stage }) => stage === 'rem')
  }
  if (parts.some(({ stage }) => stage === 'awake')) {
    totals['sleep_awake'] = seconds(isAwake)
    totals['sleep_awakenings'] = parts.filter((part, i) => isAwake(part) && parts[i - 1]?.stage !== 'awake').length
  }
  totals['sleep_efficiency'] = (totals['sleep_total'] / inBed) * 100
  if (parts[0]?.stage === 'in_bed') totals['sleep_latency'] = (first.start - start) / 1000
  return totals
}

/** Shorter than three hours, and no morning's end. Without a zone nobody can say what the morning was. */
function isNap(start: number, end: number, of: NightsOf): boolean {
  if (end - start >= longestNapMs) return false
  const offset = (of.localOffset ?? of.offset)?.(end)
  if (offset === undefined) return false
  const minutes = (((end / 60_000 + offset) % 1440) + 1440) % 1440
  return minutes < 180 || minutes > 720
}
