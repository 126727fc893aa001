/** A sleep with its stages, and stages that come one by one. */
import {
  type SessionReading,
  type SleepStage,
  type StageSystem,
  stageFromNumber,
  stageFromWord,
} from '@tributary/protocol'
import { isRecord } from '../json/records.ts'
import { nightsOf, type StageSpan } from '../nights.ts'
import { member, type PhoneRecord, PhoneRecordError, textIn, timeIn } from './record.ts'

export function sleepOf(record: PhoneRecord, system: StageSystem): SessionReading {
  const { id, start, end, offset, members } = record
  const listed = members['stages']
  const spans = Array.isArray(listed) ? listed.map((stage) => spanOf(stage, system)) : []
  const [night] = spans.length ? nightsOf(spans, { externalId: () => id, offset: () => offset }) : []
  const inBed = (end - start) / 1_000
  const title = textIn(members['title'])
  return {
    kind: 'session',
    type: 'sleep',
    start,
    end,
    externalId: id,
    totals: { ...night?.totals, duration: inBed, sleep_time_in_bed: inBed },
    parts: night?.parts ?? [],
    derived: [
      'duration',
      'sleep_time_in_bed',
      ...(night?.derived ?? []).filter((name) => !['duration', 'sleep_time_in_bed'].includes(name)),
    ],
    ...(night?.isNap ? { isNap: true } : {}),
    ...(offset === undefined ? {} : { offset }),
    ...(title ? { title: title.slice(0, 200) } : {}),
  }
}

function spanOf(value: unknown, system: StageSystem): StageSpan {
  if (!isRecord(value)) throw new PhoneRecordError('stage_malformed', 'a stage is an object')
  const start = timeIn(member(value, 'start') ?? member(value, 'start_time'))
  const end = timeIn(member(value, 'end') ?? member(value, 'end_time'))
  if (!start || !end || end.t < start.t)
    throw new PhoneRecordError('stage_malformed', 'a stage needs a start and a later end')
  return { stage: stageIn(value['stage'], system), start: start.t, end: end.t }
}

export function stageIn(value: unknown, system: StageSystem): SleepStage {
  const number =
    typeof value === 'number' ? value : typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : undefined
  if (number !== undefined) return stageFromNumber(system, number)
  const word =
    typeof value === 'string' ? (stageFromWord(value) ?? stageFromWord(value.replace(/^STAGE_TYPE_/i, ''))) : undefined
  if (!word) throw new PhoneRecordError('stage_unknown', 'a stage of sleep has a name that is not known')
  return word
}
