/** Which figures a mark means, and which of them are worked out now. Dates are days since 1970, both ends are in. Pure. */
import { catalogue, compounds, isCompound, isMetric, type MetricId, metricIds } from '@tributary/protocol'

export interface Mark {
  /** Null: every one. */
  sourceId: string | null
  metric: string | null
  /** May be infinite. */
  from: number
  to: number
}

/** One source's figures of one metric on some dates. */
export interface Item {
  sourceId: string
  metric: MetricId
  from: number
  to: number
}

/** What a night's totals state, by the catalogue's names. */
export const nightMetrics: readonly MetricId[] = metricIds.filter(
  (metric) => metric.startsWith('sleep_') && catalogue[metric].kind.includes('D'),
)

/** Sessions that are counted; of a night there is more to say. */
const counted = ['workout', 'ecg'] as const
export type Counted = (typeof counted)[number]

export const isCounted = (type: string): type is Counted => (counted as readonly string[]).includes(type)

/** The metrics that what is stored under a name goes into: of a compound its parts, of a session its totals. */
export function metricsOf(type: string): readonly MetricId[] {
  if (type === 'sleep') return nightMetrics
  if (isCompound(type))
    return Object.values(compounds[type].parts)
      .map((part) => ('metric' in part ? part.metric : undefined))
      .filter((metric) => metric !== undefined && hasFigure(metric)) as MetricId[]
  return isMetric(type) && hasFigure(type) ? [type] : []
}

/** Words have no figure, nor has what the catalogue sums up by `none`. */
export function hasFigure(metric: MetricId): boolean {
  const { rollup, words, unit } = catalogue[metric]
  return rollup[0] !== 'none' && rollup[0] !== 'longest' && !words && unit !== 'code'
}

/** What stands in `events` for a metric: a blood pressure holds two. */
export function eventTypeOf(metric: MetricId): string {
  if (metric === 'bp_systolic' || metric === 'bp_diastolic' || metric === 'bp_mean') return 'blood_pressure'
  return metric
}

export function sessionTypeOf(metric: MetricId): 'sleep' | Counted | null {
  if (isCounted(metric)) return metric
  return nightMetrics.includes(metric) ? 'sleep' : null
}

const keyOf = ({ sourceId, metric }: Item) => `${sourceId} ${metric}`

export const daysIn = ({ from, to }: { from: number; to: number }): number => to - from + 1

export const countDays = (items: readonly Item[]): number => items.reduce((sum, item) => sum + daysIn(item), 0)

/** The same figures, none twice: ranges of one source and metric that meet become one. */
export function unite(items: readonly Item[]): Item[] {
  return [...Map.groupBy(items, keyOf).values()].flatMap((same) => {
    const united: Item[] = []
    for (const item of [...same].sort((a, b) => a.from - b.from)) {
      const before = united.at(-1)
      if (before && item.from <= before.to + 1) before.to = Math.max(before.to, item.to)
      else united.push({ ...item })
    }
    return united
  })
}

/** What of `items` is not in `taken`; both united. */
export function subtract(items: readonly Item[], taken: readonly Item[]): Item[] {
  const byKey = Map.groupBy(taken, keyOf)
  return items.flatMap((item) => {
    const left: Item[] = []
    let from = item.from
    for (const hole of byKey.get(keyOf(item)) ?? []) {
      if (hole.to < from || hole.from > item.to) continue
      if (hole.from > from) left.push({ ...item, from, to: hole.from - 1 })
      from = hole.to + 1
    }
    if (from <= item.to) left.push({ ...item, from })
    return left
  })
}

export interface Limits {
  from: number
  to: number
  metrics?: ReadonlySet<string> | undefined
}

/** What of the items lies within; the days that people look at. */
export function within(items: readonly Item[], { from, to, metrics }: Limits): Item[] {
  return items
    .filter(({ metric }) => !metrics || metrics.has(metric))
    .map((item) => ({ ...item, from: Math.max(item.from, from), to: Math.min(item.to, to) }))
    .filter((item) => item.from <= item.to)
}

/** As many as fit, the newest first: after an import of ten years this week is there at once. */
export function newest(items: readonly Item[], most: number): Item[] {
  const taken: Item[] = []
  let left = most
  for (const item of [...items].sort((a, b) => b.to - a.to)) {
    if (left <= 0) break
    const from = Math.max(item.from, item.to - left + 1)
    taken.push({ ...item, from })
    left -= item.to - from + 1
  }
  return taken
}

/** Whether all of an item is among those that were taken. */
export const covers = (taken: readonly Item[], item: Item): boolean => subtract([item], taken).length === 0
