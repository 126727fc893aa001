/** Stages of a night, put in order for whoever draws them. */
import type { SessionPart } from '../../api/types.ts'

/** From wide awake at the top to the deepest at the bottom, as sleep is usually drawn. */
export const stageRows = [
  ['out_of_bed', 'Out of bed'],
  ['awake', 'Awake'],
  ['rem', 'REM'],
  ['light', 'Light'],
  ['deep', 'Deep'],
  ['asleep_unspecified', 'Asleep'],
  ['in_bed', 'In bed'],
  ['unknown', 'Not known'],
] as const

export type Stage = (typeof stageRows)[number][0]

export interface StageSpan {
  stage: Stage
  from: number
  to: number
}

export function spansOf(parts: readonly SessionPart[]): StageSpan[] {
  return parts
    .flatMap(({ kind, label, start_time, end_time }) => {
      const row = stageRows.find(([stage]) => stage === label)
      return kind === 'stage' && row ? [{ stage: row[0], from: Date.parse(start_time), to: Date.parse(end_time) }] : []
    })
    .sort((a, b) => a.from - b.from || a.to - b.to)
}

export interface StageSum {
  stage: Stage
  title: string
  seconds: number
  /** Of all that has a stage. */
  share: number
  times: number
}

/** Only the stages that there were. Lying awake before falling asleep counts as any other. */
export function sumsOf(spans: readonly StageSpan[]): StageSum[] {
  const all = spans.reduce((sum, { from, to }) => sum + to - from, 0)
  return stageRows.flatMap(([stage, title]) => {
    const own = spans.filter((span) => span.stage === stage)
    const length = own.reduce((sum, { from, to }) => sum + to - from, 0)
    return own.length === 0 ? [] : [{ stage, title, seconds: length / 1_000, share: length / all, times: own.length }]
  })
}

export function stageAt(spans: readonly StageSpan[], at: number): StageSpan | undefined {
  return spans.find(({ from, to }) => at >= from && at < to) ?? (at === spans.at(-1)?.to ? spans.at(-1) : undefined)
}

export function medianOf(values: readonly number[]): number | undefined {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  const [low, high] = [sorted[middle - 1], sorted[middle]]
  if (high === undefined) return undefined
  return sorted.length % 2 === 0 && low !== undefined ? (low + high) / 2 : high
}
