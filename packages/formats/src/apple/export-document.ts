import type { RecordingMethod, SourceClaim } from '@tributary/protocol'
import type { Losses } from '../losses.ts'
import type { ReadOptions } from '../piece.ts'
import { type TimeCheck, timeCheck } from '../times.ts'
import { type ScanHandler, XmlScanner } from '../xml/scan-xml.ts'
import { readActivitySummary, summarySource } from './activity-summary.ts'
import { finishPressures, readCorrelation } from './blood-pressure.ts'
import { finishNights, finishStood } from './gathered.ts'
import { type Moment, momentOf } from './read-values.ts'
import { RecordReader } from './record-reader.ts'
import { type SourceBuffer, SourceBuffers } from './source-buffer.ts'
import { claimOf } from './sources.ts'
import { type Node, textOf } from './tree.ts'
import { readWorkout, type Workout } from './workouts.ts'

/** The elements of an export; none of them is ever inside a value. */
const elementNames: ReadonlySet<string> = new Set([
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
const apple = 'Apple Inc.'

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
  readonly #record: RecordReader
  readonly #claims = new Map<string, SourceClaim>()
  /** The element whose inside is passed over. */
  #passing = ''
  #tree: Node[] = []
  #nodes = 0

  constructor(losses: Losses, options: ReadOptions) {
    this.losses = losses
    this.check = timeCheck(options.now)
    this.scanner = new XmlScanner(this, { elements: elementNames, isTop })
    this.buffers = new SourceBuffers(
      losses,
      () => ({ bytes: this.scanner.position, records: this.records }),
      (buffer) => this.#finish(buffer),
    )
    this.#record = new RecordReader(this)
  }

  sloppy(code: string, detail: string): void {
    this.losses.warn(code, detail)
  }

  open(name: string, scan: XmlScanner): void {
    if (this.#passing) return
    if (this.#tree.length) this.#openNode(name, scan)
    else if (scan.depth === 2) this.#openTop(name, scan)
    else if (name === 'MetadataEntry' && this.#record.isOpen) this.#record.addMetadata(scan)
    else if (name === 'InstantaneousBeatsPerMinute')
      this.losses.leaveUnused('InstantaneousBeatsPerMinute (whole beats a minute at a clock time without a date)')
    else if (scan.depth > 2 && name !== 'HeartRateVariabilityMetadataList' && name !== 'MetadataEntry')
      this.losses.leaveUnused(`element ${name.slice(0, 60)}`)
  }

  close(name: string): void {
    if (this.#passing) {
      if (this.scanner.depth === 1) this.#passing = ''
    } else if (this.#tree.length) this.#closeNode()
    else if (name === 'Record') this.#record.close()
    if (this.buffers.ready.length || this.workouts.length) this.scanner.halted = true
  }

  #openTop(name: string, scan: XmlScanner): void {
    if (name === 'Record') this.#record.open(scan)
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
    this.#addTree(node)
  }

  #addTree(node: Node): void {
    if (node.name === 'Workout') readWorkout(node, this)
    else if (node.name === 'Correlation') readCorrelation(node, this)
    else readActivitySummary(node, this)
  }

  /** The document ended: what still waits goes out. */
  end(): void {
    this.#record.close()
    this.buffers.finishAll()
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
    const fault = this.spanFault(start.t, end.t)
    if (fault) this.refuse(node, fault.code, fault.detail)
    return fault ? undefined : { start, end }
  }

  /** Why a time from `start` to `end` cannot be. */
  spanFault(start: number, end: number): { code: string; detail: string } | undefined {
    if (end < start) return { code: 'end_before_start', detail: 'it ends before it begins' }
    return this.check(start) ?? this.check(end)
  }

  /**
   * The device of the newest record stands for the source. A chest strap writes through the watch and under its name: an Apple device
   * is not displaced by another maker's.
   */
  noteDevice(buffer: SourceBuffer, device: string, at: number): void {
    if (!device) return
    if (buffer.device === device) {
      buffer.deviceAt = Math.max(buffer.deviceAt, at)
      return
    }
    const claim = this.#claimOf(device)
    const isApple = claim.manufacturer === apple
    const wasApple = buffer.source.manufacturer === apple
    if (isApple === wasApple ? at < buffer.deviceAt : wasApple) return
    if (!Object.keys(claim).length) return
    buffer.device = device
    buffer.deviceAt = at
    buffer.claim(claim)
  }

  #claimOf(device: string): SourceClaim {
    let claim = this.#claims.get(device)
    if (!claim) {
      claim = claimOf(device)
      if (this.#claims.size >= 1000) this.#claims.clear()
      this.#claims.set(device, claim)
    }
    return claim
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
    const column = buffer.column({ metric, unit: undefined, method })
    for (let i = 0; i < t.length; i++)
      this.buffers.addPoint(buffer, column, t[i] as number, v[i] as number, length, place, undefined)
  }

  #finish(buffer: SourceBuffer): void {
    finishNights(this, buffer)
    finishStood(this, buffer)
    finishPressures(this, buffer)
  }
}
