/** The training that is planned for the days after today, as a calendar at a brand holds it. */
import type { SessionReading } from '@tributary/protocol'
import { makeCalendar } from './calendar.ts'
import type { DemoYearOptions } from './demo-year.ts'
import { addDays, localDate, localTime, minuteMs, offsetAt } from './local-time.ts'
import { planFor } from './training.ts'

/** Sessions that nobody has done yet, `extra.planned`, of so many days from tomorrow on; what has not happened has no totals. */
export function plansAhead({ until, timeZone, seed = 0, days = 10 }: DemoYearOptions): SessionReading[] {
  const today = localDate(timeZone, until)
  const calendar = makeCalendar(timeZone, today, seed)
  return Array.from({ length: days }, (_, i) => addDays(today, i + 1)).flatMap((date) => {
    const plan = planFor(calendar.day(date), seed)
    if (!plan) return []
    // Nobody plans by the odd minute.
    const start = localTime(timeZone, date, Math.round(plan.at / 15) * 15)
    const session: SessionReading = {
      kind: 'session',
      type: 'workout',
      activity: plan.sport,
      title: plan.title,
      start,
      end: start + Math.max(20, Math.round(plan.minutes / 5) * 5) * minuteMs,
      offset: offsetAt(timeZone, start),
      externalId: `plan-${date}`,
      totals: {},
      parts: [],
      extra: { planned: true },
    }
    return [session]
  })
}
