import { Button, useComputedColorScheme } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import { catalogue, isMetric, type MetricId } from '@tributary/protocol'
import { type KeyboardEvent, useMemo, useRef } from 'react'
import type uPlot from 'uplot'
import { streamsQuery } from '../../api/queries.ts'
import type { Session, Streams as StreamsAnswer } from '../../api/types.ts'
import { Answer } from '../../app/answer.tsx'
import { useFormat } from '../../app/reader.tsx'
import { type Column, nearestIndex, withGaps } from '../../charts/columns.ts'
import { type Cursor, useCursor } from '../../charts/cursor.ts'
import { streamColour } from '../../charts/palette.ts'
import { Plot, type PlotLine, type PlotLook, stepCursor } from '../../charts/plot.tsx'
import { Loading } from '../../ui/loading.tsx'
import { Card, Section } from '../../ui/page.tsx'
import { duration, type Format } from '../../util/format.ts'
import styles from './streams.module.css'

interface StreamsProps {
  session: Session
  cursor: Cursor
}

export function Streams({ session, cursor }: StreamsProps) {
  const streams = useQuery(streamsQuery(session.session_id))
  return (
    <Answer query={streams} loading={<Loading rows={3} height={180} />}>
      {(found) => {
        const metrics = orderedStreams(found)
        return metrics.length > 0 ? <Stack session={session} cursor={cursor} streams={found} all={metrics} /> : null
      }}
    </Answer>
  )
}

const order = ['heart_rate', 'speed', 'power', 'cadence', 'cadence_steps', 'elevation']

/** Only what was really measured; a distance that only ever grows says nothing as a curve. */
function orderedStreams({ streams }: StreamsAnswer): MetricId[] {
  const place = (metric: string) => (order.indexOf(metric) + order.length + 1) % (order.length + 1)
  return Object.entries(streams)
    .filter(([metric, { values }]) => metric !== 'distance' && values.some((value) => value !== null))
    .map(([metric]) => metric)
    .filter(isMetric)
    .sort((a, b) => place(a) - place(b))
}

interface StackProps extends StreamsProps {
  streams: StreamsAnswer
  all: readonly MetricId[]
}

/** Charts under each other that share one cursor and one line of time at the bottom. */
function Stack({ session, cursor, streams, all }: StackProps) {
  const [whole, { toggle }] = useDisclosure(false)
  const usual = all.filter((metric) => order.includes(metric))
  const metrics = whole || usual.length === 0 ? all : usual
  const plot = useRef<uPlot | null>(null)
  const begin = Date.parse(session.start_time)
  const elapsed = useMemo(() => streams.time.map((time) => Date.parse(time) - begin), [streams, begin])
  const range = useMemo(
    () => [0, Math.max(Date.parse(session.end_time) - begin, elapsed.at(-1) ?? 0)] as const,
    [begin, session.end_time, elapsed],
  )
  const move = (event: KeyboardEvent) => {
    if ((event.key !== 'ArrowLeft' && event.key !== 'ArrowRight') || !plot.current) return
    event.preventDefault()
    stepCursor(plot.current, event.key === 'ArrowLeft' ? -1 : 1)
  }
  return (
    <Section
      title="Charts"
      lead={`Point at a chart: ${session.has_track ? 'all of them, and the dot on the route, follow' : 'all of them follow'}.`}
    >
      <Card>
        <div
          className={styles['stack']}
          role="application"
          aria-label="Charts of this session. Arrow keys move the cursor."
          // biome-ignore lint/a11y/noNoninteractiveTabindex: the charts take the arrow keys.
          tabIndex={0}
          onKeyDown={move}
        >
          <Time cursor={cursor} begin={begin} offset={session.utc_offset_minutes} />
          {metrics.map((metric, index) => (
            <StreamChart
              key={metric}
              metric={metric}
              x={elapsed}
              y={streams.streams[metric]?.values ?? []}
              range={range}
              cursor={cursor}
              syncKey={session.session_id}
              isLast={index === metrics.length - 1}
              {...(index === 0 && { plot })}
            />
          ))}
        </div>
        {usual.length > 0 && usual.length < all.length && (
          <Button variant="default" size="xs" mt="md" aria-expanded={whole} onClick={toggle}>
            {whole
              ? 'Fewer charts'
              : all.length - usual.length === 1
                ? 'One more chart'
                : `${all.length - usual.length} more charts`}
          </Button>
        )}
      </Card>
    </Section>
  )
}

function Time({ cursor, begin, offset }: { cursor: Cursor; begin: number; offset: number | null }) {
  const format = useFormat()
  const at = useCursor(cursor)
  return (
    <p className={styles['time']} aria-live="polite">
      {at === null
        ? 'Time from the start'
        : `${duration(at / 1_000)} from the start, at ${format.time(begin + at, offset)}`}
    </p>
  )
}

interface StreamChartProps {
  metric: MetricId
  x: readonly number[]
  y: readonly (number | null)[]
  range: readonly [number, number]
  cursor: Cursor
  syncKey: string
  isLast: boolean
  plot?: React.RefObject<uPlot | null>
}

function StreamChart({ metric, x, y, range, cursor, syncKey, isLast, plot }: StreamChartProps) {
  const format = useFormat()
  const scheme = useComputedColorScheme()
  const { title } = catalogue[metric]
  const { label, from } = format.measure(metric)
  const column = useMemo(() => known(x, y, from), [x, y, from])
  const colour = streamColour(scheme, metric)
  const lines = useMemo((): PlotLine[] => [{ label: title, colour, column }], [title, colour, column])
  const look = useMemo(() => lookOf(metric, range, syncKey, isLast, format), [metric, range, syncKey, isLast, format])
  return (
    <div>
      <h3 className={styles['name']}>
        <i className={styles['swatch']} style={{ background: colour }} />
        {title} {label && <span className={styles['unit']}>{label}</span>}
        <Value cursor={cursor} column={column} metric={metric} />
      </h3>
      <Plot lines={lines} look={look} cursor={cursor} {...(plot && { plot })} />
    </div>
  )
}

/** One stream's own times: nulls where only others were measured are no gaps. */
function known(x: readonly number[], y: readonly (number | null)[], convert: (value: number) => number): Column {
  const column: Column = { x: [], y: [] }
  for (const [index, value] of y.entries()) {
    if (value === null) continue
    column.x.push(x[index] ?? 0)
    column.y.push(convert(value))
  }
  return withGaps(column, 10_000)
}

function lookOf(
  metric: MetricId,
  range: readonly [number, number],
  syncKey: string,
  showsX: boolean,
  format: Format,
): PlotLook {
  const { digits } = format.measure(metric)
  return {
    height: showsX ? 168 : 132,
    shape: metric === 'elevation' ? 'area' : 'line',
    range,
    showsX,
    syncKey,
    yWidth: 52,
    xWords: (splits) => splits.map((at) => duration(at / 1_000)),
    yWords: (value) => format.number(value, digits),
  }
}

function Value({ cursor, column, metric }: { cursor: Cursor; column: Column; metric: MetricId }) {
  const format = useFormat()
  const at = useCursor(cursor)
  const value = at === null ? null : column.y[nearestIndex(column.x, at)]
  if (typeof value !== 'number') return null
  const { label, digits } = format.measure(metric)
  return <strong className={styles['value']}>{`${format.number(value, digits)} ${label}`.trim()}</strong>
}
