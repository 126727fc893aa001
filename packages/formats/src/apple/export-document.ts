import type { RecordingMethod, SleepStage } from '@tributary/protocol'
import { stageFromWord } from '@tributary/protocol'
import type { Losses } from '../losses.ts'
import { nightsOf, type StageSpan } from '../nights.ts'
import type { ReadOptions } from '../piece.ts'
import { type TimeCheck, timeCheck } from '../times.ts'
import { type ScanHandler, XmlScanner } from '../xml/scan-xml.ts'
import { readActivitySummary, summarySource } from './activity-summary.ts'
import { addPressure, finishPressures, readCorrelation } from './blood-pressure.ts'
import { type Moment, MomentReader, momentOf, numberOf } from './read-values.ts'
import {
  categoryWords,
  type Measure,
  measureOf,
  metadataKey,
  percentOf,
  type RecordType,
  recordTypes,
  severities,
} from './record-types.ts'
import { type Column, type SourceBuffer, SourceBuffers, StageLog } from './source-buffer.ts'
import { claimOf } from './sources.ts'
import { type Node, textOf } from './tree.ts'
import { readWorkout, type Workout } from './workouts.ts'
import { localDate, ZoneOffsets } from './zones.ts'

/** The elements of an export; none of them is ever inside a value. */
export const elementNames: ReadonlySet<string> = new Set([
  'HealthData',
  'ExportDate',
  'Me',
  'Record',
  'Correlation',
  'Workout',
  'WorkoutActivity',
  'WorkoutEvent',
  'WorkoutStatistics',
  'WorkoutRoute',
  'FileReference',
  'ActivitySummary',
  'ClinicalRecord',
  'Audiogram',
  'SensitivityPoint',
  'VisionPrescription',
  'RightEye',
  'LeftEye',
  'Attachment',
  'MetadataEntry',
  'HeartRateVariabilityMetadataList',
  'InstantaneousBeatsPerMinute',
])

const tops = new Set(['Workout', 'Correlation', 'ActivitySummary', 'ClinicalRecord', 'Audiogram', 'VisionPrescription'])

function isTop(name: string, parent: string): boolean {
  return name === 'Record' ? parent !== 'Correlation' : tops.has(name)
}

/** Top elements that are read whole, then used or named. */
const trees = new Set(['Workout', 'Correlation', 'ActivitySummary'])
const mostNodes = 20_000
/** Stages that wait for their nights, of all sources: some 18 years of a watch. */
const mostStages = 200_000
const longestStageMs = 86_400_000
const hourMs = 3_600_000
const day = 86_400_000

/** A record whose end tag has not come: what is in it may still change it. */
interface Pending {
  type: RecordType
  buffer: SourceBuffer
  unit: string
  value: string
  number: number
  start: number
  end: number
  /** As the date is written. */
  written: number
  place: number
  zone: string | undefined
  manual: boolean
  extra: Record<string, number | string>
}

/** Follows the elements of an export and puts what they say where it waits for its piece. */
export class ExportDocument implements ScanHandler {
  readonly buffers: SourceBuffers
  readonly scanner: XmlScanner
  /** Workouts whose routes are still to be read. */
  readonly workouts: Workout[] = []
  records = 0
  exportedAt: number | undefined
  readonly check: TimeCheck
  readonly losses: Losses
  readonly zones = new ZoneOffsets()
  readonly #moments = new MomentReader()
  readonly #record: Pending
  readonly #measures = new Map<string, Map<string, Measure | null>>()
  /** A record that waits for its end tag. */
  #isPending = false
  /** The element whose inside is passed over. */
  #passing = ''
  #tree: Node[] = []
  #nodes = 0
  #stages = 0

