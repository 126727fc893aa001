import { useQuery } from '@tanstack/react-query'
import { daysQuery, lapsQuery } from '../../api/queries.ts'
import type { Session } from '../../api/types.ts'
import { useFormat } from '../../app/reader.tsx'
import { type Column, DataTable } from '../../ui/data-table.tsx'
import { Card, Section } from '../../ui/page.tsx'
import { hoursAndMinutes } from '../../util/format.ts'
import { addDays } from '../../util/local-days.ts'
import { offsetOf } from '../../util/wall-time.ts'
import { localDayOf } from '../sessions/months.ts'
import { medianOf, spansOf, sumsOf } from './night.ts'

/** Fewer nights say nothing of what is usual. */
const fewestNights = 5
const usualDays = 28

/** In the order of a night's table: what is told, and what days call it. */
const rows = [
  { title: 'Asleep', metric: 'sleep_total', stages: ['light', 'deep', 'rem', 'asleep_unspecified'] },
  { title: 'Deep', metric: 'sleep_deep', stages: ['deep'] },
  { title: 'Light', metric: 'sleep_light', stages: ['light'] },
  { title: 'REM', metric: 'sleep_rem', stages: ['rem'] },
  { title: 'Awake, once asleep', metric: 'sleep_awake', stages: ['awake'] },
] as const

interface Row {
  title: string
  seconds: number
  share: number | undefined
  times: number | undefined
  usual: number | undefined
}

/** The stages in figures, beside the person's usual night. */
export function NightTable({ session }: { session: Session }) {
  const { timeZone } = useFormat()
  const parts = useQuery(lapsQuery(session.session_id)).data?.items
  const morning = localDayOf({ ...session, start_time: session.end_time }, (at) => offsetOf(timeZone, at))
  const metrics = rows.map(({ metric }) => metric)
  const days = useQuery(daysQuery(metrics, addDays(morning, -usualDays), morning)).data
  const nightsOf = (metric: string) => days?.metrics.find((one) => one.metric === metric)?.days ?? []
  const nights = nightsOf('sleep_total').length
  const sums = sumsOf(spansOf(parts ?? []))
  const table = rows.flatMap(({ title, metric, stages }): Row[] => {
    const own = sums.filter(({ stage }) => stages.some((one) => one === stage))
    const staged = own.reduce((sum, { seconds }) => sum + seconds, 0)
    const seconds = session.totals[metric] ?? (own.length > 0 ? staged : undefined)
    if (seconds === undefined || (seconds === 0 && own.length === 0 && metric !== 'sleep_awake')) return []
    // Time awake is counted from falling asleep on; the stages begin with going to bed.
    const isAllOfThem = own.length > 0 && Math.abs(seconds - staged) < 60
    return [
      {
        title,
        seconds,
        share: isAllOfThem ? own.reduce((sum, { share }) => sum + share, 0) : undefined,
        times: isAllOfThem && metric !== 'sleep_total' ? own.reduce((sum, { times }) => sum + times, 0) : undefined,
        usual: nights >= fewestNights ? medianOf(nightsOf(metric).map(({ value }) => value)) : undefined,
      },
    ]
  })
  if (table.length === 0) return null
  return (
    <Section title="Stages, and what is usual" lead={session.is_nap ? undefined : leadOf(table, nights)}>
      <Card flush>
        <DataTable
          caption="Stages of the night, beside the usual night"
          columns={columns(table)}
          rows={table}
          keyOf={({ title }) => title}
        />
      </Card>
    </Section>
  )
}

function leadOf([asleep]: readonly Row[], nights: number): string {
  if (nights < fewestNights) {
    return `Usual is the middle of the ${usualDays} nights before. There are ${nights} of them so far; from ${fewestNights} on they are compared.`
  }
  if (asleep?.usual === undefined)
    return `Usual is the middle of the ${nights} nights known of the ${usualDays} days before.`
  return `You slept ${differenceWords(asleep)}: the middle of ${nights} nights of the ${usualDays} days before.`
}

function differenceWords({ seconds, usual }: Row): string {
  const difference = seconds - (usual ?? seconds)
  if (Math.abs(difference) < 60) return 'as long as usual'
  return `${hoursAndMinutes(Math.abs(difference))} ${difference > 0 ? 'more' : 'less'} than usual`
}

function columns(table: readonly Row[]): Column<Row>[] {
  const has = (name: 'share' | 'times' | 'usual') => table.some((row) => row[name] !== undefined)
  return [
    { title: 'Stage', cell: ({ title }) => <strong>{title}</strong> },
    { title: 'Time', cell: ({ seconds }) => hoursAndMinutes(seconds), numeric: true },
    ...(has('usual')
      ? [
          {
            title: 'Usually',
            cell: ({ usual }: Row) => (usual === undefined ? '–' : hoursAndMinutes(usual)),
            numeric: true as const,
          },
          { title: 'Difference', cell: differenceOf, numeric: true as const },
        ]
      : []),
    ...(has('share')
      ? [
          {
            title: 'Share',
            cell: ({ share }: Row) => (share === undefined ? '–' : `${Math.round(100 * share)}%`),
            numeric: true as const,
          },
        ]
      : []),
    ...(has('times')
      ? [{ title: 'Times', cell: ({ times }: Row) => (times === undefined ? '' : times), numeric: true as const }]
      : []),
  ]
}

function differenceOf({ seconds, usual }: Row): string {
  if (usual === undefined) return ''
  const difference = seconds - usual
  if (Math.abs(difference) < 60) return '±0'
  return `${difference > 0 ? '+' : '−'}${hoursAndMinutes(Math.abs(difference))}`
}
