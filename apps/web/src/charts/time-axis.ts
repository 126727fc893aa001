/** Words under a time axis, as fine as its marks are apart. */
import type { Format } from '../util/format.ts'

const hour = 3_600_000
const day = 24 * hour

type AxisWords = (splits: readonly number[], step: number) => string[]

export function timeAxis({ locale, timeZone }: Pick<Format, 'locale' | 'timeZone'>): AxisWords {
  const words = (options: Intl.DateTimeFormatOptions) => new Intl.DateTimeFormat(locale, { timeZone, ...options })
  const clock = words({ hour: 'numeric', minute: '2-digit' })
  const exact = words({ hour: 'numeric', minute: '2-digit', second: '2-digit' })
  const date = words({ day: 'numeric', month: 'short' })
  const month = words({ month: 'short' })
  const year = words({ year: 'numeric' })

  return (splits, step) =>
    splits.map((at, index) => {
      const before = splits[index - 1]
      const isNew = (part: Intl.DateTimeFormat) => before === undefined || part.format(before) !== part.format(at)
      if (step >= 360 * day) return year.format(at)
      if (step >= 28 * day) return isNew(year) ? `${month.format(at)}\n${year.format(at)}` : month.format(at)
      if (step >= day) return isNew(year) ? `${date.format(at)}\n${year.format(at)}` : date.format(at)
      const time = step < 60_000 ? exact.format(at) : clock.format(at)
      return isNew(date) ? `${time}\n${date.format(at)}` : time
    })
}
