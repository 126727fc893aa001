import { type SessionReading, type SleepStage, stageFromNumber } from '@tributary/protocol'
import { type Stage, sleepSession, withoutOverlaps } from '../archives/night.ts'
import { readNumber } from '../archives/read-times.ts'
import { recordsOf } from '../json/records.ts'
import type { Row } from './keys.ts'

export const sleepKeys = new Set(['watch_night_sleep', 'watch_daytime_sleep', 'sleep'])

const quarterHour = 15

/** A night or nap. Undefined when it has neither a span nor stages. */
export function sleepOf(key: string, { value, source }: Row): SessionReading | undefined {
  const items = recordsOf(value['items'])
  const stages = withoutOverlaps(items.map(stageOf).filter((stage) => stage.end > stage.start && stage.start > 0))
  const start = secondsOf(value['bedtime']) ?? stages[0]?.start
  const end = secondsOf(value['wake_up_time']) ?? stages.at(-1)?.end
  if (start === undefined || end === undefined || !(end > start)) return undefined
  const { items: _, bedtime: _start, wake_up_time: _end, timezone, ...stated } = value
  const zone = readNumber(timezone)
  return sleepSession(`${source.key}:sleep:${start}`, stages, {
    start,
    end,
    ...(Math.abs(zone) <= 72 ? { offset: zone * quarterHour } : {}),
    ...(key === 'watch_daytime_sleep' ? { isNap: true } : {}),
    totals: stages.length ? {} : statedTotals(value),
    extra: { stated: { ...stated, items: items.length } },
  })
}

function stageOf({ start_time, end_time, state }: { [field: string]: unknown }): Stage {
  const number = readNumber(state)
  // 0 is written where a band could not tell how deep the sleep was
  const stage: SleepStage = number === 0 ? 'asleep_unspecified' : stageFromNumber('mi_fitness', number)
  return { stage, start: readNumber(start_time) * 1000, end: readNumber(end_time) * 1000 }
}

/** Zero is written where nothing was measured. */
function secondsOf(value: unknown): number | undefined {
  const seconds = readNumber(value)
  return seconds > 0 ? seconds * 1000 : undefined
}

const totalFields = {
  duration: 'sleep_total',
  sleep_deep_duration: 'sleep_deep',
  sleep_light_duration: 'sleep_light',
  sleep_rem_duration: 'sleep_rem',
  sleep_awake_duration: 'sleep_awake',
} as const

function statedTotals(value: Row['value']): { [total: string]: number } {
  const totals: { [total: string]: number } = {}
  for (const [field, total] of Object.entries(totalFields)) {
    const minutes = readNumber(value[field])
    if (minutes >= 0) totals[total] = minutes * 60
  }
  return totals
}
