/** Times as Google writes them. */
import { wallClock } from '../kit/times.ts'

export const rfc = (t: number): string => `${wallClock(t, 0)}Z`
export const offset = (minutes: number): string => `${minutes * 60}s`

export const dateParts = (date: string) => {
  const [year, month, day] = date.split('-').map(Number)
  return { year, month, day }
}

/** Zero parts are left out. */
export function civil(t: number, minutes: number) {
  const [date = '', time = ''] = wallClock(t, minutes).split('T')
  const [hours, mins, seconds] = time.split(':').map(Number)
  const clock = { ...(hours ? { hours } : {}), ...(mins ? { minutes: mins } : {}), ...(seconds ? { seconds } : {}) }
  return { date: dateParts(date), ...(Object.keys(clock).length ? { time: clock } : {}) }
}

export const spanOf = (start: number, end: number, startOffset: number, endOffset: number) => ({
  startTime: rfc(start),
  startUtcOffset: offset(startOffset),
  endTime: rfc(end),
  endUtcOffset: offset(endOffset),
})
