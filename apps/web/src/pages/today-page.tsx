import { useQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import { metricsWithDataQuery } from '../api/metrics-with-data.ts'
import { daysQuery, workoutsQuery } from '../api/queries.ts'
import type { Days } from '../api/types.ts'
import { Answer } from '../app/answer.tsx'
import { LinkButton } from '../app/link-button.tsx'
import { useFormat } from '../app/reader.tsx'
import { usualSpan } from '../charts/usual.ts'
import { EmptyState } from '../ui/empty-state.tsx'
import { Icon } from '../ui/icon.tsx'
import { Loading } from '../ui/loading.tsx'
import { Page } from '../ui/page.tsx'
import { addDays, dateIn, dayWords, isDate } from '../util/local-days.ts'
import { path, type TodaySearch } from '../util/path-builder.ts'
import { DayCard } from './today/day-card.tsx'
import { DaySwitcher } from './today/day-switcher.tsx'
import { DemoButton } from './today/demo-button.tsx'
import { cardsOf, todayMetrics } from './today/figures.ts'
import { GhostCards } from './today/ghost-cards.tsx'
import { WorkoutCard } from './today/workout-card.tsx'
import { ZoneNote } from './today/zone-note.tsx'
import styles from './today-page.module.css'

function NothingYet() {
  return (
    <EmptyState
      icon="today"
      title="Your day will stand here"
      action={
        <>
          <LinkButton place={path.imports()}>Import files</LinkButton>
          <LinkButton place={path.newDevice()} variant="default">
            Add a device
          </LinkButton>
          <DemoButton />
        </>
      }
      preview={<GhostCards />}
    >
      There is no data yet. As soon as a device sends something or a file is imported, you see your night, your steps
      and your recovery here, each beside what is usual for you and with the source it comes from.
    </EmptyState>
  )
}

export function TodayPage() {
  const format = useFormat()
  const search: TodaySearch = useSearch({ strict: false })
  const navigate = useNavigate()
  const [now] = useState(() => Date.now())
  const today = dateIn(format.timeZone, now)
  const date = isDate(search.date) && search.date <= today ? search.date : today
  // Four weeks before the oldest day that can stand on a card: what was usual then.
  const days = useQuery(daysQuery(todayMetrics, addDays(date, -2 * usualSpan), addDays(date, 1)))
  const words = dayWords(format.locale, today)
  const title = date === today ? 'Today' : date === addDays(today, -1) ? 'Yesterday' : words.long(date)
  return (
    <Page
      title={title}
      lead={
        <>
          {title === words.long(date) ? words.year(date) : words.long(date)}
          {days.data && <ZoneNote date={date} days={days.data} />}
        </>
      }
      actions={
        <DaySwitcher
          date={date}
          today={today}
          onDate={(chosen) => void navigate(path.today(chosen === today ? {} : { date: chosen }))}
        />
      }
    >
      <Answer query={days} loading={<Loading rows={4} height={200} />}>
        {(answer) => <Cards days={answer} date={date} today={today} />}
      </Answer>
    </Page>
  )
}

interface CardsProps {
  days: Days
  date: string
  today: string
}

function Cards({ days, date, today }: CardsProps) {
  // A day more than the date: its end lies on the next one in zones west of here.
  const workouts = useQuery(workoutsQuery(`${addDays(date, 1)}T12:00:00Z`))
  const extents = useQuery(metricsWithDataQuery)
  const cards = cardsOf(days.metrics, date, today)
  const [last] = workouts.data?.items ?? []
  const isBehind = days.metrics.some(({ stale_dates }) => stale_dates.length > 0)
  if (cards.length === 0 && !last) {
    if (isBehind) return <WorkedIn />
    if (workouts.isPending || extents.isPending) return <Loading rows={4} height={200} />
    const newest = Math.max(...(extents.data ?? []).map((extent) => extent.last))
    return Number.isFinite(newest) ? <NothingThen newest={newest} /> : <NothingYet />
  }
  return (
    <>
      {isBehind && <WorkedIn />}
      <div className={styles['cards']}>
        {cards.map((card) => (
          <DayCard key={card.title} card={card} sources={days.sources} date={date} today={today} />
        ))}
        {last && <WorkoutCard workouts={workouts.data?.items ?? []} date={date} today={today} />}
      </div>
    </>
  )
}

/** After an import of years the figures of days follow a little later: what stands here is not all yet, and says so. */
function WorkedIn() {
  return (
    <p className={styles['behind']} role="status">
      <Icon name="clock" /> Data that has just arrived is being worked into your days. This page follows by itself.
    </p>
  )
}

function NothingThen({ newest }: { newest: number }) {
  const format = useFormat()
  return (
    <EmptyState
      icon="calendar"
      title="Nothing around this day"
      action={
        <LinkButton place={path.today({ date: dateIn(format.timeZone, newest) })}>Go to the newest day</LinkButton>
      }
    >
      There is nothing of this day and of the weeks before it. The newest data is of {format.date(newest)}.
    </EmptyState>
  )
}
