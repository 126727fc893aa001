import { catalogue, type MetricId, resolveDataType, routes } from '@tributary/protocol'
import { dateOf, dayOfDate } from '../platform/days/zone.ts'
import { handle } from '../platform/http/handle.ts'
import { instantOrNull } from '../platform/instant.ts'
import { Problem } from '../platform/problem.ts'
import { type Candidate, chooseSource } from './choose-source.ts'
import type { DaySource, SourceDay } from './days.queries.ts'
import { metricsOf } from './plan.ts'
import { dayMetrics, readDays } from './read-days.ts'

export const listDays = handle(routes.listDays, async ({ caller, query }, { db }) => {
  const [from, to] = [dayOfDate(query.from), dayOfDate(query.to)]
  if (from >= to)
    throw new Problem('range_invalid', 'from must be before to', {
      errors: [{ pointer: 'to', detail: 'must be after from' }],
    })
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

/** A source that was made between two statements of one reading has no name yet: its day comes with the next reading. */
export function candidatesOf(same: readonly SourceDay[], sources: Sources): (Candidate & SourceDay)[] {
  return same.flatMap((value) => {
    const source = sources.get(value.sourceId)
    return source ? [{ ...value, kind: source.kind, deviceType: source.deviceType, age: source.age }] : []
  })
}

function daysOf(metric: MetricId, found: readonly SourceDay[], sources: Sources, shown: Set<string>) {
  const days = []
  const values = [...found].sort((a, b) => a.day - b.day)
  for (let at = 0; at < values.length; ) {
    const { day } = values[at] as SourceDay
    let end = at + 1
    while (values[end]?.day === day) end++
    const same = candidatesOf(values.slice(at, end), sources)
    at = end
    const winner = chooseSource(metric, same)?.winner
    if (!winner) continue
    shown.add(winner.sourceId)
    days.push(showDay(winner, same.length))
  }
  return days
}

function showDay({ day, sourceId, lastAt, ...of }: SourceDay, sources: number) {
  const { value, min, max, avg, sum, last, n, coverage, quality } = of
  return {
    ...{ date: dateOf(day), value, min, max, avg, sum, last, n },
    ...{ source_id: sourceId, sources, coverage, quality, last_time: instantOrNull(lastAt) },
  }
}

export const showSource = ({ sourceId, name, kind, deviceId }: DaySource) => ({
  ...{ source_id: sourceId, name, kind, device_id: deviceId },
})
