import { type RecordingMethod, type SleepStage, stageFromWord } from '@tributary/protocol'
import type { XmlScanner } from '../xml/scan-xml.ts'
import { dateOf, findClock } from '../zones.ts'
import { addPressure } from './blood-pressure.ts'
import type { ExportDocument } from './export-document.ts'
import { addStage, addStandHour } from './gathered.ts'
import { MomentReader, numberOf } from './read-values.ts'
import {
  categoryWord,
  type Measure,
  measureOf,
  metadataKey,
  percentOf,
  type RecordType,
  recordTypes,
  severityOf,
} from './record-types.ts'
import type { SourceBuffer } from './source-buffer.ts'
import { type Node, textOf } from './tree.ts'

/** Stages that wait for their nights, of all sources: some 18 years of a watch. */
const mostStages = 200_000
const longestStageMs = 86_400_000
const day = 86_400_000
/** Of a record that cannot be used. */
const mostChildren = 50

/** A record whose end tag has not come: what is in it may still change it. */
export interface OpenRecord {
  type: RecordType
  buffer: SourceBuffer
  unit: string
  measure: Measure | undefined
  /** A number, in percent where the file has a fraction; NaN where the value is a word. */
  number: number
  value: string
  start: number
  end: number
  /** Minutes east of UTC in which its dates are written. */
  written: number
  place: number
  zone: string | undefined
  method: RecordingMethod | undefined
  extra: Record<string, number | string>
}

/** One that cannot be used, until all of it is there to be kept. */
interface Refused {
  buffer: SourceBuffer
  place: number
  code: string
  detail: string
  node: Node
}

/** Follows one `Record` element after another. */
export class RecordReader {
  readonly #document: ExportDocument
  readonly #moments = new MomentReader()
  readonly #measures = new Map<string, Map<string, Measure | null>>()
  #open: OpenRecord | undefined
  #refused: Refused | undefined
  #stages = 0

  constructor(document: ExportDocument) {
    this.#document = document
  }

  /** Whether what comes next may lie in a record. */
  get isOpen(): boolean {
    return this.#open !== undefined || this.#refused !== undefined
  }

