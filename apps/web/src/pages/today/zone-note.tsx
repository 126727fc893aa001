import { useQuery } from '@tanstack/react-query'
import { whyQuery } from '../../api/queries.ts'
import type { Days } from '../../api/types.ts'
import { awayOffset, offsetWords } from './zone.ts'

/** A night's date comes with its session; what is measured through the day knows where the day began. */
const isOfTheDay = (metric: string) => !metric.startsWith('sleep_')

/** Of a day that was not lived at home: by which clock it is counted. */
export function ZoneNote({ date, days: { metrics, time_zone } }: { date: string; days: Days }) {
  const known = metrics.find(({ metric, days }) => isOfTheDay(metric) && days.some((day) => day.date === date))
  const why = useQuery({ ...whyQuery(known?.metric ?? '', date), enabled: known !== undefined })
  const offset = why.data && awayOffset(why.data, time_zone)
  return offset === undefined ? null : <> · by the clock of {offsetWords(offset)}, where the day was spent</>
}
