/** In which zone a local day was lived, as far as its ends tell. Pure. */
import { instantOfDate } from '../../util/local-days.ts'

interface Bounds {
  date: string
  start_time: string
}

/** Minutes from UTC by which the day began, when that is not midnight at home. */
export function awayOffset({ date, start_time }: Bounds, home: string): number | undefined {
  const start = Date.parse(start_time)
  const offset = (instantOfDate(date) - start) / 60_000
  return offset === offsetAt(home, start) ? undefined : offset
}

function offsetAt(timeZone: string, instant: number): number {
  const format = new Intl.DateTimeFormat('en', { timeZone, timeZoneName: 'longOffset' })
  const name = format.formatToParts(instant).find(({ type }) => type === 'timeZoneName')?.value ?? ''
  const [, sign, hours = '0', minutes = '0'] = /GMT([+-])(\d+):?(\d+)?/.exec(name) ?? []
  return (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes))
}

/** 540 is `UTC+9`. */
export function offsetWords(minutes: number): string {
  const [hours, rest] = [Math.floor(Math.abs(minutes) / 60), Math.abs(minutes) % 60]
  return `UTC${minutes < 0 ? '−' : '+'}${hours}${rest ? `:${String(rest).padStart(2, '0')}` : ''}`
}
