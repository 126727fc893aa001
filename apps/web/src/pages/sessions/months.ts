/** Sessions by the month they began in, where they began. */
import type { Session } from '../../api/types.ts'

export interface Month {
  /** 2026-03 */
  month: string
  sessions: Session[]
  workouts: number
  /** Seconds and metres of the workouts. */
  duration: number
  distance: number
  nights: number
  /** Mean of the seconds asleep, of nights that tell; null without any. */
  asleep: number | null
}

export function monthsOf(sessions: readonly Session[], offsetAt: (at: number) => number): Month[] {
  const byMonth = Map.groupBy(sessions, (session) => localDayOf(session, offsetAt).slice(0, 7))
  return [...byMonth].map(([month, own]) => {
    const workouts = own.filter(({ type }) => type === 'workout')
    const nights = own.filter(({ type, is_nap }) => type === 'sleep' && !is_nap)
    // A night of which only the time in bed is known says nothing of sleep.
    const asleep = nights.flatMap(({ totals }) => totals['sleep_total'] ?? [])
    return {
      month,
      sessions: own,
      workouts: workouts.length,
      duration: sum(workouts.map(secondsOf)),
      distance: sum(workouts.map(({ totals }) => totals['distance'] ?? 0)),
      nights: nights.length,
      asleep: asleep.length > 0 ? sum(asleep) / asleep.length : null,
    }
  })
}

/** The date on the wall where the session began. */
export function localDayOf(
  { start_time, utc_offset_minutes }: Pick<Session, 'start_time' | 'utc_offset_minutes'>,
  offsetAt: (at: number) => number,
): string {
  const at = Date.parse(start_time)
  return new Date(at + (utc_offset_minutes ?? offsetAt(at)) * 60_000).toISOString().slice(0, 10)
}

export function secondsOf({
  totals,
  start_time,
  end_time,
}: Pick<Session, 'totals' | 'start_time' | 'end_time'>): number {
  return totals['duration'] ?? (Date.parse(end_time) - Date.parse(start_time)) / 1_000
}

const sum = (values: readonly number[]) => values.reduce((all, value) => all + value, 0)
