import type { DayReading, EventReading, SessionReading } from '@tributary/protocol'
import { Losses } from '../losses.ts'
import type { PieceSource, ReadOptions } from '../piece.ts'
import { type More, PieceBuilder } from '../piece-builder.ts'
import { type TimeCheck, timeCheck } from '../times.ts'

/** A piece builder that takes what an export says only after it has looked whether it can be, and else counts why not. */
export class Gatherer extends PieceBuilder {
  readonly #check: TimeCheck
  #atHand: (() => string) | undefined

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

  /** The record that is being read, as it is kept if anything of it is refused (`keptRecord`); undefined between records. */
  at(record: (() => string) | undefined): void {
    this.#atHand = record
  }

  /** A record that cannot be used, kept so that it can be tried again: once, however much of it is refused. */
  reject(source: PieceSource, code: string, detail: string): void {
    const index = this.place
    this.losses.reject(index, code, detail)
    if (!this.#atHand) return
    this.unusable(source, { index, code, detail, raw: this.#atHand() })
    this.#atHand = undefined
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
