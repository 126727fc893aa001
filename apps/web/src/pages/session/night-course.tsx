import { Select, useComputedColorScheme } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { catalogue, type MetricId } from '@tributary/protocol'
import { useMemo, useRef, useState } from 'react'
import type uPlot from 'uplot'
import { lapsQuery, nightSeriesQuery } from '../../api/queries.ts'
import type { Session, SourceLine } from '../../api/types.ts'
import { Answer } from '../../app/answer.tsx'
import { useFormat } from '../../app/reader.tsx'
import { columnOf, withGaps } from '../../charts/columns.ts'
import { type Cursor, createCursor, useCursor } from '../../charts/cursor.ts'
import { lineColour } from '../../charts/palette.ts'
import { InWords } from '../../ui/in-words.tsx'
import { Loading } from '../../ui/loading.tsx'
import { Card, Section } from '../../ui/page.tsx'
import type { Format } from '../../util/format.ts'
import { zoneWords } from '../../util/wall-time.ts'
import { ChartStack, type StackedChart } from './chart-stack.tsx'
import { Hypnogram } from './hypnogram.tsx'
import styles from './night.module.css'
import { spansOf, stageAt, stageRows } from './night.ts'
import { StretchTable } from './stretch-table.tsx'

const dayMs = 86_400_000

/** A row of the table: forty of them in a night. */
const stretchMs = 15 * 60_000

const overlays: readonly MetricId[] = ['heart_rate', 'hrv_rmssd', 'hrv_sdnn', 'spo2', 'respiratory_rate']

/** The night from left to right on its own clock: stages, and beneath them what was measured meanwhile. */
export function Course({ session, offset }: { session: Session; offset: number }) {
  const format = useFormat()
  const parts = useQuery(lapsQuery(session.session_id))
  const series = useQuery(nightSeriesQuery(overlays, session.start_time, session.end_time))
  return (
    <Section
      title="The night"
      lead={`On the clock where it was slept: ${zoneWords(offset, format.timeZone, Date.parse(session.start_time))}.`}
    >
      <Answer query={parts} loading={<Loading rows={1} height={260} />}>
        {({ items }) => (
          <Card>
            <Together session={session} offset={offset} spans={spansOf(items)} lines={series.data?.lines ?? []} />
          </Card>
        )}
      </Answer>
    </Section>
  )
}

interface TogetherProps {
  session: Session
  offset: number
  spans: ReturnType<typeof spansOf>
  lines: readonly SourceLine[]
}

function Together({ session, offset, spans, lines }: TogetherProps) {
  const format = useFormat()
  const scheme = useComputedColorScheme()
  const cursor = useMemo(createCursor, [])
  const plot = useRef<uPlot | null>(null)
  const [chosen, setChosen] = useState<Partial<Record<string, string>>>({})
  // Milliseconds since the midnight before, on the wall: marks at round numbers are round hours there.
  const midnight = useMemo(() => {
    const wall = Date.parse(session.start_time) + offset * 60_000
    return Math.floor(wall / dayMs) * dayMs - offset * 60_000
  }, [session.start_time, offset])
  const range = useMemo(
    () => [Date.parse(session.start_time) - midnight, Date.parse(session.end_time) - midnight] as const,
    [session.start_time, session.end_time, midnight],
  )
  const xWords = useMemo(() => (at: number) => format.time(midnight + at, offset), [format, midnight, offset])
  const charts = useMemo(
    () => overlays.flatMap((metric) => chartOf(metric, lines, chosen[metric], session, midnight, format)),
    [lines, chosen, session, midnight, format],
  )
  const withChoice = charts.map(({ choices, ...chart }) => ({
    ...chart,
    colour: lineColour(scheme, 1 + overlays.indexOf(chart.metric)),
    source: (
      <SourceChoice
        metric={chart.metric}
        choices={choices}
        own={session.source.source_id}
        value={chart.sourceId}
        onChoose={(source) => setChosen((before) => ({ ...before, [chart.metric]: source }))}
      />
    ),
  }))
  return (
    <>
      {spans.length > 0 ? (
        <Hypnogram
          spans={spans.map((span) => ({ ...span, from: span.from - midnight, to: span.to - midnight }))}
          range={range}
          cursor={cursor}
          plot={plot}
          xWords={xWords}
          showsX={charts.length === 0}
        />
      ) : (
        <p className={styles['soft']}>
          This night has no stages: its source says when it began and ended, and not what was between.
        </p>
      )}
      {charts.length > 0 ? (
        <ChartStack
          label="What was measured during the night."
          charts={withChoice}
          range={range}
          cursor={cursor}
          syncKey={session.session_id}
          xWords={xWords}
          plot={plot}
        >
          <Now cursor={cursor} spans={spans} midnight={midnight} xWords={xWords} />
        </ChartStack>
      ) : (
        <p className={styles['soft']}>No heart rate, blood oxygen or breathing was measured that night.</p>
      )}
      {charts.length > 0 && (
        <InWords
          of="what was measured"
          sentence={charts.map((chart) => chart.sentence).join(' ')}
          table={() => (
            <StretchTable
              caption="What was measured during the night"
              title="From"
              charts={charts}
              stretchMs={stretchMs}
              xWords={xWords}
            />
          )}
        />
      )}
    </>
  )
}

