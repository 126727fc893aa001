/** A night in its stages: cycles of some 90 minutes, deep ones early, dreams towards the morning, awake in between. */
import type { SessionPart, SleepStage } from '@tributary/protocol'
import type { Sleep } from './episodes.ts'
import { minuteMs } from './local-time.ts'
import type { Random } from './random.ts'

export function stagesOf({ from, to, unrest, isNap }: Sleep, random: Random): SessionPart[] {
  const parts: SessionPart[] = []
  let at = from
  const add = (label: SleepStage, minutes: number) => {
    const end = Math.min(to, at + Math.max(1, Math.round(minutes)) * minuteMs)
    if (end <= at) return
    const last = parts.at(-1)
    if (last?.label === label) last.end = end
    else parts.push({ kind: 'stage', start: at, end, label })
    at = end
  }
  add('awake', isNap ? random.between(2, 7) : random.between(5, 16) + 14 * unrest)
  for (let cycle = 0; at < to; cycle++) {
    add('light', random.between(14, 24))
    if (!isNap || random.chance(0.3)) add('deep', Math.max(4, random.between(24, 36) - 8 * cycle) * (1 - 0.35 * unrest))
    add('light', random.between(12, 24))
    if (!isNap) add('rem', (8 + 7 * Math.min(cycle, 3)) * random.between(0.7, 1.2) * (1 - 0.3 * unrest))
    if (random.chance(0.25 + 0.6 * unrest)) add('awake', random.between(2, 6) + 22 * unrest * random.next())
    if (cycle > 0 && random.chance(0.5)) add('light', random.between(6, 16))
  }
  // One wakes up out of sleep, not out of lying awake.
  const last = parts.at(-1)
  if (last?.label === 'awake') last.label = 'light'
  return parts
}

const asleep = ['light', 'deep', 'rem', 'asleep_unspecified']

/** Seconds, as a watch states them. */
export function nightTotals(parts: readonly SessionPart[]): Record<string, number> {
  const seconds = (is: (label: string) => boolean) =>
    parts.reduce((sum, { label = '', start, end }) => sum + (is(label) ? (end - start) / 1000 : 0), 0)
  const from = parts[0]?.start ?? 0
  const to = parts.at(-1)?.end ?? 0
  const latency = parts[0]?.label === 'awake' ? ((parts[0]?.end ?? 0) - from) / 1000 : 0
  const total = seconds((label) => asleep.includes(label))
  return {
    duration: (to - from) / 1000,
    sleep_time_in_bed: (to - from) / 1000,
    sleep_total: total,
    sleep_light: seconds((label) => label === 'light'),
    sleep_deep: seconds((label) => label === 'deep'),
    sleep_rem: seconds((label) => label === 'rem'),
    sleep_awake: seconds((label) => label === 'awake') - latency,
    sleep_latency: latency,
  }
}
