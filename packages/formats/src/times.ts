import { dayMs, earliest } from './limits.ts'

/** Why a time cannot be one of a recording; undefined when it can. */
export type TimeCheck = (ms: number) => { code: string; detail: string } | undefined

export function timeCheck(now: number): TimeCheck {
  return (ms) => {
    if (!Number.isFinite(ms)) return { code: 'time_unreadable', detail: 'the time cannot be read' }
    if (ms < earliest) return { code: 'time_too_early', detail: `${iso(ms)} is before the year 2000` }
    if (ms > now + dayMs) return { code: 'time_in_future', detail: `${iso(ms)} has not come yet` }
    return undefined
  }
}

function iso(ms: number): string {
  const date = new Date(ms)
  return Number.isNaN(date.getTime()) ? `${ms} ms` : date.toISOString()
}
