import { type MetricId, type SessionReading, type SessionType, toCanonical } from '@tributary/protocol'
import type { RecordSource, Told, ToldCalendar, ToldFile, ToldPlan, ToldThing } from '../feed.ts'

/** What was told, as a store would hold it: by external id, by metric and time, by metric and date. */
export class Shelf {
  readonly sessions = new Map<string, SessionReading>()
  readonly sources = new Map<string, RecordSource | undefined>()
  readonly values = new Map<string, Map<number, number>>()
  readonly days = new Map<string, Map<string, number>>()
  /** By metric: who told its values; the connection itself has no name. */
  readonly tellers = new Map<string, Set<string>>()
  readonly events = new Map<string, Told>()
  readonly files: ToldFile[] = []
  readonly things = new Map<string, ToldThing>()
  readonly plans = new Map<string, ToldPlan>()
  readonly calendars: ToldCalendar[] = []
  readonly forgotten: string[] = []
  /** Where values stand that their brand knows by an id. */
  readonly placed = new Map<string, { metric: string; t: number }>()
  /** What was told twice and not the same both times. */
  readonly torn: string[] = []

  put(told: Told, source: RecordSource | undefined): void {
    switch (told.kind) {
      case 'session': {
        const id = told.externalId ?? ''
        if (!id) throw new Error('a session of a cloud has an id')
        const before = this.sessions.get(id)
        if (before && (before.start !== told.start || before.end !== told.end)) this.torn.push(`${told.type} ${id}`)
        this.sessions.set(id, before ? added(before, told) : told)
        this.sources.set(id, source)
        return
      }
      case 'series':
        this.#tell(told.metric, source)
        for (const [i, t] of told.t.entries()) this.#value(told.metric, t, told.v[i] ?? Number.NaN, told.unit)
        return
      case 'sample':
        this.#tell(told.metric, source)
        if (told.recordId !== undefined) this.#place(told.recordId, told)
        this.#value(told.metric, told.t, told.value, told.unit)
        return
      case 'day': {
        this.#tell(told.metric, source)
        const days = this.days.get(told.metric) ?? new Map<string, number>()
        this.days.set(told.metric, days.set(told.date, canonical(told.metric, told.value, told.unit)))
        return
      }
      case 'event':
        this.events.set(told.externalId ?? `${told.metric} ${told.start}`, told)
        return
      case 'forget':
        this.#forget(told.externalId)
        return
      case 'plan':
        this.plans.set(told.externalId, told)
        return
      case 'calendar':
        this.#leaveOut(told)
        return
      case 'thing':
        this.things.set(source?.key ?? '', told)
        return
      case 'file':
        this.files.push(told)
    }
  }

  #tell(metric: string, source: RecordSource | undefined): void {
    this.tellers.set(metric, (this.tellers.get(metric) ?? new Set()).add(source?.key ?? ''))
  }

  #value(metric: string, t: number, value: number, unit: string | undefined): void {
    const values = this.values.get(metric) ?? new Map<number, number>()
    this.values.set(metric, values.set(t, canonical(metric, value, unit)))
  }

  /** A value that is told again under its id leaves where it was. */
  #place(id: string, { metric, t }: { metric: string; t: number }): void {
    const before = this.placed.get(id)
    if (before && (before.metric !== metric || before.t !== t)) this.values.get(before.metric)?.delete(before.t)
    this.placed.set(id, { metric, t })
  }

  #forget(id: string): void {
    const value = this.placed.get(id)
    if (value) this.values.get(value.metric)?.delete(value.t)
    this.placed.delete(id)
    this.sessions.delete(id)
    this.plans.delete(id)
    this.events.delete(id)
    this.forgotten.push(id)
  }

  /** Plans to come that a calendar read whole holds no more; which are past is for a store to know. */
  #leaveOut(calendar: ToldCalendar): void {
    const { from, to = '9999-12-31', externalIds } = calendar
    for (const [id, { date }] of this.plans)
      if (date > from && date <= to && !externalIds.includes(id)) this.plans.delete(id)
    this.calendars.push(calendar)
  }

  /** By the brand's ids. */
  get ids(): string[] {
    return [...this.sessions.keys(), ...this.events.keys(), ...this.placed.keys()]
  }

  /** All that is there, each with what it is and when. */
  get whole(): string[] {
    const columns = [...this.values, ...this.days] as [string, Map<number | string, number>][]
    return [
      ...columns.flatMap(([metric, column]) => [...column].map(([at, value]) => `${metric} ${at} ${value}`)),
      ...[...this.sessions].map(([id, { type, start, end }]) => `${type} ${id} ${start} ${end}`),
      ...[...this.plans].map(([id, told]) => `plan ${id} ${JSON.stringify(told)}`),
      ...[...this.events].map(([id, told]) => `event ${id} ${JSON.stringify(told)}`),
    ].sort()
  }

  get size(): number {
    return this.whole.length
  }

  add(other: Shelf): this {
    for (const [id, value] of other.placed) this.#place(id, value)
    for (const [id, session] of other.sessions) this.put(session, other.sources.get(id))
    for (const kind of ['values', 'days'] as const)
      for (const [metric, told] of other[kind]) {
        const all = new Map<string | number, number>([
          ...((this[kind].get(metric) ?? []) as Map<string | number, number>),
          ...told,
        ])
        ;(this[kind] as Map<string, Map<string | number, number>>).set(metric, all)
      }
    for (const [id, event] of other.events) this.events.set(id, event)
    for (const [id, plan] of other.plans) this.plans.set(id, plan)
    for (const calendar of other.calendars) this.#leaveOut(calendar)
    this.files.push(...other.files)
    for (const id of other.forgotten) this.#forget(id)
    this.torn.push(...other.torn)
    return this
  }

  of(type: SessionType): SessionReading[] {
    return [...this.sessions.values()].filter((one) => one.type === type).sort((a, b) => a.start - b.start)
  }
}

/** What the new telling has replaces, what it lacks stays. */
const added = (before: SessionReading, told: SessionReading): SessionReading => ({
  ...before,
  ...told,
  totals: { ...before.totals, ...told.totals },
  parts: told.parts.length ? told.parts : before.parts,
})

/** In the catalogue's unit. */
function canonical(metric: string, value: number, unit: string | undefined): number {
  const converted = toCanonical(metric as MetricId, value, unit)
  if (converted === undefined) throw new Error(`the catalogue knows no ${metric} in ${unit ?? 'its own unit'}`)
  return converted
}
