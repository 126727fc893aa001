import { ActionIcon, Anchor, Button, Skeleton } from '@mantine/core'
import { useDisclosure, useElementSize } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import { type MetricId, primaryKind } from '@tributary/protocol'
import { useMemo, useState } from 'react'
import { type TimelineShape, timelineQuery } from '../../api/queries.ts'
import type { SourceLine, Timeline } from '../../api/types.ts'
import { Answer } from '../../app/answer.tsx'
import { useFormat } from '../../app/reader.tsx'
import { columnOf } from '../../charts/columns.ts'
import { describeChart } from '../../charts/describe.ts'
import { TimelineChart } from '../../charts/timeline-chart.tsx'
import { Icon, type IconName } from '../../ui/icon.tsx'
import { Card } from '../../ui/page.tsx'
import type { Format } from '../../util/format.ts'
import { download } from '../../util/path-builder.ts'
import { type Range, rangeSearch, shift, zoom } from '../../util/time-range.ts'
import { Legend } from './legend.tsx'
import { resolutionOf, shapeFor, stretchWords } from './shape.ts'
import { ValuesTable } from './values-table.tsx'
import styles from './view.module.css'

interface ExploreViewProps {
  metric: MetricId
  title: string
  range: Range
  /** How many values of the metric there are in all. */
  samples: number
  onRange: (range: Range) => void
  onReset: () => void
  /** Leads to the newest data, where there is any. */
  onLatest?: () => void
}

export function ExploreView({ metric, title, range, samples, onRange, onReset, onLatest }: ExploreViewProps) {
  const format = useFormat()
  const { ref, width } = useElementSize()
  const shape = useMemo(() => shapeFor(metric, range, width, samples), [metric, range, width, samples])
  const { from, to } = rangeSearch(range) as { from: string; to: string }
  const timeline = useQuery({ ...timelineQuery(metric, from, to, shape), enabled: width > 0 })
  const { label } = format.measure(metric)

  return (
    <Card>
      <div ref={ref} className={styles['view']}>
        <div className={styles['head']}>
          <h2 className={styles['title']}>
            {title} {label && <span className={styles['unit']}>{label}</span>}
          </h2>
          <ZoomButtons range={range} onRange={onRange} onReset={onReset} />
        </div>
        <Answer query={timeline} loading={<Skeleton height={376} radius={12} />}>
          {(answer) => (
            <Chart
              metric={metric}
              title={title}
              timeline={answer}
              range={range}
              shape={shape}
              onRange={onRange}
              onReset={onReset}
              onLatest={onLatest}
              csv={download.timelineCsv([metric], from, to)}
            />
          )}
        </Answer>
      </div>
    </Card>
  )
}

interface ChartProps {
  metric: MetricId
  title: string
  timeline: Timeline
  range: Range
  shape: TimelineShape
  csv: string
  onRange: (range: Range) => void
  onReset: () => void
  onLatest: (() => void) | undefined
}

/** Stays where it is when a stretch is empty: whoever zooms by keyboard must be able to go on from there. */
function Chart({ metric, title, timeline: { lines }, range, shape, csv, onRange, onReset, onLatest }: ChartProps) {
  const format = useFormat()
  const [shown, { toggle }] = useDisclosure(false)
  const [hidden, setHidden] = useState<ReadonlySet<string>>(new Set<string>())
  const toggleSource = (source: string) => setHidden((before) => toggled(before, source))
  const summary = useMemo(() => summarise(metric, title, lines, range, format), [metric, title, lines, range, format])
  return (
    <>
      <TimelineChart
        metric={metric}
        lines={lines}
        hidden={hidden}
        range={range}
        resolutionMs={resolutionOf(shape, range)}
        summary={summary}
        onRange={onRange}
        onReset={onReset}
      />
      <Legend lines={lines} hidden={hidden} onToggle={toggleSource} />
      {lines.length === 0 && onLatest && (
        <Button variant="default" onClick={onLatest} style={{ alignSelf: 'flex-start' }}>
          Go to the newest data
        </Button>
      )}
      <p className={styles['summary']}>
        {summary} {stretchWords(metric, shape)}
      </p>
      <div className={styles['foot']}>
        <Button
          variant="default"
          size="xs"
          leftSection={<Icon name="table" size={16} />}
          aria-expanded={shown}
          onClick={toggle}
        >
          {shown ? 'Hide table' : 'Show as table'}
        </Button>
        <Anchor href={csv} download className={styles['csv'] ?? ''}>
          <Icon name="download" size={16} /> Download CSV
        </Anchor>
      </div>
      {shown && <ValuesTable metric={metric} title={title} lines={lines} />}
    </>
  )
}

function summarise(
  metric: MetricId,
  title: string,
  lines: readonly SourceLine[],
  range: Range,
  format: Format,
): string {
  const measure = format.measure(metric)
  const described = lines.map(({ source, n, values }) => ({
    label: source.name,
    samples: n,
    column: columnOf(values, measure.from),
  }))
  return describeChart({ title, ...range, isAmount: primaryKind(metric) === 'I', lines: described }, measure, format)
}

interface ZoomButtonsProps {
  range: Range
  onRange: (range: Range) => void
  onReset: () => void
}

function ZoomButtons({ range, onRange, onReset }: ZoomButtonsProps) {
  const buttons: readonly [string, IconName, () => void][] = [
    ['Earlier', 'left', () => onRange(shift(range, -0.5))],
    ['Later', 'right', () => onRange(shift(range, 0.5))],
    ['Zoom in', 'plus', () => onRange(zoom(range, 0.5))],
    ['Zoom out', 'minus', () => onRange(zoom(range, 2))],
    ['Reset range', 'reset', onReset],
  ]
  return (
    <div className={styles['zoom']}>
      {buttons.map(([label, icon, act]) => (
        <ActionIcon key={label} variant="default" size={36} aria-label={label} title={label} onClick={act}>
          <Icon name={icon} size={18} />
        </ActionIcon>
      ))}
    </div>
  )
}

function toggled(before: ReadonlySet<string>, source: string): ReadonlySet<string> {
  const after = new Set(before)
  if (!after.delete(source)) after.add(source)
  return after
}
