import { Select, useComputedColorScheme } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { catalogue, type MetricId } from '@tributary/protocol'
import { useMemo, useRef, useState } from 'react'
import type uPlot from 'uplot'
import { lapsQuery, nightSeriesQuery, sessionsQuery } from '../../api/queries.ts'
import type { Session, SourceLine } from '../../api/types.ts'
import { Answer } from '../../app/answer.tsx'
import { useFormat } from '../../app/reader.tsx'
import { columnOf, withGaps } from '../../charts/columns.ts'
import { type Cursor, createCursor, useCursor } from '../../charts/cursor.ts'
import { lineColour } from '../../charts/palette.ts'
import { Loading } from '../../ui/loading.tsx'
import { Card, Section } from '../../ui/page.tsx'
import { Tile, Tiles } from '../../ui/tile.tsx'
import { type Format, hoursAndMinutes } from '../../util/format.ts'
import { path } from '../../util/path-builder.ts'
import { offsetOf, offsetWords, zoneNote, zoneWords } from '../../util/wall-time.ts'
import { localDayOf } from '../sessions/months.ts'
import { SessionRows } from '../sessions/session-rows.tsx'
import { ChartStack, type StackedChart } from './chart-stack.tsx'
import { Hypnogram } from './hypnogram.tsx'
import styles from './night.module.css'
import { spansOf, stageAt, stageRows } from './night.ts'
import { NightTable } from './night-table.tsx'

const dayMs = 86_400_000

export function Night({ session }: { session: Session }) {
  return (
    <>
      <Neighbours session={session} />
      <Figures session={session} />
      <Course session={session} />
      <NightTable session={session} />
      <Naps session={session} />
    </>
  )
}

/** Minutes east of UTC where it was slept, or at home when nobody said. */
function useOffset(session: Session): number {
  const { timeZone } = useFormat()
  return session.utc_offset_minutes ?? offsetOf(timeZone, Date.parse(session.start_time))
}

function Figures({ session }: { session: Session }) {
  const format = useFormat()
  const offset = useOffset(session)
  const { totals, start_time, end_time } = session
  const inBed = totals['sleep_time_in_bed'] ?? (Date.parse(end_time) - Date.parse(start_time)) / 1_000
  const asleep = totals['sleep_total']
  const efficiency =
    totals['sleep_efficiency'] ??
    (asleep !== undefined && inBed > 0 ? Math.min(100, (100 * asleep) / inBed) : undefined)
  const lowest = totals['heart_rate_min'] ?? totals['sleep_heart_rate_min']
  return (
    <Tiles>
      {asleep !== undefined && <Tile label="Time asleep" value={hoursAndMinutes(asleep)} />}
      <Tile
        label="Time in bed"
        value={hoursAndMinutes(inBed)}
        note={`${format.time(start_time, offset)}–${format.time(end_time, offset)}`}
      />
      {efficiency !== undefined && (
        <Tile
          label="Efficiency"
          value={`${format.number(efficiency)}%`}
          note={
            totals['sleep_efficiency'] === undefined || session.derived.includes('sleep_efficiency')
              ? 'asleep of the time in bed'
              : 'as the source says'
          }
        />
      )}
      {lowest !== undefined && <Tile label="Lowest heart rate" value={format.value('heart_rate', lowest)} />}
      {totals['sleep_score'] !== undefined && (
        <Tile label="Sleep score" value={format.number(totals['sleep_score'])} note={`by ${session.source.name}`} />
      )}
      <Tile
        label="Told in"
        value={offsetWords(offset)}
        note={
          session.utc_offset_minutes === null
            ? 'your zone, the source names none'
            : zoneNote(offset, format.timeZone, Date.parse(start_time))
        }
      />
    </Tiles>
  )
}

const overlays: readonly MetricId[] = ['heart_rate', 'hrv_rmssd', 'hrv_sdnn', 'spo2', 'respiratory_rate']

/** The night from left to right on its own clock: stages, and beneath them what was measured meanwhile. */
function Course({ session }: { session: Session }) {
  const format = useFormat()
  const offset = useOffset(session)
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
      <p className={styles['soft']}>{charts.map((chart) => chart.sentence).join(' ')}</p>
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

/** Three weeks on both sides: who slept nowhere for so long has no neighbour to turn to. */
const near = 21 * dayMs

function useNear(session: Session) {
  const start = Date.parse(session.start_time)
  return useQuery(
    sessionsQuery({
      type: 'sleep',
      start_time: new Date(start - near).toISOString(),
      end_time: new Date(start + near).toISOString(),
      limit: 200,
    }),
  ).data?.items
}

function Neighbours({ session }: { session: Session }) {
  const format = useFormat()
  const nights = useNear(session)?.filter(({ is_nap }) => !is_nap) ?? []
  const before = nights.find(({ start_time }) => start_time < session.start_time)
  const after = nights.findLast(({ start_time }) => start_time > session.start_time)
  if (!before && !after) return null
  const words = ({ start_time, utc_offset_minutes }: Session) => format.longDateTime(start_time, utc_offset_minutes)
  return (
    <nav className={styles['neighbours']} aria-label="Nights before and after">
      {before ? (
        <Link {...path.session(before.session_id)} title={words(before)}>
          ← Night before
        </Link>
      ) : (
        <span />
      )}
      {after && (
        <Link {...path.session(after.session_id)} title={words(after)}>
          Night after →
        </Link>
      )}
    </nav>
  )
}

/** Of the day that the night led into; beside a nap, nothing. */
function Naps({ session }: { session: Session }) {
  const { timeZone } = useFormat()
  const offsetAt = (at: number) => offsetOf(timeZone, at)
  const morning = localDayOf({ ...session, start_time: session.end_time }, offsetAt)
  const naps = useNear(session)?.filter((sleep) => sleep.is_nap && localDayOf(sleep, offsetAt) === morning) ?? []
  if (session.is_nap || naps.length === 0) return null
  return (
    <Section title={naps.length === 1 ? 'Nap of the day' : 'Naps of the day'}>
      <Card flush>
        <SessionRows sessions={naps} />
      </Card>
    </Section>
  )
}
