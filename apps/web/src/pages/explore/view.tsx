import { ActionIcon, Button, Skeleton, useComputedColorScheme } from '@mantine/core'
import { useDisclosure, useElementSize } from '@mantine/hooks'
import { useQueries } from '@tanstack/react-query'
import type { MetricId } from '@tributary/protocol'
import { createRef, useMemo, useRef, useState } from 'react'
import type { MetricExtent } from '../../api/metrics-with-data.ts'
import { timelineQuery } from '../../api/queries.ts'
import type { Timeline } from '../../api/types.ts'
import { useFormat } from '../../app/reader.tsx'
import { BrushStrip } from '../../charts/brush-strip.tsx'
import { axesOf, type MetricAnswer, metricLines, stacksOf } from '../../charts/metric-lines.ts'
import { type PlotHandle, showRange } from '../../charts/plot.tsx'
import { summarise } from '../../charts/summarise.ts'
import { TimelineChart } from '../../charts/timeline-chart.tsx'
import { ValuesTable } from '../../charts/values-table.tsx'
import { Icon, type IconName } from '../../ui/icon.tsx'
import { Card } from '../../ui/page.tsx'
import { TableToggle } from '../../ui/table-toggle.tsx'
import { Trouble } from '../../ui/trouble.tsx'
import { explainError } from '../../util/explain-error.ts'
import type { Format } from '../../util/format.ts'
import { metricTitle } from '../../util/metric-words.ts'
import { presetRange, type Range, rangeSearch, shift, zoom } from '../../util/time-range.ts'
import { Legend } from './legend.tsx'
import { resolutionOf, shapeFor, stretchWords } from './shape.ts'
import { TakeAway } from './take-away.tsx'
import styles from './view.module.css'

interface ExploreViewProps {
  metrics: readonly MetricId[]
  range: Range
  extents: readonly MetricExtent[]
  hidden: ReadonlySet<string>
  onHidden: (hidden: ReadonlySet<string>) => void
  onRange: (range: Range, replace?: boolean) => void
  onReset: () => void
  /** Leads to the newest data, where there is any. */
  onLatest?: () => void
}

/** Stays where it is when a stretch is empty: whoever zooms by keyboard must be able to go on from there. */
export function ExploreView(props: ExploreViewProps) {
  const { metrics, range, extents, hidden, onHidden, onRange, onReset, onLatest } = props
  const format = useFormat()
  const scheme = useComputedColorScheme()
  const { ref, width } = useElementSize()
  const [shown, { toggle }] = useDisclosure(false)
  const [isDragging, setDragging] = useState(false)
  const all = useExtent(metrics, extents, range)
  const now = useAnswers(metrics, range, width, extents)
  const overview = useAnswers(metrics, all, width, extents)

  const axes = useMemo(() => axesOf(metrics, format), [metrics, format])
  const stacks = useMemo(() => stacksOf(axes), [axes])
  const lines = useMemo(() => metricLines(now.answers, format, scheme), [now.answers, format, scheme])
  const coarse = useMemo(() => metricLines(overview.answers, format, scheme), [overview.answers, format, scheme])
  // What is at hand until what was asked for is here: a window that moves shows something at once.
  const drawn = isDragging || (now.isOld && !covers(now.of, range) && coarse.length > 0) ? coarse : lines
  const visible = useMemo(() => drawn.filter(({ id }) => !hidden.has(id)), [drawn, hidden])
  const plots = useMemo(() => stacks.map(() => createRef<PlotHandle | null>()), [stacks])
  const card = useRef<HTMLDivElement>(null)

  const summary = useMemo(() => summarise(now.answers, range, format), [now.answers, range, format])
  const title = metrics.map(metricTitle).join(' and ')
  const preview = (chosen: Range) => {
    if (!isDragging) setDragging(true)
    for (const { current } of plots) if (current) showRange(current, [chosen.from, chosen.to])
  }
  const release = (chosen: Range) => {
    setDragging(false)
    onRange(chosen, true)
  }

  return (
    <Card>
      <div ref={ref} className={styles['view']}>
        <div className={styles['head']}>
          <Titles metrics={metrics} />
          <ZoomButtons range={range} onRange={onRange} onReset={onReset} />
        </div>
        {now.error ? (
          <Trouble {...now.error} onRetry={now.refetch} />
        ) : now.isPending ? (
          <Skeleton height={376} radius={12} />
        ) : (
          <div ref={card} className={styles['view']}>
            {stacks.map((stack, at) => (
              <TimelineChart
                key={stack.flat().join()}
                axes={stack}
                lines={visible.filter(({ metric }) => stack.flat().includes(metric))}
                range={range}
                summary={at === 0 ? summary : `${stack.flat().map(metricTitle).join(' and ')}.`}
                onRange={onRange}
                onReset={onReset}
                plot={plots[at] as NonNullable<(typeof plots)[number]>}
                {...(stacks.length > 1 && {
                  hint: hintOf(stack.flat(), format),
                  height: 220,
                  syncKey: 'explore',
                  yWidth: 76,
                })}
              />
            ))}
            <BrushStrip
              extent={all}
              range={range}
              curves={coarse}
              words={format.fullDateTime}
              onPreview={preview}
              onRange={release}
            />
            <Legend metrics={metrics} lines={lines} hidden={hidden} onToggle={(id) => onHidden(toggled(hidden, id))} />
            {lines.length === 0 && onLatest && (
              <Button variant="default" onClick={onLatest} style={{ alignSelf: 'flex-start' }}>
                Go to the newest data
              </Button>
            )}
            <p className={styles['summary']}>
              {summary} {now.stretches}
            </p>
            <div className={styles['foot']}>
              <TableToggle shown={shown} onToggle={toggle} />
              <TakeAway
                metrics={metrics}
                range={range}
                hidden={hidden}
                title={title}
                legend={visible}
                canvases={() => plots.flatMap(({ current }) => (current ? [current.ctx.canvas] : []))}
                like={card}
              />
            </div>
            {shown && <ValuesTable title={title} answers={now.answers} />}
          </div>
        )}
      </div>
    </Card>
  )
}

