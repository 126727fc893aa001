/** What only many records together are: nights of stages, days of stood hours. */
import type { SleepStage } from '@tributary/protocol'
import { nightsOf, type StageSpan } from '../nights.ts'
import { dateOf } from '../zones.ts'
import type { ExportDocument } from './export-document.ts'
import type { OpenRecord } from './record-reader.ts'
import { type SourceBuffer, StageLog } from './source-buffer.ts'

const hourMs = 3_600_000
/** Days that wait: more than a person has. */
const mostDays = 50_000

export function addStandHour(document: ExportDocument, record: OpenRecord, offset: number | undefined): void {
  const { buffer, start } = record
  const east = offset ?? record.written
  const date = dateOf(start, east)
  const hour = Math.floor((start + east * 60_000) / hourMs) % 24
  const stood = record.value === 'HKCategoryValueAppleStandHourStood' ? 1 << hour : 0
  buffer.stood.set(date, (buffer.stood.get(date) ?? 0) | stood)
  if (buffer.stood.size > mostDays) finishStood(document, buffer)
}

export function finishStood(document: ExportDocument, buffer: SourceBuffer): void {
  const days = [...buffer.stood].sort(([a], [b]) => (a < b ? -1 : 1))
  buffer.stood.clear()
  for (const [date, hours] of days) {
    let value = 0
    for (let left = hours; left; left &= left - 1) value++
    document.buffers.addRow(buffer, { kind: 'day', metric: 'stand_hours', date, value })
  }
}

export function addStage(record: OpenRecord, stage: SleepStage, offset: number | undefined): void {
  const { sleep } = record.buffer
  sleep.start.push(record.start)
  sleep.end.push(record.end)
  sleep.stages.push(stage)
  sleep.offset.push(offset ?? Number.NaN)
  sleep.written.push(record.written)
}

export function finishNights(document: ExportDocument, buffer: SourceBuffer): void {
  const { sleep } = buffer
  if (!sleep.stages.length) return
  buffer.sleep = new StageLog()
  const offsets = new Map<number, number>()
  const written = new Map<number, number>()
  const stages = sleep.stages.map((stage, i): StageSpan => {
    const start = sleep.start.view[i] as number
    const end = sleep.end.view[i] as number
    const offset = sleep.offset.view[i] as number
    if (!Number.isNaN(offset)) offsets.set(start, offset)
    written.set(end, Number.isNaN(offset) ? (sleep.written.view[i] as number) : offset)
    return { stage, start, end }
  })
  const nights = nightsOf(stages, {
    externalId: (start) => `sleep/${start}`,
    offset: (t) => offsets.get(t),
    localOffset: (t) => written.get(t),
  })
  for (const night of nights) document.buffers.addSession(buffer, night)
}
