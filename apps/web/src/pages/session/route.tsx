import { SegmentedControl, useComputedColorScheme } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import type { MetricId } from '@tributary/protocol'
import { useMemo, useState } from 'react'
import { allPoints, streamsQuery, trackQuery } from '../../api/queries.ts'
import type { Session, Track } from '../../api/types.ts'
import { Answer } from '../../app/answer.tsx'
import { useFormat } from '../../app/reader.tsx'
import { nearestIndex } from '../../charts/columns.ts'
import { type Cursor, useCursor } from '../../charts/cursor.ts'
import { type RouteShape, routeShape } from '../../charts/route-shape.ts'
import { type Column, DataTable } from '../../ui/data-table.tsx'
import { InWords } from '../../ui/in-words.tsx'
import { Loading } from '../../ui/loading.tsx'
import { Card, Section } from '../../ui/page.tsx'
import { duration, type Format, pace } from '../../util/format.ts'
import { isOnFoot } from '../../util/session-words.ts'
import { steps } from './colours.ts'
import { milestones } from './milestones.ts'
import styles from './route.module.css'
import { colouredPaths, type Scale, scaleOf, valuesAt } from './route-colours.ts'
import { distanceAlong, metresBetween } from './splits.ts'
import { unitOf } from './splits.tsx'

const side = 1_000
const margin = 60

interface RouteProps {
  session: Session
  /** Milliseconds from the start, set by the charts below. */
  cursor: Cursor
}

/** The way as a line: no tiles are fetched, so nobody learns where a person lives. */
export function Route({ session, cursor }: RouteProps) {
  const track = useQuery(trackQuery(session.session_id))
  return (
    <Section title="Route">
      <Answer query={track} loading={<Loading rows={1} height={320} />}>
        {(found) => (
          <Card>
            <Drawing track={found} session={session} cursor={cursor} />
          </Card>
        )}
      </Answer>
    </Section>
  )
}

interface WayInWordsProps {
  track: Track
  /** Milliseconds from the start. */
  times: readonly number[]
}

function WayInWords({ track, times }: WayInWordsProps) {
  const format = useFormat()
  const { lat, lon, ele } = track
  const metres = useMemo(() => distanceAlong(lat, lon), [lat, lon])
  const unit = unitOf(format)
  const degrees = (value: number | null | undefined) => `${format.number(value ?? 0, 4)}°`
  const columns: Column<number>[] = [
    { title: 'After', cell: (at) => format.total('distance', metres[at] ?? 0) },
    { title: 'Time', cell: (at) => duration((times[at] ?? 0) / 1_000), numeric: true },
    { title: 'Latitude', cell: (at) => degrees(lat[at]), numeric: true },
    { title: 'Longitude', cell: (at) => degrees(lon[at]), numeric: true },
    ...(ele.some((height) => height !== null)
      ? [
          {
            title: 'Height',
            cell: (at: number) => (typeof ele[at] === 'number' ? format.value('elevation', ele[at]) : '–'),
            numeric: true as const,
          },
        ]
      : []),
  ]
  return (
    <InWords
      of="route"
      sentence={sentenceOf(track, metres, format)}
      table={() => (
        <DataTable
          caption={`The way, ${unit.word.toLowerCase()} by ${unit.word.toLowerCase()}`}
          columns={columns}
          rows={milestones(metres, unit.metres)}
          keyOf={String}
          maxHeight={420}
        />
      )}
    />
  )
}

function sentenceOf({ lat, lon }: Track, metres: readonly (number | null)[], format: Format): string {
  const places = lat.flatMap((north, i) => {
    const east = lon[i]
    return typeof north === 'number' && typeof east === 'number' ? [{ lat: north, lon: east }] : []
  })
  const [start, end] = [places[0], places.at(-1)]
  if (!start || !end) return ''
  const length = format.total('distance', metres.findLast((at) => at !== null) ?? 0)
  return `The line is ${length} long and ends ${format.total('distance', metresBetween(start, end))} from where it began, as the crow flies.`
}

const colourings = [
  { value: 'speed', label: 'Speed' },
  { value: 'heart_rate', label: 'Heart rate' },
  { value: 'elevation', label: 'Height' },
] as const

type Colouring = (typeof colourings)[number]['value']