interface NightChart extends StackedChart {
  sourceId: string
  choices: readonly { value: string; label: string }[]
  sentence: string
}

/** The night's own source where it measured this; otherwise who measured most. */
function chartOf(
  metric: MetricId,
  lines: readonly SourceLine[],
  chosen: string | undefined,
  session: Session,
  midnight: number,
  format: Format,
): NightChart[] {
  const own = lines.filter((line) => line.metric === metric && line.values.length > 0)
  const byMost = own.toSorted((a, b) => b.n - a.n)
  const find = (id: string | undefined) => own.find(({ source }) => source.source_id === id)
  const line = find(chosen) ?? find(session.source.source_id) ?? byMost[0]
  if (!line) return []
  const measure = format.measure(metric)
  const column = columnOf(line.values, measure.from)
  const values = column.y.filter((value) => value !== null)
  const words = (value: number) => `${format.number(value, measure.digits)} ${measure.label}`.trim()
  const low = (column.low ?? column.y).reduce<number>((a, b) => (b === null ? a : Math.min(a, b)), values[0] ?? 0)
  const high = (column.high ?? column.y).reduce<number>((a, b) => (b === null ? a : Math.max(a, b)), values[0] ?? 0)
  return [
    {
      metric,
      column: withGaps({ ...column, x: column.x.map((at) => at - midnight) }, 60_000),
      sourceId: line.source.source_id,
      choices: byMost.map(({ source }) => ({ value: source.source_id, label: source.name })),
      sentence: `${catalogue[metric].title} lay between ${words(low)} and ${words(high)}, measured by ${line.source.name}.`,
    },
  ]
}

interface SourceChoiceProps {
  metric: MetricId
  choices: readonly { value: string; label: string }[]
  own: string
  value: string
  onChoose: (source: string) => void
}

function SourceChoice({ metric, choices, own, value, onChoose }: SourceChoiceProps) {
  const name = choices.find((choice) => choice.value === value)?.label
  if (choices.length < 2) return value === own ? null : <span className={styles['by']}>by {name}</span>
  return (
    <Select
      size="xs"
      aria-label={`Source of ${catalogue[metric].title.toLowerCase()}`}
      data={[...choices]}
      value={value}
      allowDeselect={false}
      onChange={(source) => source && onChoose(source)}
      onKeyDown={(event) => event.stopPropagation()}
    />
  )
}

interface NowProps {
  cursor: Cursor
  spans: ReturnType<typeof spansOf>
  midnight: number
  xWords: (at: number) => string
}

function Now({ cursor, spans, midnight, xWords }: NowProps) {
  const at = useCursor(cursor)
  const span = at === null ? undefined : stageAt(spans, at + midnight)
  const title = stageRows.find(([stage]) => stage === span?.stage)?.[1]
  return (
    <p className={styles['soft']} aria-live="polite">
      {at === null
        ? 'Point at the night, or move along it with the arrow keys.'
        : [xWords(at), title].filter(Boolean).join(' · ')}
    </p>
  )
}
