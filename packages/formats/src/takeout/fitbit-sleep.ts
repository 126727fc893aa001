import { type SleepStage, stageFromWord } from '@tributary/protocol'
import { knownLeaves, leaveRest } from '../archives/leaves.ts'
import { overlaid, type Stage, sleepSession } from '../archives/night.ts'
import { readIso, readNumber } from '../archives/read-times.ts'
import { recordOf, recordsOf, textOf } from '../json/records.ts'
import { WallSequence } from '../zones.ts'
import { type Context, fitbit } from './context.ts'

// biome-ignore format: a list
const known = knownLeaves(`logId dateOfSleep startTime endTime duration type mainSleep isMainSleep logType infoCode efficiency
  minutesToFallAsleep minutesAsleep minutesAwake minutesAfterWakeup timeInBed levels.summary.**
  levels.data.*.dateTime levels.data.*.level levels.data.*.seconds
  levels.shortData.*.dateTime levels.shortData.*.level levels.shortData.*.seconds`)

/** A night as Fitbit's app shows it: the short wakes of `shortData` lie on top of the stages of `data`. All times are wall times. */
export function takeSleep(record: Record<string, unknown>, context: Context): void {
  const { gather, losses, clock } = context
  leaveRest('Fitbit sleep', record, known, losses)
  const wall = readIso(textOf(record['startTime']) ?? '')?.wall
  const id = textOf(record['logId'])
  if (wall === undefined || id === undefined) {
    gather.reject(fitbit, 'record_unreadable', 'a sleep without a start or an id')
    return
  }
  const start = clock.timeOf(wall)
  const end = endOf(record, start, context)
  const levels = recordOf(record['levels'])
  const stages = overlaid(stagesOf(levels['data'], context), stagesOf(levels['shortData'], context))
  const isMain = record['mainSleep'] ?? record['isMainSleep']
  gather.session(
    fitbit,
    sleepSession(`fitbit:sleep:${id}`, stages, {
      start,
      end,
      offset: clock.offsetAt(start),
      offsetFrom: 'person',
      ...(isMain === false ? { isNap: true } : {}),
      totals: statedTotals(record, stages.length === 0),
      extra: { stated: statedOf(record) },
    }),
  )
}

/** The length is exact where the clocks change during the night; the wall time of the end is not. */
function endOf(record: Record<string, unknown>, start: number, { clock }: Context): number {
  const duration = readNumber(record['duration'])
  if (duration > 0) return start + duration
  const wall = readIso(textOf(record['endTime']) ?? '')?.wall
  return wall === undefined ? start : clock.timeOf(wall)
}

function stagesOf(list: unknown, { clock, gather }: Context): Stage[] {
  const sequence = new WallSequence(clock)
  const stages: Stage[] = []
  for (const part of recordsOf(list)) {
    const wall = readIso(textOf(part['dateTime']) ?? '')?.wall
    const seconds = readNumber(part['seconds'])
    if (wall === undefined || !(seconds >= 0)) {
      gather.reject(fitbit, 'stage_unreadable', 'a stage of a sleep has no time or length')
      continue
    }
    const start = sequence.timeOf(wall)
    const stage: SleepStage = stageFromWord(textOf(part['level']) ?? '') ?? 'unknown'
    stages.push({ stage, start, end: start + seconds * 1000 })
  }
  return stages
}

/** The hypnogram tells the rest; where there is none, Fitbit's own sums do. */
function statedTotals(record: Record<string, unknown>, all: boolean): Record<string, number> {
  const totals: Record<string, number> = {}
  const put = (name: string, field: string, times: number) => {
    const value = readNumber(record[field])
    if (Number.isFinite(value)) totals[name] = value * times
  }
  put('sleep_latency', 'minutesToFallAsleep', 60)
  put('sleep_efficiency', 'efficiency', 1)
  if (!all) return totals
  put('sleep_total', 'minutesAsleep', 60)
  put('sleep_awake', 'minutesAwake', 60)
  put('sleep_time_in_bed', 'timeInBed', 60)
  return totals
}

const kept = [
  'endTime',
  'dateOfSleep',
  'type',
  'logType',
  'infoCode',
  'minutesAsleep',
  'minutesAwake',
  'minutesAfterWakeup',
  'timeInBed',
] as const

function statedOf(record: Record<string, unknown>): Record<string, unknown> {
  const stated: Record<string, unknown> = {}
  for (const field of kept) if (record[field] !== undefined) stated[field] = record[field]
  const { summary } = recordOf(record['levels'])
  if (summary !== undefined) stated['summary'] = summary
  return stated
}
