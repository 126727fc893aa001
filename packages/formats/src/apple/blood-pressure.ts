/** Systolic and diastolic are two records; a person measured one pressure. */
import { convert, type EventReading, type RecordingMethod } from '@tributary/protocol'
import { findClock } from '../zones.ts'
import type { ExportDocument } from './export-document.ts'
import { numberOf } from './read-values.ts'
import { measureOf, metadataKey, type RecordType, recordTypes } from './record-types.ts'
import type { Pressure, SourceBuffer } from './source-buffer.ts'
import { childrenOf, type Node } from './tree.ts'

const mostWaiting = 20_000
const mostAtOnce = 100

interface Half {
  type: RecordType
  buffer: SourceBuffer
  unit: string
  number: number
  start: number
  end: number
  place: number
  method?: RecordingMethod | undefined
}

export function addPressure(document: ExportDocument, half: Half, offset: number | undefined): void {
  const { buffer, start, end, place } = half
  const measure = measureOf(half.type.metric, half.unit)
  if (!measure) return
  const key = `${start}/${end}`
  let pressure = buffer.pressures.get(key)
  if (!pressure) {
    if (buffer.pressures.size >= mostWaiting) finishPressures(document, buffer)
    pressure = { start, end, offset, place, systolic: [], diastolic: [], manual: false }
    buffer.pressures.set(key, pressure)
  }
  pressure.offset ??= offset
  pressure.manual ||= half.method === 'manual'
  const values = half.type.metric === 'bp_systolic' ? pressure.systolic : pressure.diastolic
  // Always in mmHg: the halves of a pair could name two units, an event has one.
  const value = Number(convert(measure.conversion, half.number).toPrecision(12))
  if (!values.includes(value) && values.length < mostAtOnce) values.push(value)
}

/**
 * Children of a correlation are records of the export's top as well. Of a blood pressure both are taken, as equal halves fold into
 * one; of a food they are left to the records.
 */
export function readCorrelation(node: Node, document: ExportDocument): void {
  const { type = '' } = node.attributes
  const children = childrenOf(node, 'Record')
  if (type !== 'HKCorrelationTypeIdentifierBloodPressure') {
    const name = type.replace(/^HKCorrelationTypeIdentifier/, '').slice(0, 60)
    document.losses.leaveUnused(`Correlation ${name} (its parts are records of their own)`)
    return
  }
  const span = document.spanOf(node)
  if (!span) return
  const zone = metadataOf(node)['TimeZone']
  for (const child of children) {
    const half = recordTypes.get(child.attributes['type'] ?? '')
    if (half?.use !== 'pressure') {
      document.losses.leaveUnused(`Correlation BloodPressure ${(child.attributes['type'] ?? '').slice(0, 100)}`)
      continue
    }
    const { value = '', unit = '' } = child.attributes
    const bytes = Buffer.from(value)
    const number = numberOf(bytes, 0, bytes.length)
    if (Number.isNaN(number))
      return void document.refuse(node, 'number_unreadable', `${half.name}: value is not a number`)
    if (!measureOf(half.metric, unit))
      return void document.refuse(node, 'unit_unknown', `${half.metric} is not measured in "${unit.slice(0, 40)}"`)
    const at = document.spanOf(child)
    if (!at) return
    const metadata = metadataOf(child)
    const in_ = metadata['TimeZone'] ?? zone
    const offset = in_ === undefined ? undefined : findClock(in_)?.offsetAt(at.start.t)
    const buffer = document.buffers.of(child.attributes['sourceName'] ?? node.attributes['sourceName'] ?? '')
    document.noteDevice(buffer, child.attributes['device'] ?? '', at.start.t)
    const method = metadata['WasUserEntered'] === '1' ? 'manual' : undefined
    addPressure(
      document,
      { type: half, buffer, unit, number, start: at.start.t, end: at.end.t, place: document.records - 1, method },
      offset,
    )
  }
}

export function metadataOf(node: Node): Record<string, string> {
  const entries: Record<string, string> = {}
  for (const { attributes } of childrenOf(node, 'MetadataEntry'))
    entries[metadataKey(attributes['key'] ?? '')] = attributes['value'] ?? ''
  return entries
}

/** A half that found no other is an event of its own metric: nothing says what it lacks. */
export function finishPressures(document: ExportDocument, buffer: SourceBuffer): void {
  const waiting = [...buffer.pressures.values()].sort((a, b) => a.start - b.start || a.end - b.end)
  buffer.pressures.clear()
  for (const pressure of waiting) for (const event of eventsOf(pressure)) document.buffers.addRow(buffer, event)
}

function eventsOf({ start, end, offset, place, systolic, diastolic, manual }: Pressure): EventReading[] {
  const make = (metric: string, value: EventReading['value']): EventReading => ({
    kind: 'event',
    metric,
    start,
    ...(end > start ? { end } : {}),
    value: manual ? { ...value, method: 'manual' } : value,
    externalId: `${metric}/${start}/${end}/${Object.values(value).join('/')}`,
    ...(offset === undefined ? {} : { offset }),
    place,
  })
  const events: EventReading[] = []
  for (let i = 0; i < Math.max(systolic.length, diastolic.length); i++) {
    const [high, low] = [systolic[i], diastolic[i]]
    if (high !== undefined && low !== undefined) events.push(make('blood_pressure', { systolic: high, diastolic: low }))
    else if (high !== undefined) events.push(make('bp_systolic', { value: high }))
    else if (low !== undefined) events.push(make('bp_diastolic', { value: low }))
  }
  return events
}
