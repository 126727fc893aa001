/** Figures of some dates as they stand, brought up to date first where that is little work; the rest says so. */
import { type MetricId, metricIds } from '@tributary/protocol'
import type { Database } from '../platform/db/database.ts'
import type { Querier } from '../platform/samples/sql.ts'
import { type DaySource, listSources, listValues, type SourceDay } from './days.queries.ts'
import { countDays, hasFigure, type Item, type Limits, unite, within } from './plan.ts'
import { itemsOfHot, itemsOfMarks, resolveStep } from './resolve-step.ts'
import { findCalendar, findHotDays, inOneSnapshot, lookAtMarks, planByKey } from './work.queries.ts'

/** Figures worked out while somebody waits: a few tens of milliseconds. */
const few = 200
/** More than the longest range has of all series, none of it compacted yet; what is stale must not go unsaid. */
const allOfThem = 2_000_000

/** Every metric that days can have a figure of. */
export const dayMetrics: readonly MetricId[] = metricIds.filter(hasFigure)

export interface Days {
  timeZone: string
  sources: ReadonlyMap<string, DaySource>
  values: SourceDay[]
  /** By metric: the dates whose newest data is not in the figures. */
  stale: ReadonlyMap<string, ReadonlySet<number>>
}

export async function readDays(
  db: Database,
  userId: string,
  metrics: readonly MetricId[],
  from: number,
  to: number,
): Promise<Days> {
  const limits: Limits = { from, to, metrics: new Set(metrics) }
  const read = () => db.readOn({ userId }, (client) => look(client, userId, metrics, limits))
  const first = await read()
  if (first.work === 0 || first.work > few) return first
  // Null when another process is at it: what it has not done yet is stale.
  await resolveStep(db, userId, limits)
  return read()
}

async function look(
  client: Querier,
  userId: string,
  metrics: readonly MetricId[],
  limits: Limits,
): Promise<Days & { work: number }> {
  const { from, to } = limits
  const [, , marks, hot, calendar, sources, values] = await Promise.all([
    inOneSnapshot(client),
    planByKey(client),
    lookAtMarks(client, userId, from, to),
    findHotDays(client, userId, from - 3, to + 1, allOfThem),
    findCalendar(client, userId),
    listSources(client, userId),
    listValues(client, userId, metrics, from, to),
  ])
  const items = await itemsOfMarks(client, userId, marks)
  const due = within(unite([...items, ...hot.flatMap(itemsOfHot)]), limits)
  return { timeZone: calendar?.timeZone ?? 'UTC', sources, values, stale: datesOf(due), work: countDays(due) }
}

function datesOf(due: readonly Item[]): Map<string, Set<number>> {
  const dates = new Map<string, Set<number>>()
  for (const { metric, from, to } of due) {
    const of = dates.get(metric) ?? new Set()
    dates.set(metric, of)
    for (let day = from; day <= to; day++) of.add(day)
  }
  return dates
}
