/**
 * Some of a person's dates worked out again, in one transaction: marks are taken, what they mean is read after that, figures
 * are written and what did not fit is marked again. Killed at any line it has not happened. What is committed while it runs
 * either stands in what it reads or brings a mark, or a segment number, of its own.
 */

import { farthestMs, zoneOf } from '../platform/days/zone.ts'
import type { Database } from '../platform/db/database.ts'
import { dayOf } from '../platform/samples/points.ts'
import type { Querier } from '../platform/samples/sql.ts'
import { dropFigures, findKept, holdSources, putFigures } from './figures.queries.ts'
import { workOut } from './figures.ts'
import {
  countDays,
  covers,
  eventTypeOf,
  type Item,
  type Limits,
  type Mark,
  metricsOf,
  newest,
  sessionTypeOf,
  subtract,
  unite,
  within,
} from './plan.ts'
import {
  findCalendar,
  findExtents,
  findHolders,
  findHotDays,
  type HotDay,
  lockPerson,
  planByKey,
  putMarks,
  settleDays,
  takeMarks,
} from './work.queries.ts'

/** Figures of one transaction: some 50 ms of work. */
const figuresTogether = 400
const marksTogether = 1_000
const longestAmountMs = 36 * 3_600_000
const recentDays = 60
/** In days: further than any date in the database. */
const farFromNow = 700_000

export interface Step {
  /** Figures that were worked out. */
  days: number
  /** There may be more to do. */
  more: boolean
}

/** Null when another process is at work for the person. With limits only what lies within is worked out, the rest stays marked. */
export function resolveStep(db: Database, userId: string, limits?: Limits): Promise<Step | null> {
  return db.writeOn({ userId }, async (client) => {
    // Statements pass one by one, each seeing what was committed before it began: nothing is read before the lock is had.
    if (!(await lockPerson(client, userId))) return null
    await planByKey(client)
    // Marks first: what they tell of, a change of zone too, is read after they were taken.
    const marks = await takeMarks(client, userId, marksTogether)
    const calendar = await findCalendar(client, userId)
    if (!calendar) return { days: 0, more: marks.length === marksTogether }
    const hot = await hotDays(client, userId, calendar.today, limits)
    const marked = unite(await itemsOfMarks(client, userId, marks))
    const fresh = hot.flatMap(itemsOfHot)
    // Of points the whole of what they touch, if some of it is asked for: in part they would have to be looked at again.
    const wanted = limits
      ? [...within(marked, limits), ...fresh.filter((item) => within([item], limits).length)]
      : [...marked, ...fresh]
    const now = newest(unite(wanted), figuresTogether)
    const person = { userId, zone: zoneOf(calendar.timeZone) }
    if (now.length) {
      const worked = await workOut(client, person, now)
      const there = await holdSources(
        client,
        userId,
        now.map(({ sourceId }) => sourceId),
      )
      const figures = worked.filter(({ sourceId }) => there.has(sourceId))
      const stays = new Set(figures.map(({ sourceId, metric, day }) => `${sourceId} ${metric} ${day}`))
      const before = await findKept(client, userId, now)
      const gone = before.filter(({ sourceId, metric, day }) => !stays.has(`${sourceId} ${metric} ${day}`))
      await dropFigures(client, userId, gone)
      await putFigures(client, userId, figures)
    }
    const later = subtract(marked, unite(now))
    await putMarks(client, userId, later)
    const done = unite(now)
    const seen = hot.filter((day) => itemsOfHot(day).every((item) => covers(done, item)))
    await settleDays(client, userId, seen)
    const more =
      later.length > 0 || marks.length === marksTogether || hot.length === figuresTogether || seen.length < hot.length
    return { days: countDays(now), more }
  })
}

/** UTC days whose points can belong to the dates that are asked for; of all there are, those people look at first. */
async function hotDays(client: Querier, userId: string, today: number, limits?: Limits): Promise<HotDay[]> {
  if (limits) return findHotDays(client, userId, limits.from - 3, limits.to + 1, figuresTogether)
  const recent = await findHotDays(client, userId, today - recentDays, farFromNow, figuresTogether)
  if (recent.length === figuresTogether) return recent
  const older = await findHotDays(client, userId, -farFromNow, today - recentDays - 1, figuresTogether - recent.length)
  return [...recent, ...older]
}

/** The local dates that a day's new points can belong to, or reach into. */
export function itemsOfHot({ sourceId, metric, first, last }: HotDay): Item[] {
  const from = dayOf(first - farthestMs)
  const to = dayOf(last + farthestMs + longestAmountMs)
  return metricsOf(metric).map((of) => ({ sourceId, metric: of, from, to }))
}

/** What marks mean, as far as there is, or was, anything. */
export async function itemsOfMarks(client: Querier, userId: string, marks: readonly Mark[]): Promise<Item[]> {
  const holders = marks.some(isOpen) ? await findHolders(client, userId) : []
  const items = marks.flatMap((mark) => {
    const { sourceId, metric, from, to } = mark
    const named = isOpen(mark)
      ? holders.filter((one) => (sourceId ?? one.sourceId) === one.sourceId && (metric ?? one.type) === one.type)
      : [{ sourceId: sourceId as string, type: metric as string }]
    return named.flatMap((one) => metricsOf(one.type).map((of) => ({ sourceId: one.sourceId, metric: of, from, to })))
  })
  return clip(client, userId, items)
}

const isOpen = ({ sourceId, metric }: Mark): boolean => sourceId === null || metric === null

async function clip(client: Querier, userId: string, items: readonly Item[]): Promise<Item[]> {
  const endless = items.filter(({ from, to }) => !Number.isFinite(from) || !Number.isFinite(to))
  if (!endless.length) return [...items]
  const asked = [...new Map(endless.map((item) => [`${item.sourceId} ${item.metric}`, item])).values()]
  const extents = await findExtents(
    client,
    userId,
    asked.map(({ sourceId, metric }) => ({
      ...{ sourceId, metric, event: eventTypeOf(metric), session: sessionTypeOf(metric) },
    })),
  )
  const known = new Map(extents.map((extent) => [`${extent.sourceId} ${extent.metric}`, extent]))
  return items.flatMap((item) => {
    if (Number.isFinite(item.from) && Number.isFinite(item.to)) return [item]
    const extent = known.get(`${item.sourceId} ${item.metric}`)
    return extent ? within([item], extent) : []
  })
}
