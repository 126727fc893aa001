import { useQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { catalogue, isMetric, type MetricId } from '@tributary/protocol'
import { useMemo, useState } from 'react'
import { type MetricExtent, metricsWithDataQuery } from '../api/metrics-with-data.ts'
import { Answer } from '../app/answer.tsx'
import { LinkButton } from '../app/link-button.tsx'
import { EmptyState } from '../ui/empty-state.tsx'
import { Page } from '../ui/page.tsx'
import { type ExploreSearch, path } from '../util/path-builder.ts'
import { isPreset, ownRange, type Preset, presetRange, type Range, rangeSearch } from '../util/time-range.ts'
import { ExploreControls } from './explore/controls.tsx'
import { ExploreView } from './explore/view.tsx'

function NothingYet() {
  return (
    <EmptyState
      icon="chart"
      title="Nothing to explore yet"
      action={
        <>
          <LinkButton place={path.imports()}>Import an activity</LinkButton>
          <LinkButton place={path.newDevice()} variant="default">
            Add a device
          </LinkButton>
        </>
      }
      preview={<GhostChart />}
    >
      As soon as a device sends data or a file is imported, every metric can be seen here: a day or ten years in one
      chart.
    </EmptyState>
  )
}

export function ExplorePage() {
  const extents = useQuery(metricsWithDataQuery)
  return (
    <Page title="Explore" lead="Any metric over any stretch of time, every source as its own line.">
      <Answer query={extents}>{(known) => <Explorer extents={known} />}</Answer>
    </Page>
  )
}

function Explorer({ extents }: { extents: readonly MetricExtent[] }) {
  const search: ExploreSearch = useSearch({ strict: false })
  const navigate = useNavigate()
  const [now] = useState(() => Date.now())
  const metric = search.metric && isMetric(search.metric) ? search.metric : favourite(extents)
  const extent = extents.find((known) => known.metric === metric)
  const own = useMemo(() => ownRange(search), [search])
  // Stays in the address beside an own range, so that there is something to come back to.
  const preset = isPreset(search.range) ? search.range : 'week'
  const range = own ?? presetRange(preset, extent, now)

  if (!metric) return <NothingYet />
  const go = (next: ExploreSearch) => void navigate(path.explore(next))
  const goPreset = (chosen: Preset) => go({ metric, range: chosen })
  const goRange = (chosen: Range) => go({ metric, range: preset, ...rangeSearch(chosen) })
  return (
    <>
      <ExploreControls
        metric={metric}
        extents={extents}
        preset={own ? undefined : preset}
        range={range}
        onMetric={(chosen) => go({ ...search, metric: chosen })}
        onPreset={goPreset}
        onRange={goRange}
      />
      <ExploreView
        metric={metric}
        title={catalogue[metric].title}
        range={range}
        samples={extent?.samples ?? 0}
        onRange={goRange}
        onReset={() => goPreset(preset)}
        {...(extent && { onLatest: () => goPreset('week') })}
      />
    </>
  )
}

/** What most people look for first, else what there is most of. */
function favourite(extents: readonly MetricExtent[]): MetricId | undefined {
  return extents.find(({ metric }) => metric === 'heart_rate')?.metric ?? extents[0]?.metric
}

function GhostChart() {
  return (
    <svg viewBox="0 0 560 120" fill="none" stroke="var(--accent)" strokeWidth="2.5" role="presentation">
      <path d="M0 80C40 70 60 30 100 40s50 60 90 50 60-70 110-60 60 50 100 40 70-50 160-30" />
    </svg>
  )
}
