import { type Clock, readClock } from '../clock-text.ts'
import type { PieceSource, ReadOptions } from '../piece.ts'
import { PieceBuilder } from '../piece-builder.ts'
import { type TimeCheck, timeCheck } from '../times.ts'
import { clockOf, type LocalClock } from '../zones.ts'

/** Members of a JSON object. */
export type Members = Readonly<Record<string, unknown>>

/** A number, also one that was written as text. */
export function numberIn(value: unknown): number | undefined {
  const number = typeof value === 'string' && value.trim() ? Number(value) : value
  return typeof number === 'number' && Number.isFinite(number) ? number : undefined
}

export function textIn(value: unknown): string | undefined {
  return typeof value === 'string' && value.trim() ? value.trim() : undefined
}

/** Why a record cannot be used; the reader keeps it with this reason. */
export class Unfit extends Error {
  readonly code: string
  constructor(code: string, detail: string) {
    super(detail)
    this.code = code
  }
}

export interface When {
  t: number
  offset: number
  /** What the clock showed, in milliseconds as if it were UTC. */
  wall: number
}

/** What every kind of record of the file is read with. */
export class Context {
  readonly pieces = new PieceBuilder()
  readonly losses = this.pieces.losses
  readonly clock: LocalClock
  readonly #check: TimeCheck
  readonly #sources = new Map<string, PieceSource>()

  constructor({ now, timeZone }: ReadOptions) {
    this.clock = clockOf(timeZone)
    this.#check = timeCheck(now)
  }

  /** `2026-10-13 08:00:00 +0200`, the same with AM or PM behind whatever space, or a date alone. @throws Unfit */
  when(value: unknown, name: string): When {
    const clock = typeof value === 'string' ? readClock(value, 'ymd') : undefined
    if (!clock) throw new Unfit('time_unreadable', value === undefined ? `${name} is missing` : `${name} is no time`)
    const when = this.#place(clock)
    const fault = this.#check(when.t)
    if (fault) throw new Unfit(fault.code, `${name}: ${fault.detail}`)
    return when
  }

  #place({ date, ofDay = 0, offset }: Clock): When {
    const wall = date + ofDay
    if (offset !== undefined) return { t: wall - offset * 60_000, offset, wall }
    const { t, offset: local } = this.clock.instantOf(wall)
    return { t, offset: local, wall }
  }

  /** One name, or several joined by `|`, in whatever order: who measured. A phone has dozens; beyond a thousand all are one. */
  source(value: unknown): PieceSource {
    const written = textIn(value) ?? ''
    const known = this.#sources.get(written)
    if (known) return known
    const names = [...new Set(written.split('|').map(plainName).filter(Boolean))].sort()
    if (this.#sources.size >= mostSources) {
      this.losses.warn('sources_many', `the file names more than ${mostSources} sources: the others are taken for one`)
      return theApp
    }
    const source = names.length ? { key: names.join('|').toLowerCase(), name: names.join(', ').slice(0, 120) } : theApp
    this.#sources.set(written, source)
    return source
  }

  /** Members that no one has asked for. */
  leaveOthers(of: string, members: Members, known: ReadonlySet<string>): void {
    for (const name of Object.keys(members)) if (!known.has(name)) this.losses.leaveUnused(`${of}.${name}`)
  }
}

const mostSources = 1000
const theApp: PieceSource = { key: 'health_auto_export', name: 'Health Auto Export', app: 'Health Auto Export' }

/** Phones write non-breaking spaces and curly apostrophes into names. */
function plainName(name: string): string {
  return name
    .normalize('NFC')
    .replace(/[\s\u00a0\u202f]+/g, ' ')
    .trim()
    .slice(0, 100)
}
