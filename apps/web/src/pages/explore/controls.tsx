import { Button, Group, MultiSelect, Popover, SegmentedControl, TextInput } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { catalogue, type MetricId, metricGroups, metricIds } from '@tributary/protocol'
import { type FormEvent, useMemo } from 'react'
import type { MetricExtent } from '../../api/metrics-with-data.ts'
import { Icon } from '../../ui/icon.tsx'
import { type Preset, presets, type Range } from '../../util/time-range.ts'
import { mostMetrics } from './address.ts'
import styles from './controls.module.css'

const presetWords: Record<Preset, string> = { day: 'Day', week: 'Week', month: 'Month', year: 'Year', all: 'All' }

interface ExploreControlsProps {
  metrics: readonly MetricId[]
  extents: readonly MetricExtent[]
  preset: Preset | undefined
  range: Range
  onMetrics: (metrics: MetricId[]) => void
  onPreset: (preset: Preset) => void
  onRange: (range: Range) => void
}

export function ExploreControls({
  metrics,
  extents,
  preset,
  range,
  onMetrics,
  onPreset,
  onRange,
}: ExploreControlsProps) {
  const choices = useMemo(() => metricChoices(extents), [extents])
  return (
    <div className={styles['controls']}>
      <MultiSelect
        className={styles['metric'] ?? ''}
        label="Metrics"
        data={choices}
        value={[...metrics]}
        // At least one stays: a chart of nothing is no chart.
        onChange={(chosen) => chosen.length > 0 && onMetrics(chosen as MetricId[])}
        maxValues={mostMetrics}
        searchable
        hidePickedOptions
        placeholder={metrics.length < mostMetrics ? 'Add another' : ''}
        maxDropdownHeight={360}
        nothingFoundMessage="No metric of that name"
        comboboxProps={{ shadow: 'md' }}
      />
      <div className={styles['ranges']}>
        <SegmentedControl
          aria-label="Range"
          data={presets.map((value) => ({ value, label: presetWords[value] }))}
          value={preset ?? ''}
          onChange={(value) => onPreset(value as Preset)}
        />
        <OwnRange range={range} chosen={preset === undefined} onRange={onRange} />
      </div>
    </div>
  )
}

/** What has data stands first; the rest is there, so that nobody wonders whether it could be measured. */
function metricChoices(extents: readonly MetricExtent[]) {
  const has = new Set(extents.map(({ metric }) => metric))
  const item = (metric: MetricId) => ({ value: metric, label: catalogue[metric].title })
  const rest = Object.entries(metricGroups).map(([group, title]) => ({
    group: title,
    items: metricIds.filter((metric) => catalogue[metric].group === group && !has.has(metric)).map(item),
  }))
  return [{ group: 'With data', items: [...has].map(item) }, ...rest.filter(({ items }) => items.length > 0)].filter(
    ({ items }) => items.length > 0,
  )
}

interface OwnRangeProps {
  range: Range
  chosen: boolean
  onRange: (range: Range) => void
}

function OwnRange({ range, chosen, onRange }: OwnRangeProps) {
  const [opened, { toggle, close }] = useDisclosure(false)
  const apply = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const fields = new FormData(event.currentTarget)
    const [from, to] = ['from', 'to'].map((name) => new Date(`${fields.get(name)}T00:00`).getTime())
    if (from === undefined || to === undefined || !(to >= from)) return
    const lastDay = new Date(to)
    lastDay.setDate(lastDay.getDate() + 1)
    onRange({ from, to: lastDay.getTime() })
    close()
  }
  return (
    <Popover opened={opened} onClose={close} trapFocus position="bottom-end" shadow="md">
      <Popover.Target>
        <Button variant={chosen ? 'light' : 'default'} leftSection={<Icon name="clock" size={18} />} onClick={toggle}>
          Own range
        </Button>
      </Popover.Target>
      <Popover.Dropdown>
        <form onSubmit={apply}>
          <Group align="flex-end">
            <TextInput
              label="From"
              name="from"
              type="date"
              required
              withAsterisk={false}
              defaultValue={dayOf(range.from)}
            />
            <TextInput
              label="To"
              name="to"
              type="date"
              required
              withAsterisk={false}
              defaultValue={dayOf(range.to - 1)}
            />
            <Button type="submit">Show</Button>
          </Group>
        </form>
      </Popover.Dropdown>
    </Popover>
  )
}

/** The local date, as a date field writes it. */
function dayOf(at: number): string {
  const date = new Date(at)
  const two = (n: number) => String(n).padStart(2, '0')
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`
}
