/** What nobody can have done: checked for what people enter, since no source's own checks stand before it. */
import { figureFaultOf, isActivity, lengthFaultOf, type SessionType } from '@tributary/protocol'
import { Problem } from '../platform/problem.ts'

/** Clocks that are a little fast are forgiven. */
const aheadMs = 600_000
const earliestMs = Date.UTC(2000, 0, 1)

export function checkSpan(type: SessionType, start: number, end: number, now: number): void {
  const refuse = (pointer: string, detail: string) => {
    throw new Problem('range_invalid', `${pointer.slice(1)} ${detail}`, { errors: [{ pointer, detail }] })
  }
  if (start >= end) refuse('/end_time', 'must be after start_time')
  if (end > now + aheadMs) refuse('/end_time', 'lies in the future')
  if (start < earliestMs) refuse('/start_time', 'must not be before the year 2000')
  const fault = lengthFaultOf(type, start, end)
  if (fault) refuse('/end_time', `cannot be: ${fault.detail}`)
}

/** Of the figures that somebody gives: what stood there before is not theirs to answer for. */
export function checkTotals(
  totals: Readonly<Record<string, number | null>> | undefined,
  {
    type,
    activity,
    start,
    end,
  }: { type: SessionType; activity: string | null | undefined; start: number; end: number },
): void {
  const kind = activity && isActivity(activity) ? activity : 'other'
  const of = { type, activity: kind, seconds: (end - start) / 1_000 }
  for (const [name, value] of Object.entries(totals ?? {})) {
    const fault = value === null ? null : figureFaultOf(name, value, of)
    if (!fault) continue
    const pointer = `/totals/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`
    throw new Problem('invalid_request', fault.detail, { errors: [{ pointer, detail: fault.detail }] })
  }
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