  /** Nearly every element of an export comes by here. */
  open(scan: XmlScanner): void {
    const document = this.#document
    const place = document.records++
    let type = ''
    let source = ''
    let device = ''
    let unit = ''
    let start = -1
    let end = -1
    let value = -1
    for (let i = 0; i < scan.attributes; i++) {
      switch (scan.name(i)) {
        case 'type':
          type = scan.value(i)
          break
        case 'sourceName':
          source = scan.value(i)
          break
        case 'device':
          device = scan.value(i)
          break
        case 'unit':
          unit = scan.value(i)
          break
        case 'startDate':
          start = i
          break
        case 'endDate':
          end = i
          break
        case 'value':
          value = i
      }
    }
    const known = recordTypes.get(type)
    if (!known) return void document.losses.leaveUnused(type ? type.slice(0, 100) : 'Record without a type')
    const buffer = document.buffers.of(source)
    const refuse = (code: string, detail: string) => {
      const node = { name: 'Record', attributes: scan.record(), children: [] }
      this.#refused = { buffer, place, code, detail: detail.slice(0, 300), node }
    }
    if (scan.broken) return void refuse('xml_broken_element', 'the element’s tag has no end: a quote is missing')
    const { bytes } = scan
    const moments = this.#moments
    if (start < 0 || !moments.read(bytes, scan.valueStart(start), scan.valueEnd(start)))
      return void refuse('time_unreadable', `${type}: startDate cannot be read`)
    const from = moments.t
    const written = moments.offset
    if (end < 0 || !moments.read(bytes, scan.valueStart(end), scan.valueEnd(end)))
      return void refuse('time_unreadable', `${type}: endDate cannot be read`)
    const to = moments.t
    const fault = document.spanFault(from, to)
    if (fault) return void refuse(fault.code, `${type}: ${fault.detail}`)
    document.noteDevice(buffer, device, from)
    let number = Number.NaN
    let measure: Measure | undefined
    let word = ''
    if (isMeasured(known)) {
      number = value < 0 ? Number.NaN : numberOf(bytes, scan.valueStart(value), scan.valueEnd(value))
      if (Number.isNaN(number)) return void refuse('number_unreadable', `${type}: value is not a number`)
      measure = this.#measure(known, unit)
      if (!measure) return void refuse('unit_unknown', `${known.metric} is not measured in "${unit}"`)
      if (measure.percent) number = percentOf(number)
    } else {
      word = value < 0 ? '' : scan.value(value)
      const strange = wordFault(known, word, to - from)
      if (strange) return void refuse('value_unknown', strange)
    }
    this.#open = {
      type: known,
      buffer,
      unit,
      measure,
      number,
      value: word,
      start: from,
      end: to,
      written,
      place,
      zone: undefined,
      method: undefined,
      extra: {},
    }
  }

  addMetadata(scan: XmlScanner): void {
    if (this.#refused) {
      const { children } = this.#refused.node
      if (children.length < mostChildren)
        children.push({ name: 'MetadataEntry', attributes: scan.record(), children: [] })
      return
    }
    const record = this.#open
    if (!record) return
    let key = ''
    let value = ''
    for (let i = 0; i < scan.attributes; i++) {
      const name = scan.name(i)
      if (name === 'key') key = metadataKey(scan.value(i))
      else if (name === 'value') value = scan.value(i)
    }
    const { use } = record.type
    if (key === 'WasUserEntered') record.method = value === '1' ? 'manual' : undefined
    else if (key === 'TimeZone') record.zone = value
    else if (use === 'mark' || use === 'event' || use === 'symptom') addExtra(record.extra, key, value)
    else this.#document.losses.leaveUnused(`metadata ${key.slice(0, 60)}`)
  }

  close(): void {
    const record = this.#open
    const refused = this.#refused
    this.#open = undefined
    this.#refused = undefined
    if (record) this.#add(record)
    if (!refused) return
    const { buffer, place, code, detail, node } = refused
    this.#document.buffers.addUnusable(buffer, { index: place, code, detail }, textOf(node))
  }

  #measure(type: RecordType, unit: string): Measure | undefined {
    let units = this.#measures.get(type.name)
    if (!units) {
      units = new Map()
      this.#measures.set(type.name, units)
    }
    let measure = units.get(unit)
    if (measure === undefined) {
      measure = measureOf(type.metric, unit) ?? null
      if (units.size < 100) units.set(unit, measure)
    }
    return measure ?? undefined
  }

  #add(record: OpenRecord): void {
    const document = this.#document
    const { type, buffer, start, end, place } = record
    const offset = record.zone === undefined ? undefined : findClock(record.zone)?.offsetAt(start)
    switch (type.use) {
      case 'series':
        this.#addPoint(record, offset)
        break
      case 'day': {
        const date = dateOf(type.endsOn ? end : start, offset ?? record.written)
        const { metric } = type
        document.buffers.addRow(buffer, { kind: 'day', metric, date, value: record.number, ...unitOf(record), place })
        break
      }
      case 'event':
        this.#addEvent(record, { value: record.number, ...record.extra }, offset)
        break
      case 'pressure':
        addPressure(document, record, offset)
        break
      case 'mark':
        this.#addEvent(record, record.extra, offset)
        break
      case 'word':
        this.#addEvent(record, { value: categoryWord(type.metric, record.value) ?? '' }, offset)
        break
      case 'symptom': {
        const severity = severityOf(record.value) ?? ''
        this.#addEvent(record, { value: type.code ?? '', severity, ...record.extra }, offset)
        break
      }
      case 'mindful':
        this.#addMindful(record, offset)
        break
      case 'stand':
        addStandHour(document, record, offset)
        break
      case 'sleep':
        addStage(record, stageFromWord(record.value) as SleepStage, offset)
        if (++this.#stages < mostStages) break
        this.#stages = 0
        document.buffers.finishAll()
    }
  }

  #addPoint(record: OpenRecord, offset: number | undefined): void {
    const { type, buffer, unit, method, start, end } = record
    const key = method ? `${unit}\0${method}` : unit
    let units = buffer.byType.get(type.name)
    if (!units) {
      units = new Map()
      buffer.byType.set(type.name, units)
    }
    let column = units.get(key)
    if (!column) {
      column = buffer.column({ metric: type.metric, unit: record.measure?.unit, method })
      if (units.size >= 100) units.clear()
      units.set(key, column)
    }
    const t = type.apart ? start + thousandths(record.number, end) : start
    this.#document.buffers.addPoint(buffer, column, t, record.number, end - start, record.place, offset)
  }

  #addEvent(record: OpenRecord, value: Record<string, number | string>, offset: number | undefined): void {
    const { type, start, end, place, method } = record
    const said = type.use === 'mark' ? '' : `/${value['value']}`
    this.#document.buffers.addRow(record.buffer, {
      kind: 'event',
      metric: type.metric,
      start,
      ...(end > start ? { end } : {}),
      value: method ? { ...value, method } : value,
      ...unitOf(record),
      externalId: `${type.name.replace(/^HK(Quantity|Category)TypeIdentifier/, '')}/${start}/${end}${said}`,
      ...(offset === undefined ? {} : { offset }),
      place,
    })
  }

  #addMindful(record: OpenRecord, offset: number | undefined): void {
    const { buffer, start, end, place } = record
    if (end === start) {
      this.#document.losses.leaveUnused('MindfulSession that lasts no time')
      return
    }
    const seconds = (end - start) / 1000
    this.#document.addColumn(buffer, 'mindfulness_duration', [start], [seconds], end - start, place, record.method)
    this.#document.buffers.addSession(buffer, {
      kind: 'session',
      type: 'meditation',
      start,
      end,
      ...(offset === undefined ? {} : { offset }),
      externalId: `mindful/${start}/${end}`,
      totals: { duration: seconds },
      parts: [],
    })
  }
}

