import type { SessionReading, SleepStage } from '@tributary/protocol'

export interface Stage {
  stage: SleepStage
  start: number
  end: number
}

const asleep: ReadonlySet<SleepStage> = new Set(['light', 'deep', 'rem', 'asleep_unspecified'])

/** Stages that may overlap, by start: the later record wins and cuts the earlier (canonical metrics, §4). */
export function withoutOverlaps(stages: readonly Stage[]): Stage[] {
  const made: Stage[] = []
  for (const stage of [...stages].sort((a, b) => a.start - b.start)) {
    let last = made.at(-1)
    while (last && last.start >= stage.start) {
      made.pop()
      last = made.at(-1)
    }
    if (last && last.end > stage.start) last.end = stage.start
    if (stage.end > stage.start) made.push({ ...stage })
  }
  return made
}

/** Short stages that lie on top of others, as Fitbit's short wakes do: what they cover is theirs, the rest stays. */
export function overlaid(stages: readonly Stage[], over: readonly Stage[]): Stage[] {
  const tops = withoutOverlaps(over)
  const made: Stage[] = tops.map((top) => ({ ...top }))
  let next = 0
  for (const stage of withoutOverlaps(stages)) {
    let from = stage.start
    while ((tops[next]?.end ?? Number.POSITIVE_INFINITY) <= from) next++
    for (let i = next; (tops[i]?.start ?? Number.POSITIVE_INFINITY) < stage.end; i++) {
      const top = tops[i] as Stage
      if (top.start > from) made.push({ ...stage, start: from, end: top.start })
      from = Math.max(from, top.end)
    }
    if (from < stage.end) made.push({ ...stage, start: from })
  }
  return made.sort((a, b) => a.start - b.start)
}

/** One sleep of a source as a session. Its span may be wider than its stages: the person lay awake before and after. */
export function sleepSession(
  externalId: string,
  stages: readonly Stage[],
  more: Partial<SessionReading> & { start?: number; end?: number } = {},
): SessionReading {
  const first = stages[0]?.start ?? more.start ?? Number.NaN
  const start = Math.min(more.start ?? first, first)
  const lastEnd = stages.reduce((end, stage) => Math.max(end, stage.end), more.end ?? Number.NEGATIVE_INFINITY)
  return {
    kind: 'session',
    type: 'sleep',
    externalId,
    parts: stages.map(({ stage, start, end }) => ({ kind: 'stage', label: stage, start, end })),
    ...more,
    start,
    end: lastEnd,
    totals: { ...totalsOf(stages, start, lastEnd), ...more.totals },
  }
}

/** Seconds by the catalogue's names; only what the stages can tell. */
function totalsOf(stages: readonly Stage[], start: number, end: number): Record<string, number> {
  const totals: Record<string, number> = { duration: (end - start) / 1000, sleep_time_in_bed: (end - start) / 1000 }
  const sleeping = stages.filter(({ stage }) => asleep.has(stage))
  if (!stages.length) return totals
  const seconds = (list: readonly Stage[]) => list.reduce((sum, stage) => sum + stage.end - stage.start, 0) / 1000
  const of = (name: SleepStage) => seconds(stages.filter(({ stage }) => stage === name))
  totals['sleep_total'] = seconds(sleeping)
  totals['sleep_light'] = of('light')
  totals['sleep_deep'] = of('deep')
  totals['sleep_rem'] = of('rem')
  const fellAsleep = Math.min(...sleeping.map((stage) => stage.start))
  const wokeUp = Math.max(...sleeping.map((stage) => stage.end))
  totals['sleep_awake'] = seconds(
    stages.filter(({ stage, start, end }) => stage === 'awake' && start >= fellAsleep && end <= wokeUp),
  )
  return totals
}