  constructor(losses: Losses, options: ReadOptions) {
    this.losses = losses
    this.check = timeCheck(options.now)
    this.scanner = new XmlScanner(this, { elements: elementNames, isTop })
    this.buffers = new SourceBuffers(
      losses,
      () => ({ bytes: this.scanner.position, records: this.records }),
      (buffer) => this.#finish(buffer),
    )
    this.#record = {
      type: undefined as unknown as RecordType,
      buffer: undefined as unknown as SourceBuffer,
      unit: '',
      value: '',
      number: 0,
      start: 0,
      end: 0,
      written: 0,
      place: 0,
      zone: undefined,
      manual: false,
      extra: {},
    }
  }

  sloppy(code: string, detail: string): void {
    this.losses.warn(code, detail)
  }

  open(name: string, scan: XmlScanner): void {
    if (this.#passing) return
    if (this.#tree.length) this.#openNode(name, scan)
    else if (scan.depth === 2) this.#openTop(name, scan)
    else if (name === 'MetadataEntry' && this.#isPending) this.#addMetadata(scan)
    else if (name === 'InstantaneousBeatsPerMinute')
      this.losses.leaveUnused('InstantaneousBeatsPerMinute (whole beats a minute at a clock time without a date)')
    else if (scan.depth > 2 && name !== 'HeartRateVariabilityMetadataList' && name !== 'MetadataEntry')
      this.losses.leaveUnused(`element ${name.slice(0, 60)}`)
  }

  close(name: string): void {
    if (this.#passing) {
      if (this.scanner.depth === 1) this.#passing = ''
    } else if (this.#tree.length) this.#closeNode()
    else if (name === 'Record' && this.#isPending) {
      this.#isPending = false
      this.#addRecord(this.#record)
    }
    if (this.buffers.ready.length || this.workouts.length) this.scanner.halted = true
  }

  #openTop(name: string, scan: XmlScanner): void {
    this.#isPending = false
    if (name === 'Record') this.#openRecord(scan)
    else if (name === 'ExportDate') this.exportedAt = momentOf(scan.record()['value'] ?? '')?.t
    else if (trees.has(name)) {
      this.records++
      this.#nodes = 0
      this.#openNode(name, scan)
    } else if (name === 'Me')
      this.losses.leaveUnused('Me (birth date, sex, blood type and the like are not taken over)')
    else {
      this.records++
      this.losses.leaveUnused(name.slice(0, 60))
      this.#passing = name
    }
  }

  #openNode(name: string, scan: XmlScanner): void {
    const node: Node = { name, attributes: scan.record(), children: [] }
    const parent = this.#tree.at(-1)
    if (++this.#nodes <= mostNodes) parent?.children.push(node)
    else this.losses.warn('element_too_many', `a ${this.#tree[0]?.name} holds more than ${mostNodes} elements`)
    this.#tree.push(node)
  }

  #closeNode(): void {
    const node = this.#tree.pop() as Node
    if (this.#tree.length) return
    this.addTree(node)
  }

  addTree(node: Node): void {
    if (node.name === 'Workout') readWorkout(node, this)
    else if (node.name === 'Correlation') readCorrelation(node, this)
    else readActivitySummary(node, this)
  }

  /** A tree that cannot be used, with the reason. */
  refuse(node: Node, code: string, detail: string): void {
    const source = node.name === 'ActivitySummary' ? summarySource : (node.attributes['sourceName'] ?? '')
    const buffer = this.buffers.of(source)
    this.buffers.addUnusable(buffer, { index: this.records - 1, code, detail }, textOf(node))
  }

  /** Start and end of a tree; undefined when they cannot be, and the tree is refused then. */
  spanOf(node: Node): { start: Moment; end: Moment } | undefined {
    const start = momentOf(node.attributes['startDate'] ?? '')
    const end = momentOf(node.attributes['endDate'] ?? '')
    if (!start || !end) {
      this.refuse(node, 'time_unreadable', 'startDate or endDate cannot be read')
      return undefined
    }
    const fault = this.#spanFault(start.t, end.t)
    if (fault) this.refuse(node, fault.code, fault.detail)
    return fault ? undefined : { start, end }
  }

  #spanFault(start: number, end: number): { code: string; detail: string } | undefined {
    if (end < start) return { code: 'end_before_start', detail: 'it ends before it begins' }
    return this.check(start) ?? this.check(end)
  }

  /** The device of the newest record stands for the source. */
  noteDevice(buffer: SourceBuffer, device: string, at: number): void {
    if (buffer.device === device || !device || at < buffer.deviceAt) return
    buffer.device = device
    buffer.deviceAt = at
    const claim = claimOf(device)
    if (Object.keys(claim).length) buffer.claim(claim)
  }

  /** Nearly every element of an export comes by here. */
  #openRecord(scan: XmlScanner): void {
    const place = this.records++
    const record = this.#record
    let type = ''
    let source = ''
    let device = ''
    let start = -1
    let end = -1
    let value = -1
    record.unit = ''
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
          record.unit = scan.value(i)
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
    if (!known) {
      this.losses.leaveUnused(type ? type.slice(0, 100) : 'Record without a type')
      return
    }
    const buffer = this.buffers.of(source)
    const refuse = (code: string, detail: string) =>
      this.buffers.addUnusable(
        buffer,
        { index: place, code, detail: detail.slice(0, 300) },
        textOf({ name: 'Record', attributes: scan.record(), children: [] }),
      )
    if (scan.broken) return void refuse('xml_broken_element', 'the element’s tag has no end: a quote is missing')
    const { bytes } = scan
    const moments = this.#moments
    if (start < 0 || !moments.read(bytes, scan.valueStart(start), scan.valueEnd(start)))
      return void refuse('time_unreadable', `${type}: startDate cannot be read`)
    record.start = moments.t
    record.written = moments.offset
    if (end < 0 || !moments.read(bytes, scan.valueStart(end), scan.valueEnd(end)))
      return void refuse('time_unreadable', `${type}: endDate cannot be read`)
    record.end = moments.t
    if (record.end < record.start || this.check(record.start) || this.check(record.end)) {
      const fault = this.#spanFault(record.start, record.end)
      return void refuse(fault?.code ?? '', `${type}: ${fault?.detail}`)
    }
    this.noteDevice(buffer, device, record.start)
    record.type = known
    record.buffer = buffer
    record.place = place
    record.zone = undefined
    record.manual = false
    if (known.use === 'series' || known.use === 'day' || known.use === 'event' || known.use === 'pressure') {
      record.number = value < 0 ? Number.NaN : numberOf(bytes, scan.valueStart(value), scan.valueEnd(value))
      if (Number.isNaN(record.number)) return void refuse('number_unreadable', `${type}: value is not a number`)
      if (!this.#measure(known, record.unit))
        return void refuse('unit_unknown', `${known.metric} is not measured in "${record.unit}"`)
    } else {
      record.value = value < 0 ? '' : scan.value(value)
      const fault = wordFault(known, record)
      if (fault) return void refuse('value_unknown', fault)
    }
    if (scan.closesItself) this.#addRecord(record)
    else {
      record.extra = {}
      this.#isPending = true
    }
  }

  #addMetadata(scan: XmlScanner): void {
    let key = ''
    let value = ''
    for (let i = 0; i < scan.attributes; i++) {
      const name = scan.name(i)
      if (name === 'key') key = metadataKey(scan.value(i))
      else if (name === 'value') value = scan.value(i)
    }
    const record = this.#record
    switch (key) {
      case 'WasUserEntered':
        record.manual = value === '1'
        break
      case 'TimeZone':
        record.zone = value
        break
      default:
        if (record.type.use === 'mark' || record.type.use === 'event' || record.type.use === 'symptom')
          addExtra(record.extra, key, value)
        else this.losses.leaveUnused(`metadata ${key.slice(0, 60)}`)
    }
  }

  #measure(type: RecordType, unit: string): Measure | null {
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
    return measure
  }

  #addRecord(record: Pending): void {
    const { type, buffer, start, end, place } = record
    const offset = record.zone === undefined ? undefined : this.zones.at(record.zone, start)
    switch (type.use) {
      case 'series': {
        const measure = this.#measure(type, record.unit) as Measure
        const value = measure.percent ? percentOf(record.number) : record.number
        const t = type.apart ? start + thousandths(record.number, end) : start
        this.#addPoint(buffer, record, measure, t, value, offset)
        break
      }
      case 'day': {
        const measure = this.#measure(type, record.unit) as Measure
        const on = type.endsOn ? end : start
        const date = localDate(on, offset ?? record.written)
        const value = measure.percent ? percentOf(record.number) : record.number
        this.buffers.addRow(buffer, { kind: 'day', metric: type.metric, date, value, ...unitOf(measure), place })
        break
      }
      case 'event': {
        const measure = this.#measure(type, record.unit) as Measure
        const value = measure.percent ? percentOf(record.number) : record.number
        this.#addEvent(record, { value, ...record.extra }, offset, measure)
        break
      }
      case 'pressure':
        addPressure(this, record, offset)
        break
      case 'mark':
        this.#addEvent(record, { ...record.extra }, offset)
        break
      case 'word':
        this.#addEvent(record, { value: categoryWords[type.metric]?.[record.value] ?? '' }, offset)
        break
      case 'symptom':
        this.#addEvent(
          record,
          { value: type.code ?? '', severity: severities[record.value] ?? '', ...record.extra },
          offset,
        )
        break
      case 'mindful':
        this.#addMindful(record, offset)
        break
      case 'stand':
        this.#addStandHour(record, offset)
        break
      case 'sleep':
        this.#addStage(record, offset)
    }
    // Records without children have none of the last one's.
    if (type.use !== 'series') record.extra = {}
  }

  #addPoint(
    buffer: SourceBuffer,
    record: Pending,
    measure: Measure,
    t: number,
    value: number,
    offset: number | undefined,
  ): void {
    const { type, manual } = record
    const key = manual ? `${record.unit}\0manual` : record.unit
    let units = buffer.byType.get(type.name)
    if (!units) {
      units = new Map()
      buffer.byType.set(type.name, units)
    }
    let column = units.get(key)
    if (!column) {
      column = buffer.column({ metric: type.metric, unit: measure.unit, method: manual ? 'manual' : undefined })
      if (units.size >= 100) units.clear()
      units.set(key, column)
    }
    this.buffers.addPoint(buffer, column, t, value, record.end - record.start, record.place, offset)
  }

  /** Adds columns of points from elsewhere (a route, a session) to a source. */
  addColumn(
    buffer: SourceBuffer,
    metric: string,
    t: ArrayLike<number>,
    v: ArrayLike<number>,
    length: number,
    place: number,
    method?: RecordingMethod,
  ): void {
    const column: Column = buffer.column({ metric, unit: undefined, method })
    for (let i = 0; i < t.length; i++)
      this.buffers.addPoint(buffer, column, t[i] as number, v[i] as number, length, place, undefined)
  }

  #addEvent(
    record: Pending,
    value: Record<string, number | string>,
    offset: number | undefined,
    measure?: Measure,
  ): void {
    const { type, start, end, place, manual } = record
    const parts = manual ? { ...value, method: 'manual' } : value
    const said = record.type.use === 'mark' ? '' : `/${Object.values(value)[0]}`
    this.buffers.addRow(record.buffer, {
      kind: 'event',
      metric: type.metric,
      start,
      ...(end > start ? { end } : {}),
      value: parts,
      ...(measure ? unitOf(measure) : {}),
      externalId: `${type.name.replace(/^HK(Quantity|Category)TypeIdentifier/, '')}/${start}/${end}${said}`,
      ...(offset === undefined ? {} : { offset }),
      place,
    })
  }

  #addMindful(record: Pending, offset: number | undefined): void {
    const { buffer, start, end, place } = record
    if (end === start) {
      this.losses.leaveUnused('MindfulSession that lasts no time')
      return
    }
    const seconds = (end - start) / 1000
    this.addColumn(
      buffer,
      'mindfulness_duration',
      [start],
      [seconds],
      end - start,
      place,
      record.manual ? 'manual' : undefined,
    )
    this.buffers.addSession(buffer, {
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

  #addStandHour(record: Pending, offset: number | undefined): void {
    const { buffer, start } = record
    const east = offset ?? record.written
    const date = localDate(start, east)
    const hour = Math.floor((start + east * 60_000) / hourMs) % 24
    const stood = record.value === 'HKCategoryValueAppleStandHourStood' ? 1 << hour : 0
    buffer.stood.set(date, (buffer.stood.get(date) ?? 0) | stood)
    if (buffer.stood.size > mostStages) this.#finishStood(buffer)
  }

  #addStage(record: Pending, offset: number | undefined): void {
    const { sleep } = record.buffer
    sleep.start.push(record.start)
    sleep.end.push(record.end)
    sleep.stages.push(stageFromWord(record.value) as SleepStage)
    sleep.offset.push(offset ?? Number.NaN)
    sleep.written.push(record.written)
    if (++this.#stages >= mostStages) this.buffers.finishAll()
  }

  #finish(buffer: SourceBuffer): void {
    this.#finishNights(buffer)
    this.#finishStood(buffer)
    finishPressures(this, buffer)
  }

  #finishNights(buffer: SourceBuffer): void {
    const { sleep } = buffer
    if (!sleep.stages.length) return
    this.#stages -= sleep.stages.length
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
    for (const night of nights) this.buffers.addSession(buffer, night)
  }

  #finishStood(buffer: SourceBuffer): void {
    const days = [...buffer.stood].sort(([a], [b]) => (a < b ? -1 : 1))
    buffer.stood.clear()
    for (const [date, hours] of days) {
      let value = 0
      for (let left = hours; left; left &= left - 1) value++
      this.buffers.addRow(buffer, { kind: 'day', metric: 'stand_hours', date, value })
    }
  }
}

