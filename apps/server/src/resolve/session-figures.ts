/**
 * Days' figures of sessions that are shown. A session belongs to the date it ended on by its own clock, so a night to the
 * morning. Pure.
 *
 * Seconds asleep, in each stage and in bed are added up over all sleeps of the date, naps too: that is what the catalogue's
 * `sum` says. What cannot be added up (an efficiency, a latency) is that of the longest sleep.
 */
import { catalogue, type MetricId } from '@tributary/protocol'
import type { Zone } from '../platform/days/zone.ts'
import { dayMs } from '../platform/samples/points.ts'
import type { Figure, ShownSession } from './figures.queries.ts'
import { type Counted, isCounted, nightMetrics } from './plan.ts'

export function sessionFigures(sessions: readonly ShownSession[], zone: Zone): Figure[] {
  const byDay = Map.groupBy(sessions, (session) => `${session.sourceId} ${session.type} ${dayOf(session, zone)}`)
  return [...byDay.values()].flatMap((same) => {
    const [first] = same as [ShownSession, ...ShownSession[]]
    const day = dayOf(first, zone)
    return isCounted(first.type) ? [countOf(first.type, same, day)] : sleepFigures(same, day)
  })
}

const dayOf = ({ end, offset }: ShownSession, zone: Zone): number =>
  offset === null ? zone.dayAt(end) : Math.floor((end + offset * 60_000) / dayMs)

function sleepFigures(sleeps: readonly ShownSession[], day: number): Figure[] {
  return nightMetrics.flatMap((metric) => {
    const values = sleeps
      .map((sleep) => ({ sleep, value: totalOf(sleep, metric) }))
      .filter(({ value }) => value !== null)
    if (!values.length) return []
    const isSum = catalogue[metric].rollup[0] === 'sum'
    const longest = values.reduce((a, b) => (lengthOf(b.sleep) > lengthOf(a.sleep) ? b : a))
    const sum = isSum ? values.reduce((total, { value }) => total + (value ?? 0), 0) : null
    return [figureOf(sleeps, day, metric, sum ?? longest.value ?? 0, values.length, sum)]
  })
}

function totalOf({ totals }: ShownSession, metric: MetricId): number | null {
  const stated = totals[metric]
  if (typeof stated === 'number') return stated
  const { sleep_total: asleep, sleep_time_in_bed: inBed } = totals
  if (metric !== 'sleep_efficiency' || typeof asleep !== 'number' || typeof inBed !== 'number' || !(inBed > 0))
    return null
  return Math.min(100, (asleep / inBed) * 100)
}

const lengthOf = ({ start, end }: ShownSession): number => end - start

const countOf = (metric: Counted, sessions: readonly ShownSession[], day: number): Figure =>
  figureOf(sessions, day, metric, sessions.length, sessions.length, null)

function figureOf(
  sessions: readonly ShownSession[],
  day: number,
  metric: MetricId,
  value: number,
  n: number,
  sum: number | null,
): Figure {
  const { sourceId } = sessions[0] as ShownSession
  return {
    ...{ sourceId, metric, day, basis: 'sessions', value, n, sum },
    ...{ min: null, max: null, avg: null, last: null, coverage: null, quality: null, startAt: null, endAt: null },
    lastAt: Math.max(...sessions.map(({ end }) => end)),
  }
}
