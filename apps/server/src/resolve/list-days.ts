import { catalogue, type MetricId, resolveDataType, routes } from '@tributary/protocol'
import { dateOf, dayOfDate } from '../platform/days/zone.ts'
import { handle } from '../platform/http/handle.ts'
import { instantOrNull } from '../platform/instant.ts'
import { must } from '../platform/must.ts'
import { Problem } from '../platform/problem.ts'
import { type Candidate, chooseSource } from './choose-source.ts'
import type { DaySource, SourceDay } from './days.queries.ts'
import { metricsOf } from './plan.ts'
import { dayMetrics, readDays } from './read-days.ts'

/** Eleven years, so that ten and a bit fit: of everything people measure that is an answer of some megabytes. */
const longestRange = 11 * 366

export const listDays = handle(routes.listDays, async ({ caller, query }, { db }) => {
  const [from, to] = [dayOfDate(query.from), dayOfDate(query.to)]
  if (from >= to)
    throw new Problem('range_invalid', 'from must be before to', {
      errors: [{ pointer: 'to', detail: 'must be after from' }],
    })
  if (to - from > longestRange)
    throw new Problem(
      'range_invalid',
      `a range has at most ${longestRange} days, which is eleven years: ask for less`,
      {
        errors: [{ pointer: 'to', detail: `must be at most ${longestRange} days after from` }],
      },
    )
  const asked = query.metrics === undefined ? undefined : namesOf([query.metrics].flat())
  const { timeZone, sources, values, stale } = await readDays(db, caller.userId, asked ?? dayMetrics, from, to - 1)
  const byMetric = Map.groupBy(values, ({ metric }) => metric)
  const named = asked ?? dayMetrics.filter((metric) => byMetric.has(metric) || stale.has(metric))
  const shown = new Set<string>()
  const metrics = named.map((metric) => ({
    metric,
    unit: catalogue[metric].unit,
    rollup: catalogue[metric].rollup[0] ?? 'none',
    days: daysOf(metric, byMetric.get(metric) ?? [], sources, shown),
    stale_dates: [...(stale.get(metric) ?? [])].sort((a, b) => a - b).map(dateOf),
  }))
  return {
    from: query.from,
    to: query.to,
    time_zone: timeZone,
    sources: [...sources.values()].filter(({ sourceId }) => shown.has(sourceId)).map(showSource),
    metrics,
  }
})

/** Aliases are understood, and of a compound its parts are meant. */
export function namesOf(names: readonly string[]): MetricId[] {
  const metrics = names.flatMap((name) => {
    const type = resolveDataType(name)
    if (!type)
      throw new Problem('data_type_unknown', `${name} is not in the catalogue: GET /api/v1/metrics lists what is`, {
        errors: [{ pointer: 'metrics', code: 'data_type_unknown', detail: `${name} is not in the catalogue` }],
      })
    return metricsOf(type.kind === 'metric' ? type.metric : type.name)
  })
  return [...new Set(metrics)]
}

type Sources = ReadonlyMap<string, DaySource>

/** Figures and sources are of one snapshot, so each figure's source is there. */
export const candidatesOf = (same: readonly SourceDay[], sources: Sources): (Candidate & SourceDay)[] =>
  same.map((value) => {
    const { kind, deviceType, age } = must(sources.get(value.sourceId), 'a figure has a source')
    return { ...value, kind, deviceType, age }
  })

function daysOf(metric: MetricId, found: readonly SourceDay[], sources: Sources, shown: Set<string>) {
  const days = []
  const values = [...found].sort((a, b) => a.day - b.day)
  for (let at = 0; at < values.length; ) {
    const one = values[at] as SourceDay
    let end = at + 1
    while (values[end]?.day === one.day) end++
    const isOnly = end === at + 1
    const same = isOnly ? [] : candidatesOf(values.slice(at, end), sources)
    const winner = isOnly ? one : chooseSource(metric, same)?.winner
    at = end
    if (!winner) continue
    shown.add(winner.sourceId)
    days.push(showDay(winner, isOnly ? 1 : same.length))
  }
  return days
}

/** Spelt out, for there are a thousand in an answer. */
const showDay = (of: SourceDay, sources: number) => ({
  date: dateOf(of.day),
  value: of.value,
  min: of.min,
  max: of.max,
  avg: of.avg,
  sum: of.sum,
  last: of.last,
  n: of.n,
  source_id: of.sourceId,
  sources,
  coverage: share(of.coverage),
  quality: share(of.quality),
  last_time: instantOrNull(of.lastAt),
})

/** To a ten-thousandth, which of a day is nine seconds. */
export const share = (of: number | null): number | null => (of === null ? null : Math.round(of * 10_000) / 10_000)

export const showSource = ({ sourceId, name, kind, deviceId, isDemo }: DaySource) => ({
  ...{ source_id: sourceId, name, kind, device_id: deviceId, is_demo: isDemo },
})
