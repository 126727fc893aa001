/**
 * A night is put together from stages: those no further apart than an hour belong to one. A stage that closes the gap between
 * two nights makes them one. Stages are kept as they were sent; overlaps are for whoever draws them.
 */
import { figureFaultOf } from '@tributary/protocol'
import type { StageRow } from './sifted.ts'
import type { Outcome } from './tally.ts'

export interface Stage {
  start: number
  end: number
  label: string
  quality: number
}

export interface Night {
  /** Null until it is stored. */
  sessionId: string | null
  offset: number | null
  /** By start. */
  stages: Map<number, Stage>
}

export const gapMs = 3_600_000

/** Puts one stage where it belongs among the nights, and says what it was. Nights that became one are emptied. */
export function addStage(
  nights: Night[],
  { start, end, stage, quality, offset }: StageRow,
): { outcome: Outcome; night: Night } {
  const made: Stage = { start, end, label: stage, quality }
  const home = nights.find((night) => night.stages.has(start))
  const known = home?.stages.get(start)
  if (home && known) {
    if (known.end === end && known.label === stage) return { outcome: 'duplicates', night: home }
    home.stages.set(start, made)
    return { outcome: 'changed', night: home }
  }
  const [first, ...others] = nights.filter((night) => isNear(night, start, end))
  const night: Night = first ?? { sessionId: null, offset, stages: new Map() }
  if (!first) nights.push(night)
  for (const other of others) {
    for (const [at, moved] of other.stages) night.stages.set(at, moved)
    other.stages.clear()
  }
  night.stages.set(start, made)
  night.offset ??= offset
  return { outcome: 'accepted', night }
}

function isNear({ stages }: Night, start: number, end: number): boolean {
  if (!stages.size) return false
  const span = spanOf(stages)
  return start <= span.end + gapMs && end >= span.start - gapMs
}

export function spanOf(stages: ReadonlyMap<number, Stage>): { start: number; end: number } {
  let start = Number.POSITIVE_INFINITY
  let end = Number.NEGATIVE_INFINITY
  for (const stage of stages.values()) {
    start = Math.min(start, stage.start)
    end = Math.max(end, stage.end)
  }
  return { start, end }
}

const asleep = ['light', 'deep', 'rem', 'asleep_unspecified']

/**
 * Seconds, by the catalogue's names; worked out from the stages, since a device that sends stages states no totals. Stages that lie over each
 * other may add up to more than there can be: that is no figure.
 */
export function totalsOf(stages: ReadonlyMap<number, Stage>): Record<string, number> {
  const list = [...stages.values()]
  const seconds = (is: (stage: Stage) => boolean) =>
    list.filter(is).reduce((sum, stage) => sum + stage.end - stage.start, 0) / 1000
  const sleeping = list.filter(({ label }) => asleep.includes(label))
  const fellAsleep = Math.min(...sleeping.map((stage) => stage.start))
  const wokeUp = Math.max(...sleeping.map((stage) => stage.end))
  const { start, end } = spanOf(stages)
  const inBed = (end - start) / 1000
  const totals = {
    duration: inBed,
    sleep_time_in_bed: inBed,
    sleep_total: seconds(({ label }) => asleep.includes(label)),
    sleep_light: seconds(({ label }) => label === 'light'),
    sleep_deep: seconds(({ label }) => label === 'deep'),
    sleep_rem: seconds(({ label }) => label === 'rem'),
    sleep_awake: seconds((stage) => stage.label === 'awake' && stage.start >= fellAsleep && stage.end <= wokeUp),
  }
  const of = { type: 'sleep', activity: 'other', seconds: inBed } as const
  return Object.fromEntries(Object.entries(totals).filter(([name, value]) => !figureFaultOf(name, value, of)))
}
