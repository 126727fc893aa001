/** Numbers, dates and lengths of time as the reader writes them. */
import { isMetric, type MetricId } from '@tributary/protocol'
import { type Measure, measureFor, metricOfTotal, type UnitSystem } from './measure.ts'

export interface Preferences {
  locale: string
  timeZone: string
  units: UnitSystem
}

export type Instant = string | number | Date

export type Format = ReturnType<typeof createFormat>

const second = 1
const steps: readonly [Intl.RelativeTimeFormatUnit, number][] = [
  ['year', 31_557_600],
  ['month', 2_629_800],
  ['week', 604_800],
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
]

export function createFormat({ locale, timeZone, units }: Preferences) {
  const dates = (options: Intl.DateTimeFormatOptions) => new Intl.DateTimeFormat(locale, { timeZone, ...options })
  const day = dates({ day: 'numeric', month: 'short', year: 'numeric' })
  const dayTime = dates({ day: 'numeric', month: 'short', hour: 'numeric', minute: '2-digit' })
  const dayTimeYear = dates({ day: 'numeric', month: 'short', year: 'numeric', hour: 'numeric', minute: '2-digit' })
  const clock = dates({ hour: 'numeric', minute: '2-digit' })
  const ago = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' })
  const numberFormats = new Map<number, Intl.NumberFormat>()

  const number = (value: number, digits = 0) => {
    const format =
      numberFormats.get(digits) ??
      new Intl.NumberFormat(locale, { maximumFractionDigits: digits, signDisplay: 'negative' })
    numberFormats.set(digits, format)
    return format.format(value)
  }

  const measured = (value: number, measure: Measure) => {
    if (measure.isDuration) return hoursAndMinutes(value)
    const shown = measure.from(value)
    if (measure.label === 'km' && Math.abs(shown) < 1) return withUnit(number(shown * 1_000), 'm')
    return withUnit(number(shown, measure.digits), measure.label)
  }

  return {
    locale,
    timeZone,
    units,
    number,
    date: (at: Instant) => day.format(new Date(at)),
    /** By the clock on the wall where it happened, when that is known. */
    time: (at: Instant, offsetMinutes: number | null = null) =>
      (offsetMinutes === null
        ? clock
        : dates({ hour: 'numeric', minute: '2-digit', timeZone: offsetZone(offsetMinutes) })
      ).format(new Date(at)),
    dateTime: (at: Instant) => dayTime.format(new Date(at)),
    fullDateTime: (at: Instant) => dayTimeYear.format(new Date(at)),
    /** With the weekday, by the clock on the wall where it happened when that is known; the year only where it is not this one. */
    longDateTime(at: Instant, offsetMinutes: number | null = null, now = Date.now()) {
      const year = new Date(at).getFullYear() === new Date(now).getFullYear() ? {} : ({ year: 'numeric' } as const)
      return dates({
        weekday: 'short',
        day: 'numeric',
        month: 'short',
        hour: 'numeric',
        minute: '2-digit',
        ...year,
        ...(offsetMinutes !== null && { timeZone: offsetZone(offsetMinutes) }),
      }).format(new Date(at))
    },
    /** "5 minutes ago". */
    since(at: Instant, now = Date.now()) {
      const seconds = (new Date(at).getTime() - now) / 1_000
      if (Math.abs(seconds) < 60 * second) return ago.format(0, 'second')
      const [unit, length] = steps.find(([, size]) => Math.abs(seconds) >= size) ?? (['minute', 60] as const)
      return ago.format(Math.round(seconds / length), unit)
    },
    bytes(count: number) {
      const power = count < 1_000 ? 0 : Math.min(3, Math.floor(Math.log10(count) / 3))
      return `${number(count / 1_000 ** power, power ? 1 : 0)} ${['bytes', 'kB', 'MB', 'GB'][power]}`
    },
    /** A catalogue value in the reader's unit. */
    value: (metric: string, value: number) =>
      isMetric(metric) ? measured(value, measureFor(metric, units)) : number(value, 2),
    /** A figure of a session: `distance`, `heart_rate_avg` … */
    total(name: string, value: number) {
      if (/(^|_)duration$/.test(name)) return duration(value)
      const metric = metricOfTotal(name)
      return metric ? measured(value, measureFor(metric, units)) : number(value, 1)
    },
    measure: (metric: MetricId) => measureFor(metric, units),
    measured,
  }
}

/** `1:02:03`, or `4:05` below an hour. */
export function duration(seconds: number): string {
  const whole = Math.round(Math.abs(seconds))
  const [h, m, s] = [Math.floor(whole / 3_600), Math.floor(whole / 60) % 60, whole % 60]
  const two = (n: number) => String(n).padStart(2, '0')
  return `${seconds < 0 ? '−' : ''}${h ? `${h}:${two(m)}` : m}:${two(s)}`
}

/** How long somebody slept: `6 h 41 min`. A stop watch's way of writing is for workouts. */
export function hoursAndMinutes(seconds: number): string {
  if (seconds < 60) return `${Math.round(seconds)} s`
  const minutes = Math.round(seconds / 60)
  const [h, m] = [Math.floor(minutes / 60), minutes % 60]
  return [h && `${h} h`, (m || !h) && `${m} min`].filter(Boolean).join(' ')
}

/** Minutes and seconds for a kilometre or a mile, how runners say speed; nothing while standing. */
export function pace(metresPerSecond: number, system: UnitSystem): string | undefined {
  if (metresPerSecond < 0.2) return undefined
  const metres = system === 'metric' ? 1_000 : 1_609.344
  return `${duration(metres / metresPerSecond)} /${system === 'metric' ? 'km' : 'mi'}`
}

/** −420 is the zone `-07:00`. */
function offsetZone(minutes: number): string {
  const [hours, rest] = [Math.floor(Math.abs(minutes) / 60), Math.abs(minutes) % 60]
  return `${minutes < 0 ? '-' : '+'}${String(hours).padStart(2, '0')}:${String(rest).padStart(2, '0')}`
}

/** Percent and degrees stand close, other units apart by a space that does not break. */
function withUnit(number: string, label: string): string {
  if (!label) return number
  return label === '%' ? `${number}%` : `${number}\u00a0${label}`
}