/** From the first to the last value, and what is looked at beyond. */
function useExtent(metrics: readonly MetricId[], extents: readonly MetricExtent[], { from, to }: Range): Range {
  const known = extents.filter(({ metric }) => metrics.includes(metric))
  const whole = presetRange(
    'all',
    known.length > 0
      ? { first: Math.min(...known.map(({ first }) => first)), last: Math.max(...known.map(({ last }) => last)) }
      : undefined,
    to,
  )
  const [start, end] = known.length > 0 ? [whole.from, whole.to] : [from, to]
  return useMemo(() => ({ from: start, to: end }), [start, end])
}

/** Each metric in the detail that fits it. */
function useAnswers(metrics: readonly MetricId[], range: Range, width: number, extents: readonly MetricExtent[]) {
  const { from, to } = rangeSearch(range) as { from: string; to: string }
  const shapes = metrics.map((metric) =>
    shapeFor(metric, range, width, extents.find((one) => one.metric === metric)?.samples ?? 0),
  )
  const queries = useQueries({
    queries: metrics.map((metric, at) => ({
      ...timelineQuery(metric, from, to, shapes[at] ?? {}),
      enabled: width > 0,
    })),
  })
  const answers = useStable(
    queries.map(({ data }) => data),
    metrics.flatMap((metric, at): MetricAnswer[] => {
      const answer = queries[at]?.data
      if (!answer) return []
      const resolutionMs = resolutionOf(shapes[at] ?? {}, rangeOf(answer))
      const sourceIds = extents.find((one) => one.metric === metric)?.sourceIds ?? []
      return [{ metric, lines: answer.lines, resolutionMs, sourceIds }]
    }),
  )
  const first = queries[0]?.data
  // What was shown before, until all of what was asked for is here.
  const names = metrics.join()
  const before = useRef({ names, answers, of: first && rangeOf(first) })
  const isWhole = answers.length === metrics.length && !queries.some(({ isPlaceholderData }) => isPlaceholderData)
  if (isWhole) before.current = { names, answers, of: first && rangeOf(first) }
  const isOld = !isWhole && before.current.names === names && before.current.answers.length > 0
  const failed = queries.find(({ isError, data }) => isError && !data)
  return {
    answers: isOld ? before.current.answers : answers,
    of: isOld ? before.current.of : first && rangeOf(first),
    isPending: !isWhole && !isOld && !failed,
    isOld,
    error: failed && explainError(failed.error),
    refetch: () => {
      for (const query of queries) void query.refetch()
    },
    stretches: [...new Set(metrics.map((metric, at) => stretchWords(metric, shapes[at] ?? {})))].join(' ').trim(),
  }
}

/** The same while the answers are: charts ask by identity whether there is anything new. */
function useStable<Value>(answers: readonly unknown[], value: Value): Value {
  const kept = useRef({ answers, value })
  const isSame =
    kept.current.answers.length === answers.length && answers.every((one, at) => kept.current.answers[at] === one)
  if (!isSame) kept.current = { answers, value }
  return kept.current.value
}

const rangeOf = ({ start_time, end_time }: Timeline): Range => ({
  from: Date.parse(start_time),
  to: Date.parse(end_time),
})

const covers = (of: Range | undefined, { from, to }: Range): boolean =>
  of !== undefined && of.from <= from && of.to >= to

/** Over each chart of a stack, what it shows. */
function hintOf(metrics: readonly MetricId[], format: Format): string {
  const [first] = metrics
  const unit = first ? format.measure(first).label : ''
  return `${metrics.map(metricTitle).join(' and ')}${unit ? `, ${unit}` : ''}`
}

function Titles({ metrics }: { metrics: readonly MetricId[] }) {
  const format = useFormat()
  return (
    <h2 className={styles['title']}>
      {metrics.map((metric, at) => {
        const { label } = format.measure(metric)
        return (
          <span key={metric}>
            {at > 0 && ' · '}
            {metricTitle(metric)} {label && <span className={styles['unit']}>{label}</span>}
          </span>
        )
      })}
    </h2>
  )
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

function toggled(before: ReadonlySet<string>, id: string): ReadonlySet<string> {
  const after = new Set(before)
  if (!after.delete(id)) after.add(id)
  return after
}
