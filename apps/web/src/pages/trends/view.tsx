import { ActionIcon, Skeleton } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import { catalogue, type MetricId } from '@tributary/protocol'
import { useCallback, useMemo } from 'react'
import { daysQuery } from '../../api/queries.ts'
import type { Days, DayValue } from '../../api/types.ts'
import { Answer } from '../../app/answer.tsx'
import { useFormat } from '../../app/reader.tsx'
import { usualSpan } from '../../charts/usual.ts'
import { Icon } from '../../ui/icon.tsx'
import { Card } from '../../ui/page.tsx'
import { Pill } from '../../ui/pill.tsx'
import { TableToggle } from '../../ui/table-toggle.tsx'
import { addDays, dayWords, firstWeekdayOf, startOfYear } from '../../util/local-days.ts'
import { metricTitle } from '../../util/metric-words.ts'
import { isCounted } from '../today/figures.ts'
import { WhyButton } from '../today/why-button.tsx'
import { Comparison } from './comparison.tsx'
import { DayHours } from './day-hours.tsx'
import { gapsOf, levelOf, switchesOf, within } from './figures.ts'
import { lastYear, neighbour, type Period, periodOf, type View } from './periods.ts'
import { TheYear } from './the-year.tsx'
import { TrendChart } from './trend-chart.tsx'
import { TrendTable } from './trend-table.tsx'
import styles from './view.module.css'
import { bucketWords, periodWords, trendSentence, whenOf } from './words.ts'

interface TrendViewProps {
  metric: MetricId
  view: View
  date: string
  today: string
  onLook: (view: View, date: string) => void
}

/** Older than anything that measures people by itself. */
const longAgo = '1980-01-01'

export function TrendView(props: TrendViewProps) {
  const { metric, view, date, today } = props
  // A year and the one before, whatever is looked at in it: going from month to month asks nothing anew.
  const from = view === 'all' ? longAgo : addDays(startOfYear(`${Number(date.slice(0, 4)) - 1}-06-01`), -usualSpan - 7)
  const end = addDays(`${date.slice(0, 4)}-12-31`, 8)
  const days = useQuery(daysQuery([metric], from, view === 'all' ? addDays(today, 1) : end))
  return (
    <Answer query={days} loading={<Skeleton height={520} radius={16} />}>
      {(answer) =>
        // Of the metric before, while this one's answer is on its way.
        answer.metrics.some((one) => one.metric === metric) ? (
          <Trend {...props} answer={answer} />
        ) : (
          <Skeleton height={520} radius={16} />
        )
      }
    </Answer>
  )
}

function Trend({ metric, view, date, today, onLook, answer }: TrendViewProps & { answer: Days }) {
  const format = useFormat()
  const [shown, { toggle }] = useDisclosure(false)
  const words = useMemo(() => dayWords(format.locale, today), [format.locale, today])
  const firstWeekday = firstWeekdayOf(format.locale)
  const of = answer.metrics.find((one) => one.metric === metric)
  const all: readonly DayValue[] = useMemo(() => of?.days ?? [], [of])
  const known = { firstWeekday, first: all[0]?.date ?? date, last: all.at(-1)?.date ?? date }
  const period = periodOf(view, date, known)
  // The sum of a day that is not over is no sum of a day.
  const complete = useMemo(
    () => (isCounted(metric) ? all.filter((day) => day.date !== today) : all),
    [all, metric, today],
  )
  // Who looks at today alone wants to see it.
  const counted = view === 'day' ? all : complete
  const days = within(counted, period)
  const before = neighbour(view, period, -1)
  const after = neighbour(view, period, 1)
  const others = [before, lastYear(view, period)]
    .filter((one) => one !== undefined)
    .map((other) => ({ of: other, period: periodWords(view, other, words), level: levelOf(metric, complete, other) }))
  const sourceName = useCallback(
    (id: string) => answer.sources.find(({ source_id }) => source_id === id)?.name ?? 'another source',
    [answer.sources],
  )
  const { from, to } = period
  const switches = useMemo(
    () => switchesOf(complete).filter(({ date: on }) => on >= from && on < to),
    [complete, from, to],
  )
  const gaps = gapsOf(complete).flatMap((gap) => clip(gap, period))
  const now = levelOf(metric, counted, period)
  const isGoingOn = complete !== all && within(all, period).some((day) => day.date === today)
  const title = periodWords(view, period, words)
  const sentence = trendSentence(
    { metric, when: whenOf(view), period: title, now, others, gaps, switches, sourceName, isGoingOn },
    format,
    words,
  )
  const move = (to: Period | undefined) => to && onLook(view, to.from > today ? today : to.from)
  const { label } = format.measure(metric)
  const summary = (
    <p className={styles['summary']}>
      {sentence} {bucketWords(metric, view)}
    </p>
  )
  const dayShown = view === 'day' ? all.find((day) => day.date === date) : undefined
  return (
    <>
      <Card>
        <div className={styles['view']}>
          <div className={styles['head']}>
            <h2 className={styles['title']}>
              {metricTitle(metric)} {label && <span className={styles['unit']}>{label}</span>}
            </h2>
            <Turn view={view} title={title} before={before} after={after} today={today} onMove={move} />
          </div>
          {(of?.stale_dates.length ?? 0) > 0 && <Pill tone="warn">Newer data is being worked in</Pill>}
          <Comparison metric={metric} now={now} others={others} days={days} />
          {view === 'day' ? (
            <>
              {summary}
              <DayHours metric={metric} date={date} />
            </>
          ) : (
            <TrendChart
              metric={metric}
              view={view}
              period={period}
              days={all}
              switches={switches}
              sourceName={sourceName}
              summary={sentence}
              today={today}
              onLook={onLook}
              onMove={(direction) => move(direction < 0 ? before : after && after.from <= today ? after : undefined)}
            />
          )}
          {view !== 'day' && summary}
          <div className={styles['foot']}>
            {view !== 'day' && <TableToggle shown={shown} onToggle={toggle} />}
            {dayShown && <WhyButton metric={metric} title={catalogue[metric].title} date={date} />}
          </div>
          {shown && view !== 'day' && <TrendTable metric={metric} days={within(all, period)} sourceName={sourceName} />}
        </div>
      </Card>
      {view !== 'all' && (
        <TheYear metric={metric} days={all} chosen={date} today={today} sourceName={sourceName} onLook={onLook} />
      )}
    </>
  )
}

interface TurnProps {
  view: View
  title: string
  before: Period | undefined
  after: Period | undefined
  today: string
  onMove: (to: Period | undefined) => void
}

/** Leads to the period before and the one after. */
function Turn({ view, title, before, after, today, onMove }: TurnProps) {
  const what = view === 'all' ? 'period' : view
  return (
    <div className={styles['period']}>
      <ActionIcon
        variant="default"
        size={36}
        aria-label={`The ${what} before`}
        disabled={!before}
        onClick={() => onMove(before)}
      >
        <Icon name="left" size={18} />
      </ActionIcon>
      <strong aria-live="polite">{title}</strong>
      <ActionIcon
        variant="default"
        size={36}
        aria-label={`The ${what} after`}
        disabled={!after || after.from > today}
        onClick={() => onMove(after)}
      >
        <Icon name="right" size={18} />
      </ActionIcon>
    </div>
  )
}

/** The part of a gap that lies within. */
function clip(gap: Period, { from, to }: Period): Period[] {
  const part = { from: gap.from > from ? gap.from : from, to: gap.to < to ? gap.to : to }
  return part.from < part.to ? [part] : []
}
