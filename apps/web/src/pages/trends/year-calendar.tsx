import type { MetricId } from '@tributary/protocol'
import { type KeyboardEvent, type MouseEvent, useMemo, useState } from 'react'
import type { DayValue } from '../../api/types.ts'
import { useFormat } from '../../app/reader.tsx'
import { addDays, dayWords, firstWeekdayOf, weekday } from '../../util/local-days.ts'
import { metricTitle } from '../../util/metric-words.ts'
import { levelsOf, monthsOf } from './figures.ts'
import styles from './year-calendar.module.css'

interface YearCalendarProps {
  metric: MetricId
  year: string
  days: readonly DayValue[]
  chosen: string
  today: string
  onDay: (date: string) => void
}

const steps: Record<string, number> = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -7, ArrowDown: 7 }

/** A year of days, each as deep as its value; what has none is only outlined. */
export function YearCalendar({ metric, year, days, chosen, today, onDay }: YearCalendarProps) {
  const format = useFormat()
  const [at, setAt] = useState<string>()
  const words = useMemo(() => dayWords(format.locale, today), [format.locale, today])
  const values = useMemo(
    () => new Map(days.filter(({ date }) => date.startsWith(year)).map(({ date, value }) => [date, value])),
    [days, year],
  )
  const { bounds, levelOf } = useMemo(() => levelsOf([...values.values()]), [values])
  const start = chosen.startsWith(year) ? chosen : `${year}-01-01`
  const answerKey = (event: KeyboardEvent) => {
    const step = steps[event.key]
    const from = at ?? start
    if (step) {
      const next = addDays(from, step)
      if (next.startsWith(year) && next <= today) setAt(next)
    } else if (event.key === 'Enter') onDay(from)
    else return
    event.preventDefault()
  }
  const dateUnder = (event: MouseEvent) =>
    event.target instanceof HTMLElement ? event.target.dataset['date'] : undefined
  return (
    <div className={styles['calendar']}>
      <p className={styles['readout']} aria-live="polite">
        {at ? (
          <>
            <span>{words.long(at)}</span>
            <strong>{values.has(at) ? format.value(metric, values.get(at) ?? 0) : 'Nothing'}</strong>
          </>
        ) : (
          `${values.size} days with ${metricTitle(metric).toLowerCase()} in ${year}. Point at a day; press to open it.`
        )}
      </p>
      <div
        role="application"
        aria-label={`Calendar of ${year}, ${metricTitle(metric)}. Arrow keys move by days and weeks, Enter opens the day.`}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: the calendar takes arrow keys and Enter.
        tabIndex={0}
        className={styles['months']}
        onKeyDown={answerKey}
        onFocus={() => setAt((before) => before ?? start)}
        onMouseOver={(event) => setAt((before) => dateUnder(event) ?? before)}
        onClick={(event) => {
          const date = dateUnder(event)
          if (date && date <= today) onDay(date)
        }}
      >
        {monthsOf(year).map((dates) => (
          <div key={dates[0]} className={styles['month']} aria-hidden="true">
            <span className={styles['name']}>{words.shortMonth(dates[0] ?? '')}</span>
            <div className={styles['days']}>
              {dates.map((date, index) => {
                const value = values.get(date)
                return (
                  <span
                    key={date}
                    className={styles['day']}
                    data-date={date}
                    data-level={value === undefined ? undefined : levelOf(value)}
                    data-at={date === at || undefined}
                    data-future={date > today || undefined}
                    style={
                      index === 0
                        ? { gridColumnStart: 1 + ((weekday(date) - firstWeekdayOf(format.locale) + 7) % 7) }
                        : undefined
                    }
                  />
                )
              })}
            </div>
          </div>
        ))}
      </div>
      {values.size > 0 && (
        <p className={styles['legend']}>
          <span className={styles['day']} /> nothing
          <span className={styles['day']} data-level={0} /> below {format.value(metric, bounds[0] ?? 0)}
          {[1, 2, 3].map((level) => (
            <span key={level} className={styles['day']} data-level={level} />
          ))}
          <span className={styles['day']} data-level={4} /> from {format.value(metric, bounds[3] ?? 0)}
        </p>
      )}
    </div>
  )
}
