/**
 * Days' figures of sessions that are shown. A session belongs to the date it ended on by its own clock, so a night to the
 * morning. Pure.
 *
 * Seconds asleep, in each stage and in bed are added up over all sleeps of the date, naps too: that is what the catalogue's
 * `sum` says. Nobody sleeps twice at a time: of two sleeps that overlap (a night, and a half of it told once more) the longer
 * counts whole and of the other the share of its time that the longer leaves. What cannot be added up (an efficiency, a
 * latency) is that of the longest sleep.
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
  const parts = partsOf(sleeps)
  const coverage = Math.min(1, parts.reduce((sum, { sleep, share }) => sum + lengthOf(sleep) * share, 0) / dayMs)
  return nightMetrics.flatMap((metric) => {
    const values = parts.flatMap(({ sleep, share }) => {
      const value = totalOf(sleep, metric)
      return value === null ? [] : [{ sleep, value: share === 1 ? value : Math.round(value * share), whole: value }]
    })
    const [longest] = values
    if (!longest) return []
    const isSum = catalogue[metric].rollup[0] === 'sum'
    const sum = isSum ? values.reduce((total, { value }) => total + value, 0) : null
    return [{ ...figureOf(sleeps, day, metric, sum ?? longest.whole, values.length, sum), coverage }]
  })
}

interface Part {
  sleep: ShownSession
  /** Of its time, what no longer sleep covers; more than none. */
  share: number
}

/** The longest first. */
function partsOf(sleeps: readonly ShownSession[]): Part[] {
  const taken: ShownSession[] = []
  return [...sleeps]
    .sort((a, b) => lengthOf(b) - lengthOf(a) || a.start - b.start)
    .flatMap((sleep) => {
      const length = lengthOf(sleep)
      const share = length > 0 ? freeOf(sleep, taken) / length : 1
      taken.push(sleep)
      return share > 0 ? [{ sleep, share }] : []
    })
}

/** How much of a sleep lies outside of all the others, ms. */
function freeOf({ start, end }: ShownSession, others: readonly ShownSession[]): number {
  let free = 0
  let at = start
  for (const other of [...others].sort((a, b) => a.start - b.start)) {
    if (other.start > at) free += Math.min(other.start, end) - at
    at = Math.max(at, other.end)
    if (at >= end) return free
  }
  return free + end - at
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
    ...{
      min: null,
      max: null,
      avg: null,
      first: null,
      last: null,
      coverage: null,
      quality: null,
      startAt: null,
      endAt: null,
    },
    lastAt: Math.max(...sessions.map(({ end }) => end)),
  }
}
