/** What a ring and a sensor told of a local day. Names mix cases, as the page says they do. */
import { localTime } from '../../people/local-time.ts'
import type { Account, Draft } from '../kit/accounts.ts'
import { type Column, round } from '../kit/measured.ts'
import { secondsOf } from '../kit/night.ts'
import { unix } from '../kit/times.ts'

export interface Item {
  type: string
  object: Record<string, unknown>
}

const series = [
  ['hr', 'heart_rate', 0],
  ['hrv', 'hrv_rmssd', 0],
  ['temp', 'skin_temperature', 2],
  ['steps', 'steps', 0],
] as const

/** What a night's graph calls the stages that have a name of their own there. */
const graphed: Readonly<Record<string, string>> = {
  deep: 'deep_sleep',
  light: 'light_sleep',
  asleep_unspecified: 'light_sleep',
  rem: 'rem_sleep',
}

const values = ({ t, v }: Column, decimals: number) =>
  t.map((at, i) => ({ timestamp: unix(at), value: round(v[i] ?? 0, decimals) }))

/** Days have no ids and are told to nobody, so that no records are kept: each answer is made anew. */
export function* recordsOf(_: Account): Iterable<Draft> {}

export function itemsOf(account: Account, date: string): Item[] {
  const { measured, timeZone } = account
  const [from, to] = [localTime(timeZone, date, 0), localTime(timeZone, date, 1_440)]
  const items: Item[] = []
  for (const [type, metric, decimals] of series) {
    const column = measured.between(metric, from, to)
    if (column.t.length) items.push({ type, object: { values: values(column, decimals) } })
  }
  // The night belongs to the day on which it ends; whether it was a nap is not said.
  for (const { reading } of measured.sessions('sleep')) {
    if (measured.dateOf(reading.end) !== date) continue
    const inBed = Math.round((reading.end - reading.start) / 1000)
    const stages = [
      ['deep_sleep', secondsOf(reading, 'deep')],
      ['light_sleep', secondsOf(reading, 'light', 'asleep_unspecified')],
      ['rem_sleep', secondsOf(reading, 'rem')],
      ['awake', secondsOf(reading, 'awake', 'out_of_bed')],
    ] as const
    const asleep = stages.slice(0, 3).reduce((sum, [, seconds]) => sum + seconds, 0)
    items.push({
      type: 'Sleep',
      object: {
        bedtime_start: unix(reading.start),
        bedtime_end: unix(reading.end),
        quick_metrics: [
          { type: 'time_in_bed', value: inBed },
          { type: 'sleep_efic', value: Math.round((100 * asleep) / inBed) },
        ],
        sleep_stages: stages.map(([type, stage_time]) => ({ type, stage_time })),
        sleep_graph: {
          title: 'Sleep Stages',
          data: reading.parts.map(({ label, start, end }) => ({
            start: unix(start),
            end: unix(end),
            type: graphed[label ?? ''] ?? 'awake',
          })),
        },
      },
    })
  }
  const recovery = measured.day('recovery_score', date) ?? measured.day('readiness_score', date)
  if (recovery !== undefined) items.push({ type: 'recovery', object: { value: recovery } })
  const fitness = measured.between('vo2max', from, to).v.at(-1)
  if (fitness !== undefined) items.push({ type: 'vo2_max', object: { value: round(fitness, 1) } })
  const glucose = measured.between('blood_glucose', from, to)
  const inMg = { ...glucose, v: glucose.v.map((v) => v * 18.0156) }
  if (glucose.t.length) items.push({ type: 'glucose', object: { values: values(inMg, 0) } })
  return items
}
