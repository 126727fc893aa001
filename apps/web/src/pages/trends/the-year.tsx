import type { MetricId } from '@tributary/protocol'
import { useMemo } from 'react'
import type { DayValue } from '../../api/types.ts'
import { useFormat } from '../../app/reader.tsx'
import { InWords } from '../../ui/in-words.tsx'
import { Card, Section } from '../../ui/page.tsx'
import { dayWords } from '../../util/local-days.ts'
import { metricTitle } from '../../util/metric-words.ts'
import type { View } from './periods.ts'
import { TrendTable } from './trend-table.tsx'
import { yearSentence } from './words.ts'
import { YearCalendar } from './year-calendar.tsx'

interface TheYearProps {
  metric: MetricId
  days: readonly DayValue[]
  /** Its year is shown. */
  chosen: string
  today: string
  sourceName: (id: string) => string
  onLook: (view: View, date: string) => void
}

export function TheYear({ metric, days, chosen, today, sourceName, onLook }: TheYearProps) {
  const format = useFormat()
  const words = useMemo(() => dayWords(format.locale, today), [format.locale, today])
  const year = chosen.slice(0, 4)
  const ofYear = useMemo(() => days.filter(({ date }) => date.startsWith(year)), [days, year])
  return (
    <Section title={`The year ${year}`} lead="Every day at a glance: the deeper the colour, the higher the value.">
      <Card>
        <YearCalendar
          metric={metric}
          year={year}
          days={days}
          chosen={chosen}
          today={today}
          onDay={(date) => onLook('day', date)}
        />
        <InWords
          of={`the year ${year}`}
          sentence={yearSentence(metric, year, ofYear, format, words)}
          table={() => (
            <TrendTable
              title={`${metricTitle(metric)} in ${year}`}
              metric={metric}
              days={ofYear}
              sourceName={sourceName}
            />
          )}
        />
      </Card>
    </Section>
  )
}
