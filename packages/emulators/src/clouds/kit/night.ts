/** What is asked of a night by every brand that tells nights. */
import type { SessionReading, SleepStage } from '@tributary/protocol'

/** The stage at a moment; undefined where the night says nothing. */
export function stageAt({ parts }: SessionReading, t: number): SleepStage | undefined {
  return parts.find(({ kind, start, end }) => kind === 'stage' && start <= t && t < end)?.label as
    | SleepStage
    | undefined
}

/** Of every `every` ms from its start on. */
export function stagesEvery(night: SessionReading, every: number): (SleepStage | undefined)[] {
  const steps = Math.max(0, Math.floor((night.end - night.start) / every))
  return Array.from({ length: steps }, (_, i) => stageAt(night, night.start + i * every))
}

/** Whole seconds of a stage. */
export function secondsOf({ parts }: SessionReading, ...stages: readonly SleepStage[]): number {
  const seconds = parts.reduce(
    (sum, { kind, label, start, end }) =>
      kind === 'stage' && stages.some((stage) => stage === label) ? sum + (end - start) / 1000 : sum,
    0,
  )
  return Math.round(seconds)
}

/** Until sleep first came. */
export function latencyOf({ parts, start }: SessionReading): number {
  const first = parts.find(({ kind, label }) => kind === 'stage' && isAsleep(label))
  return first ? Math.round((first.start - start) / 1000) : 0
}

/** Times awake between falling asleep and getting up. */
export function wakingsOf({ parts }: SessionReading): number {
  const stages = parts.filter(({ kind }) => kind === 'stage').map(({ label }) => label)
  const inner = stages.slice(stages.findIndex(isAsleep), stages.findLastIndex(isAsleep) + 1)
  return inner.filter((label) => label === 'awake').length
}

const isAsleep = (label: string | undefined) =>
  label === 'light' || label === 'deep' || label === 'rem' || label === 'asleep_unspecified'
