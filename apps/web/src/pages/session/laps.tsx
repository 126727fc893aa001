import { useQuery } from '@tanstack/react-query'
import { lapsQuery } from '../../api/queries.ts'
import type { Session, SessionPart } from '../../api/types.ts'
import { useFormat } from '../../app/reader.tsx'
import { type Column, DataTable } from '../../ui/data-table.tsx'
import { Card, Section } from '../../ui/page.tsx'
import { sentenceCase } from '../../util/device-words.ts'
import { duration, type Format, pace } from '../../util/format.ts'
import { isOnFoot, totalTitle } from '../../util/session-words.ts'
import { Marked, marksOf } from './marks.tsx'

/** Figures worth a column, where any lap has them. */
const figures = ['distance', 'heart_rate_avg', 'heart_rate_max', 'power_avg', 'cadence_avg', 'elevation_gain'] as const

export function Laps({ session }: { session: Session }) {
  const format = useFormat()
  const parts = useQuery(lapsQuery(session.session_id)).data?.items ?? []
  const laps = parts.filter(({ kind }) => kind === 'lap' || kind === 'length')
  if (laps.length < 2) return null
  return (
    <Section title="Laps">
      <Card flush>
        <DataTable
          caption="Laps"
          columns={columns(laps, session, format)}
          rows={laps}
          keyOf={({ kind, index }) => `${kind} ${index}`}
        />
      </Card>
    </Section>
  )
}

function columns(laps: readonly SessionPart[], { activity }: Session, format: Format): Column<SessionPart>[] {
  const speed = (lap: SessionPart) => lap.totals['speed_avg'] ?? (lap.totals['distance'] ?? Number.NaN) / lengthOf(lap)
  const marks = marksOf(laps.map((lap) => (isWork(lap) ? speed(lap) : null)))
  const speedWords = (lap: SessionPart) => {
    const value = speed(lap)
    if (!Number.isFinite(value)) return '–'
    const words = (isOnFoot(activity) && pace(value, format.units)) || format.value('speed', value)
    return <Marked mark={marks[laps.indexOf(lap)]}>{words}</Marked>
  }
  return [
    {
      title: 'Lap',
      cell: ({ index, kind, label, intensity }) =>
        [
          `${kind === 'length' ? 'Length ' : ''}${index + 1}`,
          label && sentenceCase(label),
          intensity && intensity !== 'active' && sentenceCase(intensity),
        ]
          .filter(Boolean)
          .join(' · '),
    },
    { title: 'Time', cell: (lap) => duration(lengthOf(lap)), numeric: true },
    { title: isOnFoot(activity) ? 'Pace' : 'Speed', cell: speedWords, numeric: true },
    ...figures
      .filter((name) => laps.some(({ totals }) => totals[name] !== undefined))
      .map(
        (name): Column<SessionPart> => ({
          title: totalTitle(name),
          cell: ({ totals }) => (totals[name] === undefined ? '–' : format.total(name, totals[name])),
          numeric: true,
        }),
      ),
  ]
}

/** A lap of rest is no slowest lap. */
const isWork = ({ intensity }: SessionPart) => !intensity || intensity === 'active' || intensity === 'interval'

/** Without pauses where the file says how long those were. */
function lengthOf({ totals, start_time, end_time }: SessionPart): number {
  return totals['active_duration'] ?? totals['duration'] ?? (Date.parse(end_time) - Date.parse(start_time)) / 1_000
}
