import type { SessionReading } from '@tributary/protocol'
import { type Stage, sleepSession } from '../archives/night.ts'
import { nightsOf } from '../nights.ts'
import type { LocalClock } from '../zones.ts'

const longestStage = 12 * 3_600_000

/** When Xiaomi's and Garmin's watches say that a person fell asleep and woke up. */
export interface SleepSpan {
  start: number
  end: number
  totals: Record<string, number>
}

/** Ends from the next stage or the end of the sleep, whichever comes first. */
export function withEnds(points: readonly Stage[], spans: readonly SleepSpan[]): Stage[] {
  const sorted = [...points].sort((a, b) => a.start - b.start)
  const ends = spans.map(({ end }) => end).sort((a, b) => a - b)
  let next = 0
  return sorted.map((stage, i) => {
    while ((ends[next] ?? Number.POSITIVE_INFINITY) <= stage.start) next++
    const end = Math.min(sorted[i + 1]?.start ?? Number.POSITIVE_INFINITY, ends[next] ?? Number.POSITIVE_INFINITY)
    return { ...stage, end: end - stage.start <= longestStage ? end : stage.start }
  })
}

/** Starts from the stage before or the beginning of the sleep, whichever is later. */
export function withStarts(points: readonly Stage[], starts: readonly number[]): Stage[] {
  const sorted = [...points].sort((a, b) => a.end - b.end)
  const begun = [...starts].sort((a, b) => a - b)
  let next = 0
  return sorted.map((stage, i) => {
    while ((begun[next + 1] ?? Number.POSITIVE_INFINITY) < stage.end) next++
    const begin = begun[next]
    const opened = begin !== undefined && begin < stage.end ? begin : Number.NEGATIVE_INFINITY
    const start = Math.max(sorted[i - 1]?.end ?? Number.NEGATIVE_INFINITY, opened)
    return { ...stage, start: stage.end - start <= longestStage ? start : stage.end }
  })
}

/** Minutes that follow each other in one stage are one. */
export class MinuteRuns {
  readonly stages: Stage[] = []

  add(stage: Stage['stage'], start: number): void {
    const last = this.stages.at(-1)
    if (last && last.stage === stage && last.end === start) last.end = start + 60_000
    else this.stages.push({ stage, start, end: start + 60_000 })
  }
}

/** The nights of one device; a span without any stage is a night of which only the sums are known. */
export function sleepsOf(
  key: string,
  stages: readonly Stage[],
  spans: readonly SleepSpan[],
  clock: LocalClock,
): SessionReading[] {
  const localOffset = (t: number) => clock.offsetAt(t)
  const made = nightsOf(stages, { externalId: (start) => `${key}:sleep:${start}`, localOffset })
  for (const { start, end, totals } of spans) {
    if (made.some((night) => night.start < end && night.end > start)) continue
    made.push(sleepSession(`${key}:sleep:${start}`, [], { start, end, totals }))
  }
  return made.sort((a, b) => a.start - b.start)
}