/** Why a category's word cannot be taken. */
function wordFault(type: RecordType, { value, start, end }: Pending): string | undefined {
  const unknown = `${type.name}: "${value.slice(0, 80)}" is not one of its values`
  switch (type.use) {
    case 'word':
      return categoryWords[type.metric]?.[value] ? undefined : unknown
    case 'symptom':
      return severities[value] ? undefined : unknown
    case 'stand':
      return /^HKCategoryValueAppleStandHour(Stood|Idle)$/.test(value) ? undefined : unknown
    case 'sleep':
      if (!value.startsWith('HKCategoryValueSleepAnalysis') || !stageFromWord(value)) return unknown
      if (end === start) return `${type.name}: a stage lasts longer than nothing`
      return end - start > longestStageMs ? `${type.name}: a stage lasts a day at most` : undefined
  }
  return undefined
}

function unitOf({ unit }: Measure): { unit?: string } {
  return unit === undefined ? {} : { unit }
}

/** `120 count/min` → 120; identifiers of other systems stay words. At most twenty, each short. */
function addExtra(extra: Record<string, number | string>, key: string, value: string): void {
  if (Object.keys(extra).length >= 20 || key === 'value' || key === 'severity') return
  const name = key
    .replace(/(?<=[a-z])[A-Z]/g, (letter) => `_${letter}`)
    .toLowerCase()
    .slice(0, 60)
  const number = /^(-?\d+(?:\.\d+)?) \S+$/.exec(value)?.[1]
  extra[name] = number === undefined ? value.slice(0, 200) : Number(number)
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
