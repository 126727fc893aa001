/** What lies behind the figure of one day: the values of the source that is shown. */
import { Skeleton, useComputedColorScheme } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import type { MetricId } from '@tributary/protocol'
import { useMemo } from 'react'
import { timelineQuery, whyQuery } from '../../api/queries.ts'
import type { DayWhy } from '../../api/types.ts'
import { Answer } from '../../app/answer.tsx'
import { useFormat } from '../../app/reader.tsx'
import { isAmount, metricLines } from '../../charts/metric-lines.ts'
import { summarise } from '../../charts/summarise.ts'
import { TimelineChart } from '../../charts/timeline-chart.tsx'
import { ValuesTable } from '../../charts/values-table.tsx'
import { InWords } from '../../ui/in-words.tsx'
import { metricTitle } from '../../util/metric-words.ts'
import { path } from '../../util/path-builder.ts'
import { rangeSearch } from '../../util/time-range.ts'
import styles from './view.module.css'

export function DayHours({ metric, date }: { metric: MetricId; date: string }) {
  const why = useQuery(whyQuery(metric, date))
  return (
    <Answer query={why} loading={<Skeleton height={240} radius={12} />}>
      {(answer) => <Hours metric={metric} why={answer} />}
    </Answer>
  )
}

function Hours({ metric, why: { start_time, end_time, candidates } }: { metric: MetricId; why: DayWhy }) {
  const shape = isAmount(metric) ? ({ resolution: '1h' } as const) : { points: 800 }
  const timeline = useQuery(timelineQuery(metric, start_time, end_time, shape))
  const format = useFormat()
  const scheme = useComputedColorScheme()
  const navigate = useNavigate()
  const range = useMemo(() => ({ from: Date.parse(start_time), to: Date.parse(end_time) }), [start_time, end_time])
  const winner = candidates.find(({ is_winner }) => is_winner)?.source
  const axes = useMemo(() => [[metric]], [metric])
  const answers = useMemo(() => {
    const shown = (timeline.data?.lines ?? []).filter(({ source }) => source.source_id === winner?.source_id)
    return [{ metric, lines: shown, resolutionMs: isAmount(metric) ? 3_600_000 : 60_000, sourceIds: [] }]
  }, [timeline.data, winner, metric])
  const lines = useMemo(() => metricLines(answers, format, scheme), [answers, format, scheme])
  const title = `${metricTitle(metric)} through the day`
  if (!winner) return <p className={styles['summary']}>No source has anything for this day.</p>
  return (
    <Answer query={timeline} loading={<Skeleton height={240} radius={12} />}>
      {() =>
        lines.length === 0 ? (
          <p className={styles['summary']}>
            {winner.name} gives one figure for the day; there are no single values behind it.
          </p>
        ) : (
          <div>
            <TimelineChart
              axes={axes}
              lines={lines}
              range={range}
              height={260}
              summary={`${title}.`}
              onRange={(chosen) => void navigate(path.explore({ metric, range: 'day', ...rangeSearch(chosen) }))}
              onReset={() => undefined}
            />
            <InWords
              of="the hours"
              sentence={summarise(answers, range, format)}
              table={() => <ValuesTable title={title} answers={answers} />}
            />
          </div>
        )
      }
    </Answer>
  )
}