function isMeasured({ use }: RecordType): boolean {
  return use === 'series' || use === 'day' || use === 'event' || use === 'pressure'
}

/** Why a category's word cannot be taken. */
function wordFault(type: RecordType, value: string, length: number): string | undefined {
  const unknown = `${type.name}: "${value.slice(0, 80)}" is not one of its values`
  switch (type.use) {
    case 'word':
      return categoryWord(type.metric, value) ? undefined : unknown
    case 'symptom':
      return severityOf(value) ? undefined : unknown
    case 'stand':
      return /^HKCategoryValueAppleStandHour(Stood|Idle)$/.test(value) ? undefined : unknown
    case 'sleep':
      if (!value.startsWith('HKCategoryValueSleepAnalysis') || !stageFromWord(value)) return unknown
      if (length === 0) return `${type.name}: a stage lasts longer than nothing`
      return length > longestStageMs ? `${type.name}: a stage lasts a day at most` : undefined
  }
  return undefined
}

function unitOf({ measure }: OpenRecord): { unit?: string } {
  return measure?.unit === undefined ? {} : { unit: measure.unit }
}

/** `120 count/min` → 120; identifiers of other systems stay words. At most twenty, each short. */
function addExtra(extra: Record<string, number | string>, key: string, value: string): void {
  if (Object.keys(extra).length >= 20 || key === 'value' || key === 'severity') return
  const name = key
    .replace(/(?<=[a-z])[A-Z]/g, (letter) => `_${letter}`)
    .toLowerCase()
    .slice(0, 60)
  const number = /^(-?\d+(?:\.\d+)?) \S+$/.exec(value)?.[1]
  extra[name] = number !== undefined && number.length < 16 ? Number(number) : value.slice(0, 200)
}

/**
 * Dates are whole seconds, foods of one meal share one, and a series has one value for each time. The thousandths of a second are
 * free to tell them apart; they come from the amount itself, so that another export gives the same, in whatever order.
 */
function thousandths(value: number, end: number): number {
  const text = `${value}/${end % day}`
  let hash = 0x811c9dc5
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193)
  return (hash >>> 0) % 1000
}
