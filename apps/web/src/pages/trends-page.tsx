import { useQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { isMetric, type MetricId } from '@tributary/protocol'
import { useState } from 'react'
import { type DailyMetric, metricsWithDaysQuery } from '../api/metrics-with-days.ts'
import { Answer } from '../app/answer.tsx'
import { LinkButton } from '../app/link-button.tsx'
import { useFormat } from '../app/reader.tsx'
import { EmptyState } from '../ui/empty-state.tsx'
import { Page } from '../ui/page.tsx'
import { dateIn, isDate } from '../util/local-days.ts'
import { path, type TrendsSearch } from '../util/path-builder.ts'
import { TrendControls } from './trends/controls.tsx'
import { isView, type View } from './trends/periods.ts'
import { TrendView } from './trends/view.tsx'

function NothingYet() {
  return (
    <EmptyState
      icon="trends"
      title="No trends yet"
      action={
        <>
          <LinkButton place={path.imports()}>Import files</LinkButton>
          <LinkButton place={path.newDevice()} variant="default">
            Add a device
          </LinkButton>
        </>
      }
      preview={<GhostTrend />}
    >
      There is no data yet. With a week of it you see here what is usual for you, with a month of it what has changed:
      by day, week, month and year.
    </EmptyState>
  )
}

export function TrendsPage() {
  const metrics = useQuery(metricsWithDaysQuery)
  return (
    <Page title="Trends" lead="Weeks, months and years beside what is usual for you.">
      <Answer query={metrics}>{(known) => <Trends known={known} />}</Answer>
    </Page>
  )
}

function Trends({ known }: { known: readonly DailyMetric[] }) {
  const format = useFormat()
  const search: TrendsSearch = useSearch({ strict: false })
  const navigate = useNavigate()
  const [now] = useState(() => Date.now())
  const today = dateIn(format.timeZone, now)
  const metric = search.metric && isMetric(search.metric) ? search.metric : favourite(known)
  if (!metric) return <NothingYet />
  const view: View = isView(search.view) ? search.view : 'month'
  const newest = known.find((one) => one.metric === metric)?.last
  // A watch that was put away in March still shows its last month.
  const date = isDate(search.date) ? search.date : dateIn(format.timeZone, Math.min(newest ?? now, now))
  const go = (next: TrendsSearch) =>
    void navigate({ ...path.trends({ metric, view, date, ...next }), resetScroll: false })
  return (
    <>
      <TrendControls
        metric={metric}
        known={known}
        view={view}
        onMetric={(chosen) => go({ metric: chosen })}
        onView={(chosen) => go({ view: chosen })}
      />
      <TrendView
        metric={metric}
        view={view}
        date={date}
        today={today}
        onLook={(chosen, on) => go({ view: chosen, date: on })}
      />
    </>
  )
}

const favourites: readonly MetricId[] = ['steps', 'sleep_total', 'resting_heart_rate', 'body_mass']

function favourite(known: readonly DailyMetric[]): MetricId | undefined {
  return favourites.find((metric) => known.some((one) => one.metric === metric)) ?? known[0]?.metric
}

function GhostTrend() {
  return (
    <svg viewBox="0 0 560 120" role="presentation">
      <rect y="38" width="560" height="34" fill="var(--accent)" opacity="0.14" />
      {[64, 80, 58, 72, 90, 66, 50, 76, 84, 70, 62, 88, 74, 60].map((height, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the bars never move.
        <rect key={index} x={index * 40 + 6} y={118 - height} width="28" height={height} rx="4" fill="var(--accent)" />
      ))}
    </svg>
  )
}
