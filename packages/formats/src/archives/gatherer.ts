import type { DayReading, EventReading, SessionReading } from '@tributary/protocol'
import { Losses } from '../losses.ts'
import type { PieceSource, ReadOptions } from '../piece.ts'
import { type More, PieceBuilder } from '../piece-builder.ts'
import { type TimeCheck, timeCheck } from '../times.ts'

const rawLength = 8_000

/** A piece builder that takes what an export says only after it has looked whether it can be, and else counts why not. */
export class Gatherer extends PieceBuilder {
  readonly #check: TimeCheck

  constructor({ now }: Pick<ReadOptions, 'now'>) {
    super(new Losses())
    this.#check = timeCheck(now)
  }

  sample(source: PieceSource, metric: string, t: number, value: number, more?: More): boolean {
    if (!this.#isSound(source, metric, t, value)) return false
    this.value(source, metric, t, value, more)
    return true
  }

  day(source: PieceSource, reading: Omit<DayReading, 'kind'>): boolean {
    if (!this.#isSound(source, reading.metric, Date.parse(reading.date), reading.value)) return false
    this.row(source, { kind: 'day', ...reading })
    return true
  }

  event(source: PieceSource, reading: Omit<EventReading, 'kind'>): boolean {
    if (!this.isTime(source, reading.metric, reading.start)) return false
    this.row(source, { kind: 'event', ...reading })
    return true
  }

  override position(source: PieceSource, t: number, lat: number, lon: number, ele: number): boolean {
    if (!this.isTime(source, 'position', t)) return false
    super.position(source, t, lat, lon, ele)
    return true
  }

  override session(source: PieceSource, session: SessionReading): boolean {
    const { type, start, end } = session
    if (!this.isTime(source, type, start)) return false
    if (!(end >= start)) {
      this.reject(source, 'span_backwards', `the ${type} ends before it begins`)
      return false
    }
    if (!this.isTime(source, `the end of the ${type}`, end)) return false
    super.session(source, session)
    return true
  }

  /** A record that cannot be used; `raw` as it stood in the file, where it may be tried again. */
  reject(source: PieceSource, code: string, detail: string, raw?: string): void {
    const index = this.place
    this.losses.reject(index, code, detail)
    if (raw !== undefined) this.unusable(source, { index, code, detail, raw: raw.slice(0, rawLength) })
  }

  isTime(source: PieceSource, what: string, t: number): boolean {
    const fault = this.#check(t)
    if (fault) this.reject(source, fault.code, `${what}: ${fault.detail}`)
    return !fault
  }

  #isSound(source: PieceSource, metric: string, t: number, value: number): boolean {
    if (!this.isTime(source, metric, t)) return false
    if (Number.isFinite(value)) return true
    this.reject(source, 'number_unreadable', `${metric} is not a number`)
    return false
  }
}