function Drawing({ track, session, cursor }: RouteProps & { track: Track }) {
  const format = useFormat()
  const shape = useMemo(() => routeShape(track.lat, track.lon, side), [track])
  const begin = Date.parse(session.start_time)
  const times = useMemo(() => track.time.map((time) => Date.parse(time) - begin), [track, begin])
  const values = useColourings(session, track, times)
  const [chosen, setChosen] = useState<Colouring | 'plain'>('plain')
  if (!shape) return <p>The file has no positions.</p>
  const known = shape.points.filter((point) => point !== null)
  const [start, end] = [known[0], known.at(-1)]
  const { distance } = session.totals
  const colouring = chosen === 'plain' ? undefined : values[chosen]
  return (
    <>
      {Object.keys(values).length > 0 && (
        <SegmentedControl
          aria-label="Colour of the route"
          className={styles['choice'] ?? ''}
          size="xs"
          value={chosen}
          onChange={(value) => setChosen(value as typeof chosen)}
          data={[{ value: 'plain', label: 'Plain' }, ...colourings.filter(({ value }) => values[value])]}
        />
      )}
      <svg
        className={styles['route']}
        viewBox={`${-margin} ${-margin} ${shape.width + 2 * margin} ${shape.height + 2 * margin}`}
        role="img"
        aria-label={`The route${distance === undefined ? '' : `, ${format.total('distance', distance)} long`}, north at the top`}
      >
        <path d={shape.path} className={styles['casing']} data-thin={colouring && ''} />
        {colouring ? <Coloured shape={shape} {...colouring} /> : <path d={shape.path} className={styles['way']} />}
        {end && <rect className={styles['end']} x={end.x - 14} y={end.y - 14} width={28} height={28} rx={6} />}
        {start && <circle className={styles['start']} cx={start.x} cy={start.y} r={15} />}
        <Here shape={shape} times={times} cursor={cursor} />
      </svg>
      {colouring && chosen !== 'plain' && <ScaleLegend metric={chosen} scale={colouring.scale} session={session} />}
      <p className={styles['legend']}>
        <span>
          <i className={styles['startMark']} /> Start
        </span>
        <span>
          <i className={styles['endMark']} /> End
        </span>
        <span>
          <i className={styles['hereMark']} /> Where the charts' cursor is
        </span>
      </p>
      <WayInWords track={track} times={times} />
    </>
  )
}

interface Coloured {
  values: readonly (number | null)[]
  scale: Scale
}

/** What the way can be coloured by. */
function useColourings(session: Session, track: Track, times: readonly number[]): Partial<Record<Colouring, Coloured>> {
  const streams = useQuery(streamsQuery(session.session_id, allPoints)).data
  return useMemo(() => {
    const begin = Date.parse(session.start_time)
    const time = streams?.time.map((at) => Date.parse(at) - begin) ?? []
    const found: Partial<Record<Colouring, Coloured>> = {}
    for (const { value: metric } of colourings) {
      const measured = streams?.streams[metric]?.values
      const ownHeight = metric === 'elevation' && track.ele.some((height) => height !== null)
      const values = ownHeight ? track.ele : measured ? valuesAt(times, { time, values: measured }) : []
      const scale = scaleOf(values)
      if (scale) found[metric] = { values, scale }
    }
    return found
  }, [streams, track, times, session.start_time])
}

function Coloured({ shape, values, scale }: Coloured & { shape: RouteShape }) {
  const scheme = useComputedColorScheme()
  const colours = steps[scheme]
  const { paths, unknown } = useMemo(
    () => colouredPaths(shape.points, values, scale, colours.length),
    [shape, values, scale, colours.length],
  )
  return (
    <>
      <path d={unknown} className={styles['unknown']} />
      {paths.map((path, index) => (
        <path key={colours[index]} d={path} className={styles['step']} stroke={colours[index]} />
      ))}
    </>
  )
}

function ScaleLegend({ metric, scale, session }: { metric: MetricId & Colouring; scale: Scale; session: Session }) {
  const format = useFormat()
  const scheme = useComputedColorScheme()
  const words = (value: number) =>
    (metric === 'speed' && isOnFoot(session.activity) && pace(value, format.units)) || format.value(metric, value)
  return (
    <p className={styles['scale']}>
      <span>{words(scale.low)}</span>
      <span className={styles['ramp']} aria-hidden="true">
        {steps[scheme].map((colour) => (
          <i key={colour} style={{ background: colour }} />
        ))}
      </span>
      <span>{words(scale.high)}</span>
      <span className={styles['scaleNote']}>the darkest and lightest also stand for what lies beyond</span>
    </p>
  )
}

/** Moves with the cursor; drawn by itself, so that the way is not drawn again. */
function Here({ shape, times, cursor }: { shape: RouteShape; times: readonly number[]; cursor: Cursor }) {
  const at = useCursor(cursor)
  const point = at === null ? null : shape.points[nearestIndex(times, at)]
  return point ? <circle className={styles['here']} cx={point.x} cy={point.y} r={18} /> : null
}
