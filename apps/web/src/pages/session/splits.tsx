import { Skeleton } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { allPoints, lapsQuery, streamsQuery, trackQuery } from '../../api/queries.ts'
import type { Session } from '../../api/types.ts'
import { useFormat } from '../../app/reader.tsx'
import { type Column, DataTable } from '../../ui/data-table.tsx'
import { Card, Section } from '../../ui/page.tsx'
import { duration, type Format, pace } from '../../util/format.ts'
import { isOnFoot } from '../../util/session-words.ts'
import { Marked, marksOf } from './marks.tsx'
import { pausesOf } from './pauses.ts'
import { distanceAlong, type Split, splitsOf, type Way } from './splits.ts'

/** What a way is cut into. */
export const unitOf = (format: Format) =>
  format.units === 'metric' ? { metres: 1_000, word: 'Kilometre' } : { metres: 1_609.344, word: 'Mile' }

/** Kilometre by kilometre, or mile by mile: worked out from the way, whatever laps the device counted. */
export function Splits({ session }: { session: Session }) {
  const format = useFormat()
  const way = useWay(session)
  const parts = useQuery(lapsQuery(session.session_id)).data?.items
  const unit = unitOf(format)
  const splits = useMemo(
    () => (way && parts ? splitsOf(way, unit.metres, pausesOf(parts, Date.parse(session.start_time))) : undefined),
    [way, parts, unit.metres, session.start_time],
  )
  if (way === null) return null
  if (!splits) return <Skeleton height={220} radius={16} />
  if (splits.length < 2) return null
  return (
    <Section title={`${unit.word}s`} lead="Worked out from the way, pauses left out.">
      <Card flush>
        <DataTable
          caption={`${unit.word} by ${unit.word.toLowerCase()}`}
          columns={columns(splits, session, format)}
          rows={splits.map((split, index) => ({ ...split, index }))}
          keyOf={({ index }) => String(index)}
          maxHeight={460}
        />
      </Card>
    </Section>
  )
}

type Row = Split & { index: number }

function columns(splits: readonly Split[], { activity }: Session, format: Format): Column<Row>[] {
  const unit = unitOf(format)
  const speed = ({ length, seconds }: Split) => (seconds > 0 ? length / seconds : 0)
  const whole = splits.filter(({ length }) => length > unit.metres * 0.999)
  const marks = marksOf(whole.length > 1 ? splits.map((split) => (whole.includes(split) ? speed(split) : null)) : [])
  const words = (split: Split) =>
    (isOnFoot(activity) && pace(speed(split), format.units)) || format.value('speed', speed(split))
  return [
    {
      title: unit.word,
      cell: ({ index, length }) =>
        length > unit.metres * 0.999 ? index + 1 : `${index + 1} (${format.total('distance', length)})`,
    },
    { title: 'Time', cell: ({ seconds }) => duration(seconds), numeric: true },
    {
      title: isOnFoot(activity) ? 'Pace' : 'Speed',
      cell: (split) => <Marked mark={marks.at(split.index)}>{words(split)}</Marked>,
      numeric: true,
    },
    ...(splits.some(({ heartRate }) => heartRate !== null)
      ? [
          {
            title: 'Heart rate',
            cell: ({ heartRate }: Row) => (heartRate === null ? '–' : format.value('heart_rate', heartRate)),
            numeric: true as const,
          },
        ]
      : []),
    ...(splits.some(({ climb }) => climb !== null)
      ? [
          {
            title: 'Height',
            cell: ({ climb }: Row) => (climb === null ? '–' : climbWords(climb, format)),
            numeric: true as const,
          },
        ]
      : []),
  ]
}

/** No "−0 m" for ten centimetres down. */
function climbWords(climb: number, format: Format): string {
  const words = format.value('elevation', Math.abs(climb))
  if (Math.round(format.measure('elevation').from(climb)) === 0) return words
  return `${climb > 0 ? '+' : '−'}${words}`
}

/** Undefined while it is on the way, null when there is none. Times from the start of the session. */
export function useWay(session: Session): Way | null | undefined {
  const streams = useQuery(streamsQuery(session.session_id, allPoints)).data
  const measured = streams?.streams['distance']?.values
  const isMeasured = measured?.some((value) => value !== null)
  const track = useQuery({ ...trackQuery(session.session_id), enabled: session.has_track && isMeasured === false }).data
  const begin = Date.parse(session.start_time)
  return useMemo(() => {
    if (!streams) return undefined
    const time = streams.time.map((at) => Date.parse(at) - begin)
    const elevation = streams.streams['elevation']?.values
    if (isMeasured && measured) {
      return { time, distance: measured, heartRate: streams.streams['heart_rate']?.values, elevation }
    }
    if (!session.has_track) return null
    if (!track) return undefined
    return {
      time: track.time.map((at) => Date.parse(at) - begin),
      distance: distanceAlong(track.lat, track.lon),
      elevation: track.ele,
    }
  }, [streams, measured, isMeasured, track, begin, session.has_track])
}
