import { Button } from '@mantine/core'
import { useInfiniteQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { sessionPagesQuery } from '../api/queries.ts'
import type { Session } from '../api/types.ts'
import { Answer } from '../app/answer.tsx'
import { LinkButton } from '../app/link-button.tsx'
import { useFormat } from '../app/reader.tsx'
import { EmptyState } from '../ui/empty-state.tsx'
import { Icon } from '../ui/icon.tsx'
import { Card, Page, Section } from '../ui/page.tsx'
import { duration, hoursAndMinutes } from '../util/format.ts'
import { counted } from '../util/import-words.ts'
import { path, type SessionSearch } from '../util/path-builder.ts'
import { offsetOf } from '../util/wall-time.ts'
import { Filters } from './sessions/filters.tsx'
import { type Month, monthsOf } from './sessions/months.ts'
import { questionOf } from './sessions/question.ts'
import { SessionRows } from './sessions/session-rows.tsx'
import styles from './sessions/sessions.module.css'

function NoSessions() {
  return (
    <EmptyState
      icon="activity"
      title="No sessions yet"
      action={
        <>
          <LinkButton place={path.imports()}>Import recorded sessions</LinkButton>
          <LinkButton place={path.newSession()} variant="default">
            Enter one by hand
          </LinkButton>
        </>
      }
      preview={<Ghost />}
    >
      Workouts, nights, naps and ECGs of every source end up in this one list, by month and the newest first. Nothing
      has come in so far.
    </EmptyState>
  )
}

function Ghost() {
  return (
    <div className={styles['ghost']}>
      {['88%', '64%', '76%'].map((width) => (
        <span key={width}>
          <i />
          <b style={{ width }} />
        </span>
      ))}
    </div>
  )
}

export function SessionsPage() {
  const search: SessionSearch = useSearch({ strict: false })
  const navigate = useNavigate()
  const format = useFormat()
  const isFiltered = Object.keys(search).length > 0
  const sessions = useInfiniteQuery(sessionPagesQuery(questionOf(search, format.timeZone)))
  const show = (next: SessionSearch) => void navigate({ ...path.sessions(next), replace: true, resetScroll: false })
  const loaded = sessions.data?.pages.flatMap(({ items }) => items) ?? []
  const isEmpty = sessions.data !== undefined && loaded.length === 0 && !isFiltered
  return (
    <Page
      title="Sessions"
      lead="Workouts, nights and more of all your sources, each told once."
      actions={
        <>
          {loaded.some(({ type }) => type === 'sleep') && (
            <LinkButton place={path.lastNight()} variant="default" leftSection={<Icon name="sleep" size={18} />}>
              Last night
            </LinkButton>
          )}
          <LinkButton place={path.plan()} variant="default" leftSection={<Icon name="calendar" size={18} />}>
            Plan
          </LinkButton>
          {!isEmpty && (
            <LinkButton place={path.newSession()} leftSection={<Icon name="plus" size={18} />}>
              Enter by hand
            </LinkButton>
          )}
        </>
      }
    >
      {!isEmpty && <Filters search={search} known={loaded} onSearch={show} />}
      <Answer query={sessions}>
        {() => {
          if (isEmpty) return <NoSessions />
          if (loaded.length === 0) return <NoMatch onClear={() => show({})} />
          return (
            <>
              <Months sessions={loaded} isWhole={!sessions.hasNextPage} />
              <More
                count={loaded.length}
                hasMore={sessions.hasNextPage}
                isLoading={sessions.isFetchingNextPage}
                onMore={() => void sessions.fetchNextPage()}
              />
            </>
          )
        }}
      </Answer>
    </Page>
  )
}

function NoMatch({ onClear }: { onClear: () => void }) {
  return (
    <EmptyState icon="search" title="Nothing matches" action={<Button onClick={onClear}>Clear the filters</Button>}>
      There are sessions, but none that is all of what you ask for. Take a filter away, or look for another word.
    </EmptyState>
  )
}

interface MoreProps {
  count: number
  hasMore: boolean
  isLoading: boolean
  onMore: () => void
}

function More({ count, hasMore, isLoading, onMore }: MoreProps) {
  const format = useFormat()
  return (
    <div className={styles['more']}>
      <p role="status" className={styles['soft']}>
        {counted(format.number(count), 'session')} {hasMore ? 'shown, there are more' : 'in all'}
      </p>
      {hasMore && (
        <Button variant="default" loading={isLoading} onClick={onMore}>
          Load more
        </Button>
      )}
    </div>
  )
}

function Months({ sessions, isWhole }: { sessions: readonly Session[]; isWhole: boolean }) {
  const { timeZone, locale } = useFormat()
  const months = monthsOf(sessions, (at) => offsetOf(timeZone, at))
  const name = new Intl.DateTimeFormat(locale, { month: 'long', year: 'numeric', timeZone: 'UTC' })
  return months.map((month, index) => (
    <Section
      key={month.month}
      title={name.format(new Date(`${month.month}-01T00:00Z`))}
      lead={<MonthTotals month={month} isWhole={isWhole || index < months.length - 1} />}
    >
      <Card flush>
        <SessionRows sessions={month.sessions} />
      </Card>
    </Section>
  ))
}

/** A month whose end is not loaded yet says so: half a month's sum is a wrong sum. */
function MonthTotals({ month, isWhole }: { month: Month; isWhole: boolean }) {
  const format = useFormat()
  const { workouts, distance, duration: seconds, nights, asleep } = month
  const words = [
    workouts > 0 && counted(format.number(workouts), 'workout'),
    distance > 0 && format.total('distance', distance),
    workouts > 0 && duration(seconds),
    nights > 0 && counted(format.number(nights), 'night'),
    asleep !== null && `${hoursAndMinutes(asleep)} asleep on average`,
  ].filter(Boolean)
  if (words.length === 0) return counted(format.number(month.sessions.length), 'session')
  return (
    <span className="tabular">
      {words.join(' · ')}
      {!isWhole && ' so far'}
    </span>
  )
}
