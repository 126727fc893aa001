import { type KeyboardEvent, useEffect, useRef } from 'react'
import type { Plan } from '../../api/types.ts'
import { useFormat } from '../../app/reader.tsx'
import { dayByKey } from './month.ts'
import styles from './plan.module.css'
import { planWords } from './plan-words.ts'

interface CalendarProps {
  month: string
  weeks: readonly (readonly string[])[]
  today: string
  chosen: string
  plans: readonly Plan[]
  onChoose: (day: string) => void
  onAdd: (day: string) => void
}

/** A grid of days with one of them in the tab order: arrows move, Enter chooses, a letter is not needed. */
export function Calendar({ month, weeks, today, chosen, plans, onChoose, onAdd }: CalendarProps) {
  const { locale } = useFormat()
  const grid = useRef<HTMLTableElement>(null)
  const follows = useRef(false)
  useEffect(() => {
    if (follows.current) grid.current?.querySelector<HTMLButtonElement>(`[data-day="${chosen}"]`)?.focus()
    follows.current = false
  }, [chosen])
  const weekday = new Intl.DateTimeFormat(locale, { weekday: 'short', timeZone: 'UTC' })
  const full = new Intl.DateTimeFormat(locale, { weekday: 'long', day: 'numeric', month: 'long', timeZone: 'UTC' })
  const dateOf = (day: string) => new Date(`${day}T00:00Z`)
  const move = (event: KeyboardEvent) => {
    const next = dayByKey(chosen, event.key)
    if (!next) return
    event.preventDefault()
    follows.current = true
    onChoose(next)
  }
  // When another month is looked at without a day of it chosen, its first can be tabbed to.
  const days = weeks.flat()
  const tabbable = days.includes(chosen) ? chosen : `${month}-01`
  return (
    <table ref={grid} className={styles['calendar']} aria-label="Days of the month">
      <thead>
        <tr>
          {weeks[0]?.map((day) => (
            <th key={day} scope="col">
              {weekday.format(dateOf(day))}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {weeks.map((week) => (
          <tr key={week[0]}>
            {week.map((day) => {
              const own = plans.filter(({ scheduled_on }) => scheduled_on === day)
              return (
                <td key={day} data-outside={day.startsWith(month) ? undefined : ''}>
                  <button
                    type="button"
                    className={styles['day']}
                    data-day={day}
                    tabIndex={day === tabbable ? 0 : -1}
                    aria-pressed={day === chosen}
                    aria-current={day === today ? 'date' : undefined}
                    onClick={() => onChoose(day)}
                    onDoubleClick={() => onAdd(day)}
                    onKeyDown={move}
                  >
                    <span className="visually-hidden">
                      {full.format(dateOf(day))}
                      {own.length === 0 && ', nothing planned'}
                    </span>
                    <span className={styles['number']} aria-hidden="true">
                      {Number(day.slice(8))}
                    </span>
                    {own.map(({ planned_session_id, status, title }) => (
                      <span key={planned_session_id} className={styles['entry']} data-status={status}>
                        <b aria-hidden="true">{planWords[status].mark}</b> <span>{title}</span>
                        <span className="visually-hidden">({planWords[status].word.toLowerCase()})</span>
                      </span>
                    ))}
                  </button>
                </td>
              )
            })}
          </tr>
        ))}
      </tbody>
    </table>
  )
}
