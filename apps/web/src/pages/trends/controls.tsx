import { SegmentedControl, Select } from '@mantine/core'
import { catalogue, type MetricId, metricGroups, metricIds } from '@tributary/protocol'
import { useMemo } from 'react'
import type { DailyMetric } from '../../api/metrics-with-days.ts'
import styles from './controls.module.css'
import { type View, views } from './periods.ts'

const viewWords: Record<View, string> = { day: 'Day', week: 'Week', month: 'Month', year: 'Year', all: 'All' }

interface TrendControlsProps {
  metric: MetricId
  known: readonly DailyMetric[]
  view: View
  onMetric: (metric: MetricId) => void
  onView: (view: View) => void
}

export function TrendControls({ metric, known, view, onMetric, onView }: TrendControlsProps) {
  const choices = useMemo(() => metricChoices(metric, known), [metric, known])
  return (
    <div className={styles['controls']}>
      <Select
        className={styles['metric'] ?? ''}
        label="Metric"
        data={choices}
        value={metric}
        onChange={(value) => value && onMetric(value as MetricId)}
        searchable
        allowDeselect={false}
        maxDropdownHeight={360}
        nothingFoundMessage="Nothing of that name"
        comboboxProps={{ shadow: 'md' }}
      />
      <SegmentedControl
        className={styles['views'] ?? ''}
        aria-label="View"
        data={views.map((value) => ({ value, label: viewWords[value] }))}
        value={view}
        onChange={(value) => onView(value as View)}
      />
    </div>
  )
}

/** Those with data by the catalogue's headings; the one of the address is there also without. */
function metricChoices(chosen: MetricId, known: readonly DailyMetric[]) {
  const has = new Set([chosen, ...known.map(({ metric }) => metric)])
  return Object.entries(metricGroups)
    .map(([group, title]) => ({
      group: title,
      items: metricIds
        .filter((metric) => catalogue[metric].group === group && has.has(metric))
        .map((metric) => ({ value: metric, label: catalogue[metric].title })),
    }))
    .filter(({ items }) => items.length > 0)
}
