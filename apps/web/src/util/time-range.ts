/** The stretch of time a chart shows: a preset, or a person's own. */
import type { ExploreSearch } from './path-builder.ts'

export const presets = ['day', 'week', 'month', 'year', 'all'] as const
export type Preset = (typeof presets)[number]

const day = 86_400_000
const lengths: Record<Exclude<Preset, 'all'>, number> = { day, week: 7 * day, month: 30 * day, year: 365 * day }

/** Milliseconds since 1970, start included and end excluded. */
export interface Range {
  from: number
  to: number
}

const shortest = 10_000
const longest = 60 * 365 * day

export function isPreset(word: string | undefined): word is Preset {
  return presets.some((preset) => preset === word)
}

/**
 * A preset ends with the newest value, so that a watch which was put away in March still shows its last week; without one, now.
 * Ends on a full minute: the address and the cache key then stay the same while a page is looked at.
 */
export function presetRange(preset: Preset, extent: { first: number; last: number } | undefined, now: number): Range {
  const to = Math.ceil(((extent?.last ?? now) + 1) / 60_000) * 60_000
  if (preset === 'all') return { from: extent ? Math.floor(extent.first / 60_000) * 60_000 : to - lengths.year, to }
  return { from: to - lengths[preset], to }
}

export function ownRange({ from, to }: ExploreSearch): Range | undefined {
  const range = { from: Date.parse(from ?? ''), to: Date.parse(to ?? '') }
  return range.to > range.from ? range : undefined
}

/** Factor below 1 looks closer, above 1 from farther away; the middle stays. */
export function zoom({ from, to }: Range, factor: number): Range {
  const length = Math.min(longest, Math.max(shortest, (to - from) * factor))
  const middle = (from + to) / 2
  return { from: Math.round(middle - length / 2), to: Math.round(middle + length / 2) }
}

/** By a share of its length: −0.5 is half a window earlier. */
export function shift({ from, to }: Range, share: number): Range {
  const by = Math.round((to - from) * share)
  return { from: from + by, to: to + by }
}

export function rangeSearch({ from, to }: Range): Pick<ExploreSearch, 'from' | 'to'> {
  return { from: new Date(from).toISOString(), to: new Date(to).toISOString() }
}
