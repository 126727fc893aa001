import { Button } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import { catalogue, isMetric, type MetricId } from '@tributary/protocol'
import { useMemo } from 'react'
import { lapsQuery, streamsQuery } from '../../api/queries.ts'
import type { Session, Streams as StreamsAnswer } from '../../api/types.ts'
import { Answer } from '../../app/answer.tsx'
import { useFormat } from '../../app/reader.tsx'
import { type Column, withGaps } from '../../charts/columns.ts'
import { type Cursor, useCursor } from '../../charts/cursor.ts'
import { InWords } from '../../ui/in-words.tsx'
import { Loading } from '../../ui/loading.tsx'
import { Card, Section } from '../../ui/page.tsx'
import { duration, type Format, hoursAndMinutes } from '../../util/format.ts'
import { ChartStack } from './chart-stack.tsx'
import { pausesOf } from './pauses.ts'
import styles from './streams.module.css'
import { StretchTable } from './stretch-table.tsx'

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

function Stack({ session, cursor, streams, all }: StackProps) {
  const format = useFormat()
  const [whole, { toggle }] = useDisclosure(false)
  const parts = useQuery(lapsQuery(session.session_id)).data?.items
  const usual = all.filter((metric) => order.includes(metric))
  const begin = Date.parse(session.start_time)
  const elapsed = useMemo(() => streams.time.map((time) => Date.parse(time) - begin), [streams, begin])
  const range = useMemo(
    () => [0, Math.max(Date.parse(session.end_time) - begin, elapsed.at(-1) ?? 0)] as const,
    [begin, session.end_time, elapsed],
  )
  const pauses = useMemo(() => pausesOf(parts ?? [], begin), [parts, begin])
  const charts = useMemo(
    () =>
      (whole || usual.length === 0 ? all : usual).map((metric) => ({
        metric,
        column: known(elapsed, streams.streams[metric]?.values ?? [], format.measure(metric).from),
      })),
    [whole, usual.length, all, usual, elapsed, streams, format],
  )
  const paused = pauses.reduce((sum, { from, to }) => sum + to - from, 0) / 1_000
  return (
    <Section
      title="Charts"
      lead={`Point at a chart: ${session.has_track ? 'all of them, and the dot on the route, follow' : 'all of them follow'}.`}
    >
      <Card>
        <ChartStack
          label="Charts of this session."
          charts={charts}
          range={range}
          cursor={cursor}
          syncKey={session.session_id}
          xWords={elapsedWords}
          bands={pauses}
        >
          <Time cursor={cursor} begin={begin} offset={session.utc_offset_minutes} />
        </ChartStack>
        <InWords
          of="charts"
          sentence={
            <>
              {charts.map(({ metric, column }) => sentenceOf(metric, column, format)).join(' ')}
              {paused >= 1 && ` Striped: ${hoursAndMinutes(paused)} of pause.`}
            </>
          }
          table={() => (
            <StretchTable
              caption="What was measured, minute by minute"
              title="From the start"
              charts={charts}
              stretchMs={60_000}
              xWords={elapsedWords}
            />
          )}
        >
          {usual.length > 0 && usual.length < all.length && (
            <Button variant="default" size="xs" aria-expanded={whole} onClick={toggle}>
              {whole
                ? 'Fewer charts'
                : all.length - usual.length === 1
                  ? 'One more chart'
                  : `${all.length - usual.length} more charts`}
            </Button>
          )}
        </InWords>
      </Card>
    </Section>
  )
}

const elapsedWords = (at: number) => duration(at / 1_000)

function sentenceOf(metric: MetricId, { y }: Column, format: Format): string {
  const values = y.filter((value) => value !== null)
  if (values.length === 0) return ''
  const { label, digits } = format.measure(metric)
  const words = (value: number) => `${format.number(value, digits)} ${label}`.trim()
  const low = values.reduce((a, b) => Math.min(a, b))
  const high = values.reduce((a, b) => Math.max(a, b))
  return `${catalogue[metric].title} lay between ${words(low)} and ${words(high)}.`
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
