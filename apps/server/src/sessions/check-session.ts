/** What nobody can have done: checked for what people enter, since no source's own checks stand before it. */
import { isActivity } from '@tributary/protocol'
import { Problem } from '../platform/problem.ts'

const longestMs = 31 * 86_400_000
/** Clocks that are a little fast are forgiven. */
const aheadMs = 600_000
const earliestMs = Date.UTC(2000, 0, 1)

export function checkSpan(start: number, end: number, now: number): void {
  const refuse = (pointer: string, detail: string) => {
    throw new Problem('range_invalid', `${pointer.slice(1)} ${detail}`, { errors: [{ pointer, detail }] })
  }
  if (start >= end) refuse('/end_time', 'must be after start_time')
  if (end > now + aheadMs) refuse('/end_time', 'lies in the future')
  if (end - start > longestMs) refuse('/end_time', 'must be within 31 days of start_time')
  if (start < earliestMs) refuse('/start_time', 'must not be before the year 2000')
}

export function checkActivity(activity: string | null | undefined): void {
  if (activity === undefined || activity === null || isActivity(activity)) return
  throw new Problem('invalid_request', `${activity} is not a kind of workout`, {
    errors: [{ pointer: '/activity', detail: 'is not a kind of workout: running, cycling, strength, other …' }],
  })
}

/** A plan's time is on its day, wherever on earth the person is then. */
export function checkStart(day: string, start: Date | null): void {
  const noon = Date.parse(`${day}T12:00:00Z`)
  if (start === null || Math.abs(start.getTime() - noon) <= 36 * 3_600_000) return
  throw new Problem('invalid_request', 'start_time is not on the day of scheduled_on', {
    errors: [{ pointer: '/start_time', detail: 'is not on the day of scheduled_on' }],
  })
}
