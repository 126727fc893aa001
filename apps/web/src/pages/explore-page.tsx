import { useQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import type { MetricId } from '@tributary/protocol'
import { useMemo, useState } from 'react'
import { type MetricExtent, metricsWithDataQuery } from '../api/metrics-with-data.ts'
import { Answer } from '../app/answer.tsx'
import { LinkButton } from '../app/link-button.tsx'
import { EmptyState } from '../ui/empty-state.tsx'
import { Page } from '../ui/page.tsx'
import { type ExploreSearch, path } from '../util/path-builder.ts'
import { isPreset, ownRange, type Preset, presetRange, type Range, rangeSearch } from '../util/time-range.ts'
import { hiddenOf, hiddenWord, metricsOf, metricsWord } from './explore/address.ts'
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
    <Page title="Explore" lead="Up to four metrics over any stretch of time, every source as its own line.">
      <Answer query={extents}>{(known) => <Explorer extents={known} />}</Answer>
    </Page>
  )
}

function Explorer({ extents }: { extents: readonly MetricExtent[] }) {
  const search: ExploreSearch = useSearch({ strict: false })
  const navigate = useNavigate()
  const [now] = useState(() => Date.now())
  const metrics = useMemo(() => {
    const named = metricsOf(search)
    const first = favourite(extents)
    return named.length > 0 ? named : first ? [first] : []
  }, [search, extents])
  const hidden = useMemo(() => hiddenOf(search), [search])
  const extent = useMemo(() => extentOf(metrics, extents), [metrics, extents])
  const own = useMemo(() => ownRange(search), [search])
  // Stays in the address beside an own range, so that there is something to come back to.
  const preset = isPreset(search.range) ? search.range : 'week'
  const range = own ?? presetRange(preset, extent, now)

  if (metrics.length === 0) return <NothingYet />
  const go = (next: { [Word in keyof ExploreSearch]: string | undefined }, replace = false) => {
    const { metric, range: chosen, from, to, hidden: off } = next
    const said = Object.entries({ metric, range: chosen, from, to, hidden: off }).filter(([, value]) => value)
    void navigate({ ...path.explore(Object.fromEntries(said)), replace, resetScroll: false })
  }
  const base = { metric: metricsWord(metrics), hidden: search.hidden }
  const goPreset = (chosen: Preset) => go({ ...base, range: chosen })
  const goRange = (chosen: Range, replace = false) => go({ ...base, range: preset, ...rangeSearch(chosen) }, replace)
  return (
    <>
      <ExploreControls
        metrics={metrics}
        extents={extents}
        preset={own ? undefined : preset}
        range={range}
        onMetrics={(chosen) => go({ ...search, metric: metricsWord(chosen), hidden: hiddenWord(hidden, chosen) })}
        onPreset={goPreset}
        onRange={goRange}
      />
      <ExploreView
        metrics={metrics}
        range={range}
        extents={extents}
        hidden={hidden}
        onHidden={(chosen) => go({ ...search, ...base, hidden: hiddenWord(chosen, metrics) }, true)}
        onRange={goRange}
        onReset={() => goPreset(preset)}
        {...(extent && { onLatest: () => goPreset('week') })}
      />
    </>
  )
}

/** From the first to the last value of any of them. */
function extentOf(metrics: readonly MetricId[], extents: readonly MetricExtent[]) {
  const known = extents.filter(({ metric }) => metrics.includes(metric))
  if (known.length === 0) return undefined
  return { first: Math.min(...known.map(({ first }) => first)), last: Math.max(...known.map(({ last }) => last)) }
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
