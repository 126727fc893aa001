/** The calendar: what was recorded as planned, and a note, which is no plan. */
import type { Account, Draft, Kept } from '../kit/accounts.ts'
import type { Ids } from '../kit/ids.ts'
import { wallClock } from '../kit/times.ts'
import { typeOf, updated } from './records.ts'

/**
 * Of workouts whose `extra` says `planned`. `category` makes another thing of one than a workout; `all_day` leaves it without a time, and
 * `what` says what to do.
 */
export function* eventsOf(ids: Ids, { measured, id: athlete_id }: Account): Iterable<Draft> {
  for (const { reading, key } of measured.sessions('workout')) {
    const { start, end, title, totals, activity, extra = {} } = reading
    if (extra['planned'] !== true) continue
    const id = ids.integer(8, 'event', key)
    const wall = wallClock(start, reading.offset ?? measured.offsetAt(start))
    const date = wall.slice(0, 10)
    const body = {
      id,
      start_date_local: extra['all_day'] === true ? `${date}T00:00:00` : wall,
      end_date_local: null,
      category: extra['category'] ?? 'WORKOUT',
      type: typeOf(activity),
      name: title ?? 'Workout',
      description: extra['what'] ?? null,
      moving_time: Math.round((end - start) / 1_000),
      distance: totals['distance'] ?? null,
      icu_training_load: null,
      athlete_id,
      hide_from_athlete: extra['hidden'] === true,
      for_week: false,
      paired_activity_id: null,
    }
    yield { feed: 'event', id: String(id), at: start, end, date, body }
  }
}

export const shownEvent = ({ body, updatedAt }: Kept): Record<string, unknown> => ({
  ...body,
  updated: updated(updatedAt),
})
